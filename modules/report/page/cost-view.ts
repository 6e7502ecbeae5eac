import type { PageCostRow, PageData } from "../page-data";
import { h } from "./elements";
import { filterBar } from "./filter-bar";
import type { Model } from "./model";
import type { ViewMaker } from "./page";
import { figures, heading, hueOf, switcher, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { type Column, virtualTable } from "./virtual-table";
import { compareText, count, counted, money, searchWords, shown } from "./words";

const groupings = ["zone", "ou", "workload", "owner"] as const;
type Grouping = (typeof groupings)[number];
const labels: Readonly<Record<Grouping, string>> = { zone: "Zone", ou: "OU", workload: "Workload", owner: "Owner" };

/** What the keys cost a month, as a bar and in numbers. */
export const costView: ViewMaker = (page, host, state) => {
  const { data } = page.model;
  const { cost } = data;
  const by = groupings.find((each) => each === state.subject) ?? "zone";
  const rows = [...rowsOf(data, by)].sort((a, b) => b.now + b.requests - a.now - a.requests);
  const most = rows.reduce((top, row) => Math.max(top, row.now + row.requests), 0);
  const noun = by === "ou" ? "OU" : by;
  const bar = filterBar(page, `Search ${noun}s`, []);
  const table = virtualTable<PageCostRow>(
    `Cost by ${labels[by]}`,
    columnsOf(page.model, by, most),
    (sort) => page.refine({ sort }, "choose"),
    ({ name, isRollout }) => {
      if (by !== "ou" && !isRollout) location.hash = formatHash("keys", "", [[by, name]]);
    },
  );
  host.append(
    heading("Cost", `US dollars a month, for keys and for requests to them. Prices of ${cost.pricesOf}.`),
    figures([
      [
        "Keys now",
        priced(cost.total.now, cost.total.unpriced),
        `${counted(cost.total.keys, "key")}, ${counted(cost.total.replicas, "replica")}`,
      ],
      ["Keys later", priced(cost.total.later, cost.total.unpriced), "after two rotations"],
      ["Requests", priced(cost.total.requests, cost.total.unpricedRequests), "at the rates that the map gives"],
      ...(cost.total.unpriced > 0
        ? [["Without a price", counted(cost.total.unpriced, "key"), "in their partition"] as const]
        : []),
    ]),
    switcher(
      "Grouped by",
      groupings.map((each) => [`By ${each === "ou" ? "OU" : each}`, formatHash("cost", each), each === by]),
    ),
    bar.element,
    table.element,
  );
  const update = (next: PageState): void => {
    const words = searchWords(next.query.get("q") ?? "");
    const found = rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
    bar.sync(next);
    bar.tell(shownRows(found, rows, noun));
    table.show(found, next.query.get("sort") ?? "");
  };
  update(state);
  return { update, print: table.print, leave: table.leave };
};

/** `4 zones, 2 rollouts`: what rollouts make is in rows of its own. */
function shownRows(found: readonly PageCostRow[], all: readonly PageCostRow[], noun: string): string {
  const amount = (rows: readonly PageCostRow[], ofRollouts: boolean): number =>
    rows.filter(({ isRollout }) => isRollout === ofRollouts).length;
  const rollouts = amount(all, true);
  const groups = shown(amount(found, false), amount(all, false), noun);
  return rollouts > 0 ? `${groups}, ${shown(amount(found, true), rollouts, "rollout")}` : groups;
}

function rowsOf({ cost }: PageData, by: Grouping): readonly PageCostRow[] {
  return { zone: cost.byZone, ou: cost.byOu, workload: cost.byWorkload, owner: cost.byOwner }[by];
}

function columnsOf(model: Model, by: Grouping, most: number): readonly Column<PageCostRow>[] {
  const numeric = (
    name: string,
    label: string,
    value: (row: PageCostRow) => number,
    written: (value: number, row: PageCostRow) => string,
    extra = false,
  ): Column<PageCostRow> => ({
    name,
    label,
    width: "104px",
    numeric: true,
    extra,
    cell: (row) => written(value(row), row),
    compare: (a, b) => value(a) - value(b) || compareText(a.name, b.name),
  });
  const zone = (name: string): number | null => {
    const index = model.data.zones.findIndex((each) => each.name === name);
    return by === "zone" && index >= 0 ? index : null;
  };
  return [
    {
      name: "name",
      label: labels[by],
      width: "minmax(150px, 2fr)",
      cell: ({ name, isRollout }) =>
        isRollout
          ? h(
              "a",
              { class: "name", href: formatHash("rollouts", name) },
              h("span", { class: "faint" }, "rollout "),
              name,
            )
          : zone(name) !== null
            ? zoneTag(model, zone(name), true)
            : by === "ou"
              ? h("span", { title: name }, name || "Root")
              : h("a", { class: "name", href: formatHash("keys", "", [[by, name]]) }, name || "unknown"),
      compare: (a, b) => compareText(a.name, b.name),
    },
    {
      name: "bar",
      label: "Share",
      width: "minmax(90px, 1.8fr)",
      cell: (row) => costBar(row, most, hueOf(zone(row.name))),
      compare: (a, b) => a.now + a.requests - b.now - b.requests || compareText(a.name, b.name),
    },
    numeric("keys", "Keys", ({ keys }) => keys, count, true),
    numeric("replicas", "Replicas", ({ replicas }) => replicas, count, true),
    numeric(
      "requests",
      "Requests",
      ({ requests }) => requests,
      (value, row) => priced(value, row.unpricedRequests),
      true,
    ),
    numeric(
      "now",
      "Keys now",
      ({ now }) => now,
      (value, row) => priced(value, row.unpriced),
    ),
    numeric(
      "later",
      "Keys later",
      ({ later }) => later,
      (value, row) => priced(value, row.unpriced),
      true,
    ),
  ];
}

/** Where the price of some is unknown, the sum is at least that much. */
function priced(value: number, unpriced: number): string {
  return unpriced > 0 ? `${money(value)} + ?` : money(value);
}

function costBar({ now, requests }: PageCostRow, most: number, hue: string): HTMLElement {
  const keys = h("i", { class: "bar-keys" });
  const rest = h("i", { class: "bar-requests" });
  const percent = (value: number): string => `${most === 0 ? 0 : (value / most) * 100}%`;
  keys.style.width = percent(now);
  rest.style.width = percent(requests);
  return h(
    "span",
    { class: "bar", "data-hue": hue, title: `keys ${money(now)}, requests ${money(requests)}`, "aria-hidden": "true" },
    keys,
    rest,
  );
}
