import { iamPrincipalArn } from "../aws/arn";
import { keyBehindAlias } from "../aws/key-behind-alias";
import { kmsLimits } from "../aws/kms-limits";
import { nameOrder } from "../aws/name-order";
import { profilePrincipal } from "../aws/service-profile";
import { serviceProfile } from "../aws/service-profiles";
import type { Account } from "../organization/organization-map";
import type { GrantRequest } from "../organization/workload";
import type { KeyCandidate } from "./key-identity";
import { waitsForMaterial } from "./key-material";
import type { PlannedUserGrant } from "./key-plan";
import { livingRegionsOf } from "./key-regions";
import { waitsForKeyStore } from "./key-stores";
import { needsUserGrant } from "./key-users";
import { grantLabel, grantsOf } from "./plan-grants";
import type { PlanOptions, PlanProblem } from "./plan-problem";

/** What tells one such grant from another, whichever way the map asks for it. */
interface AskedGrant extends Pick<GrantRequest, "operations" | "constraint" | "expires"> {
  readonly grantee: string;
  readonly account: Account;
  readonly label: string;
  readonly regions: readonly string[];
  readonly reason: string;
  readonly source: string;
}

/**
 * The grants on a key that its users' accounts make, one for each Region of the key that the account has enabled.
 *
 * Auto Scaling's role needs one in every account but the key's: AWS lets it in by no key policy there.
 *
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
export function planUserGrants(
  candidate: KeyCandidate,
  options: PlanOptions,
  problems: PlanProblem[],
): PlannedUserGrant[] {
  // Nobody grants what does not exist yet, or is about to end.
  const regions = waitsForKeyStore(candidate) ? [] : livingRegionsOf(candidate);
  const asked = [...fromGrants(candidate, regions, options, problems), ...fromServices(candidate, regions, problems)];
  const planned = new Map<string, PlannedUserGrant>();
  for (const grant of asked) {
    for (const region of grant.regions.filter((each) => grant.account.regions.includes(each))) {
      const next = plannedGrant(candidate, grant, region);
      const address = `${next.account} ${next.id}`;
      const before = planned.get(address);
      if (before === undefined) {
        planned.set(address, next);
      } else if (before.grantee === next.grantee && isSameGrant(before, next)) {
        const { why, sources } = before;
        planned.set(address, { ...before, why: [...why, ...next.why], sources: [...sources, ...next.sources] });
      } else {
        const message = `is a second grant on ${candidate.alias} in ${region} of one name`;
        problems.push({ source: grant.source, message, fix: "give each of them a name" });
      }
    }
  }
  return [...planned.values()].sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id));
}

/** The deploy role with which Terraform works in an account. */
export function deployRoleOf({ organization, id }: Account): string {
  return iamPrincipalArn(organization.partition, id, `role/${organization.roles.deploy}`);
}

function fromGrants(
  candidate: KeyCandidate,
  regions: readonly string[],
  options: PlanOptions,
  problems: PlanProblem[],
): AskedGrant[] {
  return grantsOf(candidate, options, []).flatMap(({ member, grant }): AskedGrant[] => {
    const { grantee, source } = grant;
    if (grant.issuedBy === "owner") return [];
    if (grantee.account.id === candidate.owner.id) {
      const message = `is issued by the grantee's account, and ${grantee.account.name} owns key ${candidate.alias} itself`;
      problems.push({ source, message, fix: "leave issuedBy out" });
      return [];
    }
    const what = `${grant.operations.join(", ")} to ${grantee.name}`;
    const until = grant.expires === undefined ? "" : `, not from ${grant.expires} on`;
    return [
      {
        operations: grant.operations,
        constraint: grant.constraint,
        expires: grant.expires,
        grantee: grantee.arn,
        account: grantee.account,
        label: grantLabel(candidate, member, grant),
        regions: regions.filter((region) => grant.regions?.includes(region) ?? true),
        reason: `${member.workload.name} ${member.environment.name} lets ${grantee.account.name} grant ${what}${until}`,
        source,
      },
    ];
  });
}

function fromServices(candidate: KeyCandidate, regions: readonly string[], problems: PlanProblem[]): AskedGrant[] {
  return candidate.members.flatMap(({ workload, environment }) =>
    environment.services
      .filter((service) => service.service === candidate.service && needsUserGrant(service, candidate))
      .filter(({ sourceAccount }) => sourceAccount.status === "active")
      .flatMap(({ profile: name, sourceAccount, source }): AskedGrant[] => {
        const profile = serviceProfile(name);
        const operations = profile?.grantAcrossAccounts;
        if (profile === undefined || operations === undefined) return [];
        const { grants } = candidate.dataClass;
        const demanded = (["encryptionContext", "expires"] as const).filter((field) => grants[field] === "required");
        if (demanded.length > 0) {
          const message = `service ${name} of account ${sourceAccount.name} needs a grant without ${demanded.join(" and ")}, and data class ${candidate.dataClass.name} asks for that`;
          problems.push({
            source,
            message,
            fix: "use a data class without that demand, or a key in the service's account",
          });
          return [];
        }
        const { partition } = candidate.zone.organization;
        return [
          {
            operations,
            constraint: undefined,
            expires: undefined,
            grantee: profilePrincipal(profile.principal, { partition, region: "", account: sourceAccount.id }),
            account: sourceAccount,
            label: name,
            regions,
            reason: `${workload.name} ${environment.name} uses ${name} in ${sourceAccount.name}, whose service-linked role AWS lets in by a grant of that account`,
            source,
          },
        ];
      }),
  );
}

function plannedGrant(candidate: KeyCandidate, asked: AskedGrant, region: string): PlannedUserGrant {
  const { owner, zone, alias, dataClass } = candidate;
  const { account, grantee, operations, constraint, expires, label, reason, source } = asked;
  const id = `${candidate.id}_${owner.id}_${region}_${label}`;
  return {
    id,
    organization: account.organization.name,
    partition: account.organization.partition,
    zone: account.zone,
    account: account.name,
    accountId: account.id,
    // Terraform looks the key up, which has to be there for it, and AWS grants nothing on a key without its material.
    status:
      account.status === "active" && owner.status === "active" && !waitsForMaterial(candidate, region)
        ? "planned"
        : "held",
    name: `orgkeys-${id}`.slice(0, kmsLimits.grantNameLength),
    region,
    grantee,
    retiring: deployRoleOf(account),
    operations,
    constraint,
    expires,
    adoptedId: undefined,
    keyArn: keyBehindAlias(zone.organization.partition, region, owner.id, alias),
    key: { account: owner.name, alias, dataClass: dataClass.name },
    why: [{ reason, principle: "grants-by-users" }],
    sources: [source],
  };
}

function isSameGrant(a: PlannedUserGrant, b: PlannedUserGrant): boolean {
  const content = ({ operations, constraint, expires }: PlannedUserGrant): string =>
    JSON.stringify([operations, constraint, expires]);
  return content(a) === content(b);
}
