import { resolve } from "node:path";
import { stackText } from "../terraform/graph/read-output";
import { auditSteps } from "../terraform/run/audit-steps";
import type { RunParts, RunSteps } from "../terraform/run/run-parts";
import { applyStack } from "../terraform/steps/apply-stack";
import { forgetResource } from "../terraform/steps/forget-resource";
import { importResource } from "../terraform/steps/import-resource";
import { initStack, warmCache } from "../terraform/steps/init-stack";
import { planStack } from "../terraform/steps/plan-stack";
import { showPlan } from "../terraform/steps/show-plan";
import type { Clock, StopSignal } from "../terraform/steps/step";
import { askToApply } from "./ask-to-apply";
import type { ReadyRun } from "./ready-run";
import { runDoubleKeys, runGate, runStrayKeys } from "./run-gate";
import type { RunScope } from "./run-scope";
import type { RunView } from "./run-view";
import type { Terminal } from "./terminal";

/** Who watches a run, and when it ends. */
export interface RunSurroundings {
  readonly terminal: Terminal;
  readonly view: RunView;
  readonly clock: Clock;
  readonly stop: StopSignal;
  /** The run's, as the user would write it. */
  readonly folder: string;
  /** Whether it plans with the audit role. */
  readonly audit: boolean;
}

/** Terraform itself. */
export const runSteps: RunSteps = {
  warmCache,
  init: initStack,
  plan: planStack,
  show: showPlan,
  apply: applyStack,
  importResource,
  forgetResource,
};

/** Terraform, AWS and the person at the terminal, for one run. */
export function runPartsOf(
  { flags, scope, isProved, besideOf }: Pick<ReadyRun, "flags" | "scope" | "isProved" | "besideOf">,
  { terminal, view, clock, stop, folder, audit }: RunSurroundings,
): RunParts {
  const { zones, exceptions } = scope.rules;
  const textOf = (stack: string): string => stackText(flags.out, stack);
  return {
    steps: audit ? auditSteps(runSteps, { textOf, roleOf: auditRoleIn(scope) }) : runSteps,
    gate: runGate({
      zones,
      exceptions,
      allowances: flags.allow ?? [],
      maxChanges: flags.maxChanges,
      today: scope.today,
    }),
    strayKeys: runStrayKeys(zones),
    doubleKeys: runDoubleKeys(zones),
    confirm: askToApply(terminal, view, stop, folder),
    clock,
    stop,
    directoryOf: (stack) => resolve(flags.out, "stacks", stack),
    textOf,
    isProved,
    besideOf,
    onEvent: (stack, event) => view.event(stack, event),
  };
}

/** Whatever is not known to be something else counts as production. */
export function isProductionIn({ loaded: { map }, graph }: RunScope): (stack: string) => boolean {
  const environments = new Map(map.accounts.map(({ id, environment }) => [id, environment]));
  return (stack) => /^prod|^$/i.test(environments.get(graph.nodes.get(stack)?.accountId ?? "") ?? "");
}

/** The name of the role with which `plan --audit` plans a stack. */
function auditRoleIn({ rules, graph }: RunScope): (stack: string) => string | undefined {
  return (stack) => {
    const node = graph.nodes.get(stack);
    const role = node === undefined ? undefined : rules.zones.ofAccount(node.accountId)?.auditRole;
    return role?.replace(/^role\//, "");
  };
}
