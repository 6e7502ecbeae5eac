import type { Place } from "../../access/policy-statement";
import type { SynthesizedStack } from "../../access/synthesized-stack";
import { isLetGo, type KeyStep, type StepDays } from "../../aws/key-step";
import type { CheckedOutput, MapKey, Violation } from "../frame/check";
import { keysOfAccount, resourceId } from "./map-keys";

/** A key or replica of the map, with the Terraform addresses that are its own. */
interface MapResource {
  readonly key: MapKey;
  readonly region: string;
  readonly step: KeyStep;
  readonly adopted: boolean;
  /** One of these: which of them is a question of the key's kind. */
  readonly addresses: readonly string[];
  /** Addresses by name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What the addresses of its grants begin with. */
  readonly grants: string;
}

/**
 * Where keys are in their lives. An import takes over a key that the stack did not make, and from then on its policy is the
 * stack's; a key that is in no block is destroyed, and one that is let go is out of every plan and every check.
 */
export function lifeNotAsMapped(stack: SynthesizedStack, { keys }: CheckedOutput): Violation[] {
  const own = stack.accountId === undefined ? [] : keysOfAccount(keys, stack.accountId);
  const resources = own.flatMap(resourcesOf);
  const present = new Set(
    [...stack.keys, ...stack.aliases].map(({ address }) => address).concat(grantAddresses(stack)),
  );
  return [
    ...notToAdopt(stack, resources),
    ...notAdopted(stack, resources, present),
    ...notToLetGo(stack, resources),
    ...notLetGo(stack, resources, present),
    ...otherWords(stack, own),
  ];
}

function resourcesOf(key: MapKey): MapResource[] {
  const identity = key.id.slice(0, -key.region.length - 1);
  return [key.region, ...key.replicas].map((region): MapResource => {
    const types =
      region === key.region
        ? ["aws_kms_key", "aws_kms_external_key"]
        : ["aws_kms_replica_key", "aws_kms_replica_external_key"];
    const aliases = key.aliases.map((name, index) => [name, `aws_kms_alias.${key.aliasIds[index]}_${region}`] as const);
    return {
      key,
      region,
      step: region === key.region ? key.step : (key.replicaSteps.get(region) ?? "in-use"),
      adopted: key.adoption !== undefined && (region === key.region || key.adoption.replicas.has(region)),
      addresses: types.map((type) => `${type}.${identity}_${region}`),
      aliases: new Map(aliases),
      grants: `aws_kms_grant.${identity}_${region}_`,
    };
  });
}

/** The id that each address is taken over from, as the map says. */
function importsOf({ key: { adoption }, step, adopted, addresses, aliases, grants }: MapResource): [string, string][] {
  if (adoption === undefined || !adopted || isLetGo(step)) return [];
  return [
    ...addresses.map((address): [string, string] => [address, adoption.keyId]),
    ...[...aliases].flatMap(([name, address]): [string, string][] =>
      adoption.aliases.has(name) ? [[address, name]] : [],
    ),
    ...[...adoption.grants].flatMap(([id, grantId]): [string, string][] => {
      const address = `aws_kms_grant.${id}`;
      return address.startsWith(grants) ? [[address, `${adoption.keyId}:${grantId}`]] : [];
    }),
  ];
}

function notToAdopt(stack: SynthesizedStack, resources: readonly MapResource[]): Violation[] {
  const expected = new Map([...resources.flatMap(importsOf), ...bootstrappedStacks(stack)]);
  return stack.imports.flatMap((found) => {
    const id = expected.get(found.address);
    if (id === found.id) return [];
    const map = id === undefined ? "the map adopts nothing there" : `the map adopts ${id}`;
    return [violation(stack, found.address, "import", `takes over ${found.id}, and ${map}`, found)];
  });
}

/** The stack that made the role which Terraform assumes was there before, under the very name that Terraform gives it. */
function bootstrappedStacks({ metadata, directStacks }: SynthesizedStack): [string, string][] {
  if (metadata.kind !== "direct-rollouts") return [];
  return directStacks
    .filter(({ address }) => metadata.directStacks.get(resourceId(address))?.template === "access-roles")
    .map(({ address, name }) => [address, name]);
}

function notAdopted(
  stack: SynthesizedStack,
  resources: readonly MapResource[],
  present: ReadonlySet<string>,
): Violation[] {
  const found = new Set(stack.imports.map(({ address }) => address));
  return resources.flatMap(importsOf).flatMap(([address, id]) => {
    if (found.has(address) || !present.has(address)) return [];
    const why = `would be made anew: the map adopts ${id}, and the stack has no import of it`;
    return [violation(stack, address, "import", why, resourcePlace(stack, address))];
  });
}

