import { comesFromElsewhere } from "./access-rows";
import { at, type Model } from "./model";
import { compareText } from "./words";

/** What a principal may do with a key, summed up. */
export interface Cell {
  uses: boolean;
  manages: boolean;
  /** Nothing of it holds without a condition. */
  conditional: boolean;
  readonly elsewhere: boolean;
  /** Indexes of rows of access. */
  readonly rows: number[];
}

/** Rows of access as a table of principals by keys. */
export interface Matrix {
  readonly principals: readonly number[];
  readonly keys: readonly number[];
  readonly cell: (row: number, column: number) => Cell | undefined;
}

/** Keys in the order of zones and accounts, principals in the order of the first key that they get to: what there is to see is near the diagonal. */
export function matrixOf(model: Model, rows: readonly number[]): Matrix {
  const { data } = model;
  const cells = new Map<number, Cell>();
  const width = data.keys.length;
  for (const index of rows) {
    const [principal, key, actions, , conditions] = at(data.access, index);
    const { uses, manages } = at(data.actionSets, actions);
    const place = principal * width + key;
    const cell = cells.get(place);
    if (cell) {
      cell.uses ||= uses;
      cell.manages ||= manages;
      cell.conditional &&= conditions !== 0;
      cell.rows.push(index);
    } else {
      cells.set(place, {
        uses,
        manages,
        conditional: conditions !== 0,
        elsewhere: comesFromElsewhere(model, principal, key),
        rows: [index],
      });
    }
  }
  const keys = [...new Set(rows.map((index) => at(data.access, index)[1]))].sort((a, b) => compareKeys(model, a, b));
  const order = new Map(keys.map((key, place) => [key, place]));
  const first = new Map<number, number>();
  for (const index of rows) {
    const [principal, key] = at(data.access, index);
    first.set(principal, Math.min(first.get(principal) ?? Number.POSITIVE_INFINITY, order.get(key) ?? 0));
  }
  const principals = [...first.keys()].sort(
    (a, b) =>
      (first.get(a) ?? 0) - (first.get(b) ?? 0) ||
      compareText(at(data.principals, a).name, at(data.principals, b).name) ||
      a - b,
  );
  return {
    principals,
    keys,
    cell: (row, column) => cells.get((principals[row] ?? -1) * width + (keys[column] ?? -1)),
  };
}

function compareKeys({ data }: Model, a: number, b: number): number {
  const [one, other] = [at(data.keys, a), at(data.keys, b)];
  return (
    (one.zone ?? data.zones.length) - (other.zone ?? data.zones.length) ||
    one.account - other.account ||
    compareText(one.alias, other.alias) ||
    a - b
  );
}

export function cellWords(cell: Cell | undefined): string {
  if (!cell) return "nothing";
  const does = cell.uses && cell.manages ? "uses and manages" : cell.manages ? "manages" : cell.uses ? "uses" : "reads";
  return `${does}${cell.conditional ? ", on conditions" : ""}${cell.elsewhere ? ", from outside the zone" : ""}`;
}
