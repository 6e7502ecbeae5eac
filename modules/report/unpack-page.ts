import {
  type Columns,
  NO_ACCOUNT,
  OWN_ACCOUNT,
  type PackedHolder,
  type PackedPage,
  type PackedThrough,
} from "./packed-page";
import type { PageAccess, PageData, PageKey, PagePrincipal } from "./page-data";

/** What `packPage` has packed, as it was. The page's own script does it, so that nothing of Node is needed here. */
export function unpackPage(packed: PackedPage): PageData {
  const { accounts: packedAccounts, keys: packedKeys, findings, ...rest } = packed;
  const { holders, rows, shapes, accessOf, through: packedThrough, throughLists, ...others } = rest;
  const accounts = rowsOf(packedAccounts);
  const keys = rowsOf(packedKeys).map((key): PageKey => {
    return { ...key, id: key.id ?? keyIdOf(accounts[key.account]?.id, key.address) };
  });
  const principals: PagePrincipal[] = [];
  const places = new Map<string, number>();
  const principalAt = (holder: number, account: number | null): number => {
    const name = `${holder} ${account}`;
    const known = places.get(name);
    if (known !== undefined) return known;
    const id = account === null ? "" : (accounts[account]?.id ?? "");
    const place = principals.push(unpackHolder(at(holders, holder), account, id)) - 1;
    places.set(name, place);
    return place;
  };
  const through: string[] = [];
  const throughPlaces = new Map<string, number>();
  const throughAt = (text: string): number => {
    const known = throughPlaces.get(text);
    if (known !== undefined) return known;
    const place = through.push(text) - 1;
    throughPlaces.set(text, place);
    return place;
  };
  const access = accessOf.flatMap(([shape, list], key) => {
    const names = namesOfKey(at(keys, key));
    const texts = at(throughLists, list);
    return at(shapes, shape).map((row, index): PageAccess => {
      const [holder, whose, actions, conditions, half, regions] = at(rows, row);
      const account = whose === NO_ACCOUNT ? null : whose === OWN_ACCOUNT ? at(keys, key).account : whose;
      const text = unpackThrough(at(packedThrough, at(texts, index)), names);
      return [principalAt(holder, account), key, actions, throughAt(text), conditions, half, regions];
    });
  });
  return {
    ...others,
    schema: "orgkeys/page/v1",
    accounts,
    keys,
    findings: rowsOf(findings),
    principals,
    through,
    access,
  };
}

/** What statements and grants on a key have in their names: `PaymentsProd`, `payments_prod`. */
export function namesOfKey({ address, region, workload, environment }: Omit<PageKey, "id">): string[] {
  const inSid = (text: string): string =>
    text.replace(/[^A-Za-z0-9]*([A-Za-z0-9])([A-Za-z0-9]*)[^A-Za-z0-9]*/g, (_, first: string, others: string) => {
      return `${first.toUpperCase()}${others}`;
    });
  const id = address.slice(address.indexOf(".") + 1);
  return [`${inSid(workload)}${inSid(environment)}`, inSid(workload), id.replace(`_${region}`, "")];
}

/** `310000000001/payments_prod_us-east-1` */
export function keyIdOf(accountId: string | undefined, address: string): string {
  return `${accountId}/${address.slice(address.indexOf(".") + 1)}`;
}

function unpackHolder([name, kind, before, after]: PackedHolder, account: number | null, id: string): PagePrincipal {
  return { name, kind, account, arn: after === null ? before : `${before}${id}${after}` };
}

function unpackThrough(packed: PackedThrough, names: readonly string[]): string {
  if (packed.length === 1) return packed[0];
  const [before, name, after] = packed;
  return `${before}${at(names, name)}${after}`;
}

function rowsOf<Row extends object>({ count, columns }: Columns<Row>): Row[] {
  const fields = Object.keys(columns) as (keyof Row)[];
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(
      fields.map((field) => {
        const { values, at: places } = columns[field];
        return [field, values[places?.[row] ?? (values.length === 1 ? 0 : row)]];
      }),
    ),
  ) as Row[];
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
