import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import { homesOf } from "./evidence/stack-zone";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/** The ground of the proof: what all other checks take a stack for. */
export const check: Check = {
  id: "zone-membership",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every stack has one account that the map knows, says the same of itself as the map, and has that account to itself.",
  reason: "A stack that passes for another account's or zone's is measured by the wrong walls.",
  fix: "synthesize the stack again from the map, and take out the one that is left over",
  inStack: (stack, { zones }) => (stack.metadata.kind === "account" ? ofAccount(stack, zones) : ofZone(stack, zones)),
  inOutput: (output) => [...unplacedKeys(output), ...stacksBesideEachOther(output)],
};

function ofAccount(stack: SynthesizedStack, zones: ZoneBoundaries): Violation[] {
  const { accountId, metadata } = stack;
  if (accountId === undefined) return [uncertain(stack)];
  const zone = zones.ofAccount(accountId);
  if (zone === undefined) {
    return [violation(stack, "account", `is the stack of ${zones.describe(accountId)}`, "/provider")];
  }
  return [
    ...disagreements(stack, {
      account: [metadata.account, zone.accounts.get(accountId)],
      accountId: [metadata.accountId, accountId],
      organization: [metadata.organization, zone.organization],
      zone: [metadata.zone, zone.name],
    }),
    ...otherPartition(stack, zone),
    ...stack.keys.flatMap((key) => ofAnotherZone(key, stack, zone)),
  ];
}

/** Guardrails and rollouts. */
function ofZone(stack: SynthesizedStack, zones: ZoneBoundaries): Violation[] {
  const { accountId, metadata } = stack;
  const { kind } = metadata;
  const zone = zones.named(metadata.zone ?? "");
  if (!isZoneKind(kind)) {
    return [violation(stack, "kind", `is a stack of kind ${kind}, which does not exist`, `${inMetadata}/kind`)];
  }
  if (zone === undefined) {
    const why = `says that it has the ${kind} of zone ${metadata.zone}, which the map does not have`;
    return [violation(stack, "zone", why, inMetadata)];
  }
  if (accountId === undefined) return [uncertain(stack)];
  return [
    ...elsewhere(stack, accountId, zone, zones),
    ...disagreements(stack, {
      accountId: [metadata.accountId, accountId],
      organization: [metadata.organization, zone.organization],
    }),
    ...otherPartition(stack, zone),
    ...strayResources(stack, kind),
  ];
}

function elsewhere(stack: SynthesizedStack, accountId: string, zone: ZoneBoundary, zones: ZoneBoundaries): Violation[] {
  const { kind } = stack.metadata;
  const homes = homesOf(kind, zone, zones) ?? [];
  if (homes.includes(accountId)) return [];
  const found = `has the ${kind} of zone ${zone.name}`;
  const belong =
    homes.length === 0
      ? `${found}, and the map asks for none`
      : `${found}, which belong in ${homes.map((id) => zones.describe(id)).join(" or ")}, and is the stack of ${zones.describe(accountId)}`;
  return [violation(stack, "account", belong, "/provider")];
}

type ZoneKind = "guardrails" | "rollouts" | "direct-rollouts";
type Resources = Pick<
  SynthesizedStack,
  "aliases" | "directStacks" | "guardrails" | "identityPolicies" | "keyStores" | "keys" | "stackSets"
>;

/** What each kind has of its own. Whoever applies one needs rights on nothing else. */
const heldBy: Readonly<Record<ZoneKind, keyof Resources>> = {
  guardrails: "guardrails",
  rollouts: "stackSets",
  "direct-rollouts": "directStacks",
};

const strays: Readonly<Record<keyof Resources, string>> = {
  aliases: "an alias",
  directStacks: "a CloudFormation stack",
  guardrails: "a guardrail",
  identityPolicies: "a consumer policy",
  keyStores: "a key store",
  keys: "a key",
  stackSets: "a StackSet",
};

