import { matrixOf } from "./access-cells";
import { accessMatrix, mark } from "./access-matrix";
import { accessFound } from "./access-rows";
import {
  accessColumns,
  accountName,
  conditionWords,
  doesWord,
  halfWord,
  principalLink,
  throughWords,
} from "./access-table";
import { type Child, h, replace } from "./elements";
import { distinct, filterBar } from "./filter-bar";
import { at, linkName, type Model, zoneName, zoneOfPrincipal } from "./model";
import type { Page, View, ViewMaker } from "./page";
import { panel } from "./panel";
import { empty, facts, heading, keyLink, switcher, zoneTag } from "./pieces";
import { formatHash, type PageState, withoutOpen } from "./state";
import { virtualTable } from "./virtual-table";
import { count, counted, shown } from "./words";

/** Who can use what: as a matrix, or as a list of one principal's or one key's access. */
export const accessView: ViewMaker = (page, host, state) => {
  const body = h("div", { class: "view-body" });
  const head = h("div", { class: "view-head" });
  host.append(head, body);
  const filters = filterBar(page, "Search principals and keys", [
    { name: "zone", label: "Key's zone", values: page.model.data.zones.map(({ name }) => name) },
    { name: "account", label: "Account", values: page.model.data.accounts.map(({ name }) => name), typed: true },
    { name: "action", label: "Action", values: distinct(page.model.data.actionSets.flatMap(({ names }) => names)) },
    { name: "does", label: "Does", values: ["uses", "manages", "both"] },
    { name: "from", label: "From", values: ["same zone", "other zones"] },
  ]);
  host.insertBefore(filters.element, body);
  let mode = "";
  let view: ReturnType<typeof matrixBody> | undefined;
  const update = (next: PageState): void => {
    filters.sync(next);
    const wanted = modeOf(next);
    if (wanted !== mode) {
      view?.leave?.();
      body.replaceChildren();
      mode = wanted;
      view = wanted === "matrix" ? matrixBody(page, body, filters.tell) : listBody(page, body, wanted, filters.tell);
    }
    replace(head, titleOf(page.model, next));
    view?.update?.(next);
  };
  update(state);
  return { update, leave: () => view?.leave?.(), escape: () => view?.escape?.() ?? false, print: () => printed(page) };
};

type Mode = "matrix" | "principal" | "key" | "both";

function modeOf({ query }: PageState): Mode {
  if (query.has("principal") && !query.has("key")) return "key";
  if (query.has("key") && !query.has("principal")) return "principal";
  return query.has("key") || query.get("as") === "list" ? "both" : "matrix";
}

function titleOf(model: Model, state: PageState): Child {
  // Finding by name costs the first view of a large organization, and most addresses name nobody.
  const [wantedPrincipal, wantedKey] = [state.query.get("principal"), state.query.get("key")];
  const principal = wantedPrincipal === undefined ? undefined : model.principalByName.get(wantedPrincipal);
  const key = wantedKey === undefined ? undefined : model.keyById.get(wantedKey);
  const rest = [...state.query].filter(([name]) => !["as", "open", "principal", "key"].includes(name));
  const asList = modeOf(state) !== "matrix";
  const narrowed = state.query.has("principal") || state.query.has("key");
  const ways = switcher("Matrix or list", [
    ["Matrix", formatHash("access", "", rest), !asList],
    ["List", formatHash("access", "", [...rest, ["as", "list"]]), asList && !narrowed],
  ]);
  if (principal !== undefined && key === undefined) {
    const who = at(model.data.principals, principal);
    return [
      heading(
        ["What ", h("span", { class: "quoted" }, who.name), " can do"],
        zoneTag(model, zoneOfPrincipal(model.data, who), true),
        ` ${accountName(model, principal)} `,
        h("code", {}, who.arn),
      ),
      ways,
    ];
  }
  if (key !== undefined && principal === undefined) {
    return [
      heading(
        ["Who can use ", h("span", { class: "quoted" }, at(model.data.keys, key).alias)],
        zoneTag(model, at(model.data.keys, key).zone, true),
        " ",
        keyLink(model, key),
      ),
      ways,
    ];
  }
  return [
    heading(
      "Access",
      "Who can use which key, and through what. Across accounts it takes both halves: the key's policy or grant, and the principal's own policy.",
    ),
    ways,
  ];
}

function listBody(page: Page, body: HTMLElement, mode: Exclude<Mode, "matrix">, tell: (words: string) => void): View {
  const { model } = page;
  const table = virtualTable<number>(
    "Access",
    accessColumns(model, mode),
    (sort) => page.refine({ sort }, "choose"),
    (row) => {
      const [principal, key] = at(model.data.access, row);
      location.hash =
        mode === "principal"
          ? formatHash("access", "", [["principal", linkName(at(model.data.principals, principal))]])
          : formatHash("key", at(model.data.keys, key).id);
    },
  );
  body.append(table.element);
  return {
    update: (next) => {
      const found = accessFound(model, next);
      tell(shown(found.length, model.data.access.length, "row"));
      table.show(found, next.query.get("sort") ?? "");
    },
    leave: table.leave,
  };
}

