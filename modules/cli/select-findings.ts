import type { CheckedStack, CheckFinding } from "../checks/frame/run-checks";
import type { Account } from "../organization/organization-map";

/**
 * Whether a finding is about the selected accounts: about one's stack, or about the guardrails and rollouts of its zone. What
 * cannot be told to be about others is about these.
 *
 * @param selected the accounts, or undefined for everything
 * @param accounts all of the map
 */
export function isAboutSelected(
  selected: readonly Account[] | undefined,
  accounts: readonly Account[],
  stacks: readonly CheckedStack[],
): (finding: CheckFinding) => boolean {
  if (selected === undefined) return () => true;
  const ids = new Set(selected.map(({ id }) => id));
  const names = new Set(selected.map(({ name }) => name));
  const zones = new Set(selected.map(({ zone }) => zone));
  const others = new Set(accounts.map(({ name }) => name).filter((name) => !names.has(name)));
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  return ({ id, where, place, sources }) => {
    // They are about the file of exceptions as a whole.
    if (id.startsWith("exceptions-")) return false;
    const stack = byName.get(place?.document ?? where.split(" ")[0] ?? "");
    if (stack !== undefined) return isOfSelected(stack, ids, zones);
    const zonesBehind = sources.flatMap((source) => /^(?:zones|rollouts)\.yaml ([^.]+)/.exec(source)?.[1] ?? []);
    if (zonesBehind.length > 0) return zonesBehind.some((zone) => zones.has(zone));
    return !others.has(where.split(" ")[0] ?? "");
  };
}

function isOfSelected(stack: CheckedStack, ids: ReadonlySet<string>, zones: ReadonlySet<string>): boolean {
  const { accountId, kind, zone } = stack;
  if (accountId !== undefined && ids.has(accountId)) return true;
  if (kind === "account") return accountId === undefined;
  return zone === undefined || zones.has(zone);
}
