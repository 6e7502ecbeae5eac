import { kmsLimits } from "../aws/kms-limits";
import { daysAfter } from "../findings/calendar-day";
import { decommissionDays } from "../organization/decommission-days";
import type { Decommission, KeyLifecycle } from "../organization/key-lifecycle";
import type { Zone } from "../organization/organization-map";
import { listNames } from "../organization/problem";
import { type KeyCandidate, replicaRegionsOf } from "./key-identity";
import { deletionWindowOf } from "./key-reasons";
import type { PlanProblem } from "./plan-problem";

/**
 * What cannot be true of a key, or not yet.
 *
 * @param today the day it is; without one nothing is said of days to come
 */
export function refuseLifecycle(
  lifecycle: KeyLifecycle,
  key: KeyCandidate,
  today: string | undefined,
): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  const report: Report = (path, message, fix) => {
    problems.push({ source: `${lifecycle.source}.${path}`, message, fix });
  };
  if (today !== undefined) refuseDaysToCome(lifecycle, today, report);
  refuseSteps(lifecycle, key, report);
  refuseReplicas(lifecycle, key, report);
  refuseRotations(lifecycle, key, report);
  refuseMaterial(lifecycle, key, report);
  refuseReplacement(lifecycle, key, report);
  return problems;
}

/** A problem at a path below the entry. */
type Report = (path: string, message: string, fix: string) => void;

/** The first day on which the deletion of a key can be scheduled. */
export function earliestScheduled({ disabled }: Decommission, zone: Zone): string {
  return daysAfter(disabled, waitOf(zone));
}

function waitOf({ floor }: Zone): number {
  return Math.max(decommissionDays.least, floor.decommissionDays ?? 0);
}

/**
 * The first day on which AWS can have deleted a key. The waiting period of a primary begins when the last of its replicas is
 * deleted, so that the two periods come one after the other.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html
 */
export function earliestGone(scheduled: string, key: KeyCandidate, lifecycle: KeyLifecycle): string {
  const { days } = deletionWindowOf(key);
  const replicasGone = replicaRegionsOf(key).map((region) => {
    const own = lifecycle.replicas.get(region);
    return own?.gone ?? daysAfter(own?.scheduled ?? scheduled, days);
  });
  return daysAfter([scheduled, ...replicasGone].sort().at(-1) ?? scheduled, days);
}

/** The first day on which AWS can have deleted a replica. */
export function earliestReplicaGone(scheduled: string, key: KeyCandidate): string {
  return daysAfter(scheduled, deletionWindowOf(key).days);
}

function refuseDaysToCome(lifecycle: KeyLifecycle, today: string, report: Report): void {
  const { decommission, handOver, material, replaced, replicas, rotated } = lifecycle;
  const days: [path: string, day: string | undefined][] = [
    ...stepDays("decommission", decommission),
    ...[...replicas].flatMap(([region, own]) => stepDays(`replicas.${region}.decommission`, own)),
    ["handOver.day", handOver?.day],
    ["replaced", replaced],
    ["material.imported", material?.imported],
    ...[...(material?.replicas ?? [])].map(([region, { imported }]): [string, string] => [
      `material.replicas.${region}.imported`,
      imported,
    ]),
    ...rotated.map(({ day }): [string, string] => ["rotated", day]),
  ];
  for (const [path, day] of days) {
    if (day === undefined || day <= today) continue;
    report(
      path,
      `has not come yet: ${day}, and today is ${today}`,
      "add it on that day: the map says what has been done",
    );
  }
}

function stepDays(path: string, decommission: Decommission | undefined): [string, string | undefined][] {
  if (decommission === undefined) return [];
  return (["disabled", "scheduled", "gone"] as const).map((step) => [`${path}.${step}`, decommission[step]]);
}

/** Each step after the one before, and not before its wait is over. */
function refuseSteps(lifecycle: KeyLifecycle, key: KeyCandidate, report: Report): void {
  const { decommission, handOver, replaced, replicas } = lifecycle;
  const window = deletionWindowOf(key).days;
  if (decommission !== undefined) {
    const { scheduled } = decommission;
    const gone = scheduled === undefined ? undefined : earliestGone(scheduled, key, lifecycle);
    const waits = replicaRegionsOf(key).some(
      (region) => !replicas.has(region) || replicas.get(region)?.gone === undefined,
    );
    refuseWaits(
      "decommission",
      decommission,
      key.zone,
      gone,
      waits ? `${window} days for the replicas and then ${window} for the key` : `${window} days`,
      report,
    );
  }
  for (const [region, own] of replicas) {
    const gone = own.scheduled === undefined ? undefined : earliestReplicaGone(own.scheduled, key);
    refuseWaits(`replicas.${region}.decommission`, own, key.zone, gone, `${window} days`, report);
  }
  for (const [path, day] of [
    ["decommission.disabled", decommission?.disabled],
    ["handOver.day", handOver?.day],
  ] as const) {
    if (replaced === undefined || day === undefined || day >= replaced) continue;
    report(
      path,
      `is before the key is replaced, ${replaced}`,
      "a key is replaced first, and ends when nothing needs it any more",
    );
  }
}

