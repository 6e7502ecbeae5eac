import { fieldsOf } from "../access/json-parts";
import { parseText } from "../access/policy-text";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { type Fields, isFields } from "../access/stack-reading";
import type { SynthesizedStack } from "../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { zoneOfStack } from "../checks/evidence/stack-zone";
import type { StackNode } from "../terraform/graph/stack-node";
import type { PlanJson } from "../terraform/plan-json";
import type { GateInput, KeyLike, WantedKey } from "./gate-finding";
import { isResourceChange, type PlannedChange, readChange } from "./planned-change";
import { isKeyOrReplica } from "./resource-types";

/** A key that a plan would make, and what of its kind is in AWS. */
export interface LookedUpKey {
  readonly wanted: WantedKey;
  /** Without those that the plan knows. */
  readonly found: readonly KeyLike[] | { readonly unread: string };
}

/** One stack's plan beside the JSON that people reviewed. */
export interface GatedStack {
  readonly node: StackNode;
  /** As findings name it: the account's name in the map, or the stack's. */
  readonly name: string;
  readonly plan: PlanJson;
  /** Of managed resources; what cannot be read as a change is told by `unreadable-plan`. */
  readonly changes: readonly PlannedChange[];
  readonly stack: SynthesizedStack;
  /** The stack's JSON, loosely. */
  readonly json: Fields;
  /** Undefined for an account, or a zone, that the map does not know. */
  readonly zone: ZoneBoundary | undefined;
  readonly zones: ZoneBoundaries;
  readonly lookedUp: readonly LookedUpKey[];
}

/** What tells whether a plan is of the JSON. */
export type ReviewedPlan = Pick<GatedStack, "changes" | "json" | "stack">;

export function readGatedStack(
  input: GateInput,
  zones: ZoneBoundaries,
  lookedUp: readonly LookedUpKey[] = [],
): GatedStack {
  const { node, text, plan } = input;
  const stack = readSynthesizedStack(node.name, text);
  return {
    node,
    name:
      node.kind === "account"
        ? (zones.ofAccount(node.accountId)?.accounts.get(node.accountId) ?? node.name)
        : node.name,
    plan,
    changes: managedChanges(plan),
    stack,
    json: fieldsOf(parseText(text)?.value),
    zone: zoneOfStack(stack, zones)?.zone,
    zones,
    lookedUp,
  };
}

/** What of a plan can be read as a change of a managed resource. */
export function managedChanges(plan: PlanJson): PlannedChange[] {
  return partedChanges(plan).managed;
}

/** Data sources change nothing; whatever is neither is told by its number. */
export function partedChanges({ resource_changes: resources }: PlanJson): {
  readonly managed: PlannedChange[];
  readonly unreadable: number;
} {
  const list: readonly unknown[] = Array.isArray(resources) ? resources : [];
  const changes = list.filter(isResourceChange);
  const managed = changes.filter(({ mode }) => mode === "managed").map(readChange);
  const isList = resources === undefined || Array.isArray(resources);
  return { managed, unreadable: list.length - changes.length + (isList ? 0 : 1) };
}

/** A resource's arguments in the reviewed JSON, with Terraform's escapes. */
export function reviewedArguments({ json }: Pick<GatedStack, "json">, { type, id }: PlannedChange): Fields | undefined {
  const ofType = fieldsOf(fieldsOf(json.resource)[type]);
  const found = Object.hasOwn(ofType, id) ? ofType[id] : undefined;
  return isFields(found) ? found : undefined;
}

/** Every address of the reviewed JSON. */
export function reviewedAddresses({ json }: Pick<GatedStack, "json">): string[] {
  return Object.entries(fieldsOf(json.resource)).flatMap(([type, resources]) =>
    Object.keys(fieldsOf(resources)).map((id) => `${type}.${id}`),
  );
}

/** The address of a key or replica that is there before the plan, by its id: in each Region related multi-Region keys have the same. */
export function addressOfKey(changes: readonly PlannedChange[], keyId: string, region: string): string | undefined {
  return changes.find((change) => {
    const { arn } = change.before;
    return (
      isKeyOrReplica(change) && typeof arn === "string" && regionOfArn(arn) === region && idOf(arn) === idOf(keyId)
    );
  })?.address;
}

/** Ids, or ARNs, of keys: the id. */
export function idOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

export function regionOfArn(arn: string): string {
  return arn.split(":")[3] ?? "";
}
