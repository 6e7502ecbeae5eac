import type { PageProof } from "../page-data";
import { type Child, h } from "./elements";
import { at, type Model, zoneName } from "./model";
import type { Laid } from "./overlay";
import { formatHash } from "./state";

/** How many hues the styles have. */
const HUES = 8;
const proofWords = {
  holds: "wall holds",
  accepted: "wall holds but for exceptions",
  breached: "wall is breached",
} as const;

/** A view's title, and what is said of it in a line. */
export function heading(title: Child, ...line: readonly Child[]): HTMLElement {
  return h(
    "div",
    { class: "heading" },
    h("h1", { tabindex: -1 }, title),
    line.length > 0 && h("p", { class: "lede" }, ...line),
  );
}

export function hueOf(zone: number | null): string {
  return zone === null ? "none" : String(zone % HUES);
}

/** A zone by its colour and always by its name: not everybody sees the colour. */
export function zoneTag(model: Model, zone: number | null, link = false): HTMLElement {
  const name = zoneName(model.data, zone);
  const parts = [h("i", { class: "swatch", "aria-hidden": "true" }), h("span", {}, name)];
  return link && zone !== null
    ? h("a", { class: "zone", "data-hue": hueOf(zone), href: formatHash("zones", name) }, parts)
    : h("span", { class: "zone", "data-hue": hueOf(zone) }, parts);
}

/** What the checks prove of a zone's wall. */
export function proofTag(proof: PageProof): HTMLElement {
  return h("span", { class: "proof", "data-proof": proof }, proofWords[proof]);
}

export function severityTag(severity: string): HTMLElement {
  return h("span", { class: "severity", "data-severity": severity }, severity);
}

export function keyLink(model: Model, key: number): HTMLElement {
  const { id, alias } = at(model.data.keys, key);
  return h("a", { class: "name", href: formatHash("key", id), title: alias || id }, alias || id);
}

export function keyMark(changes: readonly Laid[] | undefined): Child {
  const [first] = changes ?? [];
  if (!changes || !first) return undefined;
  const words = changes.length === 1 ? first.id : `${changes.length} changes`;
  return h("span", { class: "changed", title: changes.map(({ id, what }) => `${id}: ${what}`).join("\n") }, words);
}

/** Terms and what they are, as a list. */
export function facts(entries: readonly (readonly [term: string, ...what: readonly Child[]])[]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    entries.map(([term, ...what]) => h("div", {}, h("dt", {}, term), h("dd", {}, ...what))),
  );
}

export function chips(names: readonly string[], none = "none"): Child {
  return names.length === 0
    ? h("span", { class: "faint" }, none)
    : h(
        "ul",
        { class: "chips" },
        names.map((name) => h("li", {}, name)),
      );
}

/** Numbers that sum a view up. */
export function figures(entries: readonly (readonly [label: string, value: Child, note?: Child])[]): HTMLElement {
  return h(
    "dl",
    { class: "figures" },
    entries.map(([label, value, note]) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, value, note !== undefined && h("small", {}, note))),
    ),
  );
}

/** Two or more ways of looking at the same: links, so that each has an address. */
export function switcher(
  label: string,
  entries: readonly (readonly [label: string, href: string, current: boolean])[],
): HTMLElement {
  return h(
    "nav",
    { class: "switcher", "aria-label": label },
    entries.map(([name, href, current]) => h("a", { href, "aria-current": current ? "true" : undefined }, name)),
  );
}

export function empty(...words: readonly Child[]): HTMLElement {
  return h("p", { class: "empty" }, ...words);
}
