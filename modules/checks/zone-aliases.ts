import { metadataOfKey } from "../access/stack-metadata";
import type { StackAlias, StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { isLetGo } from "../aws/key-step";
import { keysOfAccount, mapKeyOf, resourceId } from "./evidence/map-keys";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * An alias is how applications name a key, and what consumer policies are narrowed by. What each key is meant to be called is the
 * map's word; of a key that the map does not ask for, which is a finding by itself, the stack's metadata say it.
 */
export const check: Check = {
  id: "zone-aliases",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every key and replica has the aliases that it is meant to have, in its own Region, and no alias leads to another key.",
  reason: "A moved alias puts new data under the wrong key, and gives the users of one key another one.",
  fix: "let the alias lead to the key that the map has it for; a new alias comes from the map",
  inStack: (stack, output) => [
    ...stack.aliases.flatMap((alias) => astray(alias, stack, output)),
    ...stack.keys.flatMap((key) => unnamed(key, stack, output)),
    ...missing(stack),
  ],
};

/** Undefined when nobody says it. */
function namesOf(key: StackKey, stack: SynthesizedStack, { keys }: CheckedOutput): readonly string[] | undefined {
  const names = metadataOfKey(stack, key);
  if (names?.alias === undefined) return undefined;
  return mapKeyOf(stack, key, keys)?.aliases ?? names.aliases;
}

function astray(alias: StackAlias, stack: SynthesizedStack, output: CheckedOutput): Violation[] {
  const at = (field: string, why: string): Violation[] => [
    {
      stack,
      address: alias.address,
      detail: [alias.name],
      why,
      place: { document: alias.document, path: `${alias.path}/${field}` },
    },
  ];
  const target = stack.keys.find(({ address }) => address === alias.target);
  if (target === undefined) return at("target_key_id", `leads to ${alias.target}, which cannot be read`);
  if (target.region !== alias.region) {
    // The key ids of a multi-Region key are the same, so that AWS finds the key of the alias's Region.
    return at("provider", `is in ${alias.region} and leads to ${target.address}, which is in ${target.region}`);
  }
  const names = namesOf(target, stack, output);
  // The key itself is then the finding.
  if (names === undefined || names.includes(alias.name)) return [];
  const dataClass = metadataOfKey(stack, target)?.dataClass;
  const owner = keysOfAccount(output.keys, stack.accountId ?? "").find(({ aliases }) => aliases.includes(alias.name));
  const meantFor =
    owner === undefined ? "" : `, and the alias is meant for ${addressOf(owner.id, stack)} (${owner.dataClass})`;
  return at(
    "target_key_id",
    `leads to ${target.address} (${dataClass}), whose alias is ${names.join(", ")}${meantFor}`,
  );
}

function unnamed(key: StackKey, stack: SynthesizedStack, output: CheckedOutput): Violation[] {
  const names = namesOf(key, stack, output);
  if (names === undefined) {
    const why = "the stack's metadata name no alias for it, so that nobody can tell which one is right";
    return [{ stack, address: key.address, detail: ["alias"], why, place: key }];
  }
  return names.flatMap((alias): Violation[] => {
    const named = stack.aliases.some(
      ({ name, target, region }) => name === alias && target === key.address && region === key.region,
    );
    if (named) return [];
    const why = `is meant to have ${alias} in ${key.region}, and it does not lead here`;
    return [{ stack, address: key.address, detail: [alias], why, place: key }];
  });
}

/** Keys that are gone while people still ask for them by their alias. */
function missing(stack: SynthesizedStack): Violation[] {
  const present = new Set(stack.keys.map(({ address }) => resourceId(address)));
  return [...stack.metadata.keys].flatMap(([id, { alias, step }]): Violation[] => {
    // `keys-as-mapped` holds the step against the map.
    if (present.has(id) || (step !== undefined && isLetGo(step))) return [];
    const why = `the stack's metadata name it as the key of ${alias}, and it is not in the stack`;
    const place = { document: stack.name, path: "/~1~1/orgkeys/keys" };
    return [{ stack, address: addressOf(id, stack), detail: [alias ?? "alias"], why, place }];
  });
}

/** Of a key in the stack, or else as most keys have it. */
function addressOf(id: string, stack: SynthesizedStack): string {
  const found = stack.keys.find(({ kind, address }) => kind === "key" && address.endsWith(`.${id}`));
  return found?.address ?? `aws_kms_key.${id}`;
}
