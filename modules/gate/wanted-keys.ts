import { fieldsOf } from "../access/json-parts";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import type { GateInput, WantedKey } from "./gate-finding";
import { idOf, managedChanges, regionOfArn } from "./gated-stack";
import { isKeyOrReplica } from "./resource-types";

/** The keys and replicas that a plan would make. */
export function wantedKeys({ node, text, plan }: GateInput): WantedKey[] {
  const made = managedChanges(plan)
    .filter(isKeyOrReplica)
    .filter(({ action }) => action === "create" || action === "replace");
  if (made.length === 0) return [];
  const regions = regionsOf(node.name, text);
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
 * The keys and replicas that a plan knows, as `keyPlace` names them: those of the state, and those that it takes over. Related
 * multi-Region keys share their id, so that a primary is told from its replicas by the Region alone.
 */
export function knownKeys({ node, text, plan }: GateInput): ReadonlySet<string> {
  const keys = managedChanges(plan).filter(isKeyOrReplica);
  const takenOver = keys.some(({ importId }) => importId !== undefined) ? regionsOf(node.name, text) : undefined;
  return new Set(
    keys.flatMap(({ address, before: { arn }, importId }) => [
      ...(typeof arn === "string" ? [keyPlace(arn)] : []),
      ...(importId === undefined ? [] : [`${takenOver?.get(address) ?? ""} ${idOf(importId)}`]),
    ]),
  );
}

/** A key's Region and id. */
export function keyPlace(arn: string): string {
  return `${regionOfArn(arn)} ${idOf(arn)}`;
}

/** The keys and replicas that a state has, as AWS has them: with what another one that was made with them would carry. */
export function keptKeys({ node, plan }: GateInput): (WantedKey & { readonly keyId: string })[] {
  const keys = managedChanges(plan).filter(isKeyOrReplica);
  return keys.flatMap(({ address, before: { arn, tags, description } }) => {
    if (typeof arn !== "string") return [];
    return [
      {
        stack: node.name,
        address,
        region: regionOfArn(arn),
        tags: textsOf(tags),
        description: typeof description === "string" ? description : "",
        keyId: idOf(arn),
      },
    ];
  });
}

function regionsOf(stack: string, text: string): ReadonlyMap<string, string | undefined> {
  return new Map(readSynthesizedStack(stack, text).keys.map(({ address, region }) => [address, region]));
}

function textsOf(tags: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(tags)).filter((tag): tag is [string, string] => typeof tag[1] === "string"),
  );
}
