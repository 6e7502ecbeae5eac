import type { Finding } from "../findings/finding";
import type { ContinuityRules } from "./continuity-rules";
import type { TemplateRecord } from "./rollout-record";
import type { StackRecord } from "./stack-record";

/** A StackSet or stack of the last output, and what it becomes. */
interface Change {
  readonly zone: string;
  readonly was: TemplateRecord;
  readonly is: TemplateRecord;
}

/** An account of the last output, by its id. */
type Accounts = ReadonlyMap<string, string>;

/**
 * What rollouts no longer do for accounts: nobody is kept from it, and everybody should see it. A StackSet that vanishes is refused,
 * and its accounts with it.
 *
 * @param pairs stacks that go on
 * @param changed the new stacks that change or are new
 */
export function rolloutChanges(
  pairs: readonly (readonly [before: StackRecord, after: StackRecord])[],
  changed: readonly StackRecord[],
  rules: ContinuityRules,
): Finding[] {
  const changes = pairs.flatMap(([before, after]) => changesOf(before, after));
  const gains = gainsOf(pairs, changed);
  return changes.flatMap((change) => {
    const { was, is } = change;
    const left = difference(accountsOf(was), accountsOf(is));
    const active = new Map([...left].filter(([id]) => rules.accounts.get(id)?.active !== false));
    const excluded = new Map([...accountsOf(was)].filter(([id]) => is.excluded.has(id) && !was.excluded.has(id)));
    const letIn = new Map([...accountsOf(is)].filter(([id]) => was.excluded.has(id) && !is.excluded.has(id)));
    const staying = new Map([...active].filter(([id]) => !is.excluded.has(id)));
    const moves = [...staying].flatMap(([id, name]) => {
      const to = gains.find((gain) => gain.id === id && sharesResources(gain.template, was));
      return to === undefined ? [] : [{ id, name, to: to.template }];
    });
    const gone = new Map([...staying].filter(([id]) => !moves.some((move) => move.id === id)));
    return [
      ...shrinks(change, gone),
      ...[...excluded].map(([id, name]) => isExcluded(change, id, name)),
      ...[...letIn].flatMap(([id, name]) => isLetIn(change, id, name)),
      ...moves.map(({ id, name, to }) => isMoved(change, id, name, to)),
      ...shorterWindows(change),
    ];
  });
}

function changesOf(before: StackRecord, after: StackRecord): Change[] {
  return [...(before.rollouts?.templates.values() ?? [])].flatMap((was) => {
    const is = after.rollouts?.templates.get(was.address);
    return is === undefined ? [] : [{ zone: before.zone, was, is }];
  });
}

/** Accounts that a StackSet goes to and went not. */
function gainsOf(
  pairs: readonly (readonly [before: StackRecord, after: StackRecord])[],
  changed: readonly StackRecord[],
): { readonly id: string; readonly template: TemplateRecord }[] {
  const former = new Map(pairs.map(([before, after]) => [after, before]));
  return changed.flatMap((after) =>
    [...(after.rollouts?.templates.values() ?? [])].flatMap((template) => {
      const was = former.get(after)?.rollouts?.templates.get(template.address);
      const gained = difference(accountsOf(template), was === undefined ? new Map() : accountsOf(was));
      return [...gained.keys()].map((id) => ({ id, template }));
    }),
  );
}

function accountsOf({ metadata }: TemplateRecord): Accounts {
  return metadata?.reaches ?? new Map();
}

function difference(these: Accounts, those: Accounts): Accounts {
  return new Map([...these].filter(([id]) => !those.has(id)));
}

/** Two waves of one template, or the same template of two zones. */
function sharesResources(one: TemplateRecord, other: TemplateRecord): boolean {
  return [...one.resources].some((id) => other.resources.has(id));
}

function shrinks({ zone, was, is }: Change, gone: Accounts): Finding[] {
  const ous = was.targets?.ous.filter((ou) => !is.targets?.ous.includes(ou)) ?? [];
  const regions = was.targets?.regions.filter((region) => !is.targets?.regions.includes(region)) ?? [];
  if (ous.length + regions.length + gone.size === 0) return [];
  const lost = [
    ...ous.map((ou) => `OU ${ou}`),
    ...regions.map((region) => `Region ${region}`),
    ...[...gone].map(([id, name]) => `account ${name} (${id})`),
  ];
  const keys = [...was.keys.values()].filter(({ kind }) => kind !== "alias");
  const fate = is.retained
    ? `its stacks stay there, in no StackSet any more, and belong to each account alone${keys.length === 0 ? "" : `, as do their keys ${keys.map(({ logicalId }) => logicalId).join(", ")}`}`
    : `what it made there is deleted (${[...was.resources].join(", ")})`;
  return [
    {
      id: "rollout-shrinks",
      severity: keys.length > 0 || !is.retained ? "high" : "medium",
      where: `${zone} ${was.address}`,
      why: `would no longer go to ${lost.join(", ")}: ${fate}`,
      whatToDo: is.retained
        ? "tell the owners of these accounts that what is there is theirs now (docs/continuity.md#rollouts)"
        : "see that nothing in these accounts needs it any more, the deploy role among it",
    },
  ];
}

