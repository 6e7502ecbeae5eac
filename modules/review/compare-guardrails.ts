import { actionsText } from "../access/key-actions";
import { type PolicyGap, policyGaps } from "../access/policy-gaps";
import type { Policy } from "../access/policy-statement";
import { isSamePolicy } from "../access/same-policy";
import type { GuardrailAttachment, StackGuardrail } from "../access/synthesized-stack";
import type { PartitionName } from "../aws/partition";
import type { Severity } from "../findings/finding";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { escapedCases } from "./escaped-cases";
import { guardedTarget } from "./guarded-target";
import type { JsonPlace, ReviewedAccess } from "./review";
import { placeIn, type ReviewContext, zoneOf } from "./review-context";
import { type PairedStack, remaining, type StackPair } from "./stack-pair";

/** Policies with which AWS Organizations guards a zone, and where they hold. */
export const compareGuardrails: Comparer = (pair, context) => {
  const { before, after } = pair;
  const [old, fresh] = [before?.guardrails ?? [], after?.guardrails ?? []];
  const paired = old.map((was) => ({ was, is: fresh.find((is) => isSameGuardrail(was, is)) }));
  const added = fresh.filter((is) => !old.some((was) => isSameGuardrail(was, is)));
  return [
    ...paired.flatMap(({ was, is }) =>
      is === undefined
        ? [removed(was, fresh, pair, context)]
        : [...documentChanges(was, is, old, fresh, pair, context), ...targetChanges(was, is, pair, context)],
    ),
    ...added.map((is) => addedOne(is, old, pair, context)),
  ];
};

/** A service control policy that becomes a resource control policy is another one: AWS replaces it. */
function isSameGuardrail(one: StackGuardrail, other: StackGuardrail): boolean {
  return one.address === other.address && one.kind === other.kind;
}

const kindNames: Readonly<Record<StackGuardrail["kind"], string>> = {
  "resource-control": "resource control policy",
  "service-control": "service control policy",
};

function removed(
  was: StackGuardrail,
  fresh: readonly StackGuardrail[],
  pair: StackPair,
  context: ReviewContext,
): ComparedChange {
  const less = gapsOf(was.policy, together(was, fresh), pair);
  const isCovered = less !== undefined && less.length === 0;
  const ending = isCovered
    ? "the others on the same targets deny the same"
    : `nothing denies ${less === undefined ? "what it did" : gapsText(less)} there any more ${toWhom(was, pair, context)}`;
  return {
    ...commonOf("guardrail-removed", isCovered ? "medium" : "critical", was, pair, context),
    what: `is gone from ${targetsText(was.targets, context)}: ${ending}`,
    whatToDo: isCovered
      ? "make sure that the others are applied before it goes: in between nothing denies it"
      : "put it back, unless the zone is to end: a key policy that errs is held by nothing else",
    access: accessOf("gains", less ?? [], was, undefined, pair, context),
    lines: placesOf("base", was, pair),
    explains: wholeOf(was),
  };
}

function addedOne(
  is: StackGuardrail,
  old: readonly StackGuardrail[],
  pair: StackPair,
  context: ReviewContext,
): ComparedChange {
  const more = gapsOf(is.policy, together(is, old), pair);
  const denied =
    more === undefined
      ? "nobody can read what it denies"
      : more.length === 0
        ? "it denies what others deny there already"
        : `it denies ${gapsText(more)} ${toWhom(is, pair, context)}`;
  return {
    ...commonOf("guardrail-added", more === undefined ? "high" : "medium", is, pair, context),
    what: `is new on ${targetsText(is.targets, context)}: ${denied}`,
    whatToDo: "make sure that nobody there needs what it denies: no policy of an account can let it through",
    access: accessOf("loses", more ?? [], is, undefined, pair, context),
    lines: placesOf("head", is, pair),
    explains: wholeOf(is),
  };
}

