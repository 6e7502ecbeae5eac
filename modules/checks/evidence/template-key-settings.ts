import type { TemplateKey } from "../../access/template-instance";
import { kmsLimits } from "../../aws/kms-limits";
import type { Violation } from "../frame/check";
import { asBoolean } from "./key-argument";
import { type RolloutInstance, resourceAddress } from "./rollout-instances";

/** What a key of a template says of its own life, in CloudFormation's words. */
export function templateKeySettings(rollout: RolloutInstance, key: TemplateKey): readonly Violation[] {
  const flaws = [
    ...retention(key),
    ...deletionWindow(rollout, key),
    ...(key.kind === "key" ? rotation(rollout, key) : []),
    ...unusable(key),
  ];
  return flaws.map(([detail, why]) => ({
    stack: rollout.stack,
    address: resourceAddress(rollout, key),
    detail: [detail],
    why,
    place: { document: key.document, path: key.path },
  }));
}

type Flaw = readonly [detail: string, why: string];

/**
 * CloudFormation deletes a key with its stack, and with its place in the template, unless it is told not to.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function retention({ deletionPolicy, updateReplacePolicy }: TemplateKey): Flaw[] {
  const policies = [
    ["DeletionPolicy", deletionPolicy],
    ["UpdateReplacePolicy", updateReplacePolicy],
  ] as const;
  return policies
    .filter(([, policy]) => policy !== "Retain")
    .map(([name, policy]) => [
      name,
      `has ${name} ${text(policy)}: CloudFormation would delete the key, and its data is lost`,
    ]);
}

function deletionWindow({ zone }: RolloutInstance, { properties }: TemplateKey): Flaw[] {
  const { least, most } = kmsLimits.deletionWindowDays;
  const { PendingWindowInDays: found } = properties;
  const days = wholeNumber(found);
  const name = "PendingWindowInDays";
  if (found === undefined) return [[name, `has no ${name}`]];
  if (days === undefined) return [[name, `its ${name} is no plain number of days`]];
  if (days < least || days > most)
    return [[name, `has a deletion window of ${days} days, and AWS takes ${least} to ${most}`]];
  const floor = zone.floor.deletionWindowDays;
  if (floor === undefined || days >= floor) return [];
  return [[name, `has a deletion window of ${days} days, and zone ${zone.name} asks for at least ${floor}`]];
}

function rotation({ zone }: RolloutInstance, { properties }: TemplateKey): Flaw[] {
  const { least, most } = kmsLimits.rotationDays;
  const { EnableKeyRotation: enabled, RotationPeriodInDays: period } = properties;
  if (asBoolean(enabled) !== true) {
    return [["EnableKeyRotation", `nothing makes AWS rotate it: EnableKeyRotation is ${text(enabled ?? "missing")}`]];
  }
  const name = "RotationPeriodInDays";
  const days = period === undefined ? kmsLimits.rotationDaysByDefault : wholeNumber(period);
  if (days === undefined) return [[name, `its ${name} is no plain number of days`]];
  if (days < least || days > most) return [[name, `rotates every ${days} days, and AWS takes ${least} to ${most}`]];
  const floor = zone.floor.rotationDays;
  if (floor === undefined || days <= floor) return [];
  return [[name, `rotates every ${days} days, and zone ${zone.name} asks for at most ${floor}`]];
}

/** A key of each account that nobody has to bring material into, and that is for encryption. */
const plain: readonly (readonly [property: string, value: string])[] = [
  ["KeySpec", "SYMMETRIC_DEFAULT"],
  ["KeyUsage", "ENCRYPT_DECRYPT"],
  ["Origin", "AWS_KMS"],
];

function unusable({ properties }: TemplateKey): Flaw[] {
  const { BypassPolicyLockoutSafetyCheck: bypass, Enabled: enabled } = properties;
  return [
    ...(enabled === undefined || asBoolean(enabled) === true
      ? []
      : [["Enabled", `is not enabled in any account: Enabled is ${text(enabled)}`] as const]),
    ...(bypass === undefined || asBoolean(bypass) === false
      ? []
      : [["BypassPolicyLockoutSafetyCheck", "lets AWS KMS take a policy that locks everybody out"] as const]),
    ...plain.flatMap(([property, value]): Flaw[] => {
      const found = properties[property];
      if (found === undefined || found === value) return [];
      return [[property, `has ${property} ${text(found)}, and a key that every account gets by itself is ${value}`]];
    }),
  ];
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "symbol" ? "known to AWS alone" : JSON.stringify(value);
}