function notToLetGo(stack: SynthesizedStack, resources: readonly MapResource[]): Violation[] {
  const leaving = new Set(
    resources.filter(({ step }) => isLetGo(step)).flatMap((each) => [...each.addresses, ...each.aliases.values()]),
  );
  return stack.removals.flatMap((removal) => {
    const { address } = removal;
    if (leaving.has(address)) return [];
    const granted = ofGrant(resources, address);
    if (granted !== undefined && isLetGo(granted.step)) return [];
    const why = "would be let go, and the map does not say that it is to leave";
    return [violation(stack, address, "removed", why, removal)];
  });
}

/** The longest beginning: names of keys may begin with those of others. */
function ofGrant(resources: readonly MapResource[], address: string): MapResource | undefined {
  return resources
    .filter(({ grants }) => address.startsWith(grants))
    .sort((a, b) => b.grants.length - a.grants.length)[0];
}

function notLetGo(
  stack: SynthesizedStack,
  resources: readonly MapResource[],
  present: ReadonlySet<string>,
): Violation[] {
  if (stack.metadata.kind !== "account") return [];
  const removed = new Set(stack.removals.map(({ address }) => address));
  return resources.flatMap(({ step, addresses, aliases }) => {
    if (!isLetGo(step)) return [];
    return [addresses, ...[...aliases.values()].map((address) => [address])].flatMap((candidates): Violation[] => {
      const still = candidates.find((address) => present.has(address));
      if (still !== undefined) {
        const why = `is still in the stack, and the map says ${step}`;
        return [violation(stack, still, "step", why, resourcePlace(stack, still))];
      }
      const [address = ""] = candidates;
      if (candidates.some((each) => removed.has(each))) return [];
      const why = `would be destroyed: the map says ${step}, and the stack has no removed block for it`;
      return [violation(stack, address, "removed", why, { document: stack.name, path: "" })];
    });
  });
}

/** What it is about, what the metadata say, and what the map says. */
type Words = [what: string, says: string | undefined, maps: string | undefined];

/** Undefined for days that cannot be read, or of which there are none. */
function daysText(days: StepDays | undefined): string | undefined {
  if (days === undefined) return "what is no day";
  return days.size === 0
    ? undefined
    : [...days]
        .map(([step, day]) => `${step} ${day}`)
        .sort()
        .join(", ");
}

/** What the stack's metadata say, which the next synthesis is held against. */
function otherWords(stack: SynthesizedStack, keys: readonly MapKey[]): Violation[] {
  if (stack.metadata.kind !== "account") return [];
  return keys.flatMap((key) => {
    const metadata = stack.metadata.keys.get(key.id);
    // A key without any is found by what else they should say.
    if (metadata === undefined) return [];
    const replicas = new Set([...key.replicaSteps.keys(), ...metadata.replicaSteps.keys()]);
    const words: Words[] = [
      ["step", metadata.step, key.step],
      ["replaced", metadata.replaced, key.replaced],
      ["days", daysText(metadata.days), daysText(key.days)],
      ...[...new Set([...key.replicaDays.keys(), ...metadata.replicaDays.keys()])].map(
        (region): Words => [
          `days in ${region}`,
          daysText(metadata.replicaDays.has(region) ? metadata.replicaDays.get(region) : new Map()),
          daysText(key.replicaDays.get(region) ?? new Map()),
        ],
      ),
      ...[...replicas].map(
        (region): Words => [
          `step in ${region}`,
          metadata.replicaSteps.has(region) ? metadata.replicaSteps.get(region) : "in-use",
          key.replicaSteps.get(region) ?? "in-use",
        ],
      ),
    ];
    return words.flatMap(([what, says, maps]) => {
      if (says === maps) return [];
      const why = `has ${what} ${says ?? "none"} in the stack's metadata, and the map says ${maps ?? "none"}`;
      const address =
        stack.keys.find((each) => each.address.endsWith(`.${key.id}`))?.address ?? `aws_kms_key.${key.id}`;
      return [violation(stack, address, what, why, { document: stack.name, path: `/~1~1/orgkeys/keys/${key.id}` })];
    });
  });
}

function grantAddresses({ keys }: SynthesizedStack): string[] {
  return keys.flatMap(({ grants }) => grants.map(({ id }) => `aws_kms_grant.${id}`));
}

function resourcePlace({ name, keys, aliases }: SynthesizedStack, address: string): Place {
  const found = [...keys, ...aliases].find((each) => each.address === address);
  return found ?? { document: name, path: `/resource/${address.replace(".", "/")}` };
}

function violation(stack: SynthesizedStack, address: string, detail: string, why: string, place: Place): Violation {
  return { stack, address, detail: [detail], why, place };
}
