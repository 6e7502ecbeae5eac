import { actionsText } from "../access/key-actions";
import { type PolicyGap, policyGaps } from "../access/policy-gaps";
import type { Policy } from "../access/policy-statement";
import type { GuardrailAttachment, StackGuardrail } from "../access/synthesized-stack";
import type { PartitionName } from "../aws/partition";
import { changeIn, linesAt, pointerTo, type ToldChange } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { escapedCases } from "./escaped-cases";
import { guardedTarget } from "./guarded-target";
import type { JsonPlace, ReviewedAccess } from "./review";
import { type ReviewContext, zoneOf } from "./review-context";
import { remaining, type StackPair } from "./stack-pair";

/** Policies with which AWS Organizations guards a zone, and where they hold. */
export const compareGuardrails: Comparer = (pair, context) => {
  const { before, after } = pair;
  const [old, fresh] = [before?.guardrails ?? [], after?.guardrails ?? []];
  const paired = old.map((was) => ({ was, is: fresh.find((is) => isSameGuardrail(was, is)) }));
  const come = fresh.filter((is) => !old.some((was) => isSameGuardrail(was, is)));
  return [
    ...paired.flatMap(({ was, is }) =>
      is === undefined
        ? [removed(was, fresh, pair, context)]
        : [...documentChanges(was, is, old, fresh, pair, context), ...targetChanges(was, is, pair, context)],
    ),
    ...come.map((is) => added(is, old, pair, context)),
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
  return changeIn(
    pair,
    {
      id: "guardrail-removed",
      ...subjectOf(was),
      ...(isCovered ? { risk: "medium" } : {}),
      what: `is gone from ${targetsText(was.targets, context)}: ${ending}`,
      whatToDo: isCovered
        ? "make sure that the others are applied before it goes: in between nothing denies it"
        : "put it back, unless the zone is to end: a key policy that errs is held by nothing else",
      access: accessOf("gains", less ?? [], was, [], pair, context),
      at: [was.path],
      explains: wholeOf(was),
    },
    context,
  );
}

function added(
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
  return changeIn(
    pair,
    {
      id: "guardrail-added",
      ...subjectOf(is),
      ...(more === undefined ? { risk: "high" } : {}),
      what: `is new on ${targetsText(is.targets, context)}: ${denied}`,
      whatToDo: checkNeeds,
      access: accessOf("loses", more ?? [], is, [], pair, context),
      at: [is.path],
      explains: wholeOf(is),
    },
    context,
  );
}

const checkNeeds = "make sure that nobody there needs what it denies: no policy of an account can let it through";

function documentChanges(
  was: StackGuardrail,
  is: StackGuardrail,
  old: readonly StackGuardrail[],
  fresh: readonly StackGuardrail[],
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const content = explained(is.address, "content");
  if (!pair.differences.some(({ address, argument }) => address === is.address && argument === "content")) return [];
  const less = gapsOf(was.policy, together(was, fresh), pair);
  const more = gapsOf(is.policy, together(is, old), pair);
  if (less === undefined || more === undefined) {
    const told: ToldChange = {
      id: "guardrail-denies-less",
      ...subjectOf(is),
      detail: "policy",
      what:
        more === undefined
          ? "is a policy that nobody can read: it may deny nothing"
          : "was a policy that nobody could read: nobody can tell what it no longer denies",
      whatToDo: "write it so that it can be read, or put back what it was",
      at: [pointerTo(is.address, "content")],
      explains: [content],
    };
    return [changeIn(pair, told, context)];
  }
  const explains = allowsSame(was, is, pair) ? [content] : [];
  return [
    ...less.map((gap): ComparedChange => {
      const cases = escapedCases(gap.statement, is.policy?.statements ?? []);
      const where = cases.length === 0 ? "" : ` ${cases.join(" and ")}`;
      const told: ToldChange = {
        id: "guardrail-denies-less",
        ...subjectOf(is),
        detail: gap.through,
        what: `no longer surely denies ${gapsText([gap])} ${toWhom(is, pair, context)}${where}: whatever other policies let them do, they can do again`,
        whatToDo: "put the statement back, or make sure that exactly this is meant to be let through",
        access: accessOf("gains", [gap], is, cases, pair, context),
        explains,
      };
      return { ...changeIn(pair, told, context), lines: linesOf(gap, "base", is, pair) };
    }),
    ...more.map((gap): ComparedChange => {
      const told: ToldChange = {
        id: "guardrail-denies-more",
        ...subjectOf(is),
        detail: gap.through,
        what: `denies ${gapsText([gap])} as well ${toWhom(is, pair, context)}`,
        whatToDo: checkNeeds,
        access: accessOf("loses", [gap], is, [], pair, context),
        explains,
      };
      return { ...changeIn(pair, told, context), lines: linesOf(gap, "head", is, pair) };
    }),
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
  const others = [...was.attachments, ...is.attachments];
  const common = ({
    address,
    path,
    target,
  }: GuardrailAttachment): Pick<ToldChange, "at" | "detail" | "explains"> & Subject => ({
    ...subjectOf(is),
    detail: target,
    at: [path],
    // One that goes from a target to another is both: each tells its half.
    explains: others.some((other) => other.address === address && other.target !== target)
      ? [explained(address, "target_id")]
      : [explained(address)],
  });
  return [
    ...gone.map((attachment) => {
      const { name, reach } = guardedTarget(attachment.target, context.zonesBefore);
      const what = `is no longer attached to ${name}: ${reach} without what it denies`;
      const whatToDo = "put the attachment back, unless nothing of the zone is there any more";
      return changeIn(pair, { id: "guardrail-targets-removed", ...common(attachment), what, whatToDo }, context);
    }),
    ...fresh.map((attachment) => {
      const { name, reach } = guardedTarget(attachment.target, context.zones);
      const what = `is attached to ${name} as well: ${reach} under what it denies`;
      return changeIn(
        pair,
        { id: "guardrail-targets-added", ...common(attachment), what, whatToDo: checkNeeds },
        context,
      );
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

type Subject = Pick<ToldChange, "address" | "resource">;

function subjectOf({ address, kind, name }: StackGuardrail): Subject {
  return { address, resource: `${kindNames[kind]} ${name}` };
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

function targetsText(targets: readonly string[], { zones }: ReviewContext): string {
  if (targets.length === 0) return "nowhere";
  return targets.map((target) => guardedTarget(target, zones).name).join(", ");
}

function wholeOf({ address, attachments }: StackGuardrail): string[] {
  return [address, ...attachments.map((attachment) => attachment.address)].map((each) => explained(each));
}

/** The statement on the side that has it, and the policy on the other. */
function linesOf(
  { statement }: PolicyGap,
  side: JsonPlace["side"],
  { address }: StackGuardrail,
  pair: StackPair,
): JsonPlace[] {
  const stack = side === "base" ? pair.before : pair.after;
  const policies = linesAt(pair, [pointerTo(address, "content")]);
  return policies.map((line) =>
    line.side === side && stack !== undefined ? { side, stack: stack.name, path: statement.path } : line,
  );
}
