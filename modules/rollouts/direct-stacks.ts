import { isMeantFor } from "../organization/meant-accounts";
import type { Account, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { RenderedPart } from "./render-rollout";
import type { PlannedDirectStack } from "./rollout-plan";
import { regionsOfPart, rolloutTags } from "./stack-set-stages";
import type { RolloutPart } from "./template-data";
import { isManagementAccount } from "./zone-accounts";

/**
 * Whether an account gets a rollout as stacks of Terraform's own instead of through a StackSet, whatever its status:
 * the management account always, and for the deploy role the accounts that StackSets are kept in, where Terraform needs
 * it to make them.
 *
 * @param administrators names of the accounts that keep StackSets
 */
export function isDirect(account: Account, rollout: Rollout, administrators: ReadonlySet<string>): boolean {
  const isAdministrator = rollout.template === "access-roles" && administrators.has(account.name);
  return (isManagementAccount(account) || isAdministrator) && isMeantFor(rollout, account, true);
}

/** A rollout's stacks in one such account, each after those that it waits for. */
export function planDirectStacks(
  rollout: Rollout,
  zone: Zone,
  account: Account,
  parts: readonly RenderedPart[],
): PlannedDirectStack[] {
  const planned: PlannedDirectStack[] = [];
  let before: readonly string[] = [];
  for (const { part, template } of parts) {
    const stage: PlannedDirectStack[] = [];
    for (const region of regionsOfPart(rollout, part, zone)) {
      const words = [zone.name, rollout.template, ...(part === "main" ? [] : [part])];
      const previous = rollout.regionConcurrency === "sequential" ? stage.at(-1) : undefined;
      stage.push({
        id: [...words, region].join("_"),
        name: ["orgkeys", ...words].join("-"),
        rollout,
        region,
        template,
        bootstrapped: rollout.template === "access-roles",
        tags: rolloutTags(rollout, zone),
        after: previous === undefined ? before : [previous.id],
        why: [reasonOf(account, part)],
        sources: [rollout.source],
      });
    }
    planned.push(...stage);
    if (stage.length > 0) before = stage.map(({ id }) => id);
  }
  return planned;
}

function reasonOf(account: Account, part: RolloutPart): string {
  if (part === "bus") return `the bus is in management account ${account.name}, which StackSets never reach`;
  return isManagementAccount(account)
    ? `StackSets never reach management account ${account.name}`
    : `Terraform makes StackSets from account ${account.name} with the deploy role: it has to be there before they are`;
}
