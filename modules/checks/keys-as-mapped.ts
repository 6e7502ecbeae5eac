import { metadataOfKey } from "../access/stack-metadata";
import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { isLetGo } from "../aws/key-step";
import { booleanArgument, textArgument } from "./evidence/key-argument";
import { lifeNotAsMapped } from "./evidence/life-as-mapped";
import { keysOfAccount, mapKeyName } from "./evidence/map-keys";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * Other checks ask a stack's metadata what a key is for: its data class, its alias. This one holds the metadata against the map,
 * so that nobody can make a rule laxer by what the stack says of itself.
 */
export const check: Check = {
  id: "keys-as-mapped",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every key is one that the map asks for, with the data class, the alias, the kind, the reach over Regions and the step of its life that the map gives it; what Terraform takes over or lets go of is what the map says.",
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
  const mapped = keys.get(mapKeyName(stack.accountId, idOf(key.address)));
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
  for (const [name, value] of Object.entries(symmetric)) {
    const spec = textArgument(key, name);
    if (spec.is === "unset" || (spec.is === "set" && spec.value === value)) continue;
    const shown = spec.is === "set" ? spec.value : "unclear";
    found.push(violation(name, `has ${name} ${shown}, and every key of the map is ${value}`));
  }
  return found;
}

/** The map asks for symmetric encryption keys alone. A change of either replaces the key. */
const symmetric = { customer_master_key_spec: "SYMMETRIC_DEFAULT", key_usage: "ENCRYPT_DECRYPT" } as const;

/** Only in accounts whose stack there is: a part of an output may be looked at alone. */
function missing(stack: SynthesizedStack, { keys }: CheckedOutput): Violation[] {
  if (stack.accountId === undefined || stack.metadata.kind !== "account") return [];
  const present = new Set(stack.keys.map(({ address }) => idOf(address)));
  return keysOfAccount(keys, stack.accountId)
    .filter(({ id, step }) => !present.has(id) && !isLetGo(step))
    .map(({ id, alias }) => ({
      stack,
      address: `aws_kms_key.${id}`,
      detail: ["missing"],
      why: `is not in the stack, and the map asks for it as ${alias}`,
      place: { document: stack.name, path: "/resource/aws_kms_key" },
    }));
}

function idOf(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}
