import { iamLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { Account, Principal } from "../organization/organization-map";
import { type Consumption, consumerPolicies, exceedsManagedPolicy } from "../policies/consumer-policy";
import type { KeyCandidate, KeyMember } from "./key-identity";
import type { PlannedConsumerPolicy } from "./key-plan";
import { livingRegionsOf } from "./key-regions";
import { usesOf } from "./key-users";
import { grantsOf } from "./plan-grants";
import type { PlanOptions, PlanProblem } from "./plan-problem";

/** One principal of a using account and everything it uses elsewhere. */
interface Consumer {
  readonly account: Account;
  /** `role/api`, `user/x`, or `root` for a policy that is only offered. */
  readonly principal: string;
  readonly candidate: KeyCandidate;
  readonly consumptions: Consumption[];
  readonly keys: Map<string, PlannedConsumerPolicy["keys"][number]>;
  readonly sources: string[];
}

/**
 * The using accounts' half of cross-account access. A principal gets one policy for everything it uses, because a role
 * takes ten managed policies at most; a second one only when IAM's size limit makes it necessary.
 */
export function planConsumerPolicies(
  candidates: readonly KeyCandidate[],
  options: PlanOptions,
): { policies: PlannedConsumerPolicy[]; problems: PlanProblem[] } {
  const consumers = new Map<string, Consumer>();
  const consume = (
    candidate: KeyCandidate,
    principal: Principal,
    source: string,
    regions: readonly string[],
    consumption: (key: Consumption["key"]) => Consumption,
  ): void => {
    if (principal.account.id === candidate.owner.id || isServiceLinked(principal)) return;
    const identity = `${principal.account.name} ${principal.name}`;
    const consumer: Consumer = consumers.get(identity) ?? {
      account: principal.account,
      principal: principal.name,
      candidate,
      consumptions: [],
      keys: new Map(),
      sources: [],
    };
    consumers.set(identity, consumer);
    const { partition } = candidate.zone.organization;
    consumer.consumptions.push(
      consumption({ partition, ownerAccountId: candidate.owner.id, regions, alias: candidate.alias }),
    );
    const key = { account: candidate.owner.name, alias: candidate.alias, regions };
    consumer.keys.set(`${key.account} ${key.alias} ${candidate.region}`, key);
    consumer.sources.push(source);
  };

  for (const candidate of candidates) {
    const regions = livingRegionsOf(candidate);
    if (regions.length === 0) continue;
    for (const { member, principals, use } of usesOf(candidate, [])) {
      for (const principal of principals) {
        consume(candidate, principal, member.environment.source, regions, (key) => ({
          key,
          use: { ...use, label: labelOf(candidate, member), principals: [principal.arn] },
        }));
      }
    }
    for (const { member, grant } of grantsOf(candidate, options, [])) {
      const granted = regions.filter((region) => grant.regions?.includes(region) ?? true);
      if (granted.length === 0) continue;
      consume(candidate, grant.grantee, member.environment.source, granted, (key) => ({
        key,
        grant: {
          label: labelOf(candidate, member),
          operations: grant.operations,
          constraint: grant.constraint,
        },
      }));
    }
  }

  const problems: PlanProblem[] = [];
  const policies: PlannedConsumerPolicy[] = [];
  const taken = new Map<string, string>();
  for (const consumer of [...consumers.values()].sort(
    (a, b) => nameOrder(a.account.name, b.account.name) || nameOrder(a.principal, b.principal),
  )) {
    const { account, principal, candidate, keys } = consumer;
    const attachTo = principal === "root" ? undefined : principal;
    // IAM names roles and users without their path, and each name once an account.
    const [kind = "", ...path] = principal.split("/");
    const bareName = path.at(-1) ?? "";
    const name =
      attachTo === undefined ? "orgkeys-offered" : kind === "role" ? `orgkeys-${bareName}` : `orgkeys-user-${bareName}`;
    const id = attachTo === undefined ? "offered" : `${kind}_${bareName.replaceAll(/[^\w-]/g, "-")}`;
    const other = taken.get(`${account.name} ${id}`);
    if (other !== undefined) {
      const message = `the consumer policies of ${other} and ${principal} in account ${account.name} would have one Terraform address (${id})`;
      const fix = "give one of them a name that differs in letters or digits";
      problems.push({ source: consumer.sources[0] ?? "", message, fix });
      continue;
    }
    taken.set(`${account.name} ${id}`, principal);
    const documents = consumerPolicies(consumer.consumptions);
    if (documents.some(exceedsManagedPolicy) || documents.length > iamLimits.managedPoliciesPerRole) {
      const message = `the consumer policy of ${principal} in account ${account.name} is larger than IAM takes`;
      problems.push({ source: consumer.sources[0] ?? "", message, fix: "split the role, or use fewer central keys" });
      continue;
    }
    for (const [index, policy] of documents.entries()) {
      const suffix = index === 0 ? "" : `-${index + 1}`;
      policies.push({
        id: `${id}${suffix}`,
        organization: account.organization.name,
        partition: account.organization.partition,
        zone: account.zone,
        account: account.name,
        accountId: account.id,
        status: account.status === "active" ? "planned" : "held",
        name: `${name}${suffix}`,
        attachTo,
        policy,
        sources: uniqueNames(consumer.sources),
        keys: [...keys.entries()].sort(([a], [b]) => nameOrder(a, b)).map(([, key]) => key),
        tags: tagsOf(account, candidate),
        why: [
          {
            reason: `${attachTo ?? `account ${account.name}`} uses keys of ${uniqueNames([...keys.values()].map((key) => key.account)).join(", ")}`,
            principle: "both-halves",
          },
        ],
      });
    }
  }
  return { policies, problems };
}

/** AWS owns the policies of service-linked roles: nothing can be attached to them. */
function isServiceLinked(principal: Principal): boolean {
  return principal.name.startsWith("role/aws-service-role/");
}

/** Which key, and for whom where the key's identity does not say so: part of a Sid. */
function labelOf({ id, dataClass }: KeyCandidate, { workload, environment }: KeyMember): string {
  if (dataClass.per === "environment") return `${id}-${workload.name}`;
  return dataClass.per === "workload" ? `${id}-${environment.name}` : id;
}

/** The nearest tag of a name wins. IAM takes names that differ only in case for the same, and refuses both. */
function tagsOf(account: Account, candidate: KeyCandidate): Record<string, string> {
  const byName = new Map<string, [string, string]>();
  for (const tags of [
    account.organization.tags,
    candidate.zone.tags,
    account.tags,
    { Zone: account.zone, ManagedBy: "orgkeys" },
  ]) {
    for (const [name, value] of Object.entries(tags)) byName.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(inNameOrder(Object.fromEntries(byName.values())));
}
