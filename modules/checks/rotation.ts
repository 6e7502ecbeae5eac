import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import type { ZoneBoundary } from "../access/zone-boundary";
import { kmsLimits } from "../aws/kms-limits";
import {
  type Argument,
  argumentPlace,
  booleanArgument,
  textArgument,
  wholeNumberArgument,
} from "./evidence/key-argument";
import { keyStoreOf, storeArgument } from "./evidence/key-store";
import { mapKeyOf } from "./evidence/map-keys";
import type { Check, MapKey, Violation } from "./frame/check";

const { least, most } = kmsLimits.rotationDays;

/** Replicas have no rotation of their own: the primary's rotates them all. */
export const check: Check = {
  id: "rotation",
  kind: "hygiene",
  severity: "high",
  requirement: "Every key that AWS can rotate rotates by itself, at least as often as its zone asks.",
  reason: "What leaks with one version of the key material stays limited to the data of one period.",
  fix: "set enable_key_rotation to true, and rotation_period_in_days to what the zone asks",
  inStack: (stack, { zones, keys }) =>
    stack.keys
      .filter(({ kind }) => kind === "key")
      .flatMap((key) => {
        const found = flaws(key, zones.ofAccount(stack.accountId ?? ""), mapKeyOf(stack, key, keys));
        return found.map((flaw) => violation(stack, key, flaw));
      }),
};

interface Flaw {
  readonly argument: string;
  readonly why: string;
  readonly fix?: string;
}

function flaws(key: StackKey, zone: ZoneBoundary | undefined, mapped: MapKey | undefined): readonly Flaw[] {
  const obstacle = rotationObstacle(key);
  const rotates = booleanArgument(key, "enable_key_rotation");
  if (obstacle.is === "unclear") {
    const why = `${obstacle.argument} is no plain text, and nobody can tell whether AWS can rotate the key`;
    return [{ argument: obstacle.argument, why, fix: `write ${obstacle.argument} as plain text` }];
  }
  if (obstacle.is === "set") {
    if (rotates.is === "unset" || (rotates.is === "set" && !rotates.value)) return [];
    const why = `asks for automatic rotation, which AWS refuses for ${obstacle.value}`;
    return [{ argument: "enable_key_rotation", why, fix: "take enable_key_rotation out, and rotate by hand" }];
  }
  if (rotates.is === "set" && rotates.value) return periodFlaws(key, zone);
  if (rotates.is === "set" && mapped !== undefined && mapped.rotationDays === undefined) {
    const why = `its data class ${mapped.dataClass} has rotation false, and nothing makes AWS rotate it`;
    const fix = "let the data class rotate, or add an exception that says who rotates the key on demand, and how often";
    return [{ argument: "enable_key_rotation", why, fix }];
  }
  const found = { unset: "is missing", set: "is false", unclear: "is not a plain true" }[rotates.is];
  return [{ argument: "enable_key_rotation", why: `nothing makes AWS rotate it: enable_key_rotation ${found}` }];
}

/**
 * Why AWS cannot rotate the key by itself; unset for a symmetric key whose material comes from AWS KMS. A spec alone
 * decides: the symmetric one goes with no other usage than encryption.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
 */
function rotationObstacle(key: StackKey): Argument<string> & { readonly argument: string } {
  if (key.imported) return { is: "set", value: "a key with imported material", argument: "enable_key_rotation" };
  for (const [argument, store] of [
    [storeArgument, keyStoreOf(key)],
    ["xks_key_id", textArgument(key, "xks_key_id")],
  ] as const) {
    if (store.is === "unclear") return { ...store, argument };
    if (store.is === "set") return { is: "set", value: "a key in a custom key store", argument };
  }
  const argument = "customer_master_key_spec";
  const spec = textArgument(key, argument);
  if (spec.is === "unclear") return { ...spec, argument };
  if (spec.is === "unset" || spec.value === "SYMMETRIC_DEFAULT") return { is: "unset", argument };
  return { is: "set", value: `a key of spec ${spec.value}`, argument };
}

function periodFlaws(key: StackKey, zone: ZoneBoundary | undefined): readonly Flaw[] {
  const argument = "rotation_period_in_days";
  const period = wholeNumberArgument(key, argument);
  const floor = zone?.floor.rotationDays;
  const asked = floor === undefined ? "" : `, and zone ${zone?.name} asks for at most ${floor}`;
  if (period.is === "unclear") return [{ argument, why: `its rotation period is no plain number of days${asked}` }];
  if (period.is === "unset") {
    // Computed in the provider: it leaves an existing key with the period that it had.
    const why = `has no rotation period: a new key gets AWS's 365 days, an existing one keeps what it had${asked}`;
    return floor === undefined ? [] : [{ argument, why }];
  }
  const days = period.value;
  if (days < least || days > most) {
    return [{ argument, why: `has a rotation period of ${days} days, and AWS takes ${least} to ${most}` }];
  }
  return floor !== undefined && days > floor ? [{ argument, why: `rotates every ${days} days${asked}` }] : [];
}

function violation(stack: SynthesizedStack, key: StackKey, { argument, why, fix }: Flaw): Violation {
  return {
    stack,
    address: key.address,
    detail: [argument],
    why,
    place: argumentPlace(key, argument),
    ...(fix === undefined ? {} : { fix }),
  };
}
