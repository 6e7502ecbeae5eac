import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { argumentPlace, booleanArgument } from "./evidence/key-argument";
import { mapKeyOf } from "./evidence/map-keys";
import type { Check, CheckedOutput } from "./frame/check";

/**
 * An argument that is missing means the default of AWS and the provider: enabled. A key without its imported material is
 * disabled until it has it, whatever the argument says; `imported-material` is about that.
 */
export const check: Check = {
  id: "key-enabled",
  kind: "hygiene",
  severity: "medium",
  requirement: "Every key and replica is enabled, unless the map has disabled it on the way to its end.",
  reason: "Nothing under a disabled key can be read, and whoever needs it finds out at the worst time.",
  fix: "enable it; while it is being decommissioned, say so in config/lifecycle.yaml",
  inStack: (stack, output) =>
    stack.keys.flatMap((key) => {
      const argument = key.kind === "replica" || key.imported ? "enabled" : "is_enabled";
      const flaw = flawOf(stack, key, argument, output);
      if (flaw === undefined) return [];
      return [{ stack, address: key.address, detail: [argument], place: argumentPlace(key, argument), ...flaw }];
    }),
};

function flawOf(
  stack: SynthesizedStack,
  key: StackKey,
  argument: string,
  { keys }: CheckedOutput,
): { readonly why: string; readonly fix?: string } | undefined {
  const enabled = booleanArgument(key, argument);
  if (enabled.is === "unclear") {
    return { why: `${argument} is no plain true or false, and nobody can tell whether it is enabled` };
  }
  const mapped = mapKeyOf(stack, key, keys);
  const step = key.kind === "replica" ? mapped?.replicaSteps.get(key.region) : mapped?.step;
  const isEnabled = enabled.is === "unset" || enabled.value;
  if (step === "disabled") {
    if (!isEnabled) return undefined;
    return {
      why: `${argument} is not false, and the map has disabled it: nobody would notice that it is still needed`,
      fix: "synthesize again, or take its decommissioning out of the map",
    };
  }
  if (isEnabled) return undefined;
  return { why: `${argument} is false: nothing under the key can be encrypted or decrypted` };
}
