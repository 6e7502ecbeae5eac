import { keyResourceTypes } from "../../access/key-resource-types";
import type { SynthesizedStack } from "../../access/synthesized-stack";
import { isLetGo, type KeyStep } from "../../aws/key-step";

/** A key or replica that Terraform has let go of: it stays as it is in AWS, and nothing about it is reviewed any more. */
export interface RestingKey {
  /** The synthesized stack's name. */
  readonly stack: string;
  /** The address that it had: `aws_kms_key.payments_prod_us-east-1`. */
  readonly address: string;
  /** `payments_prod` */
  readonly identity: string;
  readonly region: string;
  /** "scheduled", "gone" or "handed-over". */
  readonly step: KeyStep;
  /** The day on record for the step; undefined where there is none. */
  readonly since: string | undefined;
  /** Every name that it was meant to have, with `alias/`. */
  readonly aliases: readonly string[];
  readonly zone: string | undefined;
  readonly dataClass: string | undefined;
  /** Places of the map behind it. */
  readonly sources: readonly string[];
}

/**
 * Keys and replicas that a stack lets go of. Its record alone excuses nothing: the `removed` block has to be there as well, and a key
 * that only one of the two knows is an unmanaged one.
 */
export function restingKeys({ name: stack, metadata, removals }: SynthesizedStack): RestingKey[] {
  const records = [...metadata.keys].map(([id, record]) => ({ ...placeOf(id), record }));
  return removals.flatMap(({ address }): RestingKey[] => {
    const { type, identity, region } = placeOf(address);
    const isReplica = keyResourceTypes[type]?.kind === "replica";
    const own = records.find(
      (each) =>
        each.identity === identity && (isReplica ? each.record.replicaSteps.has(region) : each.region === region),
    );
    if (!Object.hasOwn(keyResourceTypes, type) || own === undefined) return [];
    const { aliases, dataClass, sources, days, replicaSteps, replicaDays, ...record } = own.record;
    const step = isReplica ? replicaSteps.get(region) : record.step;
    if (step === undefined || !isLetGo(step)) return [];
    const since = (isReplica ? replicaDays.get(region)?.get(step) : undefined) ?? days?.get(step);
    return [{ stack, address, identity, region, step, since, aliases, zone: metadata.zone, dataClass, sources }];
  });
}

/** `payments_prod`, of `aws_kms_key.payments_prod_us-east-1`: what a key shares with its replicas. */
export function keyIdentity(address: string): string {
  return placeOf(address).identity;
}

/** The parts of an address, or of an id alone: Regions have no underscore. */
function placeOf(address: string): Record<"type" | "identity" | "region", string> {
  const dot = address.indexOf(".");
  const at = address.lastIndexOf("_");
  return {
    type: address.slice(0, Math.max(dot, 0)),
    identity: address.slice(dot + 1, Math.max(at, dot + 1)),
    region: address.slice(at + 1),
  };
}
