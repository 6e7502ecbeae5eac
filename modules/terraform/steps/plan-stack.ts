import { rmSync } from "node:fs";
import { makePrivateFile, planFile } from "./private-files";
import { runStep } from "./run-step";
import { LOCK_TIMEOUT, NO_LOCK } from "./state-lock";
import type { PlanEnd, StepContext } from "./step";

const UNCHANGED = 0;
const CHANGED = 2;

/** `terraform plan` into a saved plan, which only a good end leaves behind. */
export async function planStack(context: StepContext): Promise<PlanEnd> {
  const file = planFile(context);
  const lock = context.locks === false ? NO_LOCK : LOCK_TIMEOUT;
  const mode = context.refreshOnly === true ? ["-refresh-only"] : [];
  const end = await runStep(context, {
    name: "plan",
    args: ["plan", "-json", "-input=false", "-no-color", "-detailed-exitcode", ...mode, lock, `-out=${file}`],
    good: [UNCHANGED, CHANGED],
    interruptAt: 1,
    // A Go program that breaks down ends with 2 as well.
    confirm: (reading) => reading.summarized === "plan" && reading.diagnostics.length === 0,
    prepare: () => makePrivateFile(file),
  });
  if (end.ok) return { ok: true, durationMs: end.durationMs, attempts: end.attempts, changes: end.code === CHANGED };
  rmSync(file, { force: true });
  return end;
}
