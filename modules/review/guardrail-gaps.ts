import { guardrailKinds } from "../access/guardrail-kinds";
import { actionsText } from "../access/key-actions";
import { type PolicyGap, policyGaps } from "../access/policy-gaps";
import type { Policy } from "../access/policy-statement";
import type { StackGuardrail } from "../access/synthesized-stack";
import type { PartitionName } from "../aws/partition";
import type { ToldChange } from "./compared-change";
import type { ReviewedAccess } from "./review";
import { type ReviewContext, zoneOf } from "./review-context";
import { remaining, type StackPair } from "./stack-pair";

/** A guardrail on the other side, with all others of its kind that hold wherever it does: a statement may go from one to another. */
export function together(
  { address, kind, targets }: StackGuardrail,
  others: readonly StackGuardrail[],
): readonly Policy[] {
  return others
    .filter((other) => other.kind === kind)
    .filter((other) => other.address === address || targets.every((target) => other.targets.includes(target)))
    .flatMap(({ policy }) => policy ?? []);
}

/** @returns undefined for a policy that nobody can read */
export function gapsOf(
  policy: Policy | undefined,
  others: readonly Policy[],
  pair: StackPair,
): PolicyGap[] | undefined {
  if (policy === undefined || !isUnderstood(policy)) return undefined;
  return policyGaps("Deny", policy, union(policy, others), partitionOf(pair));
}

function union(policy: Policy, others: readonly Policy[]): Policy {
  return { ...policy, statements: others.filter(isUnderstood).flatMap(({ statements }) => statements) };
}

function isUnderstood(policy: Policy | undefined): boolean {
  return policy?.understood === true && policy.statements.every(({ understood }) => understood);
}

/** Which partition it is decides how a principal's name is read, and no guardrail of ours names any. */
export function partitionOf(pair: StackPair): PartitionName {
  return remaining(pair).partition ?? "aws";
}

/** What people call a guardrail, and where it is. */
export type GuardrailSubject = Pick<ToldChange, "address" | "resource">;

export function subjectOf({ address, kind, name }: StackGuardrail): GuardrailSubject {
  return { address, resource: `${guardrailKinds[kind]} ${name}` };
}

/** A resource control policy is about everybody who asks, a service control policy about who is in the accounts below it. */
export function toWhom({ kind }: StackGuardrail, pair: StackPair, context: ReviewContext): string {
  return `to ${whomOf(kind, zoneName(pair, context))}`;
}

function whomOf(kind: StackGuardrail["kind"], zone: string): string {
  return kind === "resource-control" ? `whoever is outside zone ${zone}` : `principals in accounts of zone ${zone}`;
}

function zoneName(pair: StackPair, context: ReviewContext): string {
  const stack = remaining(pair);
  return zoneOf(stack, context.zones)?.name ?? stack.metadata.zone ?? "(unknown)";
}

export function gapsText(gaps: readonly PolicyGap[]): string {
  return gaps.map(({ through, actions }) => `${actionsText(actions)} (${through})`).join("; ");
}

/** A guardrail gives nothing: whoever is denied less can do what other policies let them. */
export function accessOf(
  effect: ReviewedAccess["effect"],
  gaps: readonly PolicyGap[],
  { kind }: StackGuardrail,
  cases: readonly string[],
  pair: StackPair,
  context: ReviewContext,
): ReviewedAccess[] {
  const zone = zoneName(pair, context);
  const whom = whomOf(kind, zone);
  return gaps.map(({ through, actions, resource }) => ({
    effect,
    who: "anybody",
    whom,
    actions,
    through: effect === "gains" ? `${through}, which denies less` : through,
    outside: effect === "gains" && kind === "resource-control" ? whom : undefined,
    key: keysText(resource, kind, zone),
    zone,
    regions: [],
    half: kind === "resource-control" ? "key" : "identity",
    until: undefined,
    conditions: cases,
  }));
}

function keysText({ negated, patterns }: PolicyGap["resource"], kind: StackGuardrail["kind"], zone: string): string {
  if (negated) return `everything but ${patterns.join(", ")}`;
  if (!patterns.includes("*")) return patterns.join(", ");
  return kind === "resource-control" ? `every key of zone ${zone}` : "every key";
}
