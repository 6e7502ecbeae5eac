import {
  type CallAs,
  CloudFormationClient,
  ListStackInstancesCommand,
  ListStackSetsCommand,
  type StackInstanceSummary,
} from "@aws-sdk/client-cloudformation";
import type { StackInstance } from "../aws/stack-instance";
import { allPages } from "./all-pages";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import type { CallBudget } from "./call-budget";
import { known } from "./reading-of";

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
 * @param budget of a run that reads more than this
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
    const listed = await allPages("StackSets", async (NextToken) => {
      const input = { Status: "ACTIVE", CallAs: callAs, NextToken } as const;
      const { Summaries: items, NextToken: next } = await client.send(new ListStackSetsCommand(input));
      return { items, next };
    });
    const stackSets = new Set(listed.map(({ StackSetName }) => known(StackSetName, "a StackSet without its name")));
    const wanted = [...stackSets].filter((name) => asked.has(name)).sort();
    const instances = await atMost(AT_ONCE, wanted, async (stackSet) => {
      const found = await allPages(`instances of ${stackSet}`, async (NextToken) => {
        const input = { StackSetName: stackSet, CallAs: callAs, NextToken };
        const { Summaries: items, NextToken: next } = await client.send(new ListStackInstancesCommand(input));
        return { items, next };
      });
      onRead(stackSet);
      return found.map((summary) => instanceOf(stackSet, summary));
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
