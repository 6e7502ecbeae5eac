import { serviceProfile } from "../aws/service-profiles";
import { listNames } from "../organization/problem";
import type { KeyCandidate } from "./key-identity";
import { keyStoreProblems } from "./key-stores";
import { needsUserGrant } from "./key-users";
import type { PlanProblem } from "./plan-problem";

/**
 * What AWS or the zone would refuse about a key, and what only shows when its owner is known.
 *
 * @param replicaRegions where replicas are asked for
 */
export function refuseCandidate(candidate: KeyCandidate, replicaRegions: readonly string[]): PlanProblem[] {
  return [
    ...foreignServiceRoles(candidate),
    ...unnamedUsers(candidate),
    ...ownerRegions(candidate, replicaRegions),
    ...keyStoreProblems(candidate),
  ];
}

/**
 * A service-linked role has the IAM policy that AWS gave it, which reaches no key of another account: the key policy alone
 * would let it in in vain, and only of some does AWS say what grant they need.
 *
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
function foreignServiceRoles(candidate: KeyCandidate): PlanProblem[] {
  return candidate.members.flatMap((member) =>
    member.environment.services
      .filter((service) => service.service === candidate.service && service.sourceAccount.id !== candidate.owner.id)
      .filter((service) => serviceProfile(service.profile)?.principal.kind === "service-linked-role")
      .filter((service) => !needsUserGrant(service, candidate))
      .map((service) => ({
        source: service.source,
        message: `service ${service.profile} acts as a role of account ${service.sourceAccount.name}, which cannot use key ${candidate.alias} of account ${candidate.owner.name}`,
        fix: "give it a key in its own account",
      })),
  );
}

/**
 * With administration-only root access, use is for named principals: a whole account would hand it on to whoever its IAM
 * names.
 */
function unnamedUsers(candidate: KeyCandidate): PlanProblem[] {
  const { dataClass, members, service } = candidate;
  if (dataClass.rootAccess !== "administration-only") return [];
  return members.flatMap(({ environment }) =>
    [
      ...environment.use
        .filter((use) => use.service === service && use.principals.some((principal) => principal.kind === "account"))
        .map((use) => use.source),
      ...environment.statements
        .filter((statement) => statement.service === service && statement.effect === "Allow")
        .filter((statement) => statement.principals.some((principal) => principal.kind === "account"))
        .map((statement) => statement.source),
    ].map((source) => ({
      source,
      message: `data class ${dataClass.name} has rootAccess: administration-only, and a whole account (account:, ou:) would hand use on to its IAM`,
      fix: "name the roles that use the key",
    })),
  );
}

/** The using account's Regions are known to fit; the owner may be another account. */
function ownerRegions(candidate: KeyCandidate, replicaRegions: readonly string[]): PlanProblem[] {
  const { owner, region, members, alias } = candidate;
  return [region, ...replicaRegions]
    .filter((wanted) => !owner.regions.includes(wanted))
    .map((wanted) => ({
      source: members[0]?.environment.source ?? "",
      message: `key ${alias} would be in ${wanted}, which its owner ${owner.name} has not enabled`,
      fix: `account ${owner.name} has ${listNames(owner.regions)}; enable the Region there first`,
    }));
}
