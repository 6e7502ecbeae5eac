import {
  type CallAs,
  CloudFormationClient,
  paginateListStackInstances,
  paginateListStackSets,
  type StackInstanceSummary,
} from "@aws-sdk/client-cloudformation";
import type { StackInstance } from "../aws/stack-instance";
import type { AuditSession } from "./audit-session";

/** StackSets that one account keeps, with their instances. */
export interface LiveInstances {
  /** The names of all that are there, also of those that nobody asked for. */
  readonly stackSets: ReadonlySet<string>;
  readonly instances: readonly StackInstance[];
}

/** ListStackInstances is throttled per account and Region: more at once only wait longer. */
const AT_ONCE = 4;

/**
 * Reads every page: one that is missing would look like instances that are missing.
 *
 * @param asked the StackSets whose instances are read, where they are there
 * @param onRead after each StackSet
 * @throws what AWS answers, and Error for an answer that leaves something out
 */
export async function readInstances(
  session: AuditSession,
  callAs: CallAs,
  asked: ReadonlySet<string>,
  onRead: (stackSet: string) => void,
): Promise<LiveInstances> {
  const client = new CloudFormationClient(session);
  try {
    const stackSets = new Set<string>();
    for await (const { Summaries = [] } of paginateListStackSets({ client }, { Status: "ACTIVE", CallAs: callAs }))
      for (const { StackSetName } of Summaries) stackSets.add(known(StackSetName, "a StackSet without its name"));
    const waiting = [...stackSets].filter((name) => asked.has(name)).sort();
    const instances: StackInstance[] = [];
    const readAll = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const input = { StackSetName: next, CallAs: callAs };
        for await (const { Summaries = [] } of paginateListStackInstances({ client }, input))
          instances.push(...Summaries.map((summary) => instanceOf(next, summary)));
        onRead(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readAll));
    return { stackSets, instances };
  } finally {
    client.destroy();
  }
}

function instanceOf(stackSet: string, summary: StackInstanceSummary): StackInstance {
  const without = (what: string): string => `an instance of ${stackSet} without its ${what}`;
  return {
    stackSet,
    accountId: known(summary.Account, without("account")),
    region: known(summary.Region, without("Region")),
    status: known(summary.Status, without("status")),
    detailedStatus: summary.StackInstanceStatus?.DetailedStatus,
    statusReason: summary.StatusReason,
  };
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`AWS answered with ${what}`);
  return value;
}
