import type { ChangePlace } from "../../access/access-change";
import type { Grant } from "../../access/grant-match";
import { type ComparedChange, explained } from "../comparer";
import type { ReviewContext } from "../review-context";
import type { StackPair } from "../stack-pair";
import type { AccessPlaces } from "./access-place";
import { type AccessRow, grantRows, type RowKey } from "./access-rows";
import { asBefore, movedOutside } from "./moved-outside";
import { type AccessStory, accessChanges } from "./told-access";

/** A grant of one side. */
export interface GrantOf {
  readonly grant: Grant;
  /** As people call it. */
  readonly name: string;
  /** The day on which it is left out. */
  readonly until: string | undefined;
}

/** Where a grant is, and what is known of the other half of what it gives. */
export interface GrantPlace extends Pick<AccessStory, "address" | "resource" | "regions"> {
  readonly key: RowKey;
  readonly places: AccessPlaces;
  noteOf(row: AccessRow): string;
  /** What the JSON needs for the grant besides. @default nothing */
  readonly explains?: readonly string[];
}

/** What one more grant means, one less, or one that says something else. */
export function compareGrant(
  was: GrantOf | undefined,
  is: GrantOf | undefined,
  { key, places, noteOf, explains = [], ...where }: GrantPlace,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const last = is ?? was;
  if (last === undefined) return [];
  const rowsOf = (before: GrantOf | undefined, after: GrantOf | undefined, at: ChangePlace): AccessRow[] =>
    grantRows(before?.grant, after?.grant, { key, name: last.name, until: last.until }, at, context);
  const tell = (rows: readonly AccessRow[], story: Pick<AccessStory, "gains" | "loses" | "explains">, note?: string) =>
    accessChanges(
      rows.map((row) => ({ ...row, note: note ?? noteOf(row) })),
      { ...where, ...story },
      pair,
      context,
    );
  const rows = rowsOf(was, is, places.now);
  const changed = { gains: "access-gained", loses: "access-lost", explains: [] } as const;
  return [
    ...tell(rows, {
      gains: was === undefined ? "grant-added" : "access-gained",
      loses: is === undefined ? "grant-removed" : "access-lost",
      explains: [...differencesOf(was, is), ...explains],
    }),
    ...tell(
      movedOutside(rows, (at) => rowsOf(undefined, is, at), places),
      changed,
      asBefore,
    ),
    ...(was === undefined || is === undefined || was.until === is.until
      ? []
      : tell(
          otherEnd(rowsOf(undefined, is, places.now), was, is),
          changed,
          `, and not until ${was.until ?? "somebody removes it"}`,
        )),
  ];
}

/** Longer is more, and what is held as long as nobody removes it is the most. */
function otherEnd(rows: readonly AccessRow[], was: GrantOf, is: GrantOf): AccessRow[] {
  const isLonger = was.until !== undefined && (is.until === undefined || is.until > was.until);
  return rows
    .filter(({ row }) => row.actions.join() !== "kms:RetireGrant")
    .map((each) => ({ ...each, row: { ...each.row, effect: isLonger ? "gains" : "loses" } }));
}

function differencesOf(was: GrantOf | undefined, is: GrantOf | undefined): string[] {
  const addresses = [was, is].flatMap((side) => (side === undefined ? [] : [`aws_kms_grant.${side.grant.id}`]));
  if (was?.grant.id !== is?.grant.id) return addresses.map((address) => explained(address));
  const parts = ["constraints", "grantee_principal", "operations", "retiring_principal"];
  return addresses.slice(0, 1).flatMap((address) => parts.map((part) => explained(address, part)));
}

/** Each grant with the one that it was: by its id, or saying the same under another. */
export function pairGrants<Paired extends Grant>(
  before: readonly Paired[],
  after: readonly Paired[],
): { readonly was: Paired | undefined; readonly is: Paired | undefined }[] {
  const left = new Set(before);
  const pairs = after.map((is) => {
    const was = before.find(({ id }) => id === is.id);
    if (was !== undefined) left.delete(was);
    return { was, is };
  });
  const settled = pairs.map(({ was, is }) => {
    const same = was ?? [...left].find((each) => contentOf(each) === contentOf(is));
    if (same !== undefined) left.delete(same);
    return { was: same, is };
  });
  return [...settled, ...[...left].map((was) => ({ was, is: undefined }))];
}

function contentOf({ id: _, name: __, path: ___, document: ____, ...content }: Grant): string {
  return JSON.stringify(content);
}
