import type { SynthesizedStack } from "../access/synthesized-stack";
import type { KeyName } from "../aws/key-name";
import { isLetGo, type KeyStep } from "../aws/key-step";
import type { PartitionName } from "../aws/partition";
import type { ReviewedKey } from "../drift/reviewed/reviewed-key";
import { reviewedKeys } from "../drift/reviewed/reviewed-keys";
import { templateKeys } from "../drift/reviewed/template-keys";
import { readStack } from "../terraform/graph/read-output";

/** The reviewed keys of one account, as far as they may be meant. */
export interface ReviewedAccount {
  readonly accountId: string;
  /** Its name in the map, or its id. */
  readonly name: string;
  readonly partition: PartitionName;
  readonly zone: string;
  readonly keys: readonly ReviewedKey[];
  readonly letGo: readonly LetGoKey[];
}

/** A key, or a replica, that its stack has let go of: it ends in AWS, or is somebody else's. */
export interface LetGoKey {
  readonly region: string;
  readonly aliases: readonly string[];
  readonly step: KeyStep;
}

export interface ReviewedOutput {
  /** Accounts of which a key has the name, or that are asked for by their id. */
  readonly accounts: readonly ReviewedAccount[];
  /** Of all stacks, for whoever has misspelled one. */
  readonly aliases: ReadonlySet<string>;
  /** What StackSets and CloudFormation stacks of Terraform's own bring to an account. */
  readonly keysOfTemplates: (accountId: string) => readonly ReviewedKey[];
}

/** One stack after the other: all keys of a large organization would not fit into memory. */
export function findReviewedKeys(
  out: string,
  stacks: readonly string[],
  name: KeyName,
  accountId: string | undefined,
): ReviewedOutput {
  const accounts: ReviewedAccount[] = [];
  const aliases = new Set<string>();
  const rollouts: SynthesizedStack[] = [];
  for (const each of stacks) {
    const stack = readStack(out, each);
    if (stack.stackSets.length > 0 || stack.directStacks.length > 0) rollouts.push(stack);
    for (const alias of stack.aliases) aliases.add(alias.name);
    const { accountId: owner, partition, metadata } = stack;
    if (owner === undefined || partition === undefined) continue;
    const keys = reviewedKeys(stack, []);
    const letGo = letGoKeys(stack);
    const isMeant = keys.some((key) => isNamed(key, name)) || namedAmong(letGo, name).length > 0;
    if (owner !== accountId && !isMeant) continue;
    if (keys.length === 0 && letGo.length === 0) continue;
    const { account = owner, zone = "" } = metadata;
    accounts.push({ accountId: owner, name: account, partition, zone, keys, letGo });
  }
  return { accounts, aliases, keysOfTemplates: (id) => templateKeys(rollouts, id) };
}

/** The key that is named and, where it is multi-Region, its primary and all its replicas: the primary first. */
export function familyOf(keys: readonly ReviewedKey[], name: KeyName): ReviewedKey[] {
  const named = new Set(keys.filter((key) => isNamed(key, name)).map(primaryOf));
  const family = keys.filter((key) => named.has(primaryOf(key)));
  return [...family.filter(({ kind }) => kind === "key"), ...family.filter(({ kind }) => kind === "replica")];
}

export function namedAmong(letGo: readonly LetGoKey[], name: KeyName): LetGoKey[] {
  return name.kind === "alias" ? letGo.filter(({ aliases }) => aliases.includes(name.alias)) : [];
}

/** Ids in the record end in the Region of the primary. */
function letGoKeys({ metadata }: SynthesizedStack): LetGoKey[] {
  return [...metadata.keys].flatMap(([id, { aliases, step, replicaSteps }]) => {
    const steps = [[id.slice(id.lastIndexOf("_") + 1), step] as const, ...replicaSteps];
    return steps.flatMap(([region, at]) => (at !== undefined && isLetGo(at) ? [{ region, aliases, step: at }] : []));
  });
}

export function primaryOf({ primary, address }: ReviewedKey): string {
  return primary ?? address;
}

function isNamed({ aliases, address }: ReviewedKey, name: KeyName): boolean {
  if (name.kind === "alias") return aliases.some((alias) => alias.name === name.alias);
  return name.kind === "address" && address === name.address;
}
