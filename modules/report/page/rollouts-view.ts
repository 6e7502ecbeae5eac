import type { PageRollout } from "../page-data";
import { h } from "./elements";
import { filterBar } from "./filter-bar";
import { at, type Model } from "./model";
import type { Page, View, ViewMaker } from "./page";
import { chips, empty, heading, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { textColumn } from "./text-column";
import { type Column, virtualTable } from "./virtual-table";
import { count, counted, searchWords, shown } from "./words";

/** One account that a rollout reaches or leaves out. */
interface Reached {
  readonly account: number;
  readonly stackSet: string;
  readonly wave: string;
  readonly regions: string;
  readonly out: string;
}

/** What every account of a zone gets, and which do not, and why. */
export const rolloutsView: ViewMaker = (page, host, state) => {
  const { rollouts } = page.model.data;
  const rollout = rollouts.find(({ name }) => name === state.subject);
  if (rollout) return oneRollout(page, host, state, rollout);
  host.append(
    heading("Rollouts", "CloudFormation StackSets that bring the same to every account of a zone's OUs, wave by wave."),
  );
  if (state.subject !== "") host.append(empty(`This report has no rollout ${state.subject}.`));
  if (rollouts.length === 0) host.append(empty("The map has no rollouts."));
  host.append(
    h(
      "div",
      { class: "cards" },
      rollouts.map((each) => card(page.model, each)),
    ),
  );
  return {};
};

function card(model: Model, rollout: PageRollout): HTMLElement {
  const reached = new Set(rollout.stackSets.flatMap(({ accounts }) => accounts)).size;
  const all = reached + rollout.out.length;
  const share = h("div", { class: "share", role: "img", "aria-label": `${reached} of ${all} accounts` }, h("i"));
  share.style.setProperty("--share", String(all === 0 ? 0 : reached / all));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, h("a", { href: formatHash("rollouts", rollout.name) }, rollout.name)),
    h("p", {}, zoneTag(model, rollout.zone, true), h("span", { class: "faint" }, ` template ${rollout.template}`)),
    share,
    h(
      "p",
      { class: "strong" },
      `Reaches ${shown(reached, all, "account")}`,
      rollout.out.length > 0 && h("span", { class: "faint" }, `leaves out ${count(rollout.out.length)}`),
    ),
    h(
      "ol",
      { class: "waves" },
      rollout.stackSets.map(({ name, direct, wave, regions, accounts }) =>
        h(
          "li",
          {},
          h("strong", {}, waveWords(model, direct, wave, accounts)),
          h("span", {}, counted(accounts.length, "account")),
          chips(regions),
          h("code", {}, name),
        ),
      ),
    ),
  );
}

/** StackSets do not go everywhere: Terraform itself makes a stack in the management account and in the delegated administrator. */
function waveWords({ data }: Model, direct: boolean, wave: string, accounts: readonly number[]): string {
  if (!direct) return wave || "all at once";
  return ["a stack of its own", ...accounts.map((account) => at(data.accounts, account).name)].join(", ");
}

function oneRollout(page: Page, host: HTMLElement, state: PageState, rollout: PageRollout): View {
  const { model } = page;
  const rows: readonly Reached[] = [
    ...rollout.stackSets.flatMap(({ name, direct, wave, regions, accounts }) =>
      accounts.map((account) => ({
        account,
        stackSet: name,
        wave: direct ? "a stack of its own" : wave,
        regions: regions.join(", "),
        out: "",
      })),
    ),
    ...rollout.out.map(([account, reason]) => ({ account, stackSet: "", wave: "", regions: "", out: reason })),
  ];
  const bar = filterBar(page, "Search accounts", [
    { name: "reach", label: "Reach", values: ["reached", "left out"] },
    {
      name: "wave",
      label: "Wave",
      values: rollout.stackSets
        .map(({ wave }) => wave)
        .filter((wave, index, all) => wave && all.indexOf(wave) === index),
    },
  ]);
  const table = virtualTable<Reached>(
    `Accounts of ${rollout.name}`,
    reachedColumns(model),
    (sort) => page.refine({ sort }, "choose"),
    ({ account }) => {
      location.hash = formatHash("organization", "", [["at", at(model.data.accounts, account).id]]);
    },
  );
  host.append(
    h("p", { class: "crumbs" }, h("a", { href: formatHash("rollouts") }, "Rollouts")),
    heading(rollout.name, zoneTag(model, rollout.zone, true), ` template ${rollout.template}`),
    bar.element,
    table.element,
  );
  const update = (next: PageState): void => {
    const words = searchWords(next.query.get("q") ?? "");
    const found = rows.filter(({ account, out, wave }) => {
      const { name, id } = at(model.data.accounts, account);
      return (
        (next.query.get("reach") ?? reach(out)) === reach(out) &&
        (next.query.get("wave") ?? wave) === wave &&
        words.every((word) => `${name} ${id}`.toLowerCase().includes(word))
      );
    });
    bar.sync(next);
    bar.tell(shown(found.length, rows.length, "account"));
    table.show(found, next.query.get("sort") ?? "");
  };
  update(state);
  return { update, print: table.print, leave: table.leave };
}

function reach(out: string): string {
  return out === "" ? "reached" : "left out";
}

function reachedColumns({ data }: Model): readonly Column<Reached>[] {
  return [
    {
      ...textColumn("account", "Account", "minmax(150px, 1.4fr)", ({ account }) => at(data.accounts, account).name),
      cell: ({ account }) =>
        h(
          "a",
          { class: "name", href: formatHash("organization", "", [["at", at(data.accounts, account).id]]) },
          at(data.accounts, account).name,
        ),
    },
    {
      ...textColumn("id", "Id", "124px", ({ account }) => at(data.accounts, account).id, true),
      cell: ({ account }) => h("code", {}, at(data.accounts, account).id),
    },
    textColumn(
      "ou",
      "OU",
      "minmax(120px, 1fr)",
      ({ account }) => at(data.ous, at(data.accounts, account).ou).path || "Root",
      true,
    ),
    {
      ...textColumn("reach", "Reach", "minmax(100px, 1.6fr)", ({ out }) =>
        out === "" ? "reached" : `left out: ${out}`,
      ),
      cell: ({ out }) =>
        out === ""
          ? h("span", { class: "reached" }, "reached")
          : h("span", { class: "left-out", title: out }, `left out: ${out}`),
    },
    textColumn("wave", "Wave", "minmax(90px, 0.8fr)", ({ wave }) => wave, true),
    textColumn("regions", "Regions", "minmax(110px, 1fr)", ({ regions }) => regions, true),
    textColumn("set", "StackSet", "minmax(140px, 1.2fr)", ({ stackSet }) => stackSet, true),
  ];
}
