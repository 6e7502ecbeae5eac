import { nameOrder } from "../../aws/name-order";
import { planSeconds } from "../graph/stack-cost";
import type { StackNode } from "../graph/stack-node";

export const groupings = ["ou", "zone", "stack"] as const;
export type Grouping = (typeof groupings)[number];

/** The stacks that one job of a pipeline plans: always of one zone, whose role the job assumes. */
export interface MatrixEntry {
  /** `commercial/Workloads/Prod`, `zone pci`, or the stack's name; no two entries share one. */
  readonly name: string;
  readonly zone: string;
  readonly organization: string;
  /** Empty for what is of no OU, or of several. */
  readonly ou: string;
  readonly stacks: readonly string[];
}

export interface Matrix {
  readonly entries: readonly MatrixEntry[];
  /** How many entries there would have been without a limit, where there would have been more. */
  readonly mergedFrom: number | undefined;
}

interface Group extends MatrixEntry {
  readonly seconds: number;
}

/** Neither a shell nor a glob reads anything into such a name. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** One argument of a program may have 131,072 bytes on Linux. Source: https://man7.org/linux/man-pages/man2/execve.2.html */
const MOST_CHARACTERS = 100_000;

/**
 * Cuts stacks into jobs, each of an OU, of a zone or of one stack; what there is too much of, the smallest first, is put together.
 *
 * @param most as many jobs as the pipeline may have
 * @returns the jobs by name, or why there are none
 */
export function matrixOf(
  nodes: readonly StackNode[],
  grouping: Grouping,
  most: number,
): Matrix | { readonly problems: readonly string[] } {
  const odd = nodes.filter(({ name }) => !plainName.test(name));
  if (odd.length > 0) {
    return {
      problems: odd.map(
        ({ name }) =>
          `stack ${JSON.stringify(name)}: a job could read more into this name than a name; letters, digits and . _ - are none of that`,
      ),
    };
  }
  const groups = groupsOf(nodes, grouping);
  const zones = new Map<string, Group[]>();
  for (const group of groups) zones.set(group.zone, [...(zones.get(group.zone) ?? []), group]);
  if (zones.size > most) {
    return {
      problems: [
        `${zones.size} zones have affected stacks, and there may be ${most} jobs, each of one zone: use --shard`,
      ],
    };
  }
  const jobs = jobsOfZones(zones, most);
  const entries = [...zones].flatMap(([zone, own]) => merged(own, jobs.get(zone) ?? 1));
  return {
    entries: entries.sort((a, b) => nameOrder(a.name, b.name)).map(({ seconds: _, ...entry }) => entry),
    mergedFrom: groups.length > most ? groups.length : undefined,
  };
}

function groupsOf(nodes: readonly StackNode[], grouping: Grouping): Group[] {
  const byPlace = new Map<string, StackNode[]>();
  for (const node of [...nodes].sort((a, b) => nameOrder(a.name, b.name))) {
    const place = JSON.stringify([node.zone, placeOf(node, grouping)]);
    byPlace.set(place, [...(byPlace.get(place) ?? []), node]);
  }
  const groups = [...byPlace.values()].flatMap((own): Group[] => {
    const [first] = own;
    if (first === undefined) return [];
    const name = placeOf(first, grouping);
    const ou = grouping === "zone" ? "" : (first.ou ?? "");
    const parts = inParts(own);
    return parts.map((part, index) => ({
      name: parts.length === 1 ? name : `${name} (${index + 1} of ${parts.length})`,
      zone: first.zone,
      organization: first.organization,
      ou,
      stacks: part.map((node) => node.name),
      seconds: part.reduce((sum, node) => sum + planSeconds(node), 0),
    }));
  });
  // An OU may have accounts of several zones.
  const times = new Map<string, number>();
  for (const { name } of groups) times.set(name, (times.get(name) ?? 0) + 1);
  return groups.map((group) =>
    (times.get(group.name) ?? 0) > 1 ? { ...group, name: `${group.name}, zone ${group.zone}` } : group,
  );
}

function placeOf({ name, organization, ou, zone }: StackNode, grouping: Grouping): string {
  if (grouping === "stack") return name;
  if (grouping === "zone" || ou === undefined) return `zone ${zone}`;
  return ou === "" ? organization : `${organization}/${ou}`;
}

/** As many stacks together as an argument has room for. */
function inParts(nodes: readonly StackNode[]): StackNode[][] {
  const parts: StackNode[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    characters += node.name.length + 1;
    if (characters > MOST_CHARACTERS) {
      parts.push([]);
      characters = node.name.length + 1;
    }
    parts.at(-1)?.push(node);
  }
  return parts;
}

/** One job for each zone, and the others where there is most to do for each job. */
function jobsOfZones(zones: ReadonlyMap<string, readonly Group[]>, most: number): Map<string, number> {
  const sides = [...zones]
    .map(([zone, groups]) => ({ zone, jobs: 1, groups: groups.length, seconds: secondsOf(groups) }))
    .sort((a, b) => nameOrder(a.zone, b.zone));
  for (let left = most - sides.length; left > 0; left -= 1) {
    const open = sides.filter(({ jobs, groups }) => jobs < groups);
    if (open.length === 0) break;
    const next = open.reduce((a, b) => (b.seconds / b.jobs > a.seconds / a.jobs ? b : a));
    next.jobs += 1;
  }
  return new Map(sides.map(({ zone, jobs }) => [zone, jobs]));
}

/** The largest stay alone, as long as there are jobs. */
function merged(groups: readonly Group[], jobs: number): Group[] {
  if (groups.length <= jobs) return [...groups];
  const bins = Array.from({ length: jobs }, () => ({ seconds: 0, groups: [] as Group[] }));
  for (const group of [...groups].sort((a, b) => b.seconds - a.seconds || nameOrder(a.name, b.name))) {
    const least = bins.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    least.seconds += group.seconds;
    least.groups.push(group);
  }
  return bins.flatMap((bin) => {
    const own = bin.groups.sort((a, b) => nameOrder(a.name, b.name));
    const [first] = own;
    if (first === undefined || own.length === 1) return own;
    return [
      {
        ...first,
        name: `${first.name} and ${own.length - 1} more`,
        ou: own.every(({ ou }) => ou === first.ou) ? first.ou : "",
        stacks: own.flatMap(({ stacks }) => stacks).sort(nameOrder),
        seconds: bin.seconds,
      },
    ];
  });
}

function secondsOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { seconds }) => sum + seconds, 0);
}
