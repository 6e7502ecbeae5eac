import { metadataOfKey } from "../access/stack-metadata";
import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { symmetricKind } from "../aws/key-kind";
import { isLetGo } from "../aws/key-step";
import { uniqueNames } from "../aws/name-order";
import { type Argument, booleanArgument, textArgument } from "./evidence/key-argument";
import { keyStoreOf, storeArgument } from "./evidence/key-store";
import { lifeNotAsMapped } from "./evidence/life-as-mapped";
import { keysOfAccount, mapKeyOf, resourceId } from "./evidence/map-keys";
import type { Check, CheckedOutput, MapKey, Violation } from "./frame/check";

/**
 * Other checks ask a stack's metadata what a key is for: its data class, its aliases. This one holds the metadata against the map,
 * so that nobody can make a rule laxer by what the stack says of itself.
 *
 * Whatever makes a key of another kind makes another key: AWS changes none of it, and Terraform would replace the key.
 */
export const check: Check = {
  id: "keys-as-mapped",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every key is one that the map asks for, with the data class, the aliases, the kind, the reach over Regions and the step of its life that the map gives it; what Terraform takes over or lets go of is what the map says.",
  reason: "What a key is for decides which rules hold for it, and the stack itself must not be able to choose.",
  fix: "synthesize again; what should be different belongs into the map",
  inStack: (stack, output) => [
    ...stack.keys.filter(({ kind }) => kind === "key").flatMap((key) => differences(stack, key, output)),
    ...missing(stack, output),
    ...lifeNotAsMapped(stack, output),
  ],
};

function differences(stack: SynthesizedStack, key: StackKey, { keys }: CheckedOutput): Violation[] {
  const violation = (detail: string, why: string): Violation => ({
    stack,
    address: key.address,
    detail: [detail],
    why,
    place: key,
  });
  const mapped = mapKeyOf(stack, key, keys);
  if (mapped === undefined)
    return [violation("key", "is a key that the map does not ask for in this account and Region")];
  const metadata = metadataOfKey(stack, key);
  const found: Violation[] = [];
  const compare = (what: string, says: string | undefined, maps: string): void => {
    if (says === maps) return;
    found.push(violation(what, `has ${what} ${says ?? "none"} in the stack's metadata, and the map says ${maps}`));
  };
  compare("data class", metadata?.dataClass, mapped.dataClass);
  compare("alias", metadata?.alias, mapped.alias);
  if (metadata?.alias === mapped.alias) {
    compare("aliases", uniqueNames(metadata.aliases).join(", "), uniqueNames(mapped.aliases).join(", "));
  }
  const type = typeOf(mapped);
  if (!key.address.startsWith(`${type}.`)) {
    found.push(violation("type", `is no ${type}, and the map says origin ${mapped.kind.origin}`));
  }
  const multiRegion = booleanArgument(key, "multi_region");
  const isMultiRegion = multiRegion.is === "set" ? multiRegion.value : multiRegion.is === "unset" ? false : undefined;
  if (isMultiRegion !== mapped.multiRegion) {
    found.push(
      violation(
        "multi_region",
        `has multi_region ${isMultiRegion ?? "unclear"}, and the map says ${mapped.multiRegion}`,
      ),
    );
  }
  for (const { argument, has, unset, maps } of kindArguments(key, mapped)) {
    const value = has.is === "set" ? has.value : has.is === "unset" ? unset : "unclear";
    if (value === maps) continue;
    found.push(violation(argument, `has ${argument} ${value ?? "none"}, and the map says ${maps ?? "none"}`));
  }
  return found;
}

interface KindArgument {
  readonly argument: string;
  readonly has: Argument<string>;
  /** What a key without the argument is. */
  readonly unset: string | undefined;
  readonly maps: string | undefined;
}

function kindArguments(key: StackKey, { kind, keyStore, externalKeyId }: MapKey): readonly KindArgument[] {
  const [spec, usage] = ["customer_master_key_spec", "key_usage"];
  return [
    { argument: spec, has: textArgument(key, spec), unset: symmetricKind.spec, maps: kind.spec },
    { argument: usage, has: textArgument(key, usage), unset: symmetricKind.usage, maps: kind.usage },
    { argument: storeArgument, has: keyStoreOf(key), unset: undefined, maps: keyStore },
    { argument: "xks_key_id", has: textArgument(key, "xks_key_id"), unset: undefined, maps: externalKeyId },
  ];
}

function typeOf({ kind }: MapKey): string {
  return kind.origin === "EXTERNAL" ? "aws_kms_external_key" : "aws_kms_key";
}

/** Only in accounts whose stack there is: a part of an output may be looked at alone. */
function missing(stack: SynthesizedStack, { keys }: CheckedOutput): Violation[] {
  if (stack.accountId === undefined || stack.metadata.kind !== "account") return [];
  const present = new Set(stack.keys.map(({ address }) => resourceId(address)));
  return keysOfAccount(keys, stack.accountId)
    .filter(({ id, step }) => !present.has(id) && !isLetGo(step))
    .map((key) => ({
      stack,
      address: `${typeOf(key)}.${key.id}`,
      detail: ["missing"],
      why: `is not in the stack, and the map asks for it as ${key.alias}`,
      place: { document: stack.name, path: `/resource/${typeOf(key)}` },
    }));
}
