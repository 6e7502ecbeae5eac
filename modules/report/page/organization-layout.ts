import { hierarchy } from "d3-hierarchy";
import { type OrganizationNode, onlyZone } from "./organization-nodes";

/** Pixels. */
export const ROW = 32;
export const COLUMN = 218;
export const BOX = { width: 192, height: 26 };
const AREA_GAP = 10;
/** Above the first row of an area, for its name. */
const AREA_HEAD = 24;
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
export function layOut(
  root: OrganizationNode,
  shownOf: (node: OrganizationNode) => readonly OrganizationNode[],
): Layout {
  const tree = hierarchy(root, (node) => [...shownOf(node)]);
  const runs = zoneRuns(root, shownOf);
  const firstLeaf = (node: OrganizationNode): OrganizationNode => {
    const [first] = shownOf(node);
    return first ? firstLeaf(first) : node;
  };
  const starts = new Set(runs.map(({ first }) => firstLeaf(first)));
  const tops = new Map<OrganizationNode, number>();
  const bottoms = new Map<OrganizationNode, number>();
  let y = -AREA_GAP;
  tree.eachAfter(({ data, children }) => {
    if (!children && (starts.has(data) || y < 0)) y += AREA_GAP + AREA_HEAD;
    tops.set(data, tops.get((children?.[0] ?? { data }).data) ?? y);
    bottoms.set(data, bottoms.get((children?.at(-1) ?? { data }).data) ?? y);
    if (!children) y += ROW;
  });
  const placed = new Map<OrganizationNode, Placed>();
  tree.eachBefore(({ data, depth, children, parent }) => {
    const siblings = parent?.children?.map((each) => each.data) ?? [data];
    const position = siblings.indexOf(data) + 1;
    placed.set(data, {
      node: data,
      depth,
      x: depth * COLUMN,
      y: tops.get(data) ?? 0,
      open: children !== undefined,
      siblings: siblings.length,
      position,
    });
  });
  const areas = runs.map(({ zone, first, last }): Area => {
    const top = (tops.get(first) ?? 0) - AREA_HEAD;
    return {
      zone,
      x: (placed.get(first)?.x ?? 0) - AREA_INSET,
      y: top,
      height: (bottoms.get(last) ?? 0) + BOX.height + AREA_INSET - top,
    };
  });
  const links = [...placed.values()].flatMap((to): (readonly [Placed, Placed])[] => {
    const from = to.node.parent && placed.get(to.node.parent);
    return from ? [[from, to]] : [];
  });
  const depth = Math.max(...[...placed.values()].map((each) => each.depth));
  return {
    placed: [...placed.values()],
    links,
    areas,
    width: (depth + 1) * COLUMN - COLUMN + BOX.width + AREA_INSET * 2,
    height: y,
  };
}

/** Siblings in a row in which everything is in one zone. */
interface ZoneRun {
  readonly zone: number | null;
  readonly first: OrganizationNode;
  last: OrganizationNode;
}

function zoneRuns(node: OrganizationNode, shownOf: (node: OrganizationNode) => readonly OrganizationNode[]): ZoneRun[] {
  const runs: ZoneRun[] = [];
  let run: ZoneRun | undefined;
  for (const part of shownOf(node)) {
    const zone = onlyZone(part);
    if (zone === undefined) {
      run = undefined;
      runs.push(...zoneRuns(part, shownOf));
    } else if (run?.zone === zone) run.last = part;
    else {
      run = { zone, first: part, last: part };
      runs.push(run);
    }
  }
  return runs;
}
