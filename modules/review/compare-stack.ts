import type { ZoneBoundaries } from "../access/zone-boundary";
import { uniqueNames } from "../aws/name-order";
import { compareDeployAccess } from "./compare-deploy-access";
import { isRenamedZone } from "./compare-zones";
import { changeIn } from "./compared-change";
import type { ComparedChange, Comparer } from "./comparer";
import { keyWords } from "./key-words";
import type { ReviewContext } from "./review-context";
import { isUnreadable, type PairedStack, remaining, type StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";
import { countWords, namesWords } from "./words";

/** The stack as a whole: its name, its state, its zone and who deploys it. */
export const compareStack: Comparer = (pair, context) => {
  const unread = unreadable(pair, context);
  if (isUnreadable(pair)) return unread;
  return [
    ...unread,
    ...addedOrRemoved(pair, context),
    ...renamed(pair, context),
    ...zoneChanged(pair, context),
    ...compareDeployAccess(pair, context),
  ];
};

function addedOrRemoved(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined && after !== undefined) {
    const what = `is new, with ${countWords(after.resources, "resource")}`;
    return [changeIn(pair, { id: "stack-added", resource: stackWords(after), what }, context)];
  }
  if (before === undefined || after !== undefined) return [];
  const keys = before.keys.filter(({ kind }) => kind === "key");
  const names = uniqueNames(keys.map((key) => keyWords(key, before)));
  const of = keys.length === 0 ? "" : `, ${countWords(keys.length, "key")} (${namesWords(names)}) among them`;
  return [
    changeIn(
      pair,
      {
        id: "stack-removed",
        ...(before.resources === 0 && before.unreadable.length === 0 ? { risk: "low" as const } : {}),
        resource: stackWords(before),
        what: `is gone with ${countWords(before.resources, "resource")}${of}: they stay in AWS as they are, in a state that no run looks at any more`,
        whatToDo:
          keys.length === 0
            ? "make sure that nothing of it is needed, or put it back"
            : "make sure that the account is suspended, or that its keys were handed over (docs/lifecycle.md#hand-over); otherwise put it back",
      },
      context,
    ),
  ];
}

function renamed(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined || before.name === after.name) return [];
  return [
    changeIn(
      pair,
      {
        id: "stack-renamed",
        detail: before.name,
        resource: stackWords(after),
        what: `was called ${before.name}, and goes on with ${sameState(before, after) ? "its state" : "all that it has"}`,
      },
      context,
    ),
  ];
}

function sameState(before: PairedStack, after: PairedStack): boolean {
  const place = ({ backend }: PairedStack): string =>
    backend === undefined ? "" : backend.kind === "local" ? backend.file : `${backend.bucket} ${backend.key}`;
  return place(before) !== "" && place(before) === place(after);
}

/** What of head nobody can understand, and base had not; the file as a whole on either side. */
function unreadable(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  const resource = stackWords(remaining(pair));
  const change = (detail: string, what: string, at: readonly string[]): ComparedChange =>
    changeIn(
      pair,
      {
        id: "stack-unreadable",
        detail,
        resource,
        what,
        whatToDo: "find out who wrote it, and synthesize it anew",
        at,
      },
      context,
    );
  const sides = [
    ["base", before],
    ["head", after],
  ] as const;
  const files = sides.flatMap(([side, stack]) =>
    stack !== undefined && "unreadable" in stack.read
      ? [change(side, `cannot be read at ${side}: ${stack.read.unreadable}`, [])]
      : [],
  );
  if (files.length > 0 || after === undefined) return files;
  const known = new Set(before?.unreadable.map(({ path, why }) => `${path} ${why}`));
  const fresh = after.unreadable.filter(({ path, why }) => !known.has(`${path} ${why}`));
  if (fresh.length === 0) return [];
  const reasons = fresh.map(({ path, why }) => `${path} ${why}`);
  return [
    change("", `cannot be understood in full: ${namesWords(reasons)}`, fresh.map(({ path }) => path).slice(0, 5)),
  ];
}

function zoneChanged(pair: StackPair, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const said = [zoneName(before, context.zonesBefore), zoneName(after, context.zones)] as const;
  const mapped = [zoneInMap(before, context.zonesBefore), zoneInMap(after, context.zones)] as const;
  // Nobody can tell by an output that was not synthesized anew: there the map says it.
  const [from, to] = said[0] === said[1] ? mapped : said;
  if (from === to) return [];
  const keys = before.keys.filter(({ kind, address }) => kind === "key" && hasKey(after, address));
  const names = namesWords(uniqueNames(keys.map((key) => keyWords(key, before))));
  const isName = isRenamedZone(from, to, context);
  const taken =
    keys.length === 0
      ? ""
      : `, with ${countWords(keys.length, "key")} (${names}): what zone ${from} encrypted would be in zone ${to}`;
  return [
    changeIn(
      pair,
      {
        id: "zone-changed",
        ...(isName || keys.length === 0 ? { risk: "high" as const } : {}),
        detail: `${from} to ${to}`,
        resource: stackWords(after),
        what: isName
          ? `is in zone ${to}, which was called ${from} and has the same accounts`
          : `goes from zone ${from} to zone ${to}${taken}`,
        whatToDo: isName
          ? ""
          : "make sure that its keys were replaced and handed over first (docs/lifecycle.md#move-to-another-zone)",
      },
      context,
    ),
  ];
}

/** As the stack says itself; where it does not, as the map says. */
function zoneName({ metadata, accountId }: PairedStack, zones: ZoneBoundaries): string {
  return metadata.zone ?? zones.ofAccount(accountId ?? "")?.name ?? "none";
}

function zoneInMap({ metadata, accountId }: PairedStack, zones: ZoneBoundaries): string {
  return metadata.kind === "account" ? (zones.ofAccount(accountId ?? "")?.name ?? "none") : "";
}

function hasKey({ keys, removals }: PairedStack, address: string): boolean {
  return [...keys, ...removals].some((each) => each.address === address);
}
