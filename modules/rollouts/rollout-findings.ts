import type { Finding, Severity } from "../findings/finding";
import { ousAbove } from "../organization/link/known-accounts";
import type { Account, Zone } from "../organization/organization-map";
import { listNames } from "../organization/problem";
import type { Rollout, RolloutQuantity } from "../organization/rollout";
import { accountsWithInstances } from "./expected-instances";
import type { PlannedStackSet } from "./rollout-plan";
import type { WaveReach } from "./rollout-targets";

/** What rollouts do not reach, or not by themselves: told whenever they are planned, so that nobody counts on it. */

function finding(rollout: Rollout, severity: Severity, id: string, why: string, whatToDo: string): Finding {
  return { id, severity, where: `rollout ${rollout.name}`, why, whatToDo };
}

function names(accounts: readonly { readonly name: string }[]): string {
  return `${accounts.length === 1 ? "account" : "accounts"} ${listNames(accounts.map(({ name }) => name))}`;
}

/**
 * Accounts that are pending or suspended. Below an OU that is deployed to by itself, a pending one is reached the day it
 * exists, and is not told.
 */
export function accountsWait(rollout: Rollout, reaches: readonly WaveReach[], direct: readonly Account[]): Finding[] {
  const excluded = new Set(rollout.excluded.map(({ name }) => name));
  const meant = reaches.flatMap(({ below, single }) => [
    ...below.filter(({ status }) => status === "suspended" || !rollout.autoDeployment),
    ...single,
  ]);
  const waiting = [...new Set([...meant, ...direct])].filter(({ name }) => !excluded.has(name));
  return (["pending", "suspended"] as const).flatMap((status) => {
    const these = waiting.filter((account) => account.status === status);
    if (these.length === 0) return [];
    const why = `${names(these)} ${these.length === 1 ? "is" : "are"} ${status}, and not reached`;
    const whatToDo =
      status === "pending"
        ? "set the status to active once the account exists, and synthesize again"
        : `nothing to do while ${these.length === 1 ? "it is" : "they are"} suspended; an update that fails there counts against failureTolerance`;
    return [finding(rollout, "information", "rollout-account-waits", why, whatToDo)];
  });
}

/** Where an account of tomorrow waits until somebody applies. */
export function nextApply(rollout: Rollout, zone: Zone, reaches: readonly WaveReach[]): Finding[] {
  const ous = reaches.flatMap((reach) => [...reach.ownOus, ...(rollout.autoDeployment ? [] : reach.ous)]);
  if (ous.length === 0) return [];
  const paths = [...new Set(ous.map(({ path }) => path))];
  return [
    finding(
      rollout,
      "information",
      "rollout-next-apply",
      `an account that comes into ${paths.length === 1 ? "OU" : "OUs"} ${listNames(paths)} is not reached before the map has it and the next apply is through`,
      rollout.autoDeployment
        ? `give zone ${zone.name} OUs without another zone's OU below them`
        : "set autoDeployment to true to have it reached the moment it joins",
    ),
  ];
}

export function reachesNobody(rollout: Rollout): Finding {
  return finding(
    rollout,
    "low",
    "rollout-reaches-nobody",
    "it has no target: its waves have neither an OU that is wholly the zone's nor an active account",
    "give the zone or the waves an OU or an account, or drop the rollout",
  );
}

/** Each has an instance, in which nothing is. */
export function leavesOutEverybody(rollout: Rollout, stackSets: readonly PlannedStackSet[]): Finding[] {
  const nobody = stackSets.every(({ reaches }) => reaches.length === 0);
  if (!nobody || stackSets.every(({ leavesEmpty }) => leavesEmpty.length === 0)) return [];
  return [
    finding(
      rollout,
      "low",
      "rollout-reaches-nobody",
      "it leaves out every account that it goes to: nothing comes of it before another account joins",
      "take accounts out of excludeAccounts, or drop the rollout",
    ),
  ];
}

/** A wave is for trying a template out: where nobody is in it, nothing is tried. */
export function wavesReachNobody(rollout: Rollout, stackSets: readonly PlannedStackSet[]): Finding[] {
  if (rollout.waves.length < 2 || stackSets.length === 0) return [];
  const reached = new Set(stackSets.filter(({ reaches }) => reaches.length > 0).map(({ wave }) => wave));
  return rollout.waves
    .filter(({ name }) => !reached.has(name))
    .map(({ name }) =>
      finding(
        rollout,
        "low",
        "rollout-wave-without-accounts",
        `wave ${name} reaches no account: nothing is tried out before the next wave begins`,
        "give it an OU with an active account, or drop the wave",
      ),
    );
}

/**
 * The provider takes an OU's instances for the OU: one without any is missing from what it reads, and planned again.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/cloudformation/stack_instances.go
 */
