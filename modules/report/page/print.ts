import { h, replace } from "./elements";
import { at, type Model } from "./model";
import type { View } from "./page";
import { zoneTag } from "./pieces";
import { plainTable } from "./virtual-table";
import { count, money } from "./words";

/** Puts onto paper what the screen shows, and all zones after it. */
export function preparePrint(root: HTMLElement, model: Model, view: () => View): void {
  const paper = h("div", { class: "paper" });
  root.append(paper);
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = [...root.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const each of folded) each.open = true;
    const own = view().print?.();
    document.body.classList.toggle("printed-apart", own !== undefined);
    replace(paper, own, h("h2", {}, "Zones"), zonesOnPaper(model), footer(model));
  });
  addEventListener("afterprint", () => {
    paper.replaceChildren();
    for (const each of folded) each.open = false;
  });
}

function zonesOnPaper(model: Model): HTMLElement {
  const { data } = model;
  return plainTable(
    "Zones",
    [
      { name: "zone", label: "Zone", cell: (zone: number) => zoneTag(model, zone) },
      { name: "proof", label: "Wall", cell: (zone: number) => at(data.zones, zone).proof },
      { name: "topology", label: "Topology", cell: (zone: number) => at(data.zones, zone).topology },
      { name: "regions", label: "Regions", cell: (zone: number) => at(data.zones, zone).regions.join(", ") },
      { name: "frameworks", label: "Frameworks", cell: (zone: number) => at(data.zones, zone).frameworks.join(", ") },
      {
        name: "accounts",
        label: "Accounts",
        numeric: true,
        cell: (zone: number) => count(at(model.accountsOfZone, zone).length),
      },
      { name: "keys", label: "Keys", numeric: true, cell: (zone: number) => count(at(model.keysOfZone, zone).length) },
      { name: "cost", label: "US$ a month", numeric: true, cell: (zone: number) => money(costOf(model, zone)) },
    ].map((column) => ({ ...column, width: "", compare: () => 0 })),
    data.zones.map((_, index) => index),
  );
}

export function costOf(model: Model, zone: number): number {
  return at(model.keysOfZone, zone).reduce((sum, key) => sum + at(model.data.keys, key).cost, 0);
}

function footer({ data }: Model): HTMLElement {
  return h("p", { class: "faint" }, `orgkeys report of ${data.output}, ${data.today}`);
}
