import { constraintNarrows } from "../../aws/grant-constraint";
import { kmsLimits } from "../../aws/kms-limits";
import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import { listNames } from "../problem";
import type { GrantFile } from "../schema/workloads-schema";
import type { GrantRequest, Principal } from "../workload";
import { checkGrant } from "./check-kind";
import { checkAttach, consumedByOf } from "./link-consumer";
import { linkPrincipals } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";
import { refuseManagers } from "./zone-duty";

/** Resolves a grant: one grantee, its operations, its constraint and its last day. */
export function linkGrant(grant: GrantFile, at: MapPath, context: EnvironmentContext): GrantRequest | undefined {
  const onePrincipal = (text: string, path: MapPath): Principal | undefined => {
    if (isService(text)) {
      context.report(path, serviceRefusal, "give the service an entry in services, which binds its source");
      return undefined;
    }
    const principals = linkPrincipals(text, grant.status ?? "active", path, context);
    if (principals === undefined) return undefined;
    const [principal, second] = principals;
    if (principal?.kind === "permission-set") {
      const message = "is a permission set, and a grant names one exact principal: nobody knows the suffix of its role";
      context.report(path, message, "make it a use entry, or name the role by its whole ARN, suffix included");
      return undefined;
    }
    if (principal === undefined || second !== undefined || principal.kind === "account") {
      context.report(path, "must be one role or user", "a grant has one grantee: name it, or make one grant each");
      return undefined;
    }
    context.mention(at, principal);
    return principal;
  };
  const grantee = onePrincipal(grant.grantee, [...at, "grantee"]);
  const retiring = grant.retiring === undefined ? undefined : onePrincipal(grant.retiring, [...at, "retiring"]);
  for (const [index, region] of (grant.regions ?? []).entries()) {
    if (context.keyRegions.includes(region)) continue;
    const message = `must be a Region of the key (${listNames(context.keyRegions)})`;
    context.report([...at, "regions", index], message, "add it to replicas first, or drop it here");
  }
  const constraint = constraintOf(grant);
  if (constraint !== undefined && Object.keys(constraint.pairs).length > kmsLimits.grantConstraintPairs) {
    const message = `must have at most ${kmsLimits.grantConstraintPairs} pairs, has ${Object.keys(constraint.pairs).length}`;
    context.report([...at, "encryptionContext"], message, "drop some of them", true);
  }
  checkGrant(grant, at, context);
  if (grantee !== undefined) {
    refuseManagers([grantee], [...at, "grantee"], context);
    checkPassingOn(grant, grantee, at, context);
    checkAttach(grant.attach, [grantee], at, context);
  }
  if (grant.issuedBy === "user" && grant.retiring !== undefined) {
    const message = "cannot go with issuedBy: user: the deploy role that makes the grant is the one that retires it";
    context.report([...at, "retiring"], message, "leave it out, or leave the grant to the key's owner", true);
  }
  checkDemands(grant, at, context);
  checkPerService(grant.service, at, context);
  if (grantee === undefined || (grant.retiring !== undefined && retiring === undefined)) return undefined;
  return {
    grantee,
    retiring,
    operations: [...grant.operations].sort(nameOrder),
    constraint,
    expires: grant.expires,
    name: grant.name,
    issuedBy: grant.issuedBy ?? "owner",
    by: consumedByOf(grant.by, context),
    attach: grant.attach ?? true,
    service: grant.service,
    regions: grant.regions === undefined ? undefined : [...grant.regions].sort(nameOrder),
    source: context.sourceAt(at),
  };
}

/**
 * AWS binds a service that holds a grant to its source by a `SourceArn` constraint, which the Terraform provider does not
 * have: without it the service uses the key for the resources of any account.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
const serviceRefusal =
  "is an AWS service, which acts for the resources of any account, and Terraform cannot bind its grant to a source";

function isService(text: string): boolean {
  return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text);
}

/** Whoever is granted CreateGrant chooses the next grantee, in any account. Only AWS acts as a service-linked role. */
function checkPassingOn(grant: GrantFile, grantee: Principal, at: MapPath, context: EnvironmentContext): void {
  const index = grant.operations.indexOf("CreateGrant");
  if (index < 0 || grantee.name.startsWith("role/aws-service-role/")) return;
  const message = `lets ${grantee.name} pass the key on to anybody in any account: only service-linked roles are granted it`;
  const fix = "drop it, and make a grant for each principal that needs the key";
  context.report([...at, "operations", index], message, fix);
}

/** What the data class asks of every grant. */
function checkDemands(grant: GrantFile, at: MapPath, { dataClass, report }: EnvironmentContext): void {
  if (dataClass?.key !== "customer-managed") return;
  const { name, grants } = dataClass;
  const message = `is missing, and every grant of data class ${name} has to have it`;
  if (grants.encryptionContext === "required" && grant.encryptionContext === undefined) {
    const fix = "add {equals: {…}} or {subset: {…}} with the pairs that each request has to carry";
    if (constraintNarrows(grant.operations)) report([...at, "encryptionContext"], message, fix);
  }
  if (grants.expires === "required" && grant.expires === undefined) {
    report([...at, "expires"], message, "add the first day without the grant, as in 2027-01-31");
  }
}

function constraintOf({ encryptionContext }: GrantFile): GrantRequest["constraint"] {
  if (encryptionContext === undefined) return undefined;
  return "equals" in encryptionContext
    ? { kind: "equals", pairs: encryptionContext.equals }
    : { kind: "subset", pairs: encryptionContext.subset };
}
