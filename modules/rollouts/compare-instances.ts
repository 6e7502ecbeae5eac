import type { StackInstance } from "../aws/stack-instance";
import { type Finding, sortFindings } from "../findings/finding";
import type { ExpectedInstance, MappedStackSets } from "./expected-instances";

/**
 * A stack that a StackSet once made, as its own account lists it: `StackSet-orgkeys-pci-baseline-keys-…`.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
 */
export interface LiveStack {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** What is there of rollouts. */
export interface LiveRollouts {
  /** Names of the StackSets that there are, whoever made them: of one that is gone nothing else can be said. */
  readonly stackSets: ReadonlySet<string>;
  readonly instances: readonly StackInstance[];
  /** Undefined where the accounts themselves have not been asked. */
  readonly stacks: readonly LiveStack[] | undefined;
}

/**
 * What neither Terraform nor the drift detection of StackSets sees: instances account by account and Region by Region.
 *
 * @param expected from the map
 * @param mapped all StackSets of the map, also those without an instance and those that nobody asks about
 * @returns most severe first
 */
export function compareInstances(
  expected: readonly ExpectedInstance[],
  live: LiveRollouts,
  mapped: MappedStackSets,
): Finding[] {
  const wanted = new Map(expected.map((each) => [instanceName(each), each]));
  const found = new Map(live.instances.map((each) => [instanceName(each), each]));
  const wantedSets = new Set(expected.map(({ stackSet }) => stackSet));
  const gone = [...wantedSets].filter((stackSet) => !live.stackSets.has(stackSet));
  const foreign = [...live.stackSets].filter((stackSet) => stackSet.startsWith(OURS) && !mapped.has(stackSet));
  return sortFindings([
    ...gone.map(goneStackSet),
    ...foreign.map(foreignStackSet),
    ...[...wanted]
      .filter(([name, { stackSet }]) => !found.has(name) && live.stackSets.has(stackSet))
      .map(([, each]) => missing(each)),
    ...[...found]
      .filter(([, { stackSet, accountId }]) => mapped.get(stackSet)?.has(accountId) === false)
      .flatMap(([name, each]) => [...(wanted.has(name) ? [] : [extra(each)]), ...notCurrent(each)]),
    ...(live.stacks ?? []).flatMap((stack) => leftBehind(stack, mapped, found)),
  ]);
}

/** What the names of StackSets of a map begin with. */
const OURS = "orgkeys-";

interface Located {
  readonly stackSet: string;
  readonly accountId: string;
  readonly region: string;
}

/** Where a finding about an instance is. */
export function instanceName({ stackSet, accountId, region }: Located): string {
  return `${stackSet} ${accountId} ${region}`;
}

function goneStackSet(stackSet: string): Finding {
  return {
    id: "rollout-missing",
    severity: "high",
    where: stackSet,
    why: "there is no such StackSet, and no account gets anything by it",
    whatToDo: "apply the zone's rollout stack",
  };
}

function foreignStackSet(stackSet: string): Finding {
  return {
    id: "rollout-extra",
    severity: "critical",
    where: stackSet,
    why: "is a StackSet that the map does not have, under a name that orgkeys keeps: who may write it writes into the accounts it reaches",
    whatToDo:
      "find out who made it; one of a rollout that has ended is deleted with its stacks retained (docs/continuity.md#rollouts)",
  };
}

function missing(expected: ExpectedInstance): Finding {
  return {
    id: "rollout-missing",
    severity: "high",
    where: instanceName(expected),
    why: `account ${expected.account} has no instance in ${expected.region}, and no plan of Terraform shows it`,
    whatToDo: `look at the last operations of ${expected.stackSet} (aws cloudformation list-stack-set-operations), mend what failed, and create the instance (aws cloudformation create-stack-instances)`,
  };
}

function extra(live: StackInstance): Finding {
  return {
    id: "rollout-extra",
    severity: "critical",
    where: instanceName(live),
    why: "is an instance in an account or a Region that the map does not have for it",
    whatToDo:
      "find out who made it: an account that joined the OU belongs into the map, every other instance is deleted with its stack retained (aws cloudformation delete-stack-instances --retain-stacks)",
  };
}

const waits: ReadonlySet<string> = new Set(["PENDING", "RUNNING"]);

/** One that an operation is working on is neither. */
function notCurrent(live: StackInstance): Finding[] {
  const { status, detailedStatus, statusReason } = live;
  if (status === "CURRENT" || (status === "OUTDATED" && waits.has(detailedStatus ?? ""))) return [];
  const reason = statusReason === undefined ? "" : `: ${statusReason}`;
  const where = instanceName(live);
  if (status === "OUTDATED") {
    const why = `has an older template than its StackSet${reason}`;
    const whatToDo = "mend what failed, and update the instance (aws cloudformation update-stack-instances)";
    return [{ id: "rollout-outdated", severity: "high", where, why, whatToDo }];
  }
  if (status === "INOPERABLE") {
    const why = `is inoperable, and every later update leaves it out${reason}`;
    const whatToDo =
      "delete the instance with its stack retained (aws cloudformation delete-stack-instances --retain-stacks), mend or delete the stack by hand, and create the instance anew";
    return [{ id: "rollout-inoperable", severity: "critical", where, why, whatToDo }];
  }
  const why = `is ${status}, which nobody knows here${reason}`;
  return [
    { id: "rollout-inoperable", severity: "high", where, why, whatToDo: "look the status up in AWS's reference" },
  ];
}

/** An instance's stack is called after its StackSet, with an id of its own at the end. */
const instanceStack = /^StackSet-(.+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * What was retained when an account left its StackSet belongs to that account alone, and its names are taken: no StackSet can bring
 * the same again.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackInstances.html, "RetainStacks"
 */
function leftBehind(
  { accountId, region, name }: LiveStack,
  mapped: MappedStackSets,
  found: ReadonlyMap<string, StackInstance>,
): Finding[] {
  const stackSet = instanceStack.exec(name)?.[1];
  if (stackSet === undefined || !(mapped.has(stackSet) || stackSet.startsWith(OURS))) return [];
  if (found.has(instanceName({ stackSet, accountId, region }))) return [];
  return [
    {
      id: "rollout-left-behind",
      severity: "medium",
      where: `${name} ${accountId} ${region}`,
      why: `was made by ${stackSet}, and belongs to no StackSet any more: its keys are the account's own, and their names are taken`,
      whatToDo:
        "keep the stack for as long as data is under its keys, and put the account into excludeAccounts of the rollout that would bring them again",
    },
  ];
}
