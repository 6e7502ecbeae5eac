import { randomInt } from "node:crypto";
import { join, resolve } from "node:path";
import type { RefreshedStack } from "../drift/terraform-drift";
import { orderStacks } from "../terraform/graph/order-stacks";
import { stackText } from "../terraform/graph/read-output";
import type { RunOrder } from "../terraform/graph/stack-node";
import { auditSteps } from "../terraform/run/audit-steps";
import { concurrencyOf } from "../terraform/run/concurrency";
import { newReport } from "../terraform/run/new-report";
import { type RefreshEnd, RefreshSteps, refreshStacks } from "../terraform/run/refresh-stacks";
import { instantText, runId } from "../terraform/run/run-id";
import { takeRunLock } from "../terraform/run/run-lock";
import type { RunParts } from "../terraform/run/run-parts";
import { RunRecord } from "../terraform/run/run-record";
import { runState } from "../terraform/run/run-state";
import type { StopSignal } from "../terraform/steps/step";
import { clearLeftOverrides } from "./clear-left-overrides";
import type { DriftFlags } from "./drift";
import type { DriftScope } from "./drift-scope";
import { findRunTool, type RunTool } from "./find-run-tool";
import { lockHeld } from "./lock-held";
import { thisMachine } from "./machine";
import { runSteps } from "./run-parts-of";
import { systemClock } from "./system-clock";
import type { Terminal } from "./terminal";

/** What Terraform says, and of which stacks it could not. */
export interface TerraformWord {
  readonly refreshed: readonly RefreshedStack[];
  readonly failed: readonly Extract<RefreshEnd, { readonly failure: unknown }>[];
}

/** Refreshes every selected stack as `plan --audit` plans it: with the audit role, and without locking its state. */
export async function askTerraform(
  scope: DriftScope,
  flags: DriftFlags,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<TerraformWord | { readonly problems: readonly string[] }> {
  const stacks = scope.selected.map(({ name }) => name);
  if (stacks.length === 0) return { refreshed: [], failed: [] };
  const tool = await findRunTool(stacks, (stack) => stackText(flags.out, stack), flags);
  if ("problems" in tool) return { problems: tool.problems.map(({ message, whatToDo }) => `${message}; ${whatToDo}`) };
  const order = orderStacks(scope.graph, stacks);
  if ("problems" in order) return order;
  const id = runId(Date.now(), randomInt(0x10000));
  const inTheWay = clearLeftOverrides(flags.out, id);
  if (inTheWay.length > 0) return { problems: inTheWay };
  const lock = takeRunLock(flags.out, id);
  if ("holder" in lock) return { problems: [lockHeld(flags.out, lock)] };
  try {
    return wordOf(await refresh(id, order, tool, scope, flags, stop, terminal), scope);
  } finally {
    lock.release();
  }
}

function refresh(
  id: string,
  order: RunOrder,
  tool: RunTool,
  scope: DriftScope,
  flags: DriftFlags,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<RefreshEnd[]> {
  const clock = systemClock();
  const stacks = order.layers.flat().map(({ name }) => name);
  const concurrency = concurrencyOf(thisMachine());
  const textOf = (stack: string): string => stackText(flags.out, stack);
  const auditRoleOf = (stack: string): string | undefined => {
    const accountId = scope.graph.nodes.get(stack)?.accountId ?? "";
    return scope.rules.zones.ofAccount(accountId)?.auditRole.replace(/^role\//, "");
  };
  const steps = new RefreshSteps(auditSteps(runSteps, { textOf, roleOf: auditRoleOf }));
  const about = {
    id,
    command: "plan" as const,
    audit: true as const,
    startedAt: instantText(clock.now()),
    tool: tool.tool,
    out: flags.out,
    config: flags.config,
    selection: stacks,
    concurrency: concurrency.plans.stacks,
    canary: 0,
  };
  let done = 0;
  const record = new RunRecord(
    resolve(join(flags.runs, id)),
    newReport(about, order, () => "refreshed"),
    clock,
    {
      onStack: ({ stack, status }) => {
        if (status !== "waiting" && status !== "planning") done += 1;
        terminal.progress(`terraform  ${done}/${stacks.length}  ${stack}`);
      },
    },
  );
  const parts: RunParts = {
    steps: steps.forRun,
    gate: never,
    strayKeys: never,
    doubleKeys: never,
    confirm: undefined,
    clock,
    stop: stopSignalOf(stop),
    directoryOf: (stack) => resolve(flags.out, "stacks", stack),
    textOf,
    isProved: scope.proved.isProved,
    besideOf: scope.proved.besideOf,
    onEvent: () => undefined,
  };
  const request = { command: "plan" as const, keepGoing: true, autoApprove: false };
  return refreshStacks(stacks, runState({ request, order, concurrency, ...tool, record, parts }), steps);
}

function wordOf(ends: readonly RefreshEnd[], { graph, loaded }: DriftScope): TerraformWord {
  const accounts = new Map(loaded.map.accounts.map((account) => [account.id, account]));
  return {
    refreshed: ends.flatMap((end): RefreshedStack[] => {
      const node = graph.nodes.get(end.stack);
      const account = accounts.get(node?.accountId ?? "");
      if (!("changes" in end) || node === undefined || account === undefined) return [];
      const { id: accountId, name, organization } = account;
      const place = { account: name, accountId, partition: organization.partition, zone: node.zone, stack: end.stack };
      return [{ place, changes: end.changes }];
    }),
    failed: ends.flatMap((end) => ("failure" in end ? [end] : [])),
  };
}

function never(): never {
  throw new Error("a refresh applies nothing");
}

/** Nothing that a refresh does is worth waiting for. */
function stopSignalOf(signal: AbortSignal): StopSignal {
  return {
    get level() {
      return signal.aborted ? 2 : 0;
    },
    onChange: (listener) => {
      const tell = (): void => listener(2);
      signal.addEventListener("abort", tell);
      return () => signal.removeEventListener("abort", tell);
    },
  };
}
