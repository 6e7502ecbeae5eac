import type { CostDocument } from "./cost-document";
import { costCells, costHeader, costNotes, quotaHeader, quotaNotes, quotaRows, rowName } from "./cost-lines";
import { costSummary } from "./cost-text";
import { markdownText } from "./markdown-text";

/** What keys cost, for a comment or a page. */
export function costMarkdown(document: CostDocument): string {
  const { by, rows, total } = document;
  const quotas = quotaRows(document);
  return [
    `**${markdownText(costSummary(document))}**`,
    "",
    row(costHeader(by)),
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map((each) => row(costCells(rowName(each, by), each))),
    row(costCells("total", total)),
    "",
    ...costNotes(document).map((note) => `- ${markdownText(note)}`),
    "",
    ...(quotas.length === 0
      ? []
      : [row(quotaHeader), "| --- | --- | --- | ---: | ---: | ---: |", ...quotas.map((cells) => row(cells)), ""]),
    ...quotaNotes(document).map((note) => `- ${markdownText(note)}`),
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(markdownText).join(" | ")} |`;
}
