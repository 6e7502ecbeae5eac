import type { RunReport, StackReport } from "./run-report";

/**
 * A run's report as a resumed run begins with it. What is applied or unchanged stays, and an unchanged one whose plan is there is
 * judged; what is planned or held keeps its plan, which is judged again; what is deferred waits until an apply has brought what it
 * needs; all else is planned anew. What a killed process left as `applying` was cut.
 *
 * @param resumedAt ISO 8601
 */
export function resumeReport(report: RunReport, command: RunReport["command"], resumedAt: string): RunReport {
  const stacks = report.stacks.map((stack) => resumed(stack, command));
  const settled = new Set(stacks.filter(({ status }) => status === "applied").map(({ stack }) => stack));
  const findings = report.gate?.findings.filter(({ stack }) => settled.has(stack)) ?? [];
  return {
    ...report,
    command,
    status: "running",
    endedAt: undefined,
    resumedAt: [...report.resumedAt, resumedAt],
    // What was allowed for what is applied stays on record.
    gate: findings.length === 0 ? undefined : { findings, open: 0, mistakes: [] },
    stacks,
  };
}

function resumed(stack: StackReport, command: RunReport["command"]): StackReport {
  if (stack.status === "applied" || stack.status === "unchanged") return stack;
  if (stack.status === "deferred" && command === "apply") return stack;
  if (stack.status === "planned" || stack.status === "held") return { ...stack, note: undefined };
  return { ...stack, status: "waiting", note: undefined, failure: undefined, changes: undefined };
}
