import type { StepFailure } from "../steps/step";
import type { StackPlan } from "./run-parts";
import { failureOf, type RunState, stepContext } from "./run-state";

/**
 * Takes into the state what a cut apply has made and no state has: a plan would make it a second time. The plan has held the state's
 * lock, so the cut Terraform is over, even where it went on after orgkeys was killed.
 *
 * @param planned what is planned for the stack as things are
 * @param since when the cut apply began, ISO 8601
 * @returns the addresses that were imported: with any, the stack has to be planned anew
 */
export async function recoverKeys(
  planned: StackPlan,
  since: string,
  run: RunState,
): Promise<{ readonly imported: readonly string[] } | { readonly failure: StepFailure }> {
  const { parts, record } = run;
  const { name } = planned.node;
  const found = await parts.strayKeys(planned, since);
  if ("unknown" in found) {
    return {
      failure: failureOf(
        "import",
        "keys-unread",
        `an apply of this stack was cut at some time after ${since}, and whether it made a key that no state has cannot be told: ${found.unknown}`,
        "let the audit or the deploy role list keys and their tags in the account, and resume the run; nothing was changed",
        true,
      ),
    };
  }
  const imported: string[] = [];
  for (const { address, id } of found) {
    const end = await parts.steps.importResource(stepContext(run, name), address, id);
    if (!end.ok) return { failure: end.failure };
    imported.push(address);
    record.changeStack(name, { imported: [...record.stack(name).imported, address] }, "now");
  }
  return { imported };
}
