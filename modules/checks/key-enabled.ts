import type { StackKey } from "../access/synthesized-stack";
import { argumentPlace, booleanArgument } from "./evidence/key-argument";
import type { Check } from "./frame/check";

/** An argument that is missing means the default of AWS and the provider: enabled. */
export const check: Check = {
  id: "key-enabled",
  kind: "hygiene",
  severity: "medium",
  requirement: "Every key and replica is enabled.",
  reason: "Nothing under a disabled key can be read, and whoever needs it finds out at the worst time.",
  fix: "enable it; while it is being decommissioned, add an exception that says so and until when",
  inStack: (stack) =>
    stack.keys.flatMap((key) => {
      const argument = key.kind === "replica" ? "enabled" : "is_enabled";
      const why = flaw(key, argument);
      if (why === undefined) return [];
      return [{ stack, address: key.address, detail: [argument], why, place: argumentPlace(key, argument) }];
    }),
};

function flaw(key: StackKey, argument: string): string | undefined {
  const enabled = booleanArgument(key, argument);
  if (enabled.is === "unclear")
    return `${argument} is no plain true or false, and nobody can tell whether it is enabled`;
  if (enabled.is === "unset" || enabled.value) return undefined;
  return `${argument} is false: nothing under the key can be encrypted or decrypted`;
}
