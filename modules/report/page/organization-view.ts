import { type Child, h } from "./elements";
import { filterBar } from "./filter-bar";
import { at, type Model, ouLabel } from "./model";
import { type OrganizationNode, organizationNodes } from "./organization-nodes";
import { organizationTree } from "./organization-tree";
import type { ViewMaker } from "./page";
import { panel } from "./panel";
import { facts, heading, keyLink, keyMark, switcher, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { plainTable } from "./virtual-table";
import { count, counted, money, searchWords, shown } from "./words";

const WHOLE_TREE_ACCOUNTS = 60;
const MOST_MATCHES = 50;
const MOST_KEYS = 30;

/** The tree of OUs and accounts with zones as areas. */
export const organizationView: ViewMaker = (page, host, state) => {
  const { model } = page;
  const { data } = model;
  const { roots, byId } = organizationNodes(model);
  const first = wantedNode(state, byId);
  const root = (first && rootOf(first)) ?? roots.find(({ id }) => id === state.subject) ?? roots[0];
  const bar = filterBar(page, "Search accounts and OUs", []);
  const beside = panel("Account or OU", () => page.refine({ at: "", q: "" }, "choose"));
  const tree = organizationTree(model, (root?.accounts.length ?? 0) <= WHOLE_TREE_ACCOUNTS, (node) =>
    page.refine({ at: node.id }, "choose"),
  );
  host.append(
    heading(
      "Organization",
      `${counted(data.accounts.length, "account")} in ${counted(data.ous.filter(({ path }) => path !== "").length, "OU")}. Each coloured area is a zone: an independent key domain.`,
    ),
    roots.length > 1
      ? switcher(
          "Organization",
          roots.map((each) => [each.label, formatHash("organization", each.id), each === root]),
        )
      : "",
    bar.element,
    h("div", { class: "beside" }, tree.element, beside.element),
  );
  if (!root) return {};
  queueMicrotask(() => {
    tree.show(root);
    if (first) tree.reveal(first, false);
  });
  bar.element.addEventListener("keydown", (event) => {
    const [match] = matches(model, byId, page.state().query.get("q") ?? "");
    if (event.key !== "Enter" || !match) return;
    event.preventDefault();
    location.hash = hrefOf(match);
  });
  let told = "";
  const update = (next: PageState): void => {
    const node = wantedNode(next, byId);
    if (node && rootOf(node) !== root) {
      location.hash = formatHash("organization", rootOf(node).id, next.query);
      return;
    }
    bar.sync(next);
    const search = next.query.get("q") ?? "";
    const found = search === "" ? [] : matches(model, byId, search);
    bar.tell(
      search === ""
        ? counted(root.accounts.length, "account")
        : shown(found.length, byId.size, "account or OU", "accounts and OUs"),
    );
    if (node) {
      beside.show(node.label, about(model, node));
      if (told !== node.id)
        queueMicrotask(() => tree.reveal(node, document.activeElement?.getAttribute("role") === "treeitem"));
    } else if (search !== "") beside.show(counted(found.length, "match", "matches"), matchList(found));
    else beside.hide();
    told = node?.id ?? "";
  };
  update(state);
  return {
    update,
    print: () => printed(model, root),
    escape: beside.escape,
  };
};

function wantedNode({ query }: PageState, byId: ReadonlyMap<string, OrganizationNode>): OrganizationNode | undefined {
  const wanted = query.get("at") ?? "";
  return (
    byId.get(wanted) ??
    [...byId.values()].find(
      ({ id, kind, label }) => (kind === "ou" && id.endsWith(`/${wanted}`)) || (kind === "account" && label === wanted),
    )
  );
}

function rootOf(node: OrganizationNode): OrganizationNode {
  return node.parent ? rootOf(node.parent) : node;
}

function hrefOf(node: OrganizationNode): string {
  return formatHash("organization", rootOf(node).id, [["at", node.id]]);
}

function matches({ data }: Model, byId: ReadonlyMap<string, OrganizationNode>, search: string): OrganizationNode[] {
  const words = searchWords(search);
  return [...byId.values()].filter(({ id, label, account }) => {
    const text =
      `${label} ${id} ${account === undefined ? "" : at(data.ous, at(data.accounts, account).ou).path}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function matchList(found: readonly OrganizationNode[]): Child {
  return [
    h(
      "ul",
      { class: "matches" },
      found
        .slice(0, MOST_MATCHES)
        .map((node) =>
          h(
            "li",
            {},
            h("a", { href: hrefOf(node) }, node.label),
            h("span", { class: "faint" }, node.kind === "account" ? node.id : counted(node.accounts.length, "account")),
          ),
        ),
    ),
    found.length > MOST_MATCHES && h("p", { class: "faint" }, `and ${count(found.length - MOST_MATCHES)} more`),
  ];
}

function about(model: Model, node: OrganizationNode): Child {
  const { data } = model;
  const zones = h(
    "ul",
    { class: "plain-list" },
    [...node.mix]
      .sort(([, a], [, b]) => b - a)
      .map(([zone, accounts]) =>
        h(
          "li",
          {},
          zoneTag(model, zone, true),
          node.kind !== "account" && h("span", { class: "faint" }, ` ${counted(accounts, "account")}`),
        ),
      ),
  );
  const keys = node.accounts.flatMap((account) => at(model.keysOfAccount, account));
  const cost = keys.reduce((sum, key) => sum + at(data.keys, key).cost, 0);
  if (node.account === undefined) {
    return facts([
      ["Accounts", count(node.accounts.length)],
      ["Zones", zones],
      ["Keys", count(keys.length)],
      ["US$ a month", money(cost)],
    ]);
  }
  const account = at(data.accounts, node.account);
  return [
    facts([
      ["Account", h("code", {}, account.id)],
      ["OU", ouLabel(data, at(data.ous, account.ou))],
      ["Zone", zoneTag(model, account.zone, true)],
      ["Status", account.status],
      ["Environment", account.environment ?? "none"],
      ["US$ a month", money(cost)],
      ["Access", h("a", { href: formatHash("access", "", [["account", account.name]]) }, "Who can use what here")],
    ]),
    h("h3", {}, counted(keys.length, "key")),
    h(
      "ul",
      { class: "matches" },
      keys
        .slice(0, MOST_KEYS)
        .map((key) =>
          h(
            "li",
            {},
            h("span", {}, keyLink(model, key), keyMark(model.overlay.ofKey.get(key))),
            h("span", { class: "faint" }, at(data.keys, key).region),
          ),
        ),
    ),
    keys.length > MOST_KEYS &&
      h(
        "p",
        {},
        h("a", { href: formatHash("keys", "", [["account", account.id]]) }, `All ${counted(keys.length, "key")}`),
      ),
  ];
}

function printed(model: Model, root: OrganizationNode): HTMLElement {
  const ous: OrganizationNode[] = [];
  const collect = (node: OrganizationNode, depth: number): void => {
    if (node.kind === "account") return;
    ous.push(node);
    for (const child of node.children) collect(child, depth + 1);
  };
  collect(root, 0);
  const zones = (node: OrganizationNode): Child =>
    [...node.mix].map(([zone, accounts]) => [zoneTag(model, zone), ` ${accounts} `]);
  return plainTable(
    "Organizational units",
    [
      { name: "ou", label: "OU", cell: (node: OrganizationNode) => node.id },
      {
        name: "accounts",
        label: "Accounts",
        numeric: true,
        cell: (node: OrganizationNode) => count(node.accounts.length),
      },
      { name: "keys", label: "Keys", numeric: true, cell: (node: OrganizationNode) => count(node.keys) },
      { name: "zones", label: "Accounts by zone", cell: zones },
    ].map((column) => ({ ...column, width: "", compare: () => 0 })),
    ous,
  );
}
