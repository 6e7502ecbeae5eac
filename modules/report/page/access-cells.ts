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

/**
 * Keys in the order of zones and accounts, principals in the order of the first key that they get to: what there is to see is near
 * the diagonal. A principal's cells are summed up when its line is first looked at: of a large organization few ever are.
 */
export function matrixOf(model: Model, rows: readonly number[]): Matrix {
  const { data } = model;
  const order = keyOrder(model);
  const first = new Int32Array(data.principals.length).fill(data.keys.length);
  const rowsOf: (number[] | undefined)[] = new Array(data.principals.length);
  const isShown = new Uint8Array(data.keys.length);
  for (const index of rows) {
    const [principal, key] = at(data.access, index);
    isShown[key] = 1;
    first[principal] = Math.min(first[principal] ?? 0, order.places[key] ?? 0);
    const own = rowsOf[principal];
    if (own) own.push(index);
    else rowsOf[principal] = [index];
  }
  const keys = order.keys.filter((key) => isShown[key]);
  const names = data.principals.map(({ name }) => name);
  const principals = [...rowsOf.keys()]
    .filter((principal) => rowsOf[principal])
    .sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || compareText(at(names, a), at(names, b)) || a - b);
  const lines = new Map<number, ReadonlyMap<number, Cell>>();
  const lineOf = (principal: number): ReadonlyMap<number, Cell> => {
    const line = lines.get(principal) ?? cellsOf(model, rowsOf[principal] ?? []);
    lines.set(principal, line);
    return line;
  };
  return {
    principals,
    keys,
    cell: (row, column) => lineOf(principals[row] ?? -1).get(keys[column] ?? -1),
  };
}

/** One principal's cells, by key. */
function cellsOf(model: Model, rows: readonly number[]): ReadonlyMap<number, Cell> {
  const { data } = model;
  const cells = new Map<number, Cell>();
  for (const index of rows) {
    const [principal, key, actions, , conditions] = at(data.access, index);
    const { uses, manages } = at(data.actionSets, actions);
    const cell = cells.get(key);
    if (cell) {
      cell.uses ||= uses;
      cell.manages ||= manages;
      cell.conditional &&= conditions !== 0;
      cell.rows.push(index);
    } else {
      const elsewhere = comesFromElsewhere(model, principal, key);
      cells.set(key, { uses, manages, conditional: conditions !== 0, elsewhere, rows: [index] });
    }
  }
  return cells;
}

const orders = new WeakMap<Model, { readonly keys: readonly number[]; readonly places: readonly number[] }>();

/** All keys as the matrix has them, and the place of each: sorted once, whatever is filtered. */
function keyOrder(model: Model): { readonly keys: readonly number[]; readonly places: readonly number[] } {
  const known = orders.get(model);
  if (known) return known;
  const keys = [...model.data.keys.keys()].sort((a, b) => compareKeys(model, a, b));
  const places: number[] = new Array(keys.length);
  keys.forEach((key, place) => {
    places[key] = place;
  });
  orders.set(model, { keys, places });
  return { keys, places };
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
