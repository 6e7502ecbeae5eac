import { iamLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { Account, Principal } from "../organization/organization-map";
import { type Consumption, consumerPolicies } from "../policies/consumer-policy";
import type { KeyCandidate } from "./key-identity";
import type { PlannedConsumerPolicy } from "./key-plan";
import { grantsOf } from "./plan-grants";
import { type PlanOptions, type PlanProblem, usesOf } from "./plan-keys";

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
    if (principal.account.id === candidate.owner.id) return;
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
    const regions = uniqueNames([
      candidate.region,
      ...candidate.members.flatMap((member) => member.environment.replicas),
    ]);
    const accounts = new Map(
      candidate.members.flatMap((member) =>
        member.environment.use.flatMap((use) => use.principals.map((principal) => [principal.arn, principal])),
      ),
    );
    for (const { member, ...use } of usesOf(candidate, [])) {
      const principal = accounts.get(use.principals[0] ?? "");
      if (principal === undefined) continue;
      consume(candidate, principal, member.environment.source, regions, (key) => ({ key, use }));
    }
    for (const { member, grant } of grantsOf(candidate, options, [])) {
      consume(candidate, grant.grantee, grant.source, grant.regions ?? regions, (key) => ({
        key,
        grant: {
          label: `${member.workload.name}-${member.environment.name}-${grant.name ?? grant.grantee.name.replace(/^role\//, "")}`,
          operations: grant.operations,
          encryptionContext: grant.constraint?.pairs ?? {},
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
    const slug =
      attachTo === undefined ? "offered" : attachTo.replace(/^role\//, "").replaceAll(/[^A-Za-z0-9-]+/g, "-");
    const other = taken.get(`${account.name} ${slug}`);
    if (other !== undefined) {
      const message = `the consumer policies of ${other} and ${principal} in account ${account.name} would have one name (orgkeys-${slug})`;
      problems.push({ source: consumer.sources[0] ?? "", message, fix: "rename one of the two" });
      continue;
    }
    taken.set(`${account.name} ${slug}`, principal);
    const documents = consumerPolicies(consumer.consumptions);
    const tooLarge = documents.find((document) => JSON.stringify(document).length > iamLimits.managedPolicyCharacters);
    if (tooLarge !== undefined || documents.length > iamLimits.managedPoliciesPerRole) {
      const message = `the consumer policy of ${principal} in account ${account.name} is larger than IAM takes`;
      problems.push({ source: consumer.sources[0] ?? "", message, fix: "split the role, or use fewer central keys" });
      continue;
    }
    for (const [index, policy] of documents.entries()) {
      const suffix = index === 0 ? "" : `-${index + 1}`;
      policies.push({
        id: `${slug}${suffix}`,
        organization: account.organization.name,
        partition: account.organization.partition,
        zone: account.zone,
        account: account.name,
        accountId: account.id,
        status: account.status === "active" ? "planned" : "held",
        name: `orgkeys-${slug}${suffix}`,
        description:
          attachTo === undefined
            ? "Use of central keys, for whichever principals this account attaches it to"
            : `Use of central keys by ${attachTo}`,
        attachTo,
        policy,
        keys: [...keys.entries()].sort(([a], [b]) => nameOrder(a, b)).map(([, key]) => key),
        tags: Object.fromEntries(
          inNameOrder({
            ...account.organization.tags,
            ...candidate.zone.tags,
            ...account.tags,
            Zone: account.zone,
            ManagedBy: "orgkeys",
          }),
        ),
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