function isExcluded({ zone, was }: Change, id: string, name: string): Finding {
  const stays = [...was.keys.values()].filter(({ retained }) => retained).map(({ logicalId }) => logicalId);
  const goes = [...was.resources].filter((logicalId) => !stays.includes(logicalId));
  return {
    id: "rollout-excludes",
    severity: "high",
    where: `${zone} ${was.address} ${name}`,
    why: `account ${name} (${id}) would be left out${goes.length === 0 ? "" : `: ${goes.join(", ")} ${goes.length === 1 ? "is" : "are"} deleted there`}${stays.length === 0 ? "" : `, and ${stays.join(", ")} ${stays.length === 1 ? "stays and belongs" : "stay and belong"} to the account alone`}`,
    whatToDo:
      "see that nothing in the account needs what goes, and tell its owner what stays (docs/continuity.md#rollouts)",
  };
}

/**
 * What the account has from before it was left out is in no output: it may be everything, or nothing.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html, "AlreadyExistsException"
 */
function isLetIn({ zone, was, is }: Change, id: string, name: string): Finding[] {
  const aliases = [...is.keys.values()].filter(({ kind, retained }) => kind === "alias" && retained);
  if (aliases.length === 0) return [];
  const names = aliases.map(({ properties }) => String(properties.AliasName)).join(", ");
  const rollout = is.metadata?.rollout ?? is.name;
  return [
    {
      id: "rollout-lets-in",
      severity: "medium",
      where: `${zone} ${was.address} ${name}`,
      why: `account ${name} (${id}) would no longer be left out: where it has kept keys from before, their aliases are there (${names}), and its instance fails on them`,
      whatToDo: `look for them in each Region (aws kms list-aliases); where there are any, put ${name} back into excludeAccounts of ${rollout}, or have an administrator of those keys delete the aliases first: the account then gets new keys beside those that it has, whose data stays under them (docs/rollouts.md#leaving-accounts-out)`,
    },
  ];
}

/**
 * "You can't reassociate a retained stack or add an existing, saved stack to a new stack set".
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackInstances.html
 */
function isMoved({ zone, was, is }: Change, id: string, name: string, to: TemplateRecord): Finding {
  const [keys, aliases] = [["key", "replica"], ["alias"]].map((kinds) =>
    [...was.keys.values()].filter(({ kind }) => kinds.includes(kind)),
  );
  const rollout = to.metadata?.rollout ?? to.name;
  const common = {
    id: "account-changes-stack-set",
    where: `${zone} ${was.address} ${name}`,
  } as const;
  if (!is.retained) {
    return {
      ...common,
      severity: "high",
      why: `account ${name} (${id}) would go from StackSet ${was.name} to ${to.name}: what the one made is deleted there before the other makes it anew, and a role that is made anew is not the one that key policies name`,
      whatToDo:
        "move the account when nothing in it is at work, wait for both operations, and have an administrator of its keys put their policies again (docs/rollouts.md#an-account-that-moves)",
    };
  }
  const names = aliases?.map(({ properties }) => String(properties.AliasName)).join(", ");
  return {
    ...common,
    severity: "high",
    why: `account ${name} (${id}) would go from StackSet ${was.name} to ${to.name}: its stack StackSet-${was.name}-… stays and belongs to the account alone${keys?.length === 0 ? "" : `, with its keys ${keys?.map(({ logicalId }) => logicalId).join(", ")}`}, no StackSet can take it over, and the instance of ${to.name} fails on names that are there${names === "" ? "" : ` (${names})`}`,
    whatToDo: `put ${name} into excludeAccounts of ${rollout}: what it has goes on as it is, and belongs to the account (docs/continuity.md#rollouts)`,
  };
}

function shorterWindows({ zone, was, is }: Change): Finding[] {
  return [...was.keys.values()].flatMap((key): Finding[] => {
    const now = is.keys.get(key.logicalId);
    const [old, next] = [windowOf(key.properties), windowOf(now?.properties ?? key.properties)];
    if (next >= old) return [];
    return [
      {
        id: "deletion-window-shortened",
        severity: "medium",
        where: `${zone} ${was.address} ${key.logicalId}`,
        why: `would have ${next} instead of ${old} days between its deletion and its end`,
        whatToDo: "put deletionWindowDays back, unless the shorter wait is meant",
      },
    ];
  });
}

/** Days; 30 is what AWS takes when nothing is said. */
function windowOf({ PendingWindowInDays: days }: Readonly<Record<string, unknown>>): number {
  return days === undefined ? 30 : Number(days);
}
