import { AUDIT_OVERRIDE_FILE, auditOverride, withAuditOverride } from "../steps/audit-override";
import { explainError } from "../steps/explain-failure";
import type { StepContext, StepEnd, StepName } from "../steps/step";
import { codeOf } from "./process-start";
import type { RunSteps } from "./run-parts";
import { failureOf } from "./run-state";

/** What a stack's override is made of. */
export interface AuditOf {
  /** The text of its cdk.tf.json. */
  readonly textOf: (stack: string) => string;
  /** The name of its organization's audit role; undefined when the map does not know the stack's account. */
  readonly roleOf: (stack: string) => string | undefined;
}

/**
 * The steps of a run that only looks: each stack's providers become the audit role while Terraform plans, and the state is
 * not locked. What comes of it cannot be applied, so nothing here applies or imports.
 */
export function auditSteps(steps: RunSteps, of: AuditOf): RunSteps {
  const never = (): never => {
    throw new Error("a run with the audit role changes nothing");
  };
  return {
    ...steps,
    init: (context) => audited("init", context, of, (own) => steps.init(own)),
    plan: (context) => audited("plan", context, of, (own) => steps.plan({ ...own, locks: false })),
    apply: never,
    importResource: never,
    forgetResource: never,
  };
}

async function audited<End extends StepEnd>(
  step: StepName,
  context: StepContext,
  of: AuditOf,
  work: (own: StepContext) => Promise<End>,
): Promise<End | Extract<StepEnd, { ok: false }>> {
  const refused = (failure: ReturnType<typeof failureOf>) =>
    ({ ok: false, durationMs: 0, attempts: 0, failure }) as const;
  const role = of.roleOf(context.stack);
  if (role === undefined) {
    return refused(
      failureOf(
        step,
        "no-audit-role",
        "the map does not say which role audits the account that it works in",
        `bring the account back into the map, or leave the stack out (--exclude ${context.stack})`,
      ),
    );
  }
  const override = auditOverride(JSON.parse(of.textOf(context.stack)), role);
  if (override === undefined) {
    return refused(
      failureOf(
        step,
        "no-audit-role",
        "not every provider of its JSON assumes a role, so it would be planned with whatever credentials there are",
        `synthesize it anew, or leave it out (--exclude ${context.stack})`,
      ),
    );
  }
  try {
    return await withAuditOverride(context.directory, override, () =>
      work({ ...context, beside: [...(context.beside ?? []), AUDIT_OVERRIDE_FILE] }),
    );
  } catch (error) {
    if (codeOf(error) !== "EEXIST") return refused(explainError(step, error, context));
    return refused(
      failureOf(
        step,
        "override-there",
        `${AUDIT_OVERRIDE_FILE} is in ${context.directory} already: somebody has put it there meanwhile`,
        "look at it, delete it, and plan again",
      ),
    );
  }
}