function documentChanges(
  was: StackGuardrail,
  is: StackGuardrail,
  old: readonly StackGuardrail[],
  fresh: readonly StackGuardrail[],
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  if (was.policy !== undefined && is.policy !== undefined && isSamePolicy(was.policy, is.policy)) return [];
  // Whoever cannot read one of the two, as it may be on both sides, takes it for another.
  const isRead = isUnderstood(was.policy) && isUnderstood(is.policy);
  const lines = [...placesOf("base", was, pair), ...placesOf("head", is, pair)];
  const explains = allowsSame(was, is, pair) ? [explained(is.address, "content")] : [];
  if (!isRead) {
    return [
      {
        ...commonOf("guardrail-denies-less", "critical", is, pair, context),
        detail: "policy",
        what: "is a policy that nobody can read: it may deny nothing",
        whatToDo: "write it so that it can be read, or put back what it was",
        access: [],
        lines,
        explains,
      },
    ];
  }
  const less = gapsOf(was.policy, together(was, fresh), pair) ?? [];
  const more = gapsOf(is.policy, together(is, old), pair) ?? [];
  return [
    ...less.map((gap): ComparedChange => {
      const cases = escapedCases(gap.statement, is.policy?.statements ?? []);
      const where = cases.length === 0 ? "" : ` ${cases.join(" and ")}`;
      return {
        ...commonOf("guardrail-denies-less", "critical", is, pair, context),
        detail: gap.through,
        what: `no longer surely denies ${gapsText([gap])} ${toWhom(is, pair, context)}${where}: whatever other policies let them do, they can do again`,
        whatToDo: "put the statement back, or make sure that exactly this is meant to be let through",
        access: accessOf("gains", [gap], is, cases, pair, context),
        lines: [...statementPlace("base", gap, pair), ...placesOf("head", is, pair)],
        explains,
      };
    }),
    ...more.map(
      (gap): ComparedChange => ({
        ...commonOf("guardrail-denies-more", "medium", is, pair, context),
        detail: gap.through,
        what: `denies ${gapsText([gap])} as well ${toWhom(is, pair, context)}`,
        whatToDo: "make sure that nobody there needs it: no policy of an account can let it through",
        access: accessOf("loses", [gap], is, undefined, pair, context),
        lines: [...placesOf("base", was, pair), ...statementPlace("head", gap, pair)],
        explains,
      }),
    ),
  ];
}

function targetChanges(
  was: StackGuardrail,
  is: StackGuardrail,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const gone = was.attachments.filter(({ target }) => !is.targets.includes(target));
  const fresh = is.attachments.filter(({ target }) => !was.targets.includes(target));
  return [
    ...gone.map((attachment): ComparedChange => {
      const { name, reach } = guardedTarget(attachment.target, context.zonesBefore);
      return {
        ...commonOf("guardrail-targets-removed", "critical", is, pair, context),
        detail: attachment.target,
        what: `is no longer attached to ${name}: ${reach} without what it denies`,
        whatToDo: "put the attachment back, unless nothing of the zone is there any more",
        access: [],
        lines: attachmentPlace("base", attachment, pair),
        explains: [explained(attachment.address)],
      };
    }),
    ...fresh.map((attachment): ComparedChange => {
      const { name, reach } = guardedTarget(attachment.target, context.zones);
      return {
        ...commonOf("guardrail-targets-added", "medium", is, pair, context),
        detail: attachment.target,
        what: `is attached to ${name} as well: ${reach} under what it denies`,
        whatToDo: "make sure that nobody there needs what it denies: no policy of an account can let it through",
        access: [],
        lines: attachmentPlace("head", attachment, pair),
        explains: [explained(attachment.address)],
      };
    }),
  ];
}

/** A guardrail on the other side, with all others of its kind that hold wherever it does: a statement may go from one to another. */
function together({ address, kind, targets }: StackGuardrail, others: readonly StackGuardrail[]): readonly Policy[] {
  return others
    .filter((other) => other.kind === kind)
    .filter((other) => other.address === address || targets.every((target) => other.targets.includes(target)))
    .flatMap(({ policy }) => policy ?? []);
}

/** @returns undefined for a policy that nobody can read */
function gapsOf(policy: Policy | undefined, others: readonly Policy[], pair: StackPair): PolicyGap[] | undefined {
  if (policy === undefined || !isUnderstood(policy)) return undefined;
  return policyGaps("Deny", policy, union(policy, others), partitionOf(pair));
}

