import { type PolicyGap, policyGaps } from "../access/policy-gaps";
import type { StackGuardrail } from "../access/synthesized-stack";
import { changeIn, linesAt, pointerTo, type ToldChange } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { escapedCases } from "./escaped-cases";
import { guardedTarget } from "./guarded-target";
import { accessOf, gapsOf, gapsText, partitionOf, subjectOf, together, toWhom } from "./guardrail-gaps";
import { CHECK_NEEDS, guardrailTargetChanges } from "./guardrail-targets";
import type { JsonPlace } from "./review";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";

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
        : [...documentChanges(was, is, old, fresh, pair, context), ...guardrailTargetChanges(was, is, pair, context)],
    ),
    ...come.map((is) => added(is, old, pair, context)),
  ];
};

/** A service control policy that becomes a resource control policy is another one: AWS replaces it. */
function isSameGuardrail(one: StackGuardrail, other: StackGuardrail): boolean {
  return one.address === other.address && one.kind === other.kind;
}

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
      whatToDo: CHECK_NEEDS,
      access: accessOf("loses", more ?? [], is, [], pair, context),
      at: [is.path],
      explains: wholeOf(is),
    },
    context,
  );
}

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
        whatToDo: CHECK_NEEDS,
        access: accessOf("loses", [gap], is, [], pair, context),
        explains,
      };
      return { ...changeIn(pair, told, context), lines: linesOf(gap, "head", is, pair) };
    }),
  ];
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
