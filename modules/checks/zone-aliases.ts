import { metadataOfKey } from "../access/stack-metadata";
import type { StackAlias, StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { isLetGo } from "../aws/key-step";
import type { Check, Violation } from "./frame/check";

/**
 * An alias is how applications name a key, and what consumer policies are narrowed by. What it is meant for stands in the
 * stack's metadata.
 */
export const check: Check = {
  id: "zone-aliases",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every key and replica has the one alias that it is meant to have, in its own Region, and no alias leads to another key.",
  reason: "A moved alias puts new data under the wrong key, and gives the users of one key another one.",
  fix: "let the alias lead to the key that the map has it for; a new alias comes from the map",
  inStack: (stack) => [
    ...stack.aliases.flatMap((alias) => astray(alias, stack)),
    ...stack.keys.flatMap((key) => unnamed(key, stack)),
    ...missing(stack),
  ],
};

function astray(alias: StackAlias, stack: SynthesizedStack): Violation[] {
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
  const meant = metadataOfKey(stack, target);
  // The key itself is then the finding.
  if (meant?.alias === undefined || meant.alias === alias.name) return [];
  const owner = [...stack.metadata.keys].find(([, { alias: name }]) => name === alias.name);
  const meantFor =
    owner === undefined ? "" : `, and the alias is meant for aws_kms_key.${owner[0]} (${owner[1].dataClass})`;
  return at(
    "target_key_id",
    `leads to ${target.address} (${meant.dataClass}), whose alias is ${meant.alias}${meantFor}`,
  );
}

function unnamed(key: StackKey, stack: SynthesizedStack): Violation[] {
  const alias = metadataOfKey(stack, key)?.alias;
  if (alias === undefined) {
    const why = "the stack's metadata name no alias for it, so that nobody can tell which one is right";
    return [{ stack, address: key.address, detail: ["alias"], why, place: key }];
  }
  const named = stack.aliases.some(
    ({ name, target, region }) => name === alias && target === key.address && region === key.region,
  );
  if (named) return [];
  const why = `is meant to have ${alias} in ${key.region}, and it does not lead here`;
  return [{ stack, address: key.address, detail: [alias], why, place: key }];
}

/** Keys that are gone while people still ask for them by their alias. */
function missing(stack: SynthesizedStack): Violation[] {
  const addresses = new Set(stack.keys.map(({ address }) => address));
  return [...stack.metadata.keys].flatMap(([id, { alias, step }]): Violation[] => {
    const address = `aws_kms_key.${id}`;
    // `keys-as-mapped` holds the step against the map.
    if (addresses.has(address) || (step !== undefined && isLetGo(step))) return [];
    const why = `the stack's metadata name it as the key of ${alias}, and it is not in the stack`;
    return [
      { stack, address, detail: [alias ?? "alias"], why, place: { document: stack.name, path: "/~1~1/orgkeys/keys" } },
    ];
  });
}
