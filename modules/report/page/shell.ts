import { h, replace } from "./elements";
import { openHelp } from "./help";
import type { Model } from "./model";
import { navigation } from "./navigation";
import type { Page, View } from "./page";
import { preparePrint } from "./print";
import { formatHash, type PageState, parseHash } from "./state";
import { views } from "./views";

const TYPING_REST_MS = 120;

/** The frame around the views: navigation, keyboard, the address, what is read aloud. */
export function openShell(root: HTMLElement, model: Model): void {
  const live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  const main = h("main", { id: "main", tabindex: -1 });
  const skip = h("button", { class: "skip", type: "button", click: () => main.focus() }, "Skip to content");
  const side = navigation(model, openHelp);
  replace(root, skip, h("div", { class: "frame" }, side.element, main), live);

  let state = parseHash(location.hash);
  let view: View = {};
  let saying = 0;
  let typing = 0;
  const page: Page = {
    model,
    state: () => state,
    refine: (parameters, step) => {
      const query = new Map([...state.query, ...Object.entries(parameters)]);
      const hash = formatHash(state.view, state.subject, query);
      clearTimeout(typing);
      if (step === "choose") {
        history.pushState(null, "", hash);
        show(parseHash(hash));
      } else {
        // The address follows at rest: browsers refuse one that changes with every letter.
        typing = window.setTimeout(() => history.replaceState(null, "", hash), TYPING_REST_MS);
        show(parseHash(hash));
      }
    },
    say: (text) => {
      clearTimeout(saying);
      saying = window.setTimeout(() => {
        live.textContent = text;
      }, 300);
    },
  };

  function open(): void {
    view.leave?.();
    const host = h("div", { class: `view view-${state.view}` });
    replace(main, host);
    main.scrollTop = 0;
    view = views[state.view](page, host, state);
    side.mark(state.view);
    document.title = `${host.querySelector("h1")?.textContent ?? "orgkeys"} · orgkeys`;
  }

  function show(next: PageState): void {
    const same = next.view === state.view && next.subject === state.subject && view.update !== undefined;
    state = next;
    if (same) view.update?.(next);
    else {
      open();
      main.querySelector<HTMLElement>("h1")?.focus();
    }
  }

  addEventListener("hashchange", () => show(parseHash(location.hash)));
  addEventListener("popstate", () => {
    const next = parseHash(location.hash);
    if (formatHash(next.view, next.subject, next.query) !== formatHash(state.view, state.subject, state.query))
      show(next);
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    const writing = target?.matches("input, select, textarea") ?? false;
    if (event.key === "/" && !writing) {
      event.preventDefault();
      const search = main.querySelector<HTMLInputElement>("#search");
      search?.focus();
      search?.select();
    } else if (event.key === "?" && !writing) {
      openHelp();
    } else if (event.key === "Escape" && !view.escape?.() && writing) {
      target?.blur();
    }
  });
  preparePrint(root, model, () => view);
  open();
}
