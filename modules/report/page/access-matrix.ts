import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { type Cell, cellWords, type Matrix } from "./access-cells";
import { accountName } from "./access-table";
import { h, replace } from "./elements";
import { at, linkName, type Model, zoneName, zoneOfPrincipal } from "./model";
import { hueOf } from "./pieces";
import { formatHash } from "./state";

interface MatrixView {
  readonly element: HTMLElement;
  readonly show: (matrix: Matrix) => void;
  readonly focus: () => void;
  readonly leave: () => void;
}

const ROW_PX = 30;
const COLUMN_PX = 30;
const HEAD_PX = 168;
const narrow = matchMedia("(max-width: 760px)");

/** Principals by keys, of which only what is on the screen is in the document, in both directions. */
export function accessMatrix(model: Model, open: (principal: number, key: number) => void): MatrixView {
  const { data } = model;
  let matrix: Matrix = { principals: [], keys: [], cell: () => undefined };
  let active = { row: 0, column: 0 };
  let named = 0;
  const corner = h("div", { role: "columnheader", class: "matrix-corner" }, "Principal", h("span", {}, "Key"));
  const headRow = h("div", { role: "row", "aria-rowindex": 1 });
  const head = h("div", { role: "rowgroup", class: "matrix-head" }, headRow);
  const body = h("div", { role: "rowgroup", class: "matrix-body" });
  const element = h(
    "div",
    {
      role: "grid",
      class: "matrix",
      "aria-label": "Who can use what",
      keydown: (event) => move(event as KeyboardEvent),
      click: (event) => choose(event.target),
    },
    head,
    body,
  );
  const shared = {
    count: 0,
    getScrollElement: () => element,
    overscan: 4,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: draw,
  };
  const rows = new Virtualizer<HTMLElement, HTMLElement>({
    ...shared,
    estimateSize: () => ROW_PX,
    scrollPaddingStart: HEAD_PX,
    paddingEnd: HEAD_PX,
  });
  const columns = new Virtualizer<HTMLElement, HTMLElement>({
    ...shared,
    horizontal: true,
    estimateSize: () => COLUMN_PX,
  });
  const unmount = [rows._didMount(), columns._didMount()];
  let drawn = new Map<number, HTMLElement>();
  let span = "";

  function draw(): void {
    const hadFocus = body.contains(document.activeElement);
    const across = columns.getVirtualItems().map(({ index }) => index);
    const wantedSpan = `${across[0]}-${across.at(-1)}`;
    if (wantedSpan !== span) {
      span = wantedSpan;
      replace(headRow, corner, across.map(columnHead));
      for (const row of drawn.values()) row.remove();
      drawn = new Map();
    }
    const wanted = rows.getVirtualItems().map(({ index }) => index);
    for (const [index, row] of drawn) {
      if (wanted.includes(index)) continue;
      row.remove();
      drawn.delete(index);
    }
    for (const index of wanted) {
      if (drawn.has(index)) continue;
      const row = drawRow(index, across);
      drawn.set(index, row);
      body.append(row);
    }
    keepStop();
    // Rows are made anew where other columns come into sight: who was there stays there.
    if (hadFocus && !body.contains(document.activeElement))
      cellAt(active.row, active.column)?.focus({ preventScroll: true });
  }

  function cellAt(row: number, column: number): HTMLElement | null | undefined {
    return drawn.get(row)?.querySelector<HTMLElement>(`[data-column="${column}"]`);
  }

  /** One cell is reached by the tabulator, wherever one has scrolled to. */
  function keepStop(): void {
    if (body.querySelector('[role=gridcell][tabindex="0"]')) return;
    const cell = body.querySelector<HTMLElement>("[role=gridcell]");
    if (cell) cell.tabIndex = 0;
  }

  function columnHead(column: number): HTMLElement {
    const key = at(data.keys, at(matrix.keys, column));
    const link = h("a", { href: formatHash("key", key.id), tabindex: -1 }, key.alias.replace(/^alias\//, "") || key.id);
    const title = `${key.alias} in ${at(data.accounts, key.account).name}, ${key.region}, zone ${zoneName(data, key.zone)}`;
    const head = h(
      "div",
      { role: "columnheader", class: "matrix-column", "data-hue": hueOf(key.zone), "aria-colindex": column + 2, title },
      link,
    );
    head.style.insetInlineStart = `calc(var(--names) + ${column * COLUMN_PX}px)`;
    return head;
  }

  function drawRow(row: number, across: readonly number[]): HTMLElement {
    const principal = at(matrix.principals, row);
    const who = at(data.principals, principal);
    const name = h(
      "div",
      {
        role: "rowheader",
        class: "matrix-name",
        "data-hue": hueOf(zoneOfPrincipal(data, who)),
        title: `${who.arn}\nzone: ${zoneName(data, zoneOfPrincipal(data, who))}`,
      },
      h("i", { class: "swatch", "aria-hidden": "true" }),
      h("a", { href: formatHash("access", "", [["principal", linkName(who)]]), tabindex: -1 }, who.name),
      h("small", {}, accountName(model, principal)),
    );
    const cells = across.flatMap((column) => {
      const cell = matrix.cell(row, column);
      return cell || (row === active.row && column === active.column) ? [drawCell(row, column, cell)] : [];
    });
    const line = h("div", { role: "row", class: "matrix-row", "aria-rowindex": row + 2 }, name, cells);
    line.style.transform = `translateY(${row * ROW_PX}px)`;
    return line;
  }

  function drawCell(row: number, column: number, cell: Cell | undefined): HTMLElement {
    const current = row === active.row && column === active.column;
    const words = cellWords(cell);
    const title = `${at(data.principals, at(matrix.principals, row)).name} ${words}: ${at(data.keys, at(matrix.keys, column)).alias}`;
    const drawn = h(
      "div",
      {
        role: "gridcell",
        class: cell?.elsewhere ? "matrix-cell elsewhere" : "matrix-cell",
        tabindex: current ? 0 : -1,
        "aria-colindex": column + 2,
        "aria-label": title,
        title,
      },
      cell && mark(cell),
    );
    drawn.dataset.row = String(row);
    drawn.dataset.column = String(column);
    drawn.style.insetInlineStart = `calc(var(--names) + ${column * COLUMN_PX}px)`;
    return drawn;
  }

  function choose(target: EventTarget | null): void {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[role=gridcell]") : null;
    if (!cell) return;
    focus(Number(cell.dataset.row), Number(cell.dataset.column));
    const at = matrix.cell(active.row, active.column);
    if (at) open(matrix.principals[active.row] ?? -1, matrix.keys[active.column] ?? -1);
  }

  function focus(row: number, column: number): void {
    body.querySelector('[role=gridcell][tabindex="0"]')?.setAttribute("tabindex", "-1");
    active = { row, column };
    scrollTo(row, column);
    draw();
    const line = drawn.get(row);
    if (!line) return;
    const cell = cellAt(row, column) ?? line.appendChild(drawCell(row, column, matrix.cell(row, column)));
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
  }

  /** The names at the side and at the top cover a part of what is scrolled. */
  function scrollTo(row: number, column: number): void {
    const top = row * ROW_PX;
    const left = column * COLUMN_PX;
    const height = element.clientHeight - HEAD_PX;
    const width = element.clientWidth - named;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + height) element.scrollTop = top + ROW_PX - height;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left + COLUMN_PX > element.scrollLeft + width) element.scrollLeft = left + COLUMN_PX - width;
    // The event of scrolling comes later than the focus that needs the cell.
    rows.scrollOffset = element.scrollTop;
    columns.scrollOffset = element.scrollLeft;
    rows.calculateRange();
    columns.calculateRange();
  }

  function move(event: KeyboardEvent): void {
    if (!(event.target instanceof Element) || event.target.getAttribute("role") !== "gridcell") return;
    const target = event.target as HTMLElement;
    const [row, column] = [Number(target.dataset.row), Number(target.dataset.column)];
    const screen = Math.max(1, Math.floor((element.clientHeight - HEAD_PX) / ROW_PX) - 1);
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + screen, column],
      PageUp: [row - screen, column],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? matrix.principals.length - 1 : row, matrix.keys.length - 1],
    };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(target);
      return;
    }
    const next = steps[event.key];
    if (!next) return;
    event.preventDefault();
    const within = (value: number, length: number): number => Math.min(length - 1, Math.max(0, value));
    focus(within(next[0], matrix.principals.length), within(next[1], matrix.keys.length));
  }

  function size(): void {
    named = narrow.matches ? 150 : 320;
    element.style.setProperty("--names", `${named}px`);
    element.style.setProperty("--across", `${matrix.keys.length * COLUMN_PX}px`);
    body.style.height = `${matrix.principals.length * ROW_PX}px`;
    rows.setOptions({ ...rows.options, count: matrix.principals.length });
    columns.setOptions({ ...columns.options, count: matrix.keys.length, paddingEnd: named });
    for (const virtualizer of [rows, columns]) {
      virtualizer._willUpdate();
      virtualizer.measure();
    }
  }
  narrow.addEventListener("change", size);

  return {
    element,
    show: (next) => {
      matrix = next;
      active = { row: 0, column: 0 };
      span = "";
      element.scrollTo(0, 0);
      element.setAttribute("aria-rowcount", String(matrix.principals.length + 1));
      element.setAttribute("aria-colcount", String(matrix.keys.length + 1));
      size();
      draw();
    },
    focus: () => focus(active.row, active.column),
    leave: () => {
      narrow.removeEventListener("change", size);
      for (const stop of unmount) stop();
    },
  };
}

/** A disc for use, a diamond for management, hollow where something has to hold besides. */
export function mark({ uses, manages, conditional }: Pick<Cell, "uses" | "manages" | "conditional">): HTMLElement {
  return h(
    "span",
    { class: conditional ? "mark hollow" : "mark", "aria-hidden": "true" },
    uses && h("i", { class: "uses" }),
    manages && h("i", { class: "manages" }),
    !uses && !manages && h("i", { class: "reads" }),
  );
}
