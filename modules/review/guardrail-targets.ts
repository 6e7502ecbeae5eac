import type { GuardrailAttachment, StackGuardrail } from "../access/synthesized-stack";
import { changeIn, type ToldChange } from "./compared-change";
import { type ComparedChange, explained } from "./comparer";
import { guardedTarget } from "./guarded-target";
import { type GuardrailSubject, subjectOf } from "./guardrail-gaps";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";

/** Of what denies more than before. */
export const CHECK_NEEDS =
  "make sure that nobody there needs what it denies: no policy of an account can let it through";

/** Where a guardrail holds from now on, and no longer does. */
export function guardrailTargetChanges(
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
  }: GuardrailAttachment): Pick<ToldChange, "at" | "detail" | "explains"> & GuardrailSubject => ({
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
        { id: "guardrail-targets-added", ...common(attachment), what, whatToDo: CHECK_NEEDS },
        context,
      );
    }),
  ];
}
