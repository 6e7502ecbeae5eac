import { nameOrder } from "../aws/name-order";
import { type Finding, sortFindings } from "../findings/finding";
import type { Account, OrganizationMap } from "../organization/organization-map";
import { aliasProblems } from "./alias-problems";
import type { KeyPlan, PlannedKey, PlannedUserGrant } from "./key-plan";
import { pendingKeyStores, planKeyStores, strayExternalKeys, waitsForKeyStore } from "./key-stores";
import { keysInMap } from "./keys-in-map";
import { unusedLifecycle } from "./lifecycle-findings";
import { lookupCircles } from "./lookup-circles";
import { planAwsKeys } from "./plan-aws-keys";
import { planConsumerPolicies } from "./plan-consumer-policies";
import { planKey } from "./plan-key";
import type { PlanOptions, PlanProblem } from "./plan-problem";

/**
 * Makes the key plan of a map: pure, and the same for the same map whatever the order of its files.
 *
 * @returns the plan, or every problem; never a plan with problems
 */
export function planKeys(
  map: OrganizationMap,
  options: PlanOptions = {},
): { plan: KeyPlan } | { problems: PlanProblem[] } {
  const { keys: candidates, problems: lifecycleProblems, unused } = keysInMap(map, options.today);
  const problems: PlanProblem[] = [...lifecycleProblems];
  const findings: Finding[] = unused.map(unusedLifecycle);
  const userGrants: PlannedUserGrant[] = [];
  const keys = candidates
    .map((candidate) => planKey(candidate, options, { findings, problems, userGrants }))
    .sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id) || nameOrder(a.region, b.region));
  problems.push(...aliasProblems(candidates), ...strayExternalKeys(map.zones, candidates));
  // Nobody in another account can use what waits: its policy comes with the key.
  const consumed = candidates.filter((candidate) => !waitsForKeyStore(candidate));
  const consumers = planConsumerPolicies(consumed, options);
  problems.push(...consumers.problems);
  findings.push(
    ...heldAccounts(map.accounts, keys),
    ...pendingKeyStores(map.zones, candidates),
    ...splitWorkloads(keys),
    ...lookupCircles(consumed, userGrants, options),
  );
  if (problems.length > 0) return { problems };
  return {
    plan: {
      schema: "orgkeys/key-plan/v1",
      keys,
      keyStores: planKeyStores(map.zones),
      consumerPolicies: consumers.policies,
      userGrants: userGrants.sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id)),
      awsKeys: map.workloads.flatMap((workload) => planAwsKeys(workload, map)),
      findings: sortFindings(uniqueFindings(findings)),
    },
  };
}

function heldAccounts(accounts: readonly Account[], keys: readonly PlannedKey[]): Finding[] {
  const heldKeys = keys.filter((key) => key.status === "held");
  return accounts.flatMap((account): Finding[] => {
    if (account.status === "active") return [];
    const held = heldKeys.filter((key) => key.accountId === account.id).length;
    const what =
      held === 0
        ? "it gets no stack"
        : `its ${held} planned ${held === 1 ? "key waits" : "keys wait"}, and it gets no stack`;
    return [
      {
        id: `account-${account.status}`,
        severity: account.status === "pending" ? "low" : "information",
        where: `account ${account.name}`,
        why: `account ${account.name} is ${account.status}: ${what}`,
        whatToDo:
          account.status === "pending"
            ? "set its status to active once it exists and has the deploy role"
            : "nothing to do while it is suspended; its existing keys are left alone",
      },
    ];
  });
}

/** One key per workload was asked for, and owners or Regions of its environments make it several. */
function splitWorkloads(keys: readonly PlannedKey[]): Finding[] {
  const byIdentity = new Map<string, PlannedKey[]>();
  for (const key of keys) {
    if (key.scope !== "workload") continue;
    const identity = `${key.zone} ${key.id}`;
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), key]);
  }
  return [...byIdentity.values()].flatMap((same): Finding[] => {
    const [key] = same;
    if (key === undefined || same.length < 2) return [];
    const places = same.map(({ account, region }) => `${account} ${region}`);
    return [
      {
        id: "split-workload-key",
        severity: "low",
        where: key.alias,
        why: `data class ${key.dataClass} gives ${key.workloads.join(", ")} one key, and owners and Regions make it one in each of ${places.join(", ")}`,
        whatToDo:
          "centralize the data class instead of an environment and put its environments into one Region, or cut keys per workload-environment",
      },
    ];
  });
}

/** A replica asks the same questions as its key: one answer is enough. */
function uniqueFindings(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
