import { type Columns, NO_ACCOUNT, OWN_ACCOUNT, type PackedHolder, type PackedPage } from "./packed-page";
import type { PageAccess, PageData, PageKey, PagePrincipal } from "./page-data";

/** What `packPage` has packed, as it was. The page's own script does it, so that nothing of Node is needed here. */
export function unpackPage(packed: PackedPage): PageData {
  const { accounts: packedAccounts, keys: packedKeys, findings, holders, rows, shapes, accessOf, ...others } = packed;
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
  const access = accessOf.flatMap(([shape = 0, ...through], key) =>
    at(shapes, shape).map((row, index): PageAccess => {
      const [holder, whose, actions, conditions, half, regions] = at(rows, row);
      const account = whose === NO_ACCOUNT ? null : whose === OWN_ACCOUNT ? at(keys, key).account : whose;
      return [principalAt(holder, account), key, actions, at(through, index), conditions, half, regions];
    }),
  );
  return { ...others, schema: "orgkeys/page/v1", accounts, keys, findings: rowsOf(findings), principals, access };
}

/** `310000000001/payments_prod_us-east-1` */
export function keyIdOf(accountId: string | undefined, address: string): string {
  return `${accountId}/${address.slice(address.indexOf(".") + 1)}`;
}

function unpackHolder([name, kind, before, after]: PackedHolder, account: number | null, id: string): PagePrincipal {
  return { name, kind, account, arn: after === null ? before : `${before}${id}${after}` };
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
