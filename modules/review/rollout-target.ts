import type { RolloutMetadata, StackDirectStack, StackStackSet } from "../access/synthesized-stack";
import type { PairedStack } from "./stack-pair";

/** A StackSet or a CloudFormation stack beside them, of one side, with where it goes. */
export interface ReviewedRollout {
  readonly address: string;
  /** `StackSet orgkeys-pci-access-roles` */
  readonly resource: string;
  readonly model: StackStackSet | StackDirectStack;
  readonly metadata: RolloutMetadata | undefined;
  /** Names by id: of the accounts that it reaches; undefined where the JSON does not say. */
  readonly reaches: ReadonlyMap<string, string> | undefined;
  readonly regions: readonly string[];
  /** OUs, and accounts that are named beside them. */
  readonly targets: readonly string[];
  /** Whether what it made stays in an account that it no longer goes to. */
  readonly retains: boolean;
  /** Its own, and of each resource that says where it goes. */
  readonly addresses: readonly string[];
}

export function rolloutsOf(stack: PairedStack | undefined): ReviewedRollout[] {
  if (stack === undefined) return [];
  return [
    ...stack.stackSets.map((model) => ofStackSet(model, stack)),
    ...stack.directStacks.map((model) => ofDirectStack(model, stack)),
  ];
}

function ofStackSet(model: StackStackSet, stack: PairedStack): ReviewedRollout {
  const metadata = stack.metadata.stackSets.get(idOf(model.address));
  const instances = model.instances.map(({ address }) => address);
  return {
    address: model.address,
    resource: `StackSet ${model.name}`,
    model,
    metadata,
    reaches: metadata?.reaches,
    regions: model.regions,
    targets: [...model.ous, ...model.accountIds],
    retains: model.instances.length > 0 && model.instances.every(({ retains }) => retains),
    addresses: [model.address, ...instances],
  };
}

function ofDirectStack(model: StackDirectStack, stack: PairedStack): ReviewedRollout {
  const id = stack.accountId ?? stack.metadata.accountId;
  return {
    address: model.address,
    resource: `stack ${model.name}`,
    model,
    metadata: stack.metadata.directStacks.get(idOf(model.address)),
    reaches: id === undefined ? undefined : new Map([[id, stack.metadata.account ?? id]]),
    regions: [model.region],
    targets: id === undefined ? [] : [id],
    retains: false,
    addresses: [model.address],
  };
}

function idOf(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}
