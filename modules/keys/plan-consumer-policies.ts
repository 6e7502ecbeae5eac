import { iamLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { Account } from "../organization/organization-map";
import { type Consumption, consumerPolicies, exceedsManagedPolicy } from "../policies/consumer-policy";
import { type ConsumerPolicyNames, consumerPolicyNames } from "./consumer-policy-names";
import { consumersOf, type KeyConsumer, looksUp } from "./key-consumers";
import type { KeyCandidate, KeyMember } from "./key-identity";
import type { PlannedConsumerPolicy } from "./key-plan";
import { livingRegionsOf } from "./key-regions";
import type { PlanOptions, PlanProblem } from "./plan-problem";

/** One principal of a using account and everything it uses elsewhere. */
interface Consumer {
  readonly account: Account;
  readonly names: ConsumerPolicyNames;
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
  for (const candidate of candidates) {
    const living = livingRegionsOf(candidate);
    const { partition } = candidate.zone.organization;
    for (const asked of consumersOf(candidate, options)) {
      const { member, principal, attach } = asked;
      const { account } = principal;
      // The key policy names the account of a permission set, whose IAM has to agree even where it owns the key.
      const local = account.id === candidate.owner.id;
      if (local && principal.kind !== "permission-set") continue;
      const by = local ? "alias" : asked.by;
      const regions = living.filter((region) =>
        by === "alias" ? (asked.regions?.includes(region) ?? true) : looksUp(asked, region, candidate),
      );
      if (regions.length === 0) continue;
      const names = consumerPolicyNames(principal, attach);
      const identity = `${account.name} ${names.principal} ${names.attachTo}`;
      const consumer: Consumer = consumers.get(identity) ?? {
        account,
        names,
        candidate,
        consumptions: [],
        keys: new Map(),
        sources: [],
      };
      consumers.set(identity, consumer);
      const { alias, owner } = candidate;
      consumer.consumptions.push(
        consumptionOf(asked, labelOf(candidate, member), { partition, ownerAccountId: owner.id, regions, alias, by }),
      );
      consumer.keys.set(`${owner.name} ${alias} ${candidate.region}`, { account: owner.name, alias, regions });
      consumer.sources.push(member.environment.source);
    }
  }

  const problems: PlanProblem[] = [];
  const policies: PlannedConsumerPolicy[] = [];
  const taken = new Map<string, string>();
  for (const consumer of [...consumers.values()].sort(
    (a, b) =>
      nameOrder(a.account.name, b.account.name) ||
      nameOrder(a.names.principal, b.names.principal) ||
      nameOrder(a.names.id, b.names.id),
  )) {
    const { account, names, candidate, keys } = consumer;
    const { id, name, principal, attachTo } = names;
    // IAM ignores the case of policy names.
    const addresses = [`Terraform address (${id})`, `name (${name.toLowerCase()})`];
    const address = addresses.find((each) => taken.has(`${account.name} ${each}`));
    if (address !== undefined) {
      const other = taken.get(`${account.name} ${address}`);
      const message = `the consumer policies of ${other} and ${principal} in account ${account.name} would have one ${address}`;
      const fix = "give one of them a name that differs in letters or digits";
      problems.push({ source: consumer.sources[0] ?? "", message, fix });
      continue;
    }
    for (const each of addresses) taken.set(`${account.name} ${each}`, principal);
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
        principal,
        attachTo,
        policy,
        sources: uniqueNames(consumer.sources),
        keys: [...keys.entries()].sort(([a], [b]) => nameOrder(a, b)).map(([, key]) => key),
        tags: tagsOf(account, candidate),
        why: [
          {
            reason: `${principal === "root" ? `account ${account.name}` : principal} uses keys of ${uniqueNames([...keys.values()].map((key) => key.account)).join(", ")}`,
            principle: "both-halves",
          },
        ],
      });
    }
  }
  return { policies, problems };
}

function consumptionOf({ principal, may }: KeyConsumer, label: string, key: Consumption["key"]): Consumption {
  if ("use" in may) return { key, use: { ...may.use, label, principals: [principal.arn] } };
  const { operations, constraint } = may.grant;
  return { key, grant: { label, operations, constraint } };
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