export function emptyOus(
  rollout: Rollout,
  reaches: readonly WaveReach[],
  stackSets: readonly PlannedStackSet[],
): Finding[] {
  const reached = new Set(stackSets.flatMap(accountsWithInstances).flatMap(({ ouPath }) => ousAbove(ouPath)));
  const paths = reaches.flatMap(({ ous }) => ous.map(({ path }) => path)).filter((path) => !reached.has(path));
  if (paths.length === 0) return [];
  return [
    finding(
      rollout,
      "information",
      "rollout-empty-ou",
      `${paths.length === 1 ? "OU" : "OUs"} ${listNames(paths)} ${paths.length === 1 ? "has" : "have"} no account with an instance: Terraform may plan such an OU again and again, until it has one`,
      "nothing to do; an account that is created there is reached all the same",
    ),
  ];
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html */
export function limitedConcurrency(rollout: Rollout, stackSets: readonly PlannedStackSet[]): Finding[] {
  if (rollout.concurrencyMode !== "strict") return [];
  const accounts = Math.max(0, ...stackSets.map((each) => accountsWithInstances(each).length));
  const wanted = Math.max(1, quantityOf(rollout.concurrency, accounts));
  const most = quantityOf(rollout.failureTolerance, accounts) + 1;
  if (wanted <= most) return [];
  return [
    finding(
      rollout,
      "information",
      "rollout-concurrency",
      `concurrency is ${quantityText(rollout.concurrency)}, and at most ${most} of ${accounts} accounts are done at a time: strict keeps it to failureTolerance plus one`,
      "raise failureTolerance, or set concurrencyMode to soft, with which more accounts may fail than failureTolerance says",
    ),
  ];
}

/** Percentages are rounded down. */
function quantityOf(quantity: RolloutQuantity, accounts: number): number {
  return "count" in quantity ? quantity.count : Math.floor((accounts * quantity.percentage) / 100);
}

export function quantityText(quantity: RolloutQuantity): string {
  return "count" in quantity ? `${quantity.count}` : `${quantity.percentage}%`;
}

/** Source: https://github.com/hashicorp/terraform-provider-aws/pull/41810, open as of provider 5.100 */
export function regionsUnordered(rollout: Rollout, stackSets: readonly PlannedStackSet[]): Finding[] {
  if (rollout.regionConcurrency === "parallel" || !stackSets.some(({ regions }) => regions.length > 1)) return [];
  return [
    finding(
      rollout,
      "information",
      "rollout-region-order",
      `goes to ${rollout.regions.join(", ")} one after another, and the AWS provider 5.100 does not pass their order on: CloudFormation chooses it`,
      "make two templates of it where one Region needs what is in another",
    ),
  ];
}

/** Where nothing is in an instance, it fails just so. */
export function regionsNotEnabled(rollout: Rollout, stackSets: readonly PlannedStackSet[]): Finding[] {
  const missing = new Map<string, Set<string>>();
  for (const stackSet of stackSets) {
    for (const account of accountsWithInstances(stackSet)) {
      for (const region of stackSet.regions.filter((each) => !account.regions.includes(each))) {
        missing.set(region, (missing.get(region) ?? new Set()).add(account.name));
      }
    }
  }
  return [...missing].map(([region, accounts]) =>
    finding(
      rollout,
      "medium",
      "rollout-region-not-enabled",
      `goes to ${region}, which is not enabled in ${names([...accounts].map((name) => ({ name })))}: it fails there, and counts against failureTolerance`,
      "enable the Region in the account and in the map, or leave out its OU or the Region: excludeAccounts leaves an empty instance",
    ),
  );
}

/** Accounts with a stack, which Terraform applies with a deploy role that none of the zone's rollouts makes. */
export function withoutDeployRole(
  rollout: Rollout,
  needing: readonly Account[],
  reached: ReadonlySet<string>,
): Finding[] {
  const these = needing.filter((account) => account.zone === rollout.zone && !reached.has(account.name));
  if (these.length === 0) return [];
  const role = rollout.administrator.organization.roles.deploy;
  return [
    finding(
      rollout,
      "medium",
      "rollout-no-deploy-role",
      `does not reach ${names(these)}, which ${these.length === 1 ? "has a stack" : "have stacks"}: role ${role} has to come from elsewhere`,
      "make the role by hand before Terraform runs (docs/rollouts.md#bootstrapping), or let the rollout go to all that the zone has",
    ),
  ];
}

/**
 * The deploy role makes what the built-in templates hold in the management account, and nothing else.
 *
 * @param denied accounts where it comes from the map, and the rollout is a stack of Terraform's own
 */
export function stackDenied(rollout: Rollout, denied: readonly Account[]): Finding[] {
  if (denied.length === 0) return [];
  return [
    finding(
      rollout,
      "medium",
      "rollout-stack-denied",
      `has a stack in ${names(denied)}, where role ${rollout.administrator.organization.roles.deploy} makes what comes with orgkeys and nothing else: its apply is denied there (docs/rollouts.md#access-roles)`,
      `put ${listNames(denied.map(({ name }) => name))} into excludeAccounts of ${rollout.name}`,
    ),
  ];
}

/** An account key's policy spares the break-glass role by its name, in accounts where nobody may have made it yet. */
export function unguardedBreakGlass(rollout: Rollout, zone: Zone): Finding[] {
  if (rollout.template !== "baseline-keys") return [];
  return [
    finding(
      rollout,
      "high",
      "rollout-break-glass-unguarded",
      `its keys are destroyed by ${zone.breakGlass} of their account: whoever may make a role of that name, or change who assumes it, may destroy them, from the first minute of a new account on`,
      "bring that role by a template of your own, and let a service control policy of yours keep everybody else but role/stacksets-exec-* from making and changing it",
    ),
  ];
}

/**
 * AWS narrows nobody who keeps StackSets to some of the OUs.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
 */
export function zoneAbove({ administrator }: Rollout, zone: Zone): Finding[] {
  if (administrator.zone === zone.name) return [];
  return [
    {
      id: "rollout-zone-above",
      severity: "information",
      where: `zone ${zone.name}`,
      why: `its StackSets are kept in account ${administrator.name} of zone ${administrator.zone}: whoever runs Terraform there writes into every account of zone ${zone.name}, with all rights`,
      whatToDo: `give the accounts that keep StackSets and guardrails a zone of their own, whose pipelines do nothing else`,
    },
  ];
}
