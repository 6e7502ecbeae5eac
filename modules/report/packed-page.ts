import type { PageAccount, PageData, PageFinding, PageKey, PagePrincipal } from "./page-data";

/**
 * What stands in the page: the same data, with whatever repeats told once. Most accounts are alike but for their names, so that a
 * page of 1,000 accounts with 8,000 keys takes a quarter of the room.
 */
export interface PackedPage
  extends Omit<PageData, "schema" | "accounts" | "keys" | "principals" | "access" | "findings"> {
  readonly schema: "orgkeys/packed-page/v1";
  readonly accounts: Columns<PageAccount>;
  readonly keys: Columns<PackedKey>;
  readonly findings: Columns<PageFinding>;
  readonly holders: readonly PackedHolder[];
  readonly rows: readonly PackedRow[];
  /** Lists of rows, which many keys share. */
  readonly shapes: readonly (readonly number[])[];
  /** Of each key: its shape, then the index in `through` of each row of it. */
  readonly accessOf: readonly (readonly number[])[];
}

/** The id is left out where it is the account's id and the address without its type. */
export type PackedKey = Omit<PageKey, "id"> & { readonly id: string | null };

/** A principal of whatever account: its ARN is the text before the account's id and the text after it; null without one in it. */
export type PackedHolder = readonly [name: string, kind: PagePrincipal["kind"], before: string, after: string | null];

/** account: `OWN_ACCOUNT`, `NO_ACCOUNT` or an index. The others are those of `PageAccess`. */
export type PackedRow = readonly [
  holder: number,
  account: number,
  actions: number,
  conditions: number,
  half: 0 | 1,
  regions: number,
];

/** The account that has the key. */
export const OWN_ACCOUNT = -1;
/** Not an account of the page. */
export const NO_ACCOUNT = -2;

/** A table by columns. */
export interface Columns<Row> {
  readonly count: number;
  readonly columns: { readonly [Field in keyof Row]: Column<Row[Field]> };
}

export interface Column<Value> {
  readonly values: readonly Value[];
  /** Index of each row's value; left out where all rows have the only one, or each has its own. */
  readonly at?: readonly number[];
}
