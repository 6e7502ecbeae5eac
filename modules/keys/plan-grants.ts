import { kmsLimits } from "../aws/kms-limits";
import { daysUntil, noticeDays } from "../findings/calendar-day";
import type { Finding } from "../findings/finding";
import type { GrantRequest } from "../organization/workload";
import { type KeyCandidate, type KeyMember, lastingName } from "./key-identity";
import type { PlannedGrant } from "./key-plan";
import type { PlanOptions, PlanProblem } from "./plan-problem";
import { standing } from "./standing";

/**
 * The grants on a key: one for each Region, because a grant never covers two related keys. Grants never expire in AWS,
 * so an expired one is left out here, and Terraform revokes it.
 */
export function planGrants(
  candidate: KeyCandidate,
  regions: readonly string[],
  options: PlanOptions,
  findings: Finding[],
  problems: PlanProblem[],
): PlannedGrant[] {
  const planned: PlannedGrant[] = [];
  for (const { member, grant } of grantsOf(candidate, options, findings)) {
    if (grant.issuedBy === "user") continue;
    const label = grantLabel(candidate, member, grant);
    let refused = false;
    for (const region of grant.regions ?? regions) {
      const id = `${candidate.id}_${region}_${label}`;
      if (planned.some((other) => other.id === id)) {
        const message = `is a second grant on ${candidate.alias} in ${region} to ${grant.grantee.name}`;
        if (!refused) problems.push({ source: grant.source, message, fix: "give each of them a name" });
        refused = true;
        continue;
      }
      planned.push({
        id,
        name: `orgkeys-${id}`.slice(0, kmsLimits.grantNameLength),
        region,
        grantee: grant.grantee.arn,
        retiring: grant.retiring?.arn,
        operations: grant.operations,
        constraint: grant.constraint,
        expires: grant.expires,
        adoptedId: candidate.life.adoptedGrants.get(id),
        why: [
          {
            reason: `${member.workload.name} ${member.environment.name} grants ${grant.operations.join(", ")} to ${grant.grantee.name}${grant.expires === undefined ? "" : `, not from ${grant.expires} on`}`,
            principle: "named-grants",
          },
        ],
      });
    }
  }
  return planned;
}

/** The grants that are to exist: of principals that exist, and not expired. */
export function grantsOf(
  candidate: KeyCandidate,
  options: PlanOptions,
  findings: Finding[],
): { member: KeyMember; grant: GrantRequest }[] {
  return candidate.members.flatMap((member) =>
    member.environment.grants
      .filter((grant) => grant.service === candidate.service)
      .filter((grant) => {
        if (isExpired(grant, options, findings)) return false;
        const needed = grant.retiring === undefined ? [grant.grantee] : [grant.grantee, grant.retiring];
        return standing(needed, grant.source, findings).length === needed.length;
      })
      .map((grant) => ({ member, grant })),
  );
}

function isExpired(grant: GrantRequest, { today }: PlanOptions, findings: Finding[]): boolean {
  if (today === undefined || grant.expires === undefined) return false;
  const days = daysUntil(grant.expires, today);
  if (days > noticeDays) return false;
  const expired = days <= 0;
  findings.push({
    id: expired ? "grant-expired" : "grant-expiring",
    severity: expired ? "medium" : "low",
    where: grant.source,
    why: expired
      ? `the grant to ${grant.grantee.name} expired on ${grant.expires} and is left out: the next apply revokes it`
      : `the grant to ${grant.grantee.name} expires on ${grant.expires}, in ${days} ${days === 1 ? "day" : "days"}`,
    whatToDo: expired ? "delete it from the map, or set a later day" : "set a later day if it is still needed",
  });
  return expired;
}

/** What tells a grant from the others on its key: only what the key's identity does not say already. */
export function grantLabel(candidate: KeyCandidate, member: KeyMember, grant: GrantRequest): string {
  const grantee = grant.name ?? grant.grantee.name.replace(/^role\//, "").replaceAll(/[^A-Za-z0-9-]+/g, "-");
  switch (candidate.dataClass.per) {
    case "environment":
      return `${lastingName(member.workload)}_${grantee}`;
    case "workload":
      return `${lastingName(member.environment)}_${grantee}`;
    default:
      return grantee;
  }
}
