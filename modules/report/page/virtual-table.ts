import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { type Child, h, replace } from "./elements";

export interface Column<Row> {
  /** Of the parameter `sort` in the address. */
  readonly name: string;
  readonly label: string;
  /** A track of a CSS grid. */
  readonly width: string;
  readonly numeric?: boolean;
  /** Left out on a narrow screen. */
  readonly extra?: boolean;
  readonly cell: (row: Row) => Child;
  /** What is equal stays in the order that it is given in. */
  readonly compare: (a: Row, b: Row) => number;
}

interface Table<Row> {
  readonly element: HTMLElement;
  /** @param none what is said of no rows; by default that filters leave nothing */
  readonly show: (rows: readonly Row[], sort: string, none?: string) => void;
  readonly print: () => HTMLElement;
  readonly leave: () => void;
}

const HEAD_PX = 36;
const ROW_PX = { 1: 36, 2: 54 } as const;
const OVERSCAN = 8;
const PRINTED_ROWS = 1000;
const NOTHING_MATCHES = "Nothing matches. Clear a filter.";
const narrow = matchMedia("(max-width: 760px)");

/**
 * A table of any length, of which only the rows on the screen are in the document.
 *
 * @param lines how many lines of text a row has room for
 */
export function virtualTable<Row>(
  label: string,
  columns: readonly Column<Row>[],
  sortBy: (sort: string) => void,
  open: (row: Row) => void,
  lines: 1 | 2 = 1,
): Table<Row> {
  const rowPx = ROW_PX[lines];
  let rows: readonly Row[] = [];
  let sort = "";
  let none = NOTHING_MATCHES;
  let active = 0;
  let shownColumns = columns;
  const drawn = new Map<number, HTMLElement>();
  const head = h("div", { role: "rowgroup", class: "table-head" });
  const body = h("div", { role: "rowgroup", class: "table-body" });
  const element = h(
    "div",
    {
      role: "grid",
      class: lines > 1 ? "table tall" : "table",
      "aria-label": label,
      keydown: (event) => move(event as KeyboardEvent),
    },
    head,
    body,
  );
  element.style.setProperty("--row", `${rowPx}px`);
  element.style.setProperty("--lines", String(lines));
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
    count: 0,
    getScrollElement: () => element,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_PX,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: draw,
  });
  const unmount = virtualizer._didMount();
  narrow.addEventListener("change", rebuild);

  function drawHead(): void {
    const cells = shownColumns.map((column) => {
      const current = sort.replace(/^-/, "") === column.name;
      const descending = sort.startsWith("-");
      const next = current && !descending ? `-${column.name}` : column.name;
      return h(
        "div",
        {
          role: "columnheader",
          class: column.numeric ? "numeric" : "",
          "aria-sort": current ? (descending ? "descending" : "ascending") : "none",
        },
        h("button", { type: "button", click: () => sortBy(next) }, column.label),
      );
    });
    replace(head, h("div", { role: "row", class: "table-row", "aria-rowindex": 1 }, cells));
    element.style.setProperty("--columns", shownColumns.map(({ width }) => width).join(" "));
    element.setAttribute("aria-colcount", String(shownColumns.length));
  }

  function drawRow(index: number): HTMLElement {
    const row = rows[index] as Row;
    const cells = shownColumns.map((column, place) =>
      h(
        "div",
        { role: place === 0 ? "rowheader" : "gridcell", class: column.numeric ? "numeric" : "" },
        column.cell(row),
      ),
    );
    for (const link of cells.flatMap((cell) => [...cell.querySelectorAll("a")])) link.tabIndex = -1;
    const element = h(
      "div",
      {
        role: "row",
        class: "table-row",
        "aria-rowindex": index + 2,
        dblclick: () => open(row),
        focus: () => {
          active = index;
        },
      },
      cells,
    );
    element.style.transform = `translateY(${index * rowPx}px)`;
    return element;
  }

  function draw(): void {
    const items = virtualizer.getVirtualItems();
    const wanted = new Set(items.map(({ index }) => index));
    for (const [index, row] of drawn) {
      // What has the focus stays, so that it is not lost by scrolling.
      if (wanted.has(index) || row === document.activeElement) continue;
      row.remove();
      drawn.delete(index);
    }
    let before: Element | null = null;
    for (const index of wanted) {
      let row = drawn.get(index);
      if (!row) {
        row = drawRow(index);
        drawn.set(index, row);
        body.insertBefore(row, before ? before.nextSibling : body.firstChild);
      }
      before = row;
    }
    const stop = wanted.has(active) ? active : (items[0]?.index ?? 0);
    for (const [index, row] of drawn) row.tabIndex = index === stop ? 0 : -1;
  }

  function rebuild(): void {
    shownColumns = narrow.matches ? columns.filter(({ extra }) => !extra) : columns;
    body.replaceChildren();
    drawn.clear();
    drawHead();
    body.style.height = `${Math.max(rows.length, 2) * rowPx}px`;
    element.style.setProperty("--whole", `${HEAD_PX + Math.max(rows.length, 2) * rowPx + 2}px`);
    element.setAttribute("aria-rowcount", String(rows.length + 1));
    virtualizer.setOptions({ ...virtualizer.options, count: rows.length });
    virtualizer._willUpdate();
    virtualizer.measure();
    if (rows.length === 0) {
      body.append(
        h("div", { role: "row", class: "table-none", "aria-rowindex": 2 }, h("div", { role: "gridcell" }, none)),
      );
    } else draw();
  }

  function move(event: KeyboardEvent): void {
    const row = (event.target as Element).closest?.("[role=row]");
    if (!row || !body.contains(row) || rows.length === 0) return;
    const screen = Math.max(1, Math.floor((element.clientHeight - HEAD_PX) / rowPx) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + screen,
      PageUp: active - screen,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (event.key === "Enter" && event.target === row) open(rows[active] as Row);
    if (next === undefined) return;
    event.preventDefault();
    active = Math.min(rows.length - 1, Math.max(0, next));
    virtualizer.scrollToIndex(active, { behavior: "auto" });
    draw();
    let target = drawn.get(active);
    if (!target) {
      target = drawRow(active);
      drawn.set(active, target);
      body.append(target);
    }
    target.tabIndex = 0;
    target.focus({ preventScroll: true });
  }

  return {
    element,
    show: (next, wanted, words = NOTHING_MATCHES) => {
      sort = wanted;
      none = words;
      const column = columns.find(({ name }) => name === wanted.replace(/^-/, ""));
      const direction = wanted.startsWith("-") ? -1 : 1;
      rows = column ? [...next].sort((a, b) => direction * column.compare(a, b)) : next;
      active = 0;
      element.scrollTop = 0;
      rebuild();
    },
    print: () => plainTable(label, columns, rows.slice(0, PRINTED_ROWS), rows.length),
    leave: () => {
      narrow.removeEventListener("change", rebuild);
      unmount();
    },
  };
}

/** A table as it is on paper, where nothing scrolls. */
export function plainTable<Row>(
  label: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  all = rows.length,
): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h(
      "table",
      { class: "plain", "aria-label": label },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(({ label, numeric }) => h("th", { scope: "col", class: numeric ? "numeric" : "" }, label)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            columns.map(({ cell, numeric }) => h("td", { class: numeric ? "numeric" : "" }, cell(row))),
          ),
        ),
      ),
    ),
    rows.length < all &&
      h("p", { class: "faint" }, `The first ${rows.length} of ${all}. Filter the view to print others.`),
  );
}
