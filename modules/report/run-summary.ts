import { orgkeysCommand } from "../findings/orgkeys-command";
import type { ChangeAction } from "../terraform/plan-json";
import type { GateEntry, RunReport, StackReport } from "../terraform/run/run-report";
import type { StepFailure } from "../terraform/steps/step";
import { countOf } from "./check-outcome";
import { allowOption } from "./gate-allowance";

/** As people read them: what is lost comes first. */
export const changeActions = [
  "delete",
  "replace",
  "forget",
  "update",
  "create",
  "import",
] as const satisfies ChangeAction[];

const actionWords: Readonly<Record<ChangeAction, string>> = {
  delete: "to delete",
  replace: "to replace",
  forget: "to let go of",
  update: "to update",
  create: "to create",
  import: "to import",
};

/** What every report of `plan --audit` says. */
export const AUDIT_TEXT = "planned with the audit role: these plans cannot be applied";

export type FailedStack = StackReport & { readonly failure: StepFailure };

/** Whether the last word on a stack is a failure. */
export function isFailed(stack: StackReport): stack is FailedStack {
  return stack.failure !== undefined && stack.status !== "applied";
}

/** What the reports of a run have in common. */
export interface RunSummary {
  /** `2 of 40 stacks failed; 3 findings of the gate are open` */
  readonly headline: string;
  readonly open: readonly GateEntry[];
  readonly allowed: readonly GateEntry[];
  readonly failed: readonly FailedStack[];
  /** Of those whose plans change something, applied or not. */
  readonly changed: readonly StackReport[];
  /** Neither applied, nor planned, nor failed: deferred, held, interrupted, skipped and what was never begun. */
  readonly left: readonly StackReport[];
  /** What somebody does now, each an instruction; commands stand in lines of their own, after four blanks. */
  readonly next: readonly string[];
}

/** @param folder the run's, as on the command line: `runs/20261122T125145Z-3f2a` */
export function summarizeRun(report: RunReport, folder: string): RunSummary {
  const { stacks, gate } = report;
  const findings = gate?.findings ?? [];
  const parts = {
    open: findings.filter(({ allowed }) => allowed === undefined),
    allowed: findings.filter(({ allowed }) => allowed !== undefined),
    failed: stacks.filter(isFailed),
    changed: stacks.filter(({ changes }) => changesOf([{ changes }]) > 0),
    left: stacks.filter(({ status }) => !["unchanged", "planned", "applied", "failed"].includes(status)),
  };
  return { ...parts, headline: headlineOf(report, parts), next: nextSteps(report, folder, parts) };
}

type Parts = Omit<RunSummary, "headline" | "next">;

function headlineOf(report: RunReport, { open, failed, changed, left }: Parts): string {
  const { command, status, stacks } = report;
  const all = countOf(stacks.length, "stack");
  const applied = stacks.filter((stack) => stack.status === "applied").length;
  const planned = stacks.filter((stack) => ["planned", "unchanged", "applied", "held"].includes(stack.status)).length;
  const done = command === "apply" ? `${applied} of ${all} applied` : `${planned} of ${all} planned`;
  const bad = [
    ...(failed.length === 0 ? [] : [`${failed.length} of ${all} failed`]),
    ...(open.length === 0
      ? []
      : [`the gate ${command === "apply" ? "stops" : "would stop"} ${countOf(open.length, "change")}`]),
  ];
  const mistakes = report.gate?.mistakes.length ?? 0;
  if (mistakes > 0) bad.push(`${countOf(mistakes, "mistake")} in what is allowed`);
  if (status === "running") return [...bad, `not at its end: ${done}`].join("; ");
  if (status === "stopped") return [...bad, `stopped by somebody: ${done}`].join("; ");
  if (status === "declined") return [...bad, `declined: ${done}`].join("; ");
  if (status === "waiting") return [...bad, `waits for a word after the canaries: ${done}`].join("; ");
  if (bad.length > 0) return command === "apply" ? [...bad, done].join("; ") : bad.join("; ");
  const aside = left.length === 0 ? "" : `; ${countOf(left.length, "stack")} not planned`;
  if (changed.length === 0) return `no changes in ${countOf(stacks.length - left.length, "stack")}${aside}`;
  if (command === "apply") return left.length === 0 ? `${done}, all others had nothing to do` : `${done}${aside}`;
  return `${changed.length} of ${all} ${changed.length === 1 ? "changes" : "change"}: ${changesText(changed)}${aside}`;
}

