import { h } from "./elements";
import type { Column } from "./virtual-table";
import { compareText } from "./words";

/** A column of text, which is cut where there is no room for it, and whole under the pointer. */
export function textColumn<Row>(
  name: string,
  label: string,
  width: string,
  textOf: (row: Row) => string,
  extra = false,
): Column<Row> {
  return {
    name,
    label,
    width,
    extra,
    cell: (row) => h("span", { title: textOf(row) }, textOf(row)),
    compare: (a, b) => compareText(textOf(a), textOf(b)),
  };
}
