import { keyGeneration } from "../aws/key-generation";
import type { ContinuityRules } from "./continuity-rules";
import { aliasPatternOf, namesLine } from "./kept-alias";
import { lifecycleLines } from "./lifecycle-lines";
import type { Refusal } from "./refusal";
import type { AliasRecord, KeyRecord, StackRecord } from "./stack-record";

/**
 * Aliases of keys that stay, in Terraform or without it: one that is gone, and one that leads to another key. In AWS an alias is its name in a Region, so
 * that its Terraform address tells nothing.
 */
export function lostAliases(before: StackRecord, after: StackRecord, rules: ContinuityRules): Refusal[] {
  const now = new Map(after.aliases.map((alias) => [nameOf(alias), alias]));
  const gone = new Map<string, AliasRecord[]>();
  const moved = new Map<string, AliasRecord[]>();
  for (const alias of before.aliases) {
    const next = now.get(nameOf(alias));
    if (next === undefined) {
      if (
        isThere(alias, after) &&
        !isReplacedNoMore(alias, before, after) &&
        !after.removed.has(alias.address) &&
        !rules.droppedAliases.has(`${before.accountId} ${alias.name}`)
      )
        add(gone, alias);
    } else if (next.target !== alias.target && isThere(alias, after) && !isReplaced(alias, before, after)) {
      add(moved, alias);
    }
  }
  return [
    ...[...gone].flatMap(([name, aliases]) => vanishes(name, aliases, before)),
    ...[...moved].flatMap(([name, aliases]) => moves(name, aliases, now, before)),
  ];
}

function nameOf({ name, region }: AliasRecord): string {
  return `${name} ${region}`;
}

function add(byName: Map<string, AliasRecord[]>, alias: AliasRecord): void {
  byName.set(alias.name, [...(byName.get(alias.name) ?? []), alias]);
}

/** A key that vanishes is said by itself. */
function isThere({ target }: AliasRecord, { keys, removed }: StackRecord): boolean {
  return keys.has(target) || removed.has(target);
}

/** The number of a key that is not replaced any more: the key that replaced it vanishes, and is said by itself. */
function isReplacedNoMore({ target }: AliasRecord, before: StackRecord, after: StackRecord): boolean {
  const id = primaryOf(target, before)?.id ?? "";
  return before.metadata.get(id)?.replaced !== undefined && after.metadata.get(id)?.replaced === undefined;
}

/** The map says by now that another key takes over its aliases. Those that it has after that, with its number, stay its own. */
function isReplaced({ target }: AliasRecord, before: StackRecord, after: StackRecord): boolean {
  const id = primaryOf(target, before)?.id ?? "";
  return before.metadata.get(id)?.replaced === undefined && after.metadata.get(id)?.replaced !== undefined;
}

/** A primary's own address gives the primary. */
function primaryOf(address: string, { keys }: StackRecord): KeyRecord | undefined {
  const key = keys.get(address);
  return keys.get(key?.primary ?? "") ?? key;
}

function vanishes(name: string, aliases: readonly AliasRecord[], before: StackRecord): Refusal[] {
  const [key] = keysOf(aliases, before);
  const bare = name.replace(/^alias\//, "");
  // Of a key that was replaced a pattern makes the name without its number.
  const number = key?.metadata?.replaced === undefined ? "" : `-${keyGeneration(key.identity)}`;
  const made = number !== "" && bare.endsWith(number) ? bare.slice(0, -number.length) : bare;
  const place = key === undefined ? "its workload or data class" : placeOfAliases(key);
  return [
    {
      id: "alias-vanishes",
      severity: "high",
      where: `${before.account} ${name}`,
      why: `would be gone in ${regionsOf(aliases)}, and applications that ask ${key?.address ?? "their key"} by this name would find nothing`,
      sources: key?.metadata?.sources ?? [],
      whatToDo: `to keep it beside the new one, write aliases at ${place}; once nobody asks for it any more, dropAliases there`,
      lines: [
        namesLine("aliases", [key === undefined ? made : aliasPatternOf(made, key)]),
        namesLine("dropAliases", [bare]),
      ],
    },
  ];
}

/** A key that workloads share has its aliases from its data class, any other from its workload. */
function placeOfAliases({ identity, metadata }: KeyRecord): string {
  const [shared, dataClass] = identity.split("_");
  if (shared === "shared") return `data-classes.yaml ${metadata?.dataClass ?? dataClass}`;
  const workloads = (metadata?.sources ?? []).flatMap((source) => /^\S+ [^.]+(?=\.environments\.)/.exec(source) ?? []);
  return workloads[0] ?? "its workload";
}

function moves(
  name: string,
  aliases: readonly AliasRecord[],
  now: ReadonlyMap<string, AliasRecord>,
  before: StackRecord,
): Refusal[] {
  const [key] = keysOf(aliases, before);
  const [first] = aliases;
  const next = first === undefined ? undefined : now.get(nameOf(first))?.target;
  return [
    {
      id: "alias-moves",
      severity: "critical",
      where: `${before.account} ${name}`,
      why: `leads to ${first?.target} in ${regionsOf(aliases)} and would lead to ${next}: what is encrypted by this name next would be under another key`,
      sources: key?.metadata?.sources ?? [],
      whatToDo:
        "put back the alias, or the pattern that makes it; when the new key is to take over, record in lifecycle.yaml (docs/lifecycle.md#replace)",
      lines: key === undefined ? [] : lifecycleLines(before, key, "replaced: DAY"),
    },
  ];
}

/** The primaries behind aliases. */
function keysOf(aliases: readonly AliasRecord[], before: StackRecord): KeyRecord[] {
  return aliases.flatMap(({ target }) => primaryOf(target, before) ?? []);
}

function regionsOf(aliases: readonly AliasRecord[]): string {
  return aliases.map(({ region }) => region).join(", ");
}
