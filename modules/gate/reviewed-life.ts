import type { KeyMetadata, SynthesizedStack } from "../access/synthesized-stack";
import { successorOf } from "../aws/key-generation";
import { isLetGo, type KeyStep } from "../aws/key-step";
import type { PlannedChange } from "./planned-change";

/** `payments_prod` and `us-east-1`, of `payments_prod_us-east-1`: Regions have no underscore. */
export interface KeyPlace {
  readonly identity: string;
  readonly region: string;
}

/** @param address of a key or a replica, or its id alone */
export function placeOfKey(address: string): KeyPlace {
  const id = address.slice(address.indexOf(".") + 1);
  const at = id.lastIndexOf("_");
  return { identity: id.slice(0, Math.max(at, 0)), region: id.slice(at + 1) };
}

/** What the reviewed JSON records of a key, or of a replica's primary; those that are let go are still in the record. */
export function recordOf({ metadata }: SynthesizedStack, address: string): KeyMetadata | undefined {
  const { identity } = placeOfKey(address);
  return [...metadata.keys].find(([id]) => placeOfKey(id).identity === identity)?.[1];
}

/** Where the record says that a key or replica is in its life; undefined without a record, or one that cannot be read. */
export function recordedStep(stack: SynthesizedStack, address: string): KeyStep | undefined {
  const record = recordOf(stack, address);
  const { region } = placeOfKey(address);
  if (record === undefined || !record.replicaSteps.has(region)) return record?.step;
  return record.replicaSteps.get(region);
}

/** Whether the reviewed JSON says in both places that Terraform lets go of a key or replica: in a block, and in its record. */
export function isLetGoAsReviewed(stack: SynthesizedStack, { address }: PlannedChange): boolean {
  const step = recordedStep(stack, address);
  return stack.removals.some((removal) => removal.address === address) && step !== undefined && isLetGo(step);
}

/** Whether the record says that one key, or its replica, has taken over the aliases of another in the same Region. */
export function isSucceeded(stack: SynthesizedStack, former: string, next: string): boolean {
  const [before, after] = [placeOfKey(former), placeOfKey(next)];
  return (
    recordOf(stack, former)?.replaced !== undefined &&
    before.region === after.region &&
    successorOf(before.identity) === after.identity
  );
}
