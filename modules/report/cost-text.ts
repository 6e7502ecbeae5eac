import type { CostDocument } from "./cost-document";
import {
  amount,
  costCells,
  costHeader,
  costNotes,
  counted,
  quotaHeader,
  quotaNotes,
  quotaRows,
  rowName,
} from "./cost-lines";
import { oneLine } from "./one-line";
import { table } from "./table";

/** What keys cost, for people. */
export function costText(document: CostDocument, emphasize = (text: string): string => text): string[] {
  const { by, rows, total } = document;
  const rowsOfCells = [
    costHeader(by),
    ...rows.map((row) => costCells(oneLine(rowName(row, by)), row)),
    costCells("total", total),
  ];
  const [header = "", ...lines] = table(numbersToTheRight(rowsOfCells));
  return [emphasize(header), ...lines, "", ...costNotes(document).map(oneLine), "", ...quotaLines(document)];
}

/** The one line of a report that goes to a file. */
export function costSummary({ total }: CostDocument): string {
  const { keys, replicas, now, later, requests, unpriced } = total;
  const unknown = unpriced === 0 ? "" : `; ${amount(unpriced)} of them in partitions whose prices are not known here`;
  return `${counted(keys, "key")} and ${counted(replicas, "replica")}: ${amount(now)} USD a month, ${amount(later)} after two rotations, ${amount(requests)} for requests${unknown}.`;
}

function quotaLines(document: CostDocument): string[] {
  const rows = quotaRows(document).map((cells) => cells.map(oneLine));
  return [...(rows.length === 0 ? [] : table([quotaHeader, ...rows])), ...quotaNotes(document)];
}

/** With their commas, all columns but the first. */
function numbersToTheRight(rows: readonly (readonly string[])[]): string[][] {
  const width = (column: number): number => Math.max(...rows.map((cells) => (cells[column] ?? "").length));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell : cell.padStart(widths[column] ?? 0))));
}
