import { h } from "./elements";

const shortcuts: readonly (readonly [keys: string, what: string])[] = [
  ["/", "Search in this view"],
  ["Escape", "Close what is open, leave the search"],
  ["↑ ↓ ← →", "Move in the tree, in tables and in the matrix; ← and → close and open a part of the tree"],
  ["Home End", "First and last"],
  ["Page Up, Page Down", "A screen further in tables and in the matrix"],
  ["Enter", "Open what is in focus"],
  ["+ − 0", "In the tree: closer, farther, all of it"],
  ["?", "This help"],
];

/** The keyboard, and how to send somebody what one sees. */
export function openHelp(): void {
  const close = h("button", { type: "button", class: "button", click: () => dialog.close() }, "Close");
  const dialog = h(
    "dialog",
    { class: "help", "aria-labelledby": "help-title", close: () => dialog.remove() },
    h("h2", { id: "help-title" }, "Keyboard"),
    h(
      "dl",
      {},
      shortcuts.map(([keys, what]) => h("div", {}, h("dt", {}, keys), h("dd", {}, what))),
    ),
    h("p", {}, "The address always says what is shown: copy it to send somebody exactly this view."),
    close,
  );
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
