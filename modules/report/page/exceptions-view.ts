import type { PageException } from "../page-data";
import { h } from "./elements";
import { distinct, filterBar } from "./filter-bar";
import type { Page, View } from "./page";
import type { PageState } from "./state";
import { type Column, virtualTable } from "./virtual-table";
import { compareText, searchWords, shown } from "./words";

/** What is accepted, by whom, why and until when. */
export function exceptionTable(page: Page, host: HTMLElement, state: PageState): View {
  const { exceptions, today } = page.model.data;
  const bar = filterBar(page, "Search exceptions", [
    { name: "check", label: "Check", values: distinct(exceptions.map(({ check }) => check)) },
  ]);
  const textual = (name: keyof PageException, label: string, width: string, extra = false): Column<PageException> => ({
    name,
    label,
    width,
    extra,
    cell: (row) => h("span", { title: String(row[name]) }, String(row[name])),
    compare: (a, b) => compareText(String(a[name]), String(b[name])),
  });
  const table = virtualTable<PageException>(
    "Exceptions",
    [
      textual("name", "Exception", "minmax(150px, 1fr)"),
      textual("check", "Check", "minmax(130px, 0.9fr)", true),
      textual("subject", "Subject", "minmax(180px, 2fr)", true),
      textual("owner", "Owner", "minmax(110px, 0.8fr)", true),
      textual("reason", "Reason", "minmax(180px, 2fr)", true),
      {
        ...textual("expires", "Until", "120px"),
        cell: ({ expires }) =>
          h("span", { class: expires <= today ? "over" : "" }, expires <= today ? `${expires}, over` : expires),
      },
      { ...textual("accepts", "Accepts", "80px"), numeric: true, compare: (a, b) => a.accepts - b.accepts },
    ],
    (sort) => page.refine({ sort }, "choose"),
    () => undefined,
  );
  host.append(bar.element, table.element);
  const update = (next: PageState): void => {
    const words = searchWords(next.query.get("q") ?? "");
    const found = exceptions.filter(
      (row) =>
        (next.query.get("check") ?? row.check) === row.check &&
        words.every((word) =>
          `${row.name} ${row.check} ${row.subject} ${row.owner} ${row.reason}`.toLowerCase().includes(word),
        ),
    );
    bar.sync(next);
    bar.tell(shown(found.length, exceptions.length, "exception"));
    table.show(found, next.query.get("sort") ?? "");
  };
  update(state);
  return { update, print: table.print, leave: table.leave };
}