function matrixBody(page: Page, body: HTMLElement, tell: (words: string) => void): View {
  const { model } = page;
  const name = (principal: number, key: number) =>
    `${at(model.data.keys, key).id} ${linkName(at(model.data.principals, principal))}`;
  const beside = panel(
    "Access",
    () => page.refine({ open: "" }, "choose"),
    () => matrix.focus(),
  );
  const matrix = accessMatrix(model, (principal, key) => {
    page.refine({ open: name(principal, key) }, "choose");
    beside.focus();
  });
  const nothing = empty("Nothing matches. Clear a filter.");
  body.append(legend(), h("div", { class: "beside" }, matrix.element, beside.element), nothing);
  let listed: string | undefined;
  return {
    update: (next) => {
      const wanted = withoutOpen(next);
      if (wanted !== listed) {
        listed = wanted;
        const found = matrixOf(model, accessFound(model, next));
        tell(`${counted(found.principals.length, "principal")}, ${counted(found.keys.length, "key")}`);
        matrix.element.hidden = found.keys.length === 0;
        nothing.hidden = found.keys.length > 0;
        matrix.show(found);
      }
      const opened = next.query.get("open");
      if (opened === undefined) {
        beside.hide();
        return;
      }
      const [key = "", ...rest] = opened.split(" ");
      const [keyIndex, principal] = [model.keyById.get(key), model.principalByName.get(rest.join(" "))];
      if (keyIndex === undefined || principal === undefined) beside.hide();
      else beside.show("Through what", cellDetail(model, principal, keyIndex));
    },
    leave: matrix.leave,
    escape: beside.escape,
  };
}

function cellDetail(model: Model, principal: number, key: number): Child {
  const { data } = model;
  const rows = at(model.accessOfKey, key).filter((row) => at(data.access, row)[0] === principal);
  return [
    facts([
      [
        "Principal",
        principalLink(model, principal),
        " ",
        h("span", { class: "faint" }, accountName(model, principal)),
        " ",
        zoneTag(model, zoneOfPrincipal(data, at(data.principals, principal))),
      ],
      ["Key", keyLink(model, key), " ", zoneTag(model, at(data.keys, key).zone)],
    ]),
    h(
      "ul",
      { class: "through" },
      rows.map((row) => {
        const [, , actions, , , half] = at(data.access, row);
        const condition = conditionWords(model, row);
        const { names, uses, manages } = at(data.actionSets, actions);
        return h(
          "li",
          {},
          h("strong", {}, throughWords(model, row)),
          h("span", { class: "faint" }, ` ${halfWord(half)}`),
          h(
            "p",
            {},
            h("b", { class: "does" }, doesWord(uses, manages)),
            condition !== "" && h("span", { class: "condition" }, `if ${condition}`),
          ),
          h(
            "ul",
            { class: "chips" },
            names.map((name) => h("li", {}, name)),
          ),
        );
      }),
    ),
  ];
}

function legend(): HTMLElement {
  const entry = (uses: boolean, manages: boolean, conditional: boolean, words: string): HTMLElement =>
    h("li", {}, mark({ uses, manages, conditional }), words);
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    entry(true, false, false, "uses"),
    entry(false, true, false, "manages"),
    entry(true, true, false, "both"),
    entry(true, false, true, "on conditions"),
    h("li", {}, mark({ uses: false, manages: false, conditional: false }), "reads about it"),
    h("li", {}, h("span", { class: "mark elsewhere" }, h("i", { class: "uses" })), "from outside the key's zone"),
  );
}

const PRINTED_ROWS = 1000;

function printed({ model, state }: Page): Node {
  const found = accessFound(model, state());
  const lines = found.slice(0, PRINTED_ROWS).map((row) => {
    const [principal, key, actions, , , half] = at(model.data.access, row);
    const condition = conditionWords(model, row);
    return h(
      "tr",
      {},
      [
        `${at(model.data.principals, principal).name} in ${accountName(model, principal)}`,
        `${at(model.data.keys, key).alias} (${zoneName(model.data, at(model.data.keys, key).zone)})`,
        at(model.data.actionSets, actions).names.join(", "),
        `${throughWords(model, row)}, ${halfWord(half)}${condition && `, if ${condition}`}`,
      ].map((text) => h("td", {}, text)),
    );
  });
  return h(
    "div",
    {},
    h(
      "table",
      { class: "plain" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Principal", "Key", "May", "Through"].map((text) => h("th", { scope: "col" }, text)),
        ),
      ),
      h("tbody", {}, lines),
    ),
    found.length > PRINTED_ROWS &&
      h("p", {}, `The first ${count(PRINTED_ROWS)} of ${count(found.length)}. Filter the view to print others.`),
  );
}
