import type { PageCrossing } from "../page-data";
import { h } from "./elements";
import { at, type Model, zoneName } from "./model";
import type { ViewMaker } from "./page";
import { chips, empty, facts, heading, hueOf, proofTag, zoneTag } from "./pieces";
import { formatHash } from "./state";
import { count, counted } from "./words";
import { zoneSheet } from "./zone-sheet";
import { drawWalls } from "./zone-walls";

const MOST_DOTS = 1000;
const MANY_DOTS = 200;

/** A map of key domains: each zone an area behind its wall, and what goes through the walls. */
export const zonesView: ViewMaker = (page, host, state) => {
  const { model } = page;
  const { zones, crossings } = model.data;
  const chosen = zones.findIndex(({ name }) => name === state.subject);
  if (chosen >= 0) {
    zoneSheet(model, host, chosen);
    return {};
  }
  const breaches = crossings.filter(({ exception }) => exception === null).length;
  const openings = crossings.length - breaches;
  host.append(
    heading(
      "Zones",
      `Independent key domains: nobody of one gets to a key of another. ${crossings.length === 0 ? "Nothing goes through a wall." : `${counted(openings, "accepted opening")}, ${counted(breaches, "breach", "breaches")}.`}`,
    ),
  );
  if (state.subject !== "") host.append(empty(`This report has no zone ${state.subject}.`));
  host.append(legend(openings > 0, breaches > 0));
  const areas = zones.map((_, zone) => zoneArea(model, zone));
  const map = h("div", { class: crossings.length > 0 ? "domains with-ways" : "domains" }, areas);
  host.append(h("div", { class: "domains-scroll", tabindex: 0, role: "group", "aria-label": "Map of zones" }, map));
  const redraw = (): void => drawWalls(map, areas, crossings);
  const observer = new ResizeObserver(redraw);
  observer.observe(map);
  return { leave: () => observer.disconnect() };
};

function legend(openings: boolean, breaches: boolean): HTMLElement {
  const square = (isFull: boolean) =>
    h("span", { class: "dots", "aria-hidden": "true" }, h("i", { class: isFull ? "full" : "" }));
  const line = (isBreach: boolean) =>
    h("i", { class: isBreach ? "way-line breach" : "way-line", "aria-hidden": "true" });
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend", "data-hue": "none" },
    h("li", {}, square(true), "account with keys"),
    h("li", {}, square(false), "account without"),
    openings && h("li", {}, line(false), "gets through the wall, accepted until a day"),
    breaches && h("li", {}, line(true), "gets through the wall, nobody accepts it"),
  );
}

function zoneArea(model: Model, zone: number): HTMLElement {
  const { data } = model;
  const it = at(data.zones, zone);
  const keys = at(model.keysOfZone, zone);
  const replicas = keys.reduce((sum, key) => sum + at(data.keys, key).replicas.length, 0);
  const crossings = data.crossings.filter(({ of }) => of === zone);
  return h(
    "section",
    { class: "domain", "data-hue": hueOf(zone), "data-proof": it.proof, "aria-label": `Zone ${it.name}` },
    h("header", {}, h("h2", {}, h("a", { href: formatHash("zones", it.name) }, it.name)), proofTag(it.proof)),
    h(
      "p",
      { class: "counts" },
      h("span", {}, h("b", {}, count(at(model.accountsOfZone, zone).length)), " accounts"),
      h("a", { href: formatHash("keys", "", [["zone", it.name]]) }, h("b", {}, count(keys.length)), " keys"),
      h("span", {}, h("b", {}, count(replicas)), " replicas"),
    ),
    dots(model, zone),
    facts([
      [
        "Keys live in",
        it.keyManagementAccount === null ? "each account" : at(data.accounts, it.keyManagementAccount).name,
        h("span", { class: "faint" }, ` ${it.topology}`),
      ],
      ["Regions", chips(it.regions)],
      ["Frameworks", chips(it.frameworks)],
      [
        "Guardrails",
        it.guardrails.length === 0
          ? h("span", { class: "faint" }, "none")
          : h(
              "ul",
              { class: "plain-list" },
              guardrailKinds(it.guardrails).map(([kind, names]) =>
                h(
                  "li",
                  { title: names.join("\n") },
                  kind.replace(/-/g, " "),
                  names.length > 1 && h("span", { class: "faint" }, ` ${names.length}`),
                ),
              ),
            ),
      ],
    ]),
    crossings.length > 0 &&
      h(
        "ul",
        { class: "openings" },
        crossings.slice(0, 6).map((crossing) => opening(model, crossing)),
        crossings.length > 6 &&
          h(
            "li",
            { class: "faint" },
            h("a", { href: formatHash("zones", it.name) }, `and ${crossings.length - 6} more`),
          ),
      ),
  );
}

/** A square for each account, filled where keys live. */
function dots(model: Model, zone: number): HTMLElement {
  const accounts = at(model.accountsOfZone, zone);
  const shown = accounts.slice(0, MOST_DOTS);
  return h(
    "div",
    {
      class: accounts.length > MANY_DOTS ? "dots many" : "dots",
      role: "img",
      "aria-label": `${accounts.length} accounts, ${accounts.filter((account) => at(model.keysOfAccount, account).length > 0).length} of them with keys`,
    },
    shown.map((account) =>
      h("i", {
        class: at(model.keysOfAccount, account).length > 0 ? "full" : "",
        title: `${at(model.data.accounts, account).name}: ${counted(at(model.keysOfAccount, account).length, "key")}`,
      }),
    ),
    accounts.length > shown.length && h("span", { class: "faint" }, `+${count(accounts.length - shown.length)}`),
  );
}

function opening(model: Model, { of, from, exception, what }: PageCrossing): HTMLElement {
  const accepted = exception === null ? undefined : at(model.data.exceptions, exception);
  return h(
    "li",
    { class: accepted ? "opening" : "opening breach", title: what },
    h(
      "strong",
      {},
      accepted
        ? h("a", { href: formatHash("findings", "exceptions", [["q", accepted.name]]) }, accepted.name)
        : h(
            "a",
            {
              href: formatHash("findings", "", [
                ["is", "open"],
                ["zone", zoneName(model.data, of)],
              ]),
            },
            "Breach",
          ),
    ),
    h("span", {}, " from ", zoneTag(model, from)),
    h("small", {}, accepted ? `accepted until ${accepted.expires}` : what),
  );
}

function guardrailKinds(guardrails: readonly { readonly name: string; readonly kind: string }[]): [string, string[]][] {
  const kinds = new Map<string, string[]>();
  for (const { name, kind } of guardrails) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  return [...kinds];
}