function union(policy: Policy, others: readonly Policy[]): Policy {
  return { ...policy, statements: others.filter(isUnderstood).flatMap(({ statements }) => statements) };
}

function isUnderstood(policy: Policy | undefined): boolean {
  return policy?.understood === true && policy.statements.every(({ understood }) => understood);
}

/** What a service control policy allows counts where AWS's own FullAWSAccess is taken away: nobody here knows that. */
function allowsSame(was: StackGuardrail, is: StackGuardrail, pair: StackPair): boolean {
  const [old, fresh] = [was.policy, is.policy];
  if (old === undefined || fresh === undefined) return old === fresh;
  const partition = partitionOf(pair);
  return (
    policyGaps("Allow", old, fresh, partition).length === 0 && policyGaps("Allow", fresh, old, partition).length === 0
  );
}

/** Which partition it is decides how a principal's name is read, and no guardrail of ours names any. */
function partitionOf(pair: StackPair): PartitionName {
  return remaining(pair).partition ?? "aws";
}

function commonOf(
  id: ComparedChange["id"],
  risk: Severity,
  { address, kind, name }: StackGuardrail,
  pair: StackPair,
  context: ReviewContext,
): Pick<ComparedChange, "id" | "risk" | "place" | "detail"> {
  return { id, risk, place: placeIn(pair, { address, resource: `${kindNames[kind]} ${name}` }, context), detail: "" };
}

/** A resource control policy is about everybody who asks, a service control policy about who is in the accounts below it. */
function toWhom({ kind }: StackGuardrail, pair: StackPair, context: ReviewContext): string {
  return `to ${whomOf(kind, zoneName(pair, context))}`;
}

function whomOf(kind: StackGuardrail["kind"], zone: string): string {
  return kind === "resource-control" ? `whoever is outside zone ${zone}` : `principals in accounts of zone ${zone}`;
}

function zoneName(pair: StackPair, context: ReviewContext): string {
  const stack = remaining(pair);
  return zoneOf(stack, context.zones)?.name ?? stack.metadata.zone ?? "(unknown)";
}

function gapsText(gaps: readonly PolicyGap[]): string {
  return gaps.map(({ through, actions }) => `${actionsText(actions)} (${through})`).join("; ");
}

/** A guardrail gives nothing: whoever is denied less can do what other policies let them. */
function accessOf(
  effect: ReviewedAccess["effect"],
  gaps: readonly PolicyGap[],
  { kind }: StackGuardrail,
  cases: readonly string[] | undefined,
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
    conditions: [...(cases ?? [])],
  }));
}

function keysText({ negated, patterns }: PolicyGap["resource"], kind: StackGuardrail["kind"], zone: string): string {
  if (negated) return `everything but ${patterns.join(", ")}`;
  if (!patterns.includes("*")) return patterns.join(", ");
  return kind === "resource-control" ? `every key of zone ${zone}` : "every key";
}

function targetsText(targets: readonly string[], { zones }: ReviewContext): string {
  if (targets.length === 0) return "nowhere";
  return targets.map((target) => guardedTarget(target, zones).name).join(", ");
}

function wholeOf({ address, attachments }: StackGuardrail): string[] {
  return [address, ...attachments.map((attachment) => attachment.address)].map((each) => explained(each));
}

function placesOf(side: JsonPlace["side"], { path }: StackGuardrail, pair: StackPair): JsonPlace[] {
  return placeAt(side, path, pair);
}

function attachmentPlace(side: JsonPlace["side"], { path }: GuardrailAttachment, pair: StackPair): JsonPlace[] {
  return placeAt(side, path, pair);
}

function statementPlace(side: JsonPlace["side"], { statement }: PolicyGap, pair: StackPair): JsonPlace[] {
  return placeAt(side, statement.path, pair);
}

function placeAt(side: JsonPlace["side"], path: string, pair: StackPair): JsonPlace[] {
  const stack: PairedStack | undefined = side === "base" ? pair.before : pair.after;
  return stack === undefined ? [] : [{ side, stack: stack.name, path }];
}
