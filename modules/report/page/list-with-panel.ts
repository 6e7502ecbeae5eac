import { type Child, h } from "./elements";
import { type Filter, filterBar } from "./filter-bar";
import type { Page, View } from "./page";
import { panel } from "./panel";
import { type PageState, withoutOpen } from "./state";
import { type Column, virtualTable } from "./virtual-table";
import { shown } from "./words";

/** What is listed, each by its place among all of it. */
interface Listed {
  readonly noun: string;
  readonly all: number;
  readonly filters: readonly Filter[];
  readonly columns: readonly Column<number>[];
  readonly found: (state: PageState) => readonly number[];
  readonly opened: (index: number) => readonly [title: string, content: Child];
  /** What is said where there is nothing to list. */
  readonly none?: string;
}

/** A list that is searched and filtered, and one of it in full in a panel beside it. */
export function listWithPanel(page: Page, host: HTMLElement, state: PageState, listed: Listed): View {
  const { noun, all } = listed;
  const bar = filterBar(page, `Search ${noun}s`, listed.filters);
  const beside = panel(noun, () => page.refine({ open: "" }, "choose"));
  const table = virtualTable<number>(
    `${noun}s`,
    listed.columns,
    (sort) => page.refine({ sort }, "choose"),
    (index) => {
      page.refine({ open: String(index) }, "choose");
      beside.focus();
    },
    2,
  );
  host.append(bar.element, h("div", { class: "beside" }, table.element, beside.element));
  let drawn = "";
  const update = (next: PageState): void => {
    bar.sync(next);
    const wanted = withoutOpen(next);
    if (wanted !== drawn) {
      drawn = wanted;
      const found = listed.found(next);
      bar.tell(shown(found.length, all, noun));
      table.show(found, next.query.get("sort") ?? "", all === 0 ? listed.none : undefined);
    }
    const open = Number(next.query.get("open") ?? -1);
    if (Number.isInteger(open) && open >= 0 && open < all) beside.show(...listed.opened(open));
    else beside.hide();
  };
  update(state);
  return { update, print: table.print, leave: table.leave, escape: beside.escape };
}
