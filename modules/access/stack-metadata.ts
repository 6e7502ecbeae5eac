import { type KeyStep, keySteps, type StepDays } from "../aws/key-step";
import { isCalendarDay } from "../findings/calendar-day";
import { fieldsOf, textsOf } from "./json-parts";
import { type Fields, isFields } from "./stack-reading";
import type { KeyMetadata, RolloutMetadata, StackKey, StackMetadata, SynthesizedStack } from "./synthesized-stack";

/** `"//".orgkeys`: what synthesis noted about the stack. It explains, and no safety rests on it alone. */
export function readMetadata(comment: unknown): StackMetadata {
  const orgkeys = fieldsOf(fieldsOf(comment).orgkeys);
  return {
    kind: textOf(orgkeys.kind) ?? "account",
    account: textOf(orgkeys.account),
    accountId: textOf(orgkeys.accountId),
    organization: textOf(orgkeys.organization),
    ou: textOf(orgkeys.ou),
    zone: textOf(orgkeys.zone),
    keys: mapOf(orgkeys.keys, readKeyMetadata),
    keyStores: mapOf(orgkeys.keyStores, (store) => textsOf(store.sources)),
    consumerPolicies: mapOf(orgkeys.consumerPolicies, (policy) => textsOf(policy.sources)),
    userGrants: mapOf(orgkeys.userGrants, ({ expires, sources }) => ({
      expires: textOf(expires),
      sources: textsOf(sources),
    })),
    stackSets: mapOf(orgkeys.stackSets, readRollout),
    directStacks: mapOf(orgkeys.directStacks, readRollout),
  };
}

function readRollout({ rollout, template, wave, sources, reaches }: Fields): RolloutMetadata {
  return {
    rollout: textOf(rollout),
    template: textOf(template),
    wave: textOf(wave),
    sources: textsOf(sources),
    reaches: new Map(Object.entries(fieldsOf(reaches)).map(([id, name]) => [id, textOf(name) ?? id])),
  };
}

/** A replica's is that of its primary. */
export function metadataOfKey(stack: SynthesizedStack, key: StackKey): KeyMetadata | undefined {
  const address = key.kind === "replica" ? key.primary : key.address;
  return stack.metadata.keys.get(address?.slice(address.indexOf(".") + 1) ?? "");
}

function readKeyMetadata(key: Fields): KeyMetadata {
  const alias = textOf(key.alias);
  const others = textsOf(key.aliases).filter((name) => name !== alias);
  return {
    alias,
    aliases: alias === undefined ? others : [alias, ...others],
    dataClass: textOf(key.dataClass),
    sources: textsOf(key.sources),
    grants: mapOf(key.grants, (grant) => textOf(grant.expires)),
    step: stepOf(key.step),
    replicaSteps: new Map(Object.entries(fieldsOf(key.replicaSteps)).map(([region, step]) => [region, stepOf(step)])),
    days: daysOf(key.days),
    replicaDays: new Map(Object.entries(fieldsOf(key.replicaDays)).map(([region, days]) => [region, daysOf(days)])),
    replaced: textOf(key.replaced),
    droppedAliases: textsOf(key.droppedAliases),
    rotationsOnDemand: Array.isArray(key.rotatedOnDemand) ? key.rotatedOnDemand.length : 0,
    requests: mapOf(key.requests, ({ perMonth, peakPerSecond }) => ({
      perMonth: countOf(perMonth) ?? 0,
      peakPerSecond: countOf(peakPerSecond),
    })),
  };
}

function stepOf(value: unknown): KeyStep | undefined {
  return value === undefined ? "in-use" : keySteps.find((step) => step === value);
}

function daysOf(value: unknown): StepDays | undefined {
  if (value !== undefined && !isFields(value)) return undefined;
  const days = new Map<KeyStep, string>();
  for (const [name, day] of Object.entries(fieldsOf(value))) {
    const step = keySteps.find((each) => each === name);
    if (step === undefined || typeof day !== "string" || !isCalendarDay(day)) return undefined;
    days.set(step, day);
  }
  return days;
}

function mapOf<Value>(value: unknown, read: (fields: Fields) => Value): ReadonlyMap<string, Value> {
  return new Map(Object.entries(fieldsOf(value)).map(([name, inner]) => [name, read(fieldsOf(inner))]));
}

function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
