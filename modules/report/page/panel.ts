import { type Child, h, replace } from "./elements";

interface Panel {
  readonly element: HTMLElement;
  readonly show: (title: Child, ...content: readonly Child[]) => void;
  readonly hide: () => void;
  readonly focus: () => void;
  /** Closes it; false where it is closed. */
  readonly escape: () => boolean;
}

/** What is known of one thing, beside the view that it was chosen in. */
/** @param home Takes the focus back where what had it is there no more. */
export function panel(label: string, close: () => void, home?: () => void): Panel {
  const element = h("aside", { class: "panel", "aria-label": label, hidden: true });
  let back: HTMLElement | undefined;
  return {
    element,
    show: (title, ...content) => {
      replace(
        element,
        h(
          "div",
          { class: "panel-head" },
          h("h2", { tabindex: -1 }, title),
          h("button", { type: "button", class: "quiet", "aria-label": "Close", click: close }, "✕"),
        ),
        h("div", { class: "panel-body", tabindex: 0, role: "group", "aria-label": label }, ...content),
      );
      element.hidden = false;
    },
    hide: () => {
      const inside = element.contains(document.activeElement);
      element.hidden = true;
      element.replaceChildren();
      if (inside && back?.isConnected) back.focus();
      else if (inside) home?.();
      back = undefined;
    },
    focus: () => {
      if (document.activeElement instanceof HTMLElement && !element.contains(document.activeElement))
        back = document.activeElement;
      element.querySelector<HTMLElement>("h2")?.focus();
    },
    escape: () => {
      if (element.hidden) return false;
      close();
      return true;
    },
  };
}
