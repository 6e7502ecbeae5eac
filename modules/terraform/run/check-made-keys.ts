import type { StepFailure } from "../steps/step";
import type { StackPlan } from "./run-parts";
import { failureOf, type RunState } from "./run-state";

/**
 * Whether AWS has each key once. What cannot be told is a failure: the apply is done and not to be repeated, so that a resumed run
 * plans the stack, finds nothing to change, and looks again.
 *
 * @param planned the plan that was applied, or, where nothing is known of what was made, one of things as they are
 * @param since when the apply began, ISO 8601
 * @param made ids by address of what it has made
 */
export async function checkMadeKeys(
  planned: StackPlan,
  since: string,
  made: ReadonlyMap<string, string> | undefined,
  { parts }: RunState,
): Promise<StepFailure | undefined> {
  const step = made === undefined ? "plan" : "apply";
  const found = parts.stop.level < 2 ? await parts.doubleKeys(planned, since, made) : { unknown: "the run was ended" };
  if ("unknown" in found) {
    return failureOf(
      step,
      "keys-unread",
      `what was to be applied is applied, but whether AWS has made a key twice since ${since} cannot be told: ${found.unknown}`,
      "let the audit or the deploy role list keys and their tags in the account, and resume the run, which looks again and repeats nothing",
      true,
    );
  }
  if (found.length === 0) return undefined;
  const arns = found.map(({ arn }) => arn);
  return failureOf(
    step,
    "key-made-twice",
    found
      .map(
        ({ address, arn, kept }) =>
          `${address} was made twice: ${arn} is in no state; the state has ${kept}, to which the aliases lead`,
      )
      .join("\n"),
    `see in CloudTrail that nothing has used ${arns.join(", ")} since it was made, and that it has no alias; then let a break-glass role schedule its deletion, and resume the run`,
    true,
  );
}
