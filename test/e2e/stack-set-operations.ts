import { setTimeout as sleep } from "node:timers/promises";
import {
  type CallAs,
  type CloudFormationClient,
  DescribeStackSetOperationCommand,
  DescribeStacksCommand,
  ListStackSetOperationsCommand,
  paginateListStackInstances,
  type StackInstanceSummary,
} from "@aws-sdk/client-cloudformation";

const POLL_MS = 200;
const MOST_POLLS = 600;

/** Waits until an operation of a StackSet has ended. */
export async function operationStatus(
  client: CloudFormationClient,
  StackSetName: string,
  OperationId: string | undefined,
): Promise<string> {
  return ended(async () => {
    const command = new DescribeStackSetOperationCommand({ StackSetName, OperationId });
    const { StackSetOperation } = await client.send(command);
    return StackSetOperation?.Status ?? "";
  }, "RUNNING");
}

/** Waits until no operation of a StackSet is under way, those of automatic deployment included. */
export async function operationsEnded(client: CloudFormationClient, StackSetName: string): Promise<void> {
  await ended(async () => {
    const { Summaries = [] } = await client.send(new ListStackSetOperationsCommand({ StackSetName }));
    return Summaries.some(({ Status }) => Status === "RUNNING") ? "RUNNING" : "";
  }, "RUNNING");
}

/** Waits until a stack has come to rest. */
export async function stackStatus(client: CloudFormationClient, StackName: string): Promise<string> {
  return ended(async () => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0]?.StackStatus ?? "";
  }, "_IN_PROGRESS");
}

export async function instancesOf(
  client: CloudFormationClient,
  StackSetName: string,
  CallAs?: CallAs,
): Promise<StackInstanceSummary[]> {
  const found: StackInstanceSummary[] = [];
  for await (const { Summaries = [] } of paginateListStackInstances({ client }, { StackSetName, CallAs })) {
    found.push(...Summaries);
  }
  return found;
}

async function ended(status: () => Promise<string>, running: string): Promise<string> {
  for (let polls = 0; polls < MOST_POLLS; polls += 1) {
    const found = await status();
    if (!found.endsWith(running)) return found;
    await sleep(POLL_MS);
  }
  throw new Error(`it is still ${running} after ${(POLL_MS * MOST_POLLS) / 1000} s`);
}