const resourceTypes = Object.keys(strays) as readonly (keyof Resources)[];

function isZoneKind(kind: string): kind is ZoneKind {
  return Object.hasOwn(heldBy, kind);
}

/** Of what else is among guardrails `zone-guardrails` says it. */
function strayResources(stack: SynthesizedStack, kind: ZoneKind): Violation[] {
  const types: readonly (keyof Resources)[] = kind === "guardrails" ? ["keys"] : resourceTypes;
  return types
    .filter((type) => type !== heldBy[kind])
    .flatMap((type) =>
      stack[type].map((resource) => ({
        stack,
        address: resource.address,
        detail: [],
        why: `is ${strays[type]} in a stack of ${kind}, which hold none`,
        place: resource,
      })),
    );
}

const inMetadata = "/~1~1/orgkeys";

function uncertain(stack: SynthesizedStack): Violation {
  return violation(stack, "account", "does not say for certain which account it is of", "/provider");
}

function disagreements(
  stack: SynthesizedStack,
  facts: Readonly<Record<string, readonly [found: string | undefined, expected: string | undefined]>>,
): Violation[] {
  return Object.entries(facts).flatMap(([name, [found, expected]]) => {
    if (found === expected) return [];
    const place = found === undefined ? inMetadata : `${inMetadata}/${name}`;
    return [violation(stack, name, `says ${name} ${found ?? "nothing"}, and the map has ${expected}`, place)];
  });
}

function otherPartition(stack: SynthesizedStack, zone: ZoneBoundary): Violation[] {
  if (stack.partition === zone.partition) return [];
  const found = stack.partition === undefined ? "in no certain partition" : `in partition ${stack.partition}`;
  return [violation(stack, "partition", `is ${found}, and zone ${zone.name} is in ${zone.partition}`, "/provider")];
}

/** The tag is what people and cost reports go by. */
function ofAnotherZone(key: StackKey, stack: SynthesizedStack, zone: ZoneBoundary): Violation[] {
  const { tags } = key.arguments;
  const tag = typeof tags === "object" && tags !== null && "Zone" in tags ? tags.Zone : zone.name;
  if (tag === zone.name) return [];
  const place = { document: key.document, path: `${key.path}/tags/Zone` };
  const why = `is tagged as a key of zone ${String(tag)}, and is in an account of zone ${zone.name}`;
  return [{ stack, address: key.address, detail: ["tag Zone"], why, place }];
}

/** Nobody can say who may use them. */
function unplacedKeys({ index }: CheckedOutput): Violation[] {
  return index.unplacedKeys.map(({ stack, key }) => ({
    stack,
    address: key.address,
    detail: ["account"],
    why: "is a key of which nobody can tell the account",
    place: key,
  }));
}

/** Two stacks for one account take each other's resources for gone, or fight over them. */
function stacksBesideEachOther({ index }: CheckedOutput): Violation[] {
  const bySubject = new Map<string, SynthesizedStack[]>();
  for (const stack of index.stacks) {
    const { kind, zone } = stack.metadata;
    if (kind === "account" && stack.accountId === undefined) continue;
    // Of direct rollouts a zone may have one in each of two accounts.
    const inAccount = kind === "direct-rollouts" ? ` in account ${stack.accountId}` : "";
    const subject = kind === "account" ? `account ${stack.accountId}` : `the ${kind} of zone ${zone}${inAccount}`;
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), stack]);
  }
  return [...bySubject].flatMap(([subject, stacks]) =>
    stacks.flatMap((stack) =>
      stacks
        .filter((other) => other !== stack)
        .map((other) =>
          violation(stack, `beside ${other.name}`, `is, beside ${other.name}, a stack of ${subject}`, ""),
        ),
    ),
  );
}

function violation(stack: SynthesizedStack, detail: string, why: string, path: string): Violation {
  return { stack, address: undefined, detail: [detail], why, place: { document: stack.name, path } };
}
