import { isFields } from "../access/stack-reading";
import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { isLetGo } from "../aws/key-step";
import { daysUntil, noticeDays } from "../findings/calendar-day";
import { argumentPlace } from "./evidence/key-argument";
import { mapKeyOf } from "./evidence/map-keys";
import type { Check, MapKey, Violation } from "./frame/check";

/**
 * Somebody imports the material, past Terraform, into each Region of the key by itself; the map keeps a record of each. Material
 * in the output is `readable`'s finding.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
 */
export const check: Check = {
  id: "imported-material",
  kind: "hygiene",
  severity: "high",
  requirement:
    "Every key with imported material has it, on record and not about to expire, and Terraform leaves its expiry alone.",
  reason: "Nothing can be decrypted without the material, and whoever kept no copy of it has lost the data.",
  fix: "import the same material again in every Region of the key, and record its days in config/lifecycle.yaml",
  inStack: (stack, { keys, today }) =>
    stack.keys
      .filter(({ imported }) => imported)
      .flatMap((key) => [...notIgnored(stack, key), ...flawOfRecord(stack, key, mapKeyOf(stack, key, keys), today)]),
};

/**
 * AWS tells the day on which the material expires, the configuration does not, and for the difference the provider would call
 * ImportKeyMaterial with nothing to import.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/external_key.go
 */
function notIgnored(stack: SynthesizedStack, key: StackKey): Violation[] {
  const { lifecycle } = key.arguments;
  const [block] = Array.isArray(lifecycle) ? lifecycle : [lifecycle];
  const ignored = isFields(block) ? block.ignore_changes : undefined;
  if (Array.isArray(ignored) && ignored.includes("valid_to")) return [];
  return [
    {
      stack,
      address: key.address,
      detail: ["lifecycle.ignore_changes"],
      why: "does not ignore changes of valid_to, so that an apply would fail for material that expires",
      place: argumentPlace(key, "lifecycle"),
      fix: "set lifecycle.ignore_changes to valid_to",
    },
  ];
}

/** What the map does not ask for, or has disabled, needs no record. */
function flawOfRecord(
  stack: SynthesizedStack,
  key: StackKey,
  mapped: MapKey | undefined,
  today: string | undefined,
): Violation[] {
  if (mapped === undefined) return [];
  const step = key.kind === "key" ? mapped.step : (mapped.replicaSteps.get(key.region) ?? "in-use");
  const violation = { stack, address: key.address, place: key };
  const material = mapped.material.get(key.region);
  if (material === undefined) {
    if (step !== "in-use") return [];
    return [
      {
        ...violation,
        detail: ["not on record"],
        why: "the map records no import of its material, and until there is one nothing can be encrypted under it",
        severity: "medium",
        fix: "import the material in this Region, and record the day in config/lifecycle.yaml",
      },
    ];
  }
  const { expires } = material;
  if (today === undefined || expires === undefined || isLetGo(step)) return [];
  const days = daysUntil(expires, today);
  if (days > noticeDays) return [];
  if (days <= 0) {
    const why = `its material expired on ${expires}: nothing under the key can be encrypted or decrypted`;
    return [{ ...violation, detail: ["expired"], why }];
  }
  const why = `its material expires on ${expires}, in ${days} ${days === 1 ? "day" : "days"}, and AWS then deletes it`;
  return [{ ...violation, detail: ["about to expire"], why, severity: "medium" }];
}
