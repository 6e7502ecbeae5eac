import { type Child, h } from "./elements";
import { distinct, filterBar } from "./filter-bar";
import { severityOrder } from "./findings-view";
import { at, type Model } from "./model";
import type { Laid, LaidReport } from "./overlay";
import type { Page, View } from "./page";
import { panel } from "./panel";
import { facts, severityTag, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { type Column, virtualTable } from "./virtual-table";
import { compareText, searchWords, shown } from "./words";

/** The changes of a report that is laid over the page, and one of them in full. */
export function laidTable(
  page: Page,
  host: HTMLElement,
  state: PageState,
  { changes }: LaidReport,
  noun: string,
): View {
  const { model } = page;
  const bar = filterBar(page, `Search ${noun}s`, [
    { name: "risk", label: "Risk", values: severityOrder },
    { name: "id", label: "Kind", values: distinct(changes.map(({ id }) => id)) },
    { name: "zone", label: "Zone", values: distinct(changes.map(({ zone }) => zone)) },
  ]);
  const beside = panel(noun, () => page.refine({ open: "" }, "choose"));
  const table = virtualTable<number>(
    `${noun}s`,
    laidColumns(model, changes, (index) => formatHash(state.view, "", [["open", String(index)]])),
    (sort) => page.refine({ sort }, "choose"),
    (index) => {
      page.refine({ open: String(index) }, "choose");
      beside.focus();
    },
  );
  host.append(bar.element, h("div", { class: "beside" }, table.element, beside.element));
  let listed = "";
  const update = (next: PageState): void => {
    bar.sync(next);
    const wanted = formatHash(
      next.view,
      "",
      [...next.query].filter(([name]) => name !== "open"),
    );
    if (wanted !== listed) {
      listed = wanted;
      const found = changes.flatMap((change, index) => (fits(change, next) ? [index] : []));
      bar.tell(shown(found.length, changes.length, noun));
      table.show(found, next.query.get("sort") ?? "");
    }
    const open = changes[Number(next.query.get("open") ?? -1)];
    if (open) beside.show(open.id, laidFacts(model, open));
    else beside.hide();
  };
  update(state);
  return {
    update,
    print: table.print,
    leave: table.leave,
    escape: () => {
      if (beside.isOpen()) page.refine({ open: "" }, "choose");
      return false;
    },
  };
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
  const textual = (
    name: string,
    label: string,
    width: string,
    textOf: (row: Laid) => string,
    extra = false,
  ): Column<number> => ({
    name,
    label,
    width,
    extra,
    cell: (index) => h("span", { title: textOf(change(index)) }, textOf(change(index))),
    compare: (a, b) => compareText(textOf(change(a)), textOf(change(b))) || a - b,
  });
  return [
    {
      ...textual("risk", "Risk", "112px", ({ risk }) => risk),
      cell: (index) => severityTag(change(index).risk),
      compare: (a, b) => severityOrder.indexOf(change(a).risk) - severityOrder.indexOf(change(b).risk) || a - b,
    },
    {
      ...textual("id", "Kind", "minmax(140px, 1.3fr)", ({ id }) => id),
      cell: (index) => h("a", { class: "name", href: href(index) }, change(index).id),
    },
    textual("resource", "On", "minmax(110px, 1.6fr)", ({ resource }) => resource, true),
    {
      ...textual("zone", "Zone", "minmax(90px, 0.8fr)", ({ zone }) => zone),
      cell: (index) => zoneNamed(model, change(index).zone),
    },
    textual("account", "Account", "minmax(90px, 1fr)", ({ account }) => account, true),
    textual("what", "What", "minmax(110px, 2.6fr)", ({ what }) => what, true),
  ];
}
