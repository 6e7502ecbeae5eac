import { locatePointers, type Position } from "../access/json-text";
import type { Place } from "../access/policy-statement";
import type { Finding } from "../findings/finding";

/** A finding as checks give it. */
export interface PlacedFinding extends Finding {
  /** In the synthesized JSON; undefined for what is wrong in the map alone. */
  readonly place: Place | undefined;
  /** The places of the map behind it: `workloads/payments.yaml payments.environments.prod`. */
  readonly sources: readonly string[];
}

/** A place in a file, as people and editors go to it. */
export interface FilePlace extends Position {
  /** As the user named its folder, with `/`: `cdktf.out/stacks/acme.health.clinic/cdk.tf.json`. */
  readonly file: string;
}

/** In the synthesized JSON. */
export interface OutputPlace extends FilePlace {
  readonly stack: string;
  /** What the finding points at; line and column are those of its nearest parent when the file has no such place. */
  readonly pointer: string;
}

/** In the organization map. */
export interface MapPlace extends FilePlace {
  /** `payments.environments.prod` */
  readonly path: string;
}

/** A finding with the lines that somebody has to look at. */
export interface LocatedFinding extends Finding {
  /** Undefined for what is wrong in the map alone. */
  readonly output: OutputPlace | undefined;
  readonly map: readonly MapPlace[];
}

export interface LocatedException {
  readonly finding: LocatedFinding;
  readonly exception: ReportedException;
}

/** Who answers for a finding, why, and until which day. */
export interface ReportedException {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  /** The day from which it no longer holds. */
  readonly expires: string;
}

/** Where texts come from: reading them is the command line's business. */
export interface TextSources {
  /** A stack's JSON and its file's name; undefined for a document that is no stack. */
  stackText(stack: string): { readonly file: string; readonly text: string } | undefined;
  /** The place that `workloads/payments.yaml payments.environments.prod` names. */
  mapPlace(source: string): MapPlace;
}

/**
 * Turns pointers and sources into lines: each stack's text is asked for once, and only where there is a finding.
 *
 * @returns the findings in the order given
 */
export function locateFindings(findings: readonly PlacedFinding[], sources: TextSources): LocatedFinding[] {
  const outputs = locateOutputs(
    findings.flatMap(({ place }) => place ?? []),
    sources,
  );
  const mapPlaces = new Map<string, MapPlace>();
  const mapPlace = (source: string): MapPlace => {
    const place = mapPlaces.get(source) ?? sources.mapPlace(source);
    mapPlaces.set(source, place);
    return place;
  };
  return findings.map(({ place, sources: behind, ...finding }) => ({
    ...finding,
    output: place === undefined ? undefined : outputs.get(place.document)?.(place.path),
    map: behind.map(mapPlace),
  }));
}

/** The same for findings that somebody has accepted. */
export function locateAccepted(
  accepted: readonly { readonly finding: PlacedFinding; readonly exception: ReportedException }[],
  sources: TextSources,
): LocatedException[] {
  const located = locateFindings(
    accepted.map(({ finding }) => finding),
    sources,
  );
  return accepted.flatMap(({ exception }, index) => {
    const finding = located[index];
    return finding === undefined ? [] : [{ finding, exception }];
  });
}

type Locate = (pointer: string) => OutputPlace;

/** The same for places alone: by stack, whatever of it was named. */
export function locateOutputs(
  places: readonly Place[],
  sources: Pick<TextSources, "stackText">,
): ReadonlyMap<string, Locate> {
  const pointersByStack = new Map<string, Set<string>>();
  for (const place of places) {
    const pointers = pointersByStack.get(place.document) ?? new Set();
    for (const pointer of withParents(place.path)) pointers.add(pointer);
    pointersByStack.set(place.document, pointers);
  }
  const located = new Map<string, Locate>();
  for (const [stack, pointers] of pointersByStack) {
    const source = sources.stackText(stack);
    if (source === undefined) continue;
    const { file, text } = source;
    const positions = isJson(text) ? locatePointers(text, pointers) : new Map<string, Position>();
    located.set(stack, (pointer) => {
      const nearest = withParents(pointer).find((each) => positions.has(each)) ?? "";
      return { file, ...(positions.get(nearest) ?? { line: 1, column: 1 }), stack, pointer };
    });
  }
  return located;
}

/** A pointer and everything above it, nearest first. */
function withParents(pointer: string): string[] {
  if (pointer === "") return [""];
  return [pointer, ...withParents(pointer.slice(0, Math.max(0, pointer.lastIndexOf("/"))))];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
