import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { isFields } from "../access/stack-reading";
import type { PlanJson } from "../terraform/plan-json";
import type { GateInput, WantedKey } from "./gate-finding";
import { idOf, managedChanges, regionOfArn } from "./gated-stack";
import { keyTypes, replicaTypes } from "./resource-types";

/** The keys and replicas that a plan would make. */
export function wantedKeys({ node, text, plan }: GateInput): WantedKey[] {
  const made = managedChanges(plan).filter(
    ({ type, action }) =>
      (keyTypes.has(type) || replicaTypes.has(type)) && (action === "create" || action === "replace"),
  );
  if (made.length === 0) return [];
  const regions = new Map(readSynthesizedStack(node.name, text).keys.map(({ address, region }) => [address, region]));
  return made.map(({ address, after }) => ({
    stack: node.name,
    address,
    // A key that the JSON does not have is `plan-not-reviewed`, and cannot be looked for: it is in no Region.
    region: regions.get(address) ?? "",
    tags: textsOf(after.tags),
    description: typeof after.description === "string" ? after.description : "",
  }));
}

/**
 * Ids of the keys in a Region that a plan knows: those of the state, and those that it takes over. A replica has the id of its primary,
 * and whoever knows the one knows nothing of the other.
 */
export function knownKeyIds(plan: PlanJson, region: string): ReadonlySet<string> {
  return new Set(
    managedChanges(plan)
      .filter(({ type }) => keyTypes.has(type) || replicaTypes.has(type))
      .flatMap(({ before: { arn }, importId }) =>
        typeof arn === "string"
          ? regionOfArn(arn) === region
            ? [idOf(arn)]
            : []
          : importId === undefined
            ? []
            : [idOf(importId)],
      ),
  );
}

function textsOf(tags: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isFields(tags) ? tags : {}).filter((tag): tag is [string, string] => typeof tag[1] === "string"),
  );
}
