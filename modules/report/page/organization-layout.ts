import { hierarchy } from "d3-hierarchy";
import { onlyZone, type OrganizationNode } from "./organization-nodes";

/** Pixels. */
export const ROW = 32;
export const COLUMN = 218;
export const BOX = { width: 192, height: 26 };
const AREA_GAP = 12;
const AREA_INSET = 8;

export interface Placed {
  readonly node: OrganizationNode;
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly open: boolean;
  readonly siblings: number;
  readonly position: number;
}

/** A part of the drawing in which everything is in one zone. */
export interface Area {
  readonly zone: number | null;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly links: readonly (readonly [from: Placed, to: Placed])[];
  readonly areas: readonly Area[];
  readonly width: number;
  readonly height: number;
}

/** A row for each leaf that is shown, each OU beside the first of what is in it. */
export function layOut(root: OrganizationNode, shownOf: (node: OrganizationNode) => readonly OrganizationNode[]): Layout {
  const tree = hierarchy(root, (node) => [...shownOf(node)]);
  const tops = new Map<OrganizationNode, number>();
  const bottoms = new Map<OrganizationNode, number>();
  let y = 0;
  let before: number | null | undefined;
  tree.eachAfter(({ data, children }) => {
    if (children) {
      tops.set(data, tops.get((children[0] ?? { data }).data) ?? y);
      bottoms.set(data, bottoms.get((children.at(-1) ?? { data }).data) ?? y);
      return;
    }
    const zone = onlyZone(data);
    if (before !== undefined && before !== zone) y += AREA_GAP;
    before = zone;
    tops.set(data, y);
    bottoms.set(data, y);
    y += ROW;
  });
  const placed = new Map<OrganizationNode, Placed>();
  tree.eachBefore(({ data, depth, children, parent }) => {
    const siblings = parent?.children?.map((each) => each.data) ?? [data];
    placed.set(data, { node: data, depth, x: depth * COLUMN, y: tops.get(data) ?? 0, open: children !== undefined, siblings: siblings.length, position: siblings.indexOf(data) + 1 });
  });
  const areas: Area[] = [];
  collectAreas(tree.data, shownOf, (node) => placed.get(node), (node) => bottoms.get(node) ?? 0, areas);
  const links = [...placed.values()].flatMap((to): (readonly [Placed, Placed])[] => {
    const from = to.node.parent && placed.get(to.node.parent);
    return from ? [[from, to]] : [];
  });
  const depth = Math.max(...[...placed.values()].map((each) => each.depth));
  return { placed: [...placed.values()], links, areas, width: (depth + 1) * COLUMN + 96, height: Math.max(y, ROW) };
}

/** Neighbours whose zone is the same are one area; it reaches to the right of everything below it. */
function collectAreas(
  node: OrganizationNode,
  shownOf: (node: OrganizationNode) => readonly OrganizationNode[],
  placedAt: (node: OrganizationNode) => Placed | undefined,
  bottomOf: (node: OrganizationNode) => number,
  areas: Area[],
): void {
  const parts = onlyZone(node) === undefined || node.kind === "organization" ? shownOf(node) : [node];
  let run: { zone: number | null; x: number; top: number; bottom: number } | undefined;
  const end = (): void => {
    if (run) areas.push({ zone: run.zone, x: run.x - AREA_INSET, y: run.top - 3, height: run.bottom - run.top + BOX.height + 6 });
    run = undefined;
  };
  for (const part of parts) {
    const zone = onlyZone(part);
    const place = placedAt(part);
    if (zone === undefined || !place) {
      end();
      collectAreas(part, shownOf, placedAt, bottomOf, areas);
      continue;
    }
    if (run?.zone !== zone) end();
    run = { zone, x: place.x, top: run?.top ?? place.y, bottom: bottomOf(part) };
  }
  end();
}
