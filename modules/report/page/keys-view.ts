import { h } from "./elements";
import { distinct, filterBar } from "./filter-bar";
import { accountOf, at, type Model, zoneName } from "./model";
import type { ViewMaker } from "./page";
import { heading, keyLink, keyMark, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { textColumn } from "./text-column";
import { type Column, virtualTable } from "./virtual-table";
import { money, searchWords, shown } from "./words";

/** Every key, to be found by anything that is known of it. */
export const keysView: ViewMaker = (page, host, state) => {
  const { model } = page;
  const { keys } = model.data;
  const bar = filterBar(page, "Search keys, accounts, owners", [
    { name: "zone", label: "Zone", values: distinct(keys.map(({ zone }) => zoneName(model.data, zone))) },
    { name: "workload", label: "Workload", values: distinct(keys.map(({ workload }) => workload)), typed: true },
    { name: "owner", label: "Owner", values: distinct(keys.map(({ owner }) => owner)) },
    {
      name: "region",
      label: "Region",
      values: distinct(keys.flatMap(({ region, replicas }) => [region, ...replicas])),
    },
    { name: "class", label: "Data class", values: distinct(keys.map(({ dataClass }) => dataClass)) },
    { name: "step", label: "Step", values: distinct(keys.map(({ step }) => step)) },
    ...(model.overlay.ofKey.size > 0 ? [{ name: "changed", label: "Laid over", values: ["changed", "same"] }] : []),
  ]);
  const table = virtualTable<number>(
    "Keys",
    columnsOf(model),
    (sort) => page.refine({ sort }, "choose"),
    (key) => {
      location.hash = formatHash("key", at(keys, key).id);
    },
  );
  host.append(
    heading("Keys", "Customer managed keys, each with its replicas. Open one to see who can do what with it."),
    bar.element,
    table.element,
  );
  const update = (next: PageState): void => {
    const found = keysFound(model, next);
    bar.sync(next);
    bar.tell(shown(found.length, keys.length, "key"));
    table.show(found, next.query.get("sort") ?? "");
  };
  update(state);
  return { update, print: table.print, leave: table.leave };
};

function columnsOf(model: Model): readonly Column<number>[] {
  const key = (index: number) => at(model.data.keys, index);
  const account = (index: number) => accountOf(model, key(index)).name;
  return [
    {
      ...textColumn("alias", "Key", "minmax(180px, 2fr)", (index) => key(index).alias),
      cell: (index) => h("span", { class: "marked" }, keyLink(model, index), keyMark(model.overlay.ofKey.get(index))),
    },
    {
      ...textColumn("zone", "Zone", "minmax(96px, 0.8fr)", (index) => zoneName(model.data, key(index).zone)),
      cell: (index) => zoneTag(model, key(index).zone),
    },
    textColumn("account", "Account", "minmax(96px, 1.1fr)", account, true),
    {
      ...textColumn(
        "region",
        "Regions",
        "minmax(152px, 1.5fr)",
        (index) => [key(index).region, ...key(index).replicas].join(", "),
        true,
      ),
      cell: (index) => [
        key(index).region,
        h(
          "span",
          { class: "faint", title: `replicas in ${key(index).replicas.join(", ")}` },
          key(index)
            .replicas.map((region) => ` + ${region}`)
            .join(""),
        ),
      ],
    },
    textColumn("workload", "Workload", "minmax(86px, 1fr)", (index) => key(index).workload, true),
    textColumn("owner", "Owner", "minmax(86px, 1fr)", (index) => key(index).owner, true),
    textColumn("class", "Data class", "minmax(86px, 0.8fr)", (index) => key(index).dataClass, true),
    {
      ...textColumn("step", "Step", "76px", (index) => key(index).step, true),
      cell: (index) => stepTag(key(index).step),
    },
    {
      name: "cost",
      label: "US$/month",
      width: "84px",
      numeric: true,
      cell: (index) => money(key(index).cost),
      compare: (a, b) => key(a).cost - key(b).cost,
    },
  ];
}

export function stepTag(step: string): HTMLElement {
  return h("span", { class: "step", "data-step": step }, step.replace(/-/g, " "));
}

function keysFound(model: Model, { query }: PageState): number[] {
  const words = searchWords(query.get("q") ?? "");
  const wanted = (name: string, ...values: readonly string[]): boolean => {
    const value = query.get(name);
    return value === undefined || values.includes(value);
  };
  return model.data.keys.flatMap((key, index) => {
    const fits =
      wanted("zone", zoneName(model.data, key.zone)) &&
      wanted("workload", key.workload) &&
      wanted("owner", key.owner) &&
      wanted("region", key.region, ...key.replicas) &&
      wanted("class", key.dataClass) &&
      wanted("step", key.step) &&
      wanted("account", accountOf(model, key).id, accountOf(model, key).name) &&
      wanted("changed", model.overlay.ofKey.has(index) ? "changed" : "same") &&
      words.every((word) => model.keyTexts[index]?.includes(word));
    return fits ? [index] : [];
  });
}
