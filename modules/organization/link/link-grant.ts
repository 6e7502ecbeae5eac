import { constraintNarrows } from "../../aws/grant-constraint";
import { kmsLimits } from "../../aws/kms-limits";
import { nameOrder } from "../../aws/name-order";
import type { MapPath } from "../map-file";
import type { GrantRequest, Principal } from "../organization-map";
import { listNames } from "../problem";
import type { GrantFile } from "../schema/workloads-schema";
import { checkGrant } from "./check-kind";
import { linkPrincipals } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";

/** Resolves a grant: one grantee, its operations, its constraint and its last day. */
export function linkGrant(grant: GrantFile, at: MapPath, context: EnvironmentContext): GrantRequest | undefined {
  const onePrincipal = (text: string, path: MapPath): Principal | undefined => {
    const principals = linkPrincipals(text, grant.status ?? "active", path, context);
    if (principals === undefined) return undefined;
    const [principal, second] = principals;
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
    service: grant.service,
    regions: grant.regions === undefined ? undefined : [...grant.regions].sort(nameOrder),
    source: context.sourceAt(at),
  };
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
