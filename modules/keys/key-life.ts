import type { KeyStep, StepDays } from "../aws/key-step";
import type { Decommission, KeyLifecycle } from "../organization/key-lifecycle";

export { isLetGo } from "../aws/key-step";

/** What the map records of one key, worked out for the plan and for the rules that outputs are held against. */
export interface KeyLife {
  /** Undefined for a key of which nothing is recorded: it is in use, and made by Terraform. */
  readonly lifecycle: KeyLifecycle | undefined;
  readonly step: KeyStep;
  /** A replica is never earlier in its life than its primary. */
  readonly replicaStep: (region: string) => KeyStep;
  /** Days on record of the key. */
  readonly days: StepDays;
  /** Days on record of a replica by itself. */
  readonly replicaDays: (region: string) => StepDays;
  /** The key's id in AWS, of one that is taken over. */
  readonly adoptedId: string | undefined;
  /** Regions of replicas that are taken over. */
  readonly adoptedReplicas: ReadonlySet<string>;
  /** With `alias/`. */
  readonly adoptedAliases: ReadonlySet<string>;
  /** The ids that AWS gave to grants, by the grant's Terraform id. */
  readonly adoptedGrants: ReadonlyMap<string, string>;
}

/**
 * The only reading of `map.lifecycles`: the steps that have a day are taken. There is no clock here; whether a day has come
 * is the map's problem or a finding.
 *
 * @param accountId the owner's
 * @param keyId the identity, as in `PlannedKey.id`
 * @param region where the key, or its primary, is
 */
export function lifeOf(lifecycles: readonly KeyLifecycle[], accountId: string, keyId: string, region: string): KeyLife {
  const lifecycle = lifecycles.find(
    (each) => each.account.id === accountId && each.key === keyId && each.region === region,
  );
  const step = lifecycle?.handOver === undefined ? stepOf(lifecycle?.decommission) : "handed-over";
  return {
    lifecycle,
    step,
    replicaStep: (replica) => later(step, stepOf(lifecycle?.replicas.get(replica))),
    days: daysOf(lifecycle?.decommission, lifecycle?.handOver?.day),
    replicaDays: (replica) => daysOf(lifecycle?.replicas.get(replica), undefined),
    adoptedId: lifecycle?.adopt?.keyId,
    adoptedReplicas: new Set(lifecycle?.adopt?.replicas),
    adoptedAliases: new Set(lifecycle?.adopt?.aliases),
    adoptedGrants: lifecycle?.adopt?.grants ?? new Map(),
  };
}

function stepOf(decommission: Decommission | undefined): KeyStep {
  if (decommission === undefined) return "in-use";
  if (decommission.gone !== undefined) return "gone";
  return decommission.scheduled === undefined ? "disabled" : "scheduled";
}

function daysOf(decommission: Decommission | undefined, handOver: string | undefined): StepDays {
  const days: [KeyStep, string | undefined][] = [
    ["disabled", decommission?.disabled],
    ["scheduled", decommission?.scheduled],
    ["gone", decommission?.gone],
    ["handed-over", handOver],
  ];
  return new Map(days.flatMap(([step, day]) => (day === undefined ? [] : [[step, day] as const])));
}

const steps: readonly KeyStep[] = ["in-use", "disabled", "handed-over", "scheduled", "gone"];

/** A replica that is scheduled for deletion already is not handed over with its primary. */
function later(one: KeyStep, other: KeyStep): KeyStep {
  return steps.indexOf(one) < steps.indexOf(other) ? other : one;
}
