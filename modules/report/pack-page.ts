import { Interned } from "./html/interned";
import {
  type Column,
  type Columns,
  NO_ACCOUNT,
  OWN_ACCOUNT,
  type PackedHolder,
  type PackedKey,
  type PackedPage,
  type PackedRow,
} from "./packed-page";
import type { PageData, PageKey, PagePrincipal } from "./page-data";
import { keyIdOf } from "./unpack-page";

/**
 * Packs a page; `unpackPage` gives it back as it was.
 *
 * @param page with `access` in the order of its keys, and `principals` in the order in which that names them first
 */
export function packPage(page: PageData): PackedPage {
  const { accounts, keys, findings, principals, access, ...others } = page;
  const holders = new Interned<PackedHolder>();
  const rows = new Interned<PackedRow>();
  const shapes = new Interned<readonly number[]>();
  const rowsOfKey: number[][] = keys.map(() => []);
  const throughOfKey: number[][] = keys.map(() => []);
  for (const [principal, key, actions, through, conditions, half, regions] of access) {
    const named = principals[principal];
    if (named === undefined) throw new RangeError(`no principal ${principal} of ${principals.length}`);
    const id = named.account === null ? undefined : accounts[named.account]?.id;
    const holder = packHolder(named, id);
    const account =
      named.account === null ? NO_ACCOUNT : named.account === keys[key]?.account ? OWN_ACCOUNT : named.account;
    const row: PackedRow = [
      holders.placeOf(JSON.stringify(holder), () => holder),
      account,
      actions,
      conditions,
      half,
      regions,
    ];
    rowsOfKey[key]?.push(rows.placeOf(row.join(" "), () => row));
    throughOfKey[key]?.push(through);
  }
  return {
    ...others,
    schema: "orgkeys/packed-page/v1",
    accounts: columnsOf(accounts),
    keys: columnsOf(keys.map((key) => packKey(key, accounts[key.account]?.id))),
    findings: columnsOf(findings),
    holders: holders.items,
    rows: rows.items,
    accessOf: rowsOfKey.map((shape, key) => [
      shapes.placeOf(shape.join(" "), () => shape),
      ...(throughOfKey[key] ?? []),
    ]),
    shapes: shapes.items,
  };
}

function packKey({ id, ...key }: PageKey, accountId: string | undefined): PackedKey {
  return { ...key, id: id === keyIdOf(accountId, key.address) ? null : id };
}

function packHolder({ name, kind, arn }: PagePrincipal, accountId: string | undefined): PackedHolder {
  const at = accountId === undefined || accountId === "" ? -1 : arn.indexOf(accountId);
  if (accountId === undefined || at < 0) return [name, kind, arn, null];
  return [name, kind, arn.slice(0, at), arn.slice(at + accountId.length)];
}

function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const fields = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  const columns = fields.map((field) => [field, columnOf(rows.map((row) => row[field]))]);
  return { count: rows.length, columns: Object.fromEntries(columns) };
}

function columnOf<Value>(all: readonly Value[]): Column<Value> {
  const values = new Interned<Value>();
  const at = all.map((value) => values.placeOf(JSON.stringify(value), () => value));
  const { items } = values;
  return items.length === 1 || items.length === all.length ? { values: items } : { values: items, at };
}
