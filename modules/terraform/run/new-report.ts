import type { RunOrder, StackNode } from "../graph/stack-node";
import { RUN_SCHEMA, type RunReport, type StackReport } from "./run-report";

/**
 * The report of a run of which nothing has begun.
 *
 * @param why what of the selection chose a stack
 */
export function newReport(
  about: Pick<
    RunReport,
    "id" | "command" | "audit" | "startedAt" | "tool" | "out" | "config" | "selection" | "concurrency" | "canary"
  >,
  { layers }: RunOrder,
  why: (stack: string) => string,
): RunReport {
  const { name, version } = about.tool;
  return {
    schema: RUN_SCHEMA,
    ...about,
    tool: { name, version },
    status: "running",
    endedAt: undefined,
    resumedAt: [],
    gate: undefined,
    canaries: undefined,
    stacks: layers.flatMap((nodes, layer) => nodes.map((node) => newStack(node, layer, why(node.name)))),
  };
}

function newStack(node: StackNode, layer: number, why: string): StackReport {
  const { name, kind, organization, ou, zone, account, accountId, providers, resources } = node;
  return {
    stack: name,
    kind,
    organization,
    ou,
    zone,
    account,
    accountId,
    providers,
    resources,
    layer,
    why,
    status: "waiting",
    jsonSha256: undefined,
    changes: undefined,
    durations: {},
    attempts: 0,
    failure: undefined,
    note: undefined,
    applyStartedAt: undefined,
    process: undefined,
    imported: [],
  };
}
