import { h } from "./elements";
import type { Model } from "./model";
import { formatHash, type ViewName } from "./state";
import { currentTheme, toggleTheme } from "./theme";
import { count, counted } from "./words";

interface Navigation {
  readonly element: HTMLElement;
  readonly mark: (view: ViewName) => void;
}

/** The views by name, each with how much there is in it. */
export function navigation(model: Model, help: () => void): Navigation {
  const { data, overlay } = model;
  const entries: readonly (readonly [ViewName, string, number | undefined])[] = [
    ["organization", "Organization", data.accounts.length],
    ["zones", "Zones", data.zones.length],
    ["keys", "Keys", data.keys.length],
    ["access", "Access", data.principals.length],
    ["findings", "Findings", data.findings.filter(({ exception }) => exception === null).length],
    ["rollouts", "Rollouts", data.rollouts.length],
    ["cost", "Cost", undefined],
  ];
  const laid: readonly (readonly [ViewName, string, number | undefined])[] = [
    ...(overlay.review ? [["review", "Review", overlay.review.changes.length] as const] : []),
    ...(overlay.drift ? [["drift", "Drift", overlay.drift.changes.length] as const] : []),
  ];
  const links = new Map<ViewName, HTMLElement>();
  const item = ([view, label, amount]: readonly [ViewName, string, number | undefined]): HTMLElement => {
    const link = h(
      "a",
      { href: formatHash(view) },
      h("span", {}, label),
      amount !== undefined && h("span", { class: "amount" }, count(amount)),
    );
    links.set(view, link);
    return h("li", {}, link);
  };
  const theme = h("button", { type: "button", class: "quiet", click: () => name(toggleTheme()) });
  function name(current: string): void {
    theme.textContent = current === "dark" ? "Light theme" : "Dark theme";
  }
  name(currentTheme());
  const element = h(
    "header",
    { class: "side" },
    h(
      "div",
      { class: "brand" },
      h("strong", {}, "orgkeys"),
      h("span", {}, data.organizations.map(({ name }) => name).join(", ")),
    ),
    h("nav", { "aria-label": "Views" }, h("ul", {}, entries.map(item), laid.map(item))),
    h(
      "div",
      { class: "side-foot" },
      h("p", {}, data.today, h("br"), h("span", { class: "path", title: data.output }, data.output)),
      data.notices.length > 0 &&
        h(
          "a",
          { class: "notice", href: formatHash("findings", "notices") },
          counted(data.notices.length, "thing"),
          " this page cannot tell",
        ),
      theme,
      h(
        "button",
        { type: "button", class: "quiet", click: help, "aria-label": "Help, keyboard" },
        "Keyboard ",
        h("kbd", {}, "?"),
      ),
    ),
  );
  return {
    element,
    mark: (view) => {
      for (const [name, link] of links) {
        if (name === (view === "key" ? "keys" : view)) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
  };
}
