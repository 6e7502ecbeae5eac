import { blocksOf, fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import { uniqueNames } from "../aws/name-order";
import { sortedJson } from "../continuity/sorted-json";
import { changedEntries } from "../continuity/stack-json/changed-entries";
import type { StackDifference } from "../continuity/stack-json/stack-differences";
import { changeIn } from "./compared-change";
import { type ComparedChange, explained } from "./comparer";
import type { ReviewContext } from "./review-context";
import { jsonOf, type PairedStack, remaining, type StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";
import { becomesWords } from "./words";

/** Who reaches the account and the state for Terraform, and where the state is. */
export function compareDeployAccess(pair: StackPair, context: ReviewContext): ComparedChange[] {
  return [...stateChanges(pair, context), ...providerChanges(pair, context)];
}

/** Arguments of a backend that say who reaches the state. */
const reaching: ReadonlySet<string> = new Set(["assume_role", "external_id", "profile", "role_arn", "session_name"]);

function stateChanges(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const difference = pair.differences.find(({ address }) => address === "terraform.backend");
  if (difference === undefined) return [];
  const [[oldKind, before], [newKind, after]] = [onlyBackend(difference.before), onlyBackend(difference.after)];
  const entries = oldKind === newKind ? changedEntries(before, after) : [];
  const roles = entries.filter(({ name }) => reaching.has(name));
  const places = entries.filter(({ name }) => !reaching.has(name));
  const resource = stackWords(remaining(pair));
  const told = { resource, at: ["/terraform/backend"], explains: [explained("terraform.backend")] };
  return [
    ...(places.length > 0 || roles.length === 0
      ? [
          changeIn(
            pair,
            {
              ...told,
              id: "state-moved",
              what:
                oldKind === newKind && places.length > 0
                  ? `keeps its state otherwise: ${places.map(({ name, before: was, after: is }) => becomesWords(name, was, is)).join(", ")}`
                  : `keeps its state in ${newKind} and kept it in ${oldKind}`,
              whatToDo:
                "run terraform init -migrate-state before anything is planned: in an empty state every key is made anew",
            },
            context,
          ),
        ]
      : []),
    ...(roles.length > 0
      ? [
          changeIn(
            pair,
            {
              ...told,
              id: "deploy-access-changed",
              detail: "state",
              what: `reaches its state otherwise: ${roles.map(({ name, before: was, after: is }) => becomesWords(name, was, is)).join(", ")}`,
            },
            context,
          ),
        ]
      : []),
  ];
}

function onlyBackend(value: unknown): [kind: string, fields: Fields] {
  const entries = Object.entries(fieldsOf(value));
  const [[kind, fields] = ["none", undefined]] = entries;
  return [entries.map(([name]) => name).join(", ") || kind, blocksOf(fields)[0] ?? {}];
}

/** The same in each Region is said once. */
function providerChanges(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const known = providerReach(before);
  const byWhat = new Map<string, StackDifference[]>();
  const isOther = new Set<string>();
  for (const difference of pair.differences) {
    if (!difference.address.startsWith("provider.")) continue;
    const what = providerWords(difference, known);
    if (what === undefined) continue;
    byWhat.set(what, [...(byWhat.get(what) ?? []), difference]);
    if (difference.argument === "allowed_account_ids" || difference.argument === "region") isOther.add(what);
  }
  return [...byWhat].map(([what, differences]) =>
    changeIn(
      pair,
      {
        id: "deploy-access-changed",
        ...(isOther.has(what) ? { risk: "critical" as const } : {}),
        detail: uniqueNames(differences.map(({ argument }) => argument ?? "provider")).join(", "),
        resource: stackWords(remaining(pair)),
        what,
        whatToDo: "make sure that this role is the zone's own way into the account",
        at: differences.flatMap(({ beforePath, afterPath }) => afterPath ?? beforePath ?? []),
        explains: differences.map(({ address, argument }) => explained(address, argument)),
      },
      context,
    ),
  );
}

/** Undefined for a provider that is new or gone and reaches its Region as the others of the stack do theirs. */
function providerWords({ argument, before, after }: StackDifference, known: ReadonlySet<string>): string | undefined {
  if (argument !== undefined) {
    const inside = changedEntries(blocksOf(before)[0], blocksOf(after)[0]);
    return argument === "assume_role" && inside.length > 0
      ? `is deployed otherwise: ${inside.map(({ name, before: was, after: is }) => becomesWords(name, was, is)).join(", ")}`
      : `is deployed otherwise: ${becomesWords(argument, before, after)}`;
  }
  if (after === undefined || known.has(reachOf(fieldsOf(after)))) return undefined;
  const { role_arn: role } = blocksOf(fieldsOf(after).assume_role)[0] ?? {};
  return `is deployed in ${String(fieldsOf(after).region)} as well, in another way than elsewhere: ${becomesWords("role_arn", undefined, role)}`;
}

function providerReach(stack: PairedStack): Set<string> {
  return new Set(blocksOf(fieldsOf(jsonOf(stack).provider).aws).map(reachOf));
}

/** A provider without its Region. */
function reachOf({ alias: _alias, region: _region, ...rest }: Fields): string {
  return sortedJson(rest);
}