function refuseWaits(
  path: string,
  decommission: Decommission,
  zone: Zone,
  earliestGoneDay: string | undefined,
  deletion: string,
  report: Report,
): void {
  const { scheduled, gone } = decommission;
  if (scheduled !== undefined && scheduled < earliestScheduled(decommission, zone)) {
    const floor = zone.floor.decommissionDays;
    const why = floor === undefined ? "a key" : `a key of zone ${zone.name}`;
    report(
      `${path}.scheduled`,
      `is too early: ${why} is disabled for at least ${waitOf(zone)} days before its deletion is scheduled, so that whoever needs it can say so`,
      `${earliestScheduled(decommission, zone)} is the earliest day`,
    );
  }
  if (gone !== undefined && earliestGoneDay !== undefined && gone < earliestGoneDay) {
    const message = `is too early: AWS waits ${deletion} before it deletes what is scheduled`;
    report(`${path}.gone`, message, `${earliestGoneDay} is the earliest day`);
  }
}

/**
 * A primary whose deletion is scheduled waits for its replicas for as long as one of them lives.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html
 */
function refuseReplicas(lifecycle: KeyLifecycle, key: KeyCandidate, report: Report): void {
  const regions = replicaRegionsOf(key);
  const scheduled = lifecycle.decommission?.scheduled;
  for (const [region, own] of lifecycle.replicas) {
    if (!regions.includes(region) && own.gone === undefined) {
      report(`replicas.${region}`, ...noReplica(key, regions));
    }
    if (scheduled === undefined) continue;
    if (own.scheduled === undefined || own.scheduled > scheduled) {
      const message = `comes before the deletion of replica ${region} is scheduled, and AWS deletes no primary that has replicas`;
      report(
        "decommission.scheduled",
        message,
        `schedule the replica first, or drop replicas.${region}: it then ends together with the key`,
      );
    }
  }
}

function noReplica({ id }: KeyCandidate, regions: readonly string[]): [message: string, fix: string] {
  const fix = regions.length === 0 ? "it has none: drop it" : `its replicas are in ${listNames(regions)}`;
  return [`is no Region in which key ${id} has a replica`, fix];
}

/**
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-on-demand.html
 */
function refuseRotations({ rotated }: KeyLifecycle, key: KeyCandidate, report: Report): void {
  if (rotated.length === 0) return;
  const { spec, origin } = key.dataClass.kind;
  if (spec !== "SYMMETRIC_DEFAULT" || (origin !== "AWS_KMS" && origin !== "EXTERNAL")) {
    const message = `is not possible: AWS KMS rotates symmetric encryption keys alone, and none in a custom key store; this is ${spec} with origin ${origin}`;
    report("rotated", message, "replace the key (replaced: DAY), which is how such a key gets new material");
  } else if (rotated.length > kmsLimits.rotationsOnDemand) {
    const message = `has ${rotated.length} rotations on demand, and AWS KMS does at most ${kmsLimits.rotationsOnDemand} in a key's life`;
    report("rotated", message, "replace the key (replaced: DAY)");
  }
}

/** Aliases move when Terraform makes the new key, and its material comes afterwards. */
function refuseReplacement({ replaced }: KeyLifecycle, { dataClass }: KeyCandidate, report: Report): void {
  if (replaced === undefined || dataClass.kind.origin !== "EXTERNAL") return;
  report(
    "replaced",
    "cannot be set for a key with imported material: its aliases would lead to a new key that has none yet",
    "make a workload of the same data class for new data, import the material of its key, and move applications to its alias",
  );
}

function refuseMaterial({ material }: KeyLifecycle, key: KeyCandidate, report: Report): void {
  const { origin } = key.dataClass.kind;
  if (material === undefined) return;
  if (origin !== "EXTERNAL") {
    const message = `means nothing: the material of key ${key.id} is not imported (origin ${origin})`;
    report("material", message, "leave it out: it is for data classes with origin: EXTERNAL");
    return;
  }
  const regions = replicaRegionsOf(key);
  for (const region of material.replicas.keys()) {
    if (!regions.includes(region)) report(`material.replicas.${region}`, ...noReplica(key, regions));
  }
}