function nextSteps(report: RunReport, folder: string, { open, allowed, failed, changed, left }: Parts): string[] {
  const { command, status, stacks } = report;
  const again = allowedAgain(report, allowed);
  const resumeTo = (what: RunReport["command"]): string =>
    `    ${orgkeysCommand([what, "--resume", folder], report)}${again}`;
  const resume = resumeTo(command);
  const anew = `    ${applyAnew(report)}${again}`;
  const unsure = stacks.some((stack) => stack.failure?.uncertain === true || wasCut(stack, report));
  const deferred = left.filter((stack) => stack.status === "deferred");
  const steps: string[] = [];
  if (open.length > 0) {
    // Without --max-changes nothing asks for an allowance of the run as a whole, and one would be a mistake.
    const [option] = open.flatMap((entry) => (entry.stack === "" ? [] : (allowOption(entry) ?? [])));
    steps.push(
      "Look at what the gate found. Mend the map, or answer for each change that is meant as it says there:",
      `${report.audit === true ? anew : resume}${option === undefined ? "" : ` ${option}`}`,
    );
  }
  const mistakes = report.gate?.mistakes ?? [];
  if (mistakes.length > 0) {
    steps.push(
      "Put right what is wrong with the allowances, then go on:",
      ...mistakes.map((mistake) => `    ${mistake}`),
      report.audit === true ? anew : resume,
    );
  }
  if (unsure) {
    steps.push(
      "Resume this run and do not begin another: it takes over what a cut apply has made, so that no key is made twice.",
    );
  }
  if (failed.length > 0) steps.push("Mend what failed, then do what was left:", resume);
  else if (status === "waiting") steps.push("Look at the canaries, then apply the others:", resume);
  else if (open.length === 0 && ["running", "stopped", "declined"].includes(status))
    steps.push("Do what was left:", resume);
  else if (open.length === 0 && mistakes.length === 0 && command === "plan" && changed.length > 0) {
    steps.push(
      ...(report.audit === true
        ? ["The audit role made these plans, and they cannot be applied. Plan anew and apply:", anew]
        : ["Apply exactly these plans:", resumeTo("apply")]),
    );
  }
  if (deferred.length > 0 && command === "plan") {
    steps.push(
      `${countOf(deferred.length, "stack")} can be planned only after what ${deferred.length === 1 ? "it needs" : "they need"} is applied: apply plans and gates them then.`,
    );
  }
  return steps;
}

/** The gate judges again what is not applied: what the command line has allowed of plans that nobody has begun is said once more. */
function allowedAgain({ stacks }: RunReport, allowed: readonly GateEntry[]): string {
  const untouched = stacks.filter(({ status, applyStartedAt }) => status !== "applied" && applyStartedAt === undefined);
  const names = new Set(untouched.map(({ stack }) => stack));
  const again = allowed.filter(({ stack, allowed: word }) => word?.by === "command line" && names.has(stack));
  return again.map((entry) => ` ${allowOption(entry, entry.allowed?.reason)}`).join("");
}

/** The command that plans and applies a run's stacks from the beginning. */
export function applyAnew(report: RunReport): string {
  return orgkeysCommand(["apply", ...report.selection], report);
}

/** Whether a stack's apply had no end that anybody saw. */
function wasCut({ status, applyStartedAt }: StackReport, { status: run }: RunReport): boolean {
  return applyStartedAt !== undefined && (status === "interrupted" || (status === "applying" && run !== "running"));
}

/** Of all actions. */
export function changesOf(stacks: readonly Pick<StackReport, "changes">[], action?: ChangeAction): number {
  const counted = action === undefined ? changeActions : [action];
  return stacks.reduce(
    (sum, { changes }) => sum + counted.reduce((of, each) => of + (changes?.actions[each] ?? 0), 0),
    0,
  );
}

/** `1 to delete, 3 to create` */
export function changesText(stacks: readonly Pick<StackReport, "changes">[]): string {
  const counts = changeActions.flatMap((action) => {
    const count = changesOf(stacks, action);
    return count === 0 ? [] : [`${count} ${actionWords[action]}`];
  });
  return counts.length === 0 ? "nothing to do" : counts.join(", ");
}
