import { select } from "d3-selection";
import { type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { h, replace, s } from "./elements";
import { at, type Model, zoneName } from "./model";
import { BOX, type Layout, layOut, type Placed } from "./organization-layout";
import { type OrganizationNode, onlyZone } from "./organization-nodes";
import { branch, button, MORE, mixBar, moreOf, openFirst } from "./organization-parts";
import { hueOf } from "./pieces";
import { count } from "./words";

interface Tree {
  readonly element: HTMLElement;
  readonly show: (root: OrganizationNode) => void;
  /** Opens what is above it, and brings it to the screen. */
  readonly reveal: (node: OrganizationNode, focus: boolean) => void;
}

const MARGIN = 28;
const NEARER = 1.3;
/** Below it text is too small to read. */
const READABLE = 0.8;

export function organizationTree(model: Model, small: boolean, choose: (node: OrganizationNode) => void): Tree {
  const open = new Set<OrganizationNode>();
  /** What is below each part as it was last drawn. */
  const shown = new Map<OrganizationNode, readonly OrganizationNode[]>();
  const limits = new Map<OrganizationNode, number>();
  const links = s("svg", { class: "tree-drawing", "aria-hidden": "true" });
  const items = h("div", {
    role: "tree",
    class: "tree",
    "aria-label": "Organization",
    keydown: (event) => move(event as KeyboardEvent),
  });
  const canvas = h("div", { class: "tree-canvas" }, links, items);
  const window_ = h("div", { class: "tree-window" }, canvas);
  const buttons = h(
    "div",
    { class: "tree-buttons" },
    button("Farther", "−", () => scale(1 / NEARER)),
    button("Closer", "+", () => scale(NEARER)),
    button("Show all of it", "Fit", showAll),
  );
  const element = h("div", { class: "tree-frame" }, window_, buttons);
  let root: OrganizationNode | undefined;
  let layout: Layout | undefined;
  let active: OrganizationNode | undefined;
  let transform: ZoomTransform = zoomIdentity;

  const zooming = zoom<HTMLElement, unknown>()
    .scaleExtent([0.3, 2])
    .filter(
      (event: MouseEvent) => !event.button && (event.type !== "wheel" || event.ctrlKey) && event.type !== "dblclick",
    )
    .on("zoom", (event: { transform: ZoomTransform }) => {
      transform = event.transform;
      canvas.style.transform = `translate(${transform.x}px, ${transform.y}px) scale(${transform.k})`;
      keepLabels();
    });
  const surface = select<HTMLElement, unknown>(window_).call(zooming).on("dblclick.zoom", null);
  // A wheel moves what one reads; with ctrl, as with two fingers, it comes closer.
  window_.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      surface.call(zooming.translateBy, -event.deltaX / transform.k, -event.deltaY / transform.k);
    },
    { passive: false },
  );

  function shownOf(node: OrganizationNode): readonly OrganizationNode[] {
    const known = shown.get(node);
    if (known) return known;
    const parts = partsOf(node);
    shown.set(node, parts);
    return parts;
  }

  function partsOf(node: OrganizationNode): readonly OrganizationNode[] {
    if (!open.has(node)) return [];
    const limit = limits.get(node) ?? MORE;
    const accounts = node.children.filter(({ kind }) => kind === "account");
    if (accounts.length <= limit + 1) return node.children;
    const first = new Set(accounts.slice(0, limit));
    const rest = accounts.filter((each) => !first.has(each));
    return [...node.children.filter((each) => each.kind !== "account" || first.has(each)), moreOf(node, rest)];
  }

  function draw(): void {
    if (!root) return;
    shown.clear();
    layout = layOut(root, shownOf);
    const { placed, areas, width, height } = layout;
    for (const [name, value] of [
      ["width", width + MARGIN],
      ["height", height + MARGIN],
    ] as const)
      links.setAttribute(name, String(value));
    zooming.translateExtent([
      [-MARGIN * 8, -MARGIN * 8],
      [width + MARGIN * 8, height + MARGIN * 8],
    ]);
    links.replaceChildren(
      ...areas.map(({ zone, x, y, height }) =>
        s(
          "g",
          { "data-hue": hueOf(zone), class: "area" },
          s("rect", { x, y, width: width - x - 2, height, rx: 7 }),
          s("text", { "data-x": x + 10, y: y + 16 }, zoneName(model.data, zone)),
        ),
      ),
      ...layout.links.map(([from, to]) => s("path", { class: "branch", d: branch(from, to) })),
    );
    if (!placed.some(({ node }) => node === active)) active = placed[0]?.node;
    replace(items, placed.map(drawNode));
    keepLabels();
  }

  /** An area's name is at its left, or where the screen begins after it does. */
  function keepLabels(): void {
    const start = transform.invertX(12);
    for (const label of links.querySelectorAll<SVGElement>(".area text")) {
      label.setAttribute("x", String(Math.max(start, Number(label.dataset.x))));
    }
  }

  function drawNode({ node, depth, x, y, open, siblings, position }: Placed): HTMLElement {
    const expandable = node.children.length > 0;
    const zone = onlyZone(node);
    const account = node.account === undefined ? undefined : at(model.data.accounts, node.account);
    const item = h(
      "div",
      {
        role: "treeitem",
        class: `node node-${node.kind}`,
        "data-id": node.id,
        "data-hue": zone === undefined ? undefined : hueOf(zone),
        "aria-level": depth + 1,
        "aria-setsize": siblings,
        "aria-posinset": position,
        "aria-expanded": expandable ? String(open) : undefined,
        "aria-selected": String(node === active),
        tabindex: node === active ? 0 : -1,
        title: node.kind === "more" ? undefined : `${node.label}: ${summaryOf(node)}`,
        click: () => activate(node),
      },
      expandable && h("span", { class: "twist", "aria-hidden": "true" }, open ? "−" : "+"),
      account && h("i", { class: "swatch", "aria-hidden": "true" }),
      h("span", { class: "label" }, node.label),
      account && account.status !== "active" && h("span", { class: "status" }, account.status),
      expandable && mixBar(node),
      node.kind !== "more" && [
        h("span", { class: "amount", "aria-hidden": "true" }, count(account ? node.keys : node.accounts.length)),
        h("span", { class: "unseen" }, `: ${summaryOf(node)}`),
      ],
    );
    item.style.transform = `translate(${x}px, ${y}px)`;
    item.style.width = `${BOX.width}px`;
    return item;
  }

  function summaryOf(node: OrganizationNode): string {
    const zones = [...node.mix].map(([zone, accounts]) =>
      node.kind === "account" ? zoneName(model.data, zone) : `${accounts} in ${zoneName(model.data, zone)}`,
    );
    const amount =
      node.kind === "account" ? `${node.id}, ${node.keys} keys` : `${node.accounts.length} accounts, ${node.keys} keys`;
    return `${amount}; ${zones.join(", ")}`;
  }

  function activate(node: OrganizationNode): void {
    if (node.kind === "more" && node.parent) {
      limits.set(node.parent, (limits.get(node.parent) ?? MORE) + MORE);
      const first = node.children[0];
      active =
        node.parent.children.filter(({ kind }) => kind === "account")[(limits.get(node.parent) ?? MORE) - MORE] ??
        first;
      draw();
      focus();
      return;
    }
    active = node;
    if (node.children.length > 0) toggle(node, !open.has(node));
    else draw();
    focus();
    choose(node);
  }

  function toggle(node: OrganizationNode, wanted: boolean): void {
    if (wanted) open.add(node);
    else open.delete(node);
    draw();
  }

  function focus(): void {
    items.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    bringIn();
  }

  /** Moves the drawing by as little as shows what is in focus. */
  function bringIn(): void {
    const place = layout?.placed.find(({ node }) => node === active);
    if (!place) return;
    const [left, top] = transform.apply([place.x, place.y]);
    const [right, bottom] = transform.apply([place.x + BOX.width, place.y + BOX.height]);
    const { clientWidth: width, clientHeight: height } = window_;
    const dx = left < MARGIN ? MARGIN - left : right > width - MARGIN ? width - MARGIN - right : 0;
    const dy = top < MARGIN ? MARGIN - top : bottom > height - MARGIN ? height - MARGIN - bottom : 0;
    if (dx !== 0 || dy !== 0) surface.call(zooming.translateBy, dx / transform.k, dy / transform.k);
  }

  function scale(by: number): void {
    surface.call(zooming.scaleBy, by);
  }

  function showAll(): void {
    if (!layout) return;
    const k = Math.max(
      0.3,
      Math.min(
        1,
        (window_.clientWidth - 2 * MARGIN) / layout.width,
        (window_.clientHeight - 2 * MARGIN) / layout.height,
      ),
    );
    surface.call(zooming.transform, zoomIdentity.translate(MARGIN, MARGIN).scale(k));
  }

  function move(event: KeyboardEvent): void {
    const placed = layout?.placed ?? [];
    const index = placed.findIndex(({ node }) => node === active);
    const here = placed[index];
    if (!here) return;
    const go = (target: OrganizationNode | undefined): void => {
      event.preventDefault();
      if (!target) return;
      active = target;
      for (const item of items.children) {
        const current = (item as HTMLElement).dataset.id === target.id;
        item.setAttribute("tabindex", current ? "0" : "-1");
        item.setAttribute("aria-selected", String(current));
      }
      focus();
    };
    const { node } = here;
    const closed = node.children.length > 0 && !open.has(node);
    if (event.key === "ArrowDown") go(placed[index + 1]?.node);
    else if (event.key === "ArrowUp") go(placed[index - 1]?.node);
    else if (event.key === "Home") go(placed[0]?.node);
    else if (event.key === "End") go(placed.at(-1)?.node);
    else if (event.key === "ArrowRight" && !closed) go(shownOf(node)[0]);
    else if (event.key === "ArrowLeft" && !open.has(node)) go(node.parent);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      toggle(node, closed);
      focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      activate(node);
    } else if (event.key === "+" || event.key === "=") scale(NEARER);
    else if (event.key === "-") scale(1 / NEARER);
    else if (event.key === "0") showAll();
  }

  return {
    element,
    show: (next) => {
      root = next;
      open.add(next);
      openFirst(next, small, open);
      draw();
      const k = Math.min(1, Math.max(READABLE, (window_.clientWidth - 2 * MARGIN) / (layout?.width ?? 1)));
      surface.call(zooming.transform, zoomIdentity.translate(MARGIN, MARGIN).scale(k));
    },
    reveal: (node, wanted) => {
      for (let above = node.parent; above; above = above.parent) open.add(above);
      const siblings = node.parent?.children.filter(({ kind }) => kind === "account") ?? [];
      if (node.parent && siblings.indexOf(node) >= (limits.get(node.parent) ?? MORE))
        limits.set(node.parent, siblings.indexOf(node) + MORE / 2);
      active = node;
      draw();
      if (wanted) focus();
      else bringIn();
    },
  };
}
