import type { PageData } from "../page-data";
import { type Child, h } from "./elements";
import { at, linkName, type Model, zoneName, zoneOfPrincipal } from "./model";
import { keyLink, zoneTag } from "./pieces";
import { formatHash } from "./state";
import { textColumn } from "./text-column";
import { type Column, plainTable } from "./virtual-table";

/** Rows of access, from a key's side (`principal` first), from a principal's (`key` first), or both. */
export function accessColumns(model: Model, first: "principal" | "key" | "both"): readonly Column<number>[] {
  const { data } = model;
  const row = (index: number) => at(data.access, index);
  const principal: Column<number> = {
    ...textColumn("principal", "Principal", "minmax(150px, 1.4fr)", (index) => at(data.principals, row(index)[0]).name),
    cell: (index) => principalLink(model, row(index)[0]),
  };
  const account: Column<number> = {
    ...textColumn("account", "In account", "minmax(110px, 1fr)", (index) => accountName(model, row(index)[0])),
    extra: true,
    cell: (index) => {
      const who = at(data.principals, row(index)[0]);
      return [
        h("span", { title: accountName(model, row(index)[0]) }, accountName(model, row(index)[0])),
        who.account !== null && crossing(model, row(index)[0], row(index)[1]),
      ];
    },
  };
  const key: Column<number> = {
    ...textColumn("key", "Key", "minmax(150px, 1.2fr)", (index) => at(data.keys, row(index)[1]).alias),
    cell: (index) => keyLink(model, row(index)[1]),
  };
  const zone: Column<number> = {
    ...textColumn("zone", "Key's zone", "minmax(100px, 0.8fr)", (index) =>
      zoneName(data, at(data.keys, row(index)[1]).zone),
    ),
    extra: true,
    cell: (index) => zoneTag(model, at(data.keys, row(index)[1]).zone),
  };
  return [
    ...(first === "key" ? [] : [principal, account]),
    ...(first === "principal" ? [] : [key, zone]),
    {
      ...textColumn("does", "May", "minmax(150px, 1.8fr)", (index) =>
        at(data.actionSets, row(index)[2]).names.join(", "),
      ),
      cell: (index) => {
        const { names, uses, manages } = at(data.actionSets, row(index)[2]);
        return h(
          "span",
          { title: names.join(", ") },
          h("b", { class: "does" }, doesWord(uses, manages)),
          ` ${names.join(", ")}`,
        );
      },
    },
    textColumn("through", "Through", "minmax(130px, 1.3fr)", (index) => throughWords(model, index)),
    { ...textColumn("half", "Half", "124px", (index) => halfWord(row(index)[5])), extra: true },
    { ...textColumn("condition", "If", "minmax(110px, 1.4fr)", (index) => conditionWords(model, index)), extra: true },
  ];
}

export function accessTable(model: Model, rows: readonly number[], first: "principal" | "key"): HTMLElement {
  const columns = accessColumns(model, first).map((column) =>
    column.name === "does" ? { ...column, cell: (index: number) => foldedActions(model, index) } : column,
  );
  return plainTable("Access", columns, rows);
}

/** Whoever manages a key may do two dozen things, which would hide who else is there. */
const SHOWN_ACTIONS = 6;

function foldedActions({ data }: Model, index: number): Child {
  const { names, uses, manages } = at(data.actionSets, at(data.access, index)[2]);
  const does = h("b", { class: "does" }, doesWord(uses, manages));
  if (names.length <= SHOWN_ACTIONS + 2) return [does, ` ${names.join(", ")}`];
  return [
    does,
    ` ${names.slice(0, SHOWN_ACTIONS).join(", ")}`,
    h(
      "details",
      {},
      h("summary", {}, `and ${names.length - SHOWN_ACTIONS} more`),
      names.slice(SHOWN_ACTIONS).join(", "),
    ),
  ];
}

export function doesWord(uses: boolean, manages: boolean): string {
  return uses && manages ? "uses and manages" : manages ? "manages" : uses ? "uses" : "reads";
}

/** What has to hold besides, and where it holds; empty for always and everywhere. */
export function conditionWords({ data }: Model, index: number): string {
  const [, key, , , conditions, , regions] = at(data.access, index);
  const places = data.regionLists[regions] ?? [];
  return [
    placed(data, key, data.conditions[conditions] ?? ""),
    places.length > 0 ? `in ${places.join(", ")} alone` : "",
  ]
    .filter(Boolean)
    .join("; ");
}

/** The statement or the grant. */
export function throughWords({ data }: Model, index: number): string {
  const [, key, , through] = at(data.access, index);
  return placed(data, key, at(data.through, through));
}

/** Texts are shared by keys of many accounts; of a key with replicas, what stands for the Region stays, as it means each. */
function placed(data: PageData, key: number, text: string): string {
  const { account, region, replicas } = at(data.keys, key);
  const inAccount = text.replaceAll("{account}", at(data.accounts, account).id);
  return replicas.length > 0 ? inAccount : inAccount.replaceAll("{region}", region);
}

/** Across accounts, access needs both. */
export function halfWord(half: 0 | 1): string {
  return half === 0 ? "of the key" : "consumer policy";
}

export function principalLink(model: Model, principal: number): HTMLElement {
  const who = at(model.data.principals, principal);
  return h(
    "a",
    { class: "name", title: who.arn, href: formatHash("access", "", [["principal", linkName(who)]]) },
    who.name,
  );
}

export function accountName(model: Model, principal: number): string {
  const who = at(model.data.principals, principal);
  if (who.account !== null) return at(model.data.accounts, who.account).name;
  return who.kind === "service" ? "AWS service" : who.kind === "everybody" ? "anywhere" : "not in the map";
}

function crossing(model: Model, principal: number, key: number): Node | undefined {
  const from = zoneOfPrincipal(model.data, at(model.data.principals, principal));
  return from === at(model.data.keys, key).zone ? undefined : h("span", { class: "from" }, " ", zoneTag(model, from));
}
