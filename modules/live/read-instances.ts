import {
  type CallAs,
  CloudFormationClient,
  paginateListStackInstances,
  paginateListStackSets,
  type StackInstanceSummary,
} from "@aws-sdk/client-cloudformation";
import type { StackInstance } from "../aws/stack-instance";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import type { CallBudget } from "./call-budget";

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
 * @param budget that its calls are part of @default none
 * @throws what AWS answers, and Error for an answer that leaves something out
 */
export async function readInstances(
  settings: ClientSettings,
  callAs: CallAs,
  asked: ReadonlySet<string>,
  onRead: (stackSet: string) => void,
  budget?: CallBudget,
): Promise<LiveInstances> {
  const client = new CloudFormationClient(settings);
  budget?.attach(client);
  try {
    const stackSets = new Set<string>();
    for await (const { Summaries = [] } of paginateListStackSets({ client }, { Status: "ACTIVE", CallAs: callAs }))
      for (const { StackSetName } of Summaries) stackSets.add(known(StackSetName, "a StackSet without its name"));
    const wanted = [...stackSets].filter((name) => asked.has(name)).sort();
    const instances = await atMost(AT_ONCE, wanted, async (stackSet) => {
      const found: StackInstance[] = [];
      const input = { StackSetName: stackSet, CallAs: callAs };
      for await (const { Summaries = [] } of paginateListStackInstances({ client }, input))
        found.push(...Summaries.map((summary) => instanceOf(stackSet, summary)));
      onRead(stackSet);
      return found;
    });
    return { stackSets, instances: instances.flat() };
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
    ouId: summary.OrganizationalUnitId,
    status: known(summary.Status, without("status")),
    detailedStatus: summary.StackInstanceStatus?.DetailedStatus,
    statusReason: summary.StatusReason,
  };
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`AWS answered with ${what}`);
  return value;
}
