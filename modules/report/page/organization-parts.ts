import { h } from "./elements";
import { BOX, COLUMN, type Placed } from "./organization-layout";
import type { OrganizationNode } from "./organization-nodes";
import { hueOf } from "./pieces";
import { count } from "./words";

/** Of the accounts of one OU, how many are added each time that somebody wants more. */
export const MORE = 40;

/** Small organizations are shown as a whole, large ones down to the OUs that have OUs. */
export function openFirst(node: OrganizationNode, all: boolean, open: Set<OrganizationNode>): void {
  for (const child of node.children) {
    if (!all && !child.children.some(({ kind }) => kind === "ou")) continue;
    if (child.children.length > 0 && (all || child.children.length <= MORE)) open.add(child);
    openFirst(child, all, open);
  }
}

export function moreOf(parent: OrganizationNode, rest: readonly OrganizationNode[]): OrganizationNode {
  const mix = new Map<number | null, number>();
  for (const zone of rest.flatMap((each) => [...each.mix.keys()])) mix.set(zone, (mix.get(zone) ?? 0) + 1);
  return {
    id: `${parent.id}/…`,
    kind: "more",
    label: `${count(rest.length)} more accounts`,
    parent,
    children: [],
    account: undefined,
    accounts: [],
    keys: 0,
    mix,
  };
}

export function branch(from: Placed, to: Placed): string {
  const x = from.x + BOX.width;
  const middle = x + (COLUMN - BOX.width) / 2;
  const [y0, y1] = [from.y + BOX.height / 2, to.y + BOX.height / 2];
  return y0 === y1 ? `M${x},${y0}H${to.x}` : `M${x},${y0}H${middle}V${y1}H${to.x}`;
}

export function mixBar(node: OrganizationNode): HTMLElement {
  return h(
    "span",
    { class: "mix", "aria-hidden": "true" },
    [...node.mix]
      .sort(([a], [b]) => (a ?? -1) - (b ?? -1))
      .map(([zone, accounts]) => {
        const part = h("i", { "data-hue": hueOf(zone) });
        part.style.flexGrow = String(accounts);
        return part;
      }),
  );
}

export function button(label: string, text: string, click: () => void): HTMLElement {
  return h("button", { type: "button", class: "button", "aria-label": label, title: label, click }, text);
}
