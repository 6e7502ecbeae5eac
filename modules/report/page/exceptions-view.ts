import type { PageException } from "../page-data";
import { h } from "./elements";
import { distinct, filterBar } from "./filter-bar";
import type { Page, View } from "./page";
import type { PageState } from "./state";
import { textColumn } from "./text-column";
import { virtualTable } from "./virtual-table";
import { searchWords, shown } from "./words";

/** What is accepted, by whom, why and until when. */
export function exceptionTable(page: Page, host: HTMLElement, state: PageState): View {
  const { exceptions, today } = page.model.data;
  const bar = filterBar(page, "Search exceptions", [
    { name: "check", label: "Check", values: distinct(exceptions.map(({ check }) => check)) },
  ]);
  const table = virtualTable<PageException>(
    "Exceptions",
    [
      textColumn("name", "Exception", "minmax(150px, 1fr)", ({ name }) => name),
      textColumn("check", "Check", "minmax(130px, 0.9fr)", ({ check }) => check, true),
      textColumn("subject", "Subject", "minmax(180px, 2fr)", ({ subject }) => subject, true),
      textColumn("owner", "Owner", "minmax(110px, 0.8fr)", ({ owner }) => owner, true),
      textColumn("reason", "Reason", "minmax(180px, 2fr)", ({ reason }) => reason, true),
      {
        ...textColumn("expires", "Until", "120px", ({ expires }) => expires),
        cell: ({ expires }) =>
          h("span", { class: expires <= today ? "over" : "" }, expires <= today ? `${expires}, over` : expires),
      },
      {
        ...textColumn("accepts", "Accepts", "80px", ({ accepts }) => String(accepts)),
        numeric: true,
        compare: (a, b) => a.accepts - b.accepts,
      },
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
