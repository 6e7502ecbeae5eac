import { nameOrder } from "../aws/name-order";
import type { Drift, DriftPlace } from "./drift";
import type { DriftFinding } from "./drift-finding";
import { findingOfDrift } from "./finding-of-drift";
import type { CommandSettings } from "./next-step";

/** What a refresh of one stack showed. */
export interface RefreshedStack {
  /** Of the stack as a whole. */
  readonly place: Omit<DriftPlace, "region" | "address" | "resource" | "stack"> & { readonly stack: string };
  readonly changes: readonly RefreshedResource[];
}

/** A resource that AWS has other than the state. */
export interface RefreshedResource {
  readonly address: string;
  /** Whether AWS has it no more. */
  readonly isGone: boolean;
  /** Names of arguments, without their values: those may be secrets. */
  readonly attributes: readonly string[];
}

/**
 * Puts Terraform's word beside the findings of the same address; what no finding is about becomes one. What is gone along with what a
 * finding tells is explained by it.
 */
export function mergeTerraform(
  findings: readonly DriftFinding[],
  refreshed: readonly RefreshedStack[],
  settings: CommandSettings,
): DriftFinding[] {
  const changes = new Map<string, RefreshedResource>(
    refreshed.flatMap(({ place: { stack }, changes }) =>
      changes.map((change) => [`${stack} ${change.address}`, change]),
    ),
  );
  const nameOf = ({ place: { stack, address } }: DriftFinding): string => `${stack} ${address}`;
  const known = new Set<string>(findings.map(nameOf));
  const goneAlong = ({ goneAlong = [] }: DriftFinding): string[] =>
    goneAlong
      .map(({ stack, address }) => `${stack} ${address}`)
      .filter((name) => !known.has(name) && changes.get(name)?.isGone === true);
  const explained = new Set<string>(findings.flatMap(goneAlong));
  const more = refreshed.flatMap(({ place, changes }) =>
    changes
      .filter(({ address }) => !known.has(`${place.stack} ${address}`) && !explained.has(`${place.stack} ${address}`))
      .map((change) => findingOfDrift(driftOf(place, change), settings)),
  );
  return [...findings, ...more].map((finding) => {
    const own = changes.get(nameOf(finding));
    const along = goneAlong(finding).sort(nameOrder);
    const words = [
      ...(own === undefined ? [] : [wordsOf(own)]),
      ...(along.length === 0 ? [] : [`along with it ${along.join(", ")}`]),
    ];
    return { ...finding, terraform: words.length === 0 ? undefined : words.join("; ") };
  });
}

function driftOf(place: RefreshedStack["place"], change: RefreshedResource): Drift {
  const { address, attributes } = change;
  return {
    id: "terraform-drift",
    place: { ...place, region: undefined, address, resource: address },
    detail: [...attributes].sort(nameOrder),
    why: `a refresh of Terraform shows that it ${wordsOf(change)}`,
  };
}

function wordsOf({ isGone, attributes }: RefreshedResource): string {
  if (isGone) return "is no longer there";
  return `has other values: ${[...attributes].sort(nameOrder).join(", ")}`;
}
