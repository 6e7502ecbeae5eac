import type { AccessChange } from "../../access/access-change";
import { actionsText, managingActions, usingActions } from "../../access/key-actions";
import { iamPrincipalArn } from "../../aws/arn";
import { groupedBy } from "../../aws/grouped-by";
import { allKeyActions, kmsActions } from "../../aws/kms-actions";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import type { Severity } from "../../findings/finding";
import { changeIn, type ToldChange } from "../compared-change";
import type { ComparedChange } from "../comparer";
import type { JsonPlace, ReviewedAccess } from "../review";
import { placeIn, type ReviewContext } from "../review-context";
import type { ReviewId } from "../review-ids";
import type { StackPair } from "../stack-pair";
import { someClauses, someOf } from "./words";

/** One row, and what of it stands in the change that tells it. */
export interface ToldAccess {
  readonly row: ReviewedAccess;
  /** For the end of its clause: what the other half of access across accounts says. */
  readonly note: string;
  readonly lines: readonly JsonPlace[];
  /** Nobody has more or less by it than by what is told besides: little risk, and few words. @default false */
  readonly isAside?: boolean;
}

/** Where the rows stand, and what tells of them. */
export interface AccessStory extends Pick<ToldChange, "address" | "resource" | "regions" | "explains"> {
  /** Of rows that are nobody's from outside. */
  readonly gains: ReviewId;
  readonly loses: ReviewId;
  /** Of gains inside of the zone. @default by what they let somebody do */
  readonly risk?: Severity;
}

/** One change for all who gain, or lose, the same in the same way. */
export function accessChanges(
  told: readonly ToldAccess[],
  story: AccessStory,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const byWhom = [...groupedBy(told, ({ row }) => JSON.stringify([idOf(row, story), row.effect, row.whom])).values()];
  const alike = groupedBy(byWhom, (rows) =>
    JSON.stringify(
      rows.map(({ row, note }) => [
        idOf(row, story),
        row.effect,
        row.actions,
        row.through,
        row.key,
        row.conditions,
        row.until,
        note,
      ]),
    ),
  );
  return [...alike.values()].map((groups) => {
    const rows = groups.flat();
    const [first] = rows;
    if (first === undefined) throw new Error("a group has nothing in it");
    const { effect, outside } = first.row;
    const whoms = uniqueNames(rows.map(({ row }) => row.whom));
    const ways = uniqueNames(rows.map(({ row }) => row.through));
    const change = changeIn(
      pair,
      {
        ...story,
        id: idOf(first.row, story),
        ...riskOf(rows, story, context),
        detail: `${ways.join(", ")} (${whoms[0]}${whoms.length > 1 ? ` and ${whoms.length - 1} more` : ""})`,
        what: whatText(groups[0] ?? [], whoms, rows, placeIn(pair, story, context).zone),
        whatToDo: rows.every(({ isAside }) => isAside === true) ? "" : toDoText(effect, outside, lossOf(rows, context)),
        access: rows
          .map(({ row }) => row)
          .sort((a, b) => nameOrder(a.whom, b.whom) || nameOrder(a.key, b.key) || nameOrder(a.through, b.through)),
      },
      context,
    );
    const lines = uniqueNames(rows.flatMap((each) => each.lines.map((line) => JSON.stringify(line))));
    return { ...change, lines: lines.map((line): JsonPlace => JSON.parse(line)) };
  });
}

function idOf({ effect, outside }: ReviewedAccess, { gains, loses }: AccessStory): ReviewId {
  if (effect === "loses") return loses;
  return outside === undefined ? gains : "access-gained-outside";
}

const reading: ReadonlySet<string> = new Set(
  allKeyActions.filter((action) => !usingActions.includes(action) && !managingActions.includes(action)),
);

const destroying: ReadonlySet<string> = new Set(["kms:*", ...kmsActions.destroying]);

/** The role that alone may destroy the zone's keys, where somebody else can from now on. */
function lossOf(rows: readonly ToldAccess[], { zones }: ReviewContext): string | undefined {
  const found = rows.find(({ row: { effect, who, actions, zone: name } }) => {
    const zone = name === undefined ? undefined : zones.named(name);
    if (effect !== "gains" || !actions.some((action) => destroying.has(action)) || zone === undefined) return false;
    return ![...zone.accounts.keys()].some((id) => who === iamPrincipalArn(zone.partition, id, zone.breakGlass));
  });
  return found?.row.zone === undefined ? undefined : zones.named(found.row.zone)?.breakGlass;
}

function riskOf(
  rows: readonly ToldAccess[],
  { risk }: AccessStory,
  context: ReviewContext,
): { readonly risk?: Severity } {
  const [first] = rows;
  if (rows.every(({ isAside }) => isAside === true)) return { risk: "low" };
  if (first === undefined || first.row.effect === "loses" || first.row.outside !== undefined) return {};
  if (lossOf(rows, context) !== undefined) return { risk: "critical" };
  if (risk !== undefined) return { risk };
  return { risk: rows.every(({ row }) => row.actions.every((action) => reading.has(action))) ? "medium" : "high" };
}

/** @param ways the rows of one of them */
function whatText(
  ways: readonly ToldAccess[],
  whoms: readonly string[],
  rows: readonly ToldAccess[],
  ownZone: string | undefined,
): string {
  const effect = ways[0]?.row.effect;
  const deeds = [...groupedBy(ways, ({ row }) => JSON.stringify([row.key, row.zone])).values()].map(deedText);
  const outside = uniqueNames(rows.flatMap(({ row }) => row.outside ?? []));
  const [first] = rows;
  // A consumer policy reaches out of its account's zone.
  const zone = first?.row.half === "identity" ? ownZone : first?.row.zone;
  const from =
    effect === "loses" || outside.length === 0
      ? ""
      : `; outside ${zone === undefined ? "any zone" : `zone ${zone}`}: ${someOf(outside)}`;
  return `${effect === "gains" ? "lets" : "no longer lets"} ${someOf(whoms)} do ${someClauses(deeds)}${from}`;
}

/** What somebody may do with one key: how, where there is one way to tell; the rows have each. */
function deedText(ways: readonly ToldAccess[]): string {
  const [first, second] = ways;
  if (first === undefined) return "";
  const { half, key, zone, until, conditions, through } = first.row;
  const on = half === "key" ? "" : ` on ${key}${zone === undefined ? "" : ` (${zone})`}`;
  const deed = `${actionsText(ways.flatMap(({ row }) => row.actions))}${on}`;
  const notes = uniqueNames(ways.map(({ note }) => note));
  const note = notes.length === 1 ? first.note : "";
  if (second !== undefined) return `${deed}, in ${ways.length} ways${note}`;
  const end = until === undefined ? "" : `, until ${until}`;
  if (first.isAside === true) return `${deed}, through ${through}${note}`;
  return `${deed}, through ${through}${end}${conditions.map((each) => `, ${each}`).join("")}${note}`;
}

function toDoText(effect: AccessChange["effect"], outside: string | undefined, breakGlass: string | undefined): string {
  if (effect === "loses") return "make sure that nobody needs it any more";
  if (outside === undefined && breakGlass !== undefined) {
    return `leave what takes a key away, and all data under it, to ${breakGlass} alone, as the zone does`;
  }
  return outside === undefined
    ? "make sure that whoever answers for the key means it"
    : "make sure that whoever answers for the zone means it, and that an exception says until when";
}
