import { type Child, h } from "./elements";
import { distinct } from "./filter-bar";
import { severityOrder } from "./findings-view";
import { listWithPanel } from "./list-with-panel";
import { at, type Model } from "./model";
import type { Laid, LaidReport } from "./overlay";
import type { Page, View } from "./page";
import { facts, severityTag, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { textColumn } from "./text-column";
import type { Column } from "./virtual-table";
import { searchWords } from "./words";

/** The changes of a report that is laid over the page, and one of them in full. */
export function laidTable(
  page: Page,
  host: HTMLElement,
  state: PageState,
  { changes }: LaidReport,
  noun: string,
): View {
  const { model } = page;
  return listWithPanel(page, host, state, {
    noun,
    all: changes.length,
    filters: [
      { name: "risk", label: "Risk", values: severityOrder },
      { name: "id", label: "Kind", values: distinct(changes.map(({ id }) => id)) },
      { name: "zone", label: "Zone", values: distinct(changes.map(({ zone }) => zone)) },
    ],
    columns: laidColumns(model, changes, (index) => formatHash(state.view, "", [["open", String(index)]])),
    found: (next) => changes.flatMap((change, index) => (fits(change, next) ? [index] : [])),
    opened: (index) => [at(changes, index).id, laidFacts(model, at(changes, index))],
  });
}

function fits(
  { id, risk, zone, what, resource, account, accountId, stack, address, access }: Laid,
  { query }: PageState,
): boolean {
  const text = [id, what, resource, account, accountId, stack, address, ...access].join("\n").toLowerCase();
  return (
    (query.get("risk") ?? risk) === risk &&
    (query.get("id") ?? id) === id &&
    (query.get("zone") ?? zone) === zone &&
    searchWords(query.get("q") ?? "").every((word) => text.includes(word))
  );
}

function zoneNamed(model: Model, name: string): HTMLElement | string {
  const index = model.data.zones.findIndex((zone) => zone.name === name);
  return index < 0 ? name || "none" : zoneTag(model, index);
}

function accountLink({ data }: Model, { account, accountId }: Laid): Child {
  const isKnown = data.accounts.some(({ id }) => id === accountId);
  const id = accountId === "" ? "" : h("code", {}, accountId);
  if (account === "" && accountId === "") return "none";
  if (!isKnown) return [account, " ", id];
  return [h("a", { href: formatHash("organization", "", [["at", accountId]]) }, account || accountId), " ", id];
}

function laidFacts(model: Model, change: Laid): HTMLElement {
  return facts([
    ["Risk", severityTag(change.risk)],
    [
      "What",
      change.key === undefined
        ? change.resource
        : h("a", { href: formatHash("key", at(model.data.keys, change.key).id) }, change.resource),
      ` ${change.what}`,
    ],
    ...(change.access.length > 0
      ? [
          [
            "Access",
            h(
              "ul",
              { class: "apart" },
              change.access.map((line) => h("li", {}, line)),
            ),
          ] as const,
        ]
      : []),
    ...(change.whatToDo ? [["What to do", change.whatToDo] as const] : []),
    ["Zone", zoneNamed(model, change.zone)],
    ["Account", accountLink(model, change)],
    ["Regions", change.regions.join(", ") || "none"],
    ["Stack", h("code", {}, change.stack || "none")],
    ...(change.address ? [["Address", h("code", {}, change.address)] as const] : []),
  ]);
}

function laidColumns(
  model: Model,
  changes: readonly Laid[],
  href: (index: number) => string,
): readonly Column<number>[] {
  const change = (index: number) => at(changes, index);
  return [
    {
      ...textColumn("risk", "Risk", "104px", (index) => change(index).risk),
      cell: (index) => severityTag(change(index).risk),
      compare: (a, b) => severityOrder.indexOf(change(a).risk) - severityOrder.indexOf(change(b).risk),
    },
    {
      ...textColumn("id", "Kind", "minmax(130px, 1fr)", (index) => change(index).id),
      cell: (index) => h("a", { class: "name", href: href(index) }, change(index).id),
    },
    textColumn("resource", "On", "minmax(110px, 1.2fr)", (index) => change(index).resource, true),
    textColumn("what", "What", "minmax(220px, 3.4fr)", (index) => change(index).what, true),
    {
      ...textColumn("zone", "Zone", "minmax(104px, 0.6fr)", (index) => change(index).zone),
      cell: (index) => zoneNamed(model, change(index).zone),
    },
    textColumn("account", "Account", "minmax(90px, 0.8fr)", (index) => change(index).account, true),
  ];
}
