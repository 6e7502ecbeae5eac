import { keyGeneration } from "../aws/key-generation";
import { isInKeyStore, isSymmetricEncryption } from "../aws/key-rules";
import { uniqueNames } from "../aws/name-order";
import type { Decommission, KeyLifecycle } from "../organization/key-lifecycle";
import { type KeyCandidate, lastingName } from "./key-identity";
import type { Reason } from "./key-plan";
import type { Principle } from "./principles";

/** Why a key is cut as it is, and why it is where it is. */
export function reasonsOf(candidate: KeyCandidate): Reason[] {
  const { dataClass, zone, owner, central, service, members } = candidate;
  const names = uniqueNames(members.map((member) => member.workload.name)).join(", ");
  const environments = uniqueNames(members.map((member) => member.environment.name)).join(", ");
  const cut: Record<typeof dataClass.per, Reason> = {
    environment: {
      reason: `data class ${dataClass.name} shares one key per environment: ${names} in ${environments}`,
      principle: "shared-key",
    },
    workload: {
      reason: `data class ${dataClass.name} gives workload ${names} one key for ${environments}`,
      principle: "small-blast-radius",
    },
    "workload-environment": {
      reason: `data class ${dataClass.name} gives workload ${names} a key of its own in ${environments}`,
      principle: "small-blast-radius",
    },
    service: {
      reason: `data class ${dataClass.name} gives workload ${names} a key per service in ${environments}`,
      principle: "small-blast-radius",
    },
  };
  return [
    {
      reason: `data class ${dataClass.name} is customer managed and has keys of its own`,
      principle: "separate-data-classes",
    },
    cut[dataClass.per],
    ...kindReasons(candidate),
    ...(service === undefined
      ? []
      : [{ reason: `${names} names ${service} in perService`, principle: "heavy-service" } as const]),
    central
      ? {
          reason: `zone ${zone.name} is ${zone.topology}${zone.topology === "hybrid" ? ", and a centralize rule matches" : ""}: ${owner.name} owns the key`,
          principle: "central-ownership",
        }
      : {
          reason: `zone ${zone.name} is ${zone.topology}${zone.topology === "hybrid" ? ", and no centralize rule matches" : ""}: ${owner.name} owns the key`,
          principle: "local-ownership",
        },
  ];
}

/** Why a key is of another kind than nearly all. */
function kindReasons({ dataClass }: KeyCandidate): Reason[] {
  const { name, kind, keyStore } = dataClass;
  const reasons: Reason[] = [];
  if (!isSymmetricEncryption(kind)) {
    const reason = `data class ${name} has keys of ${kind.spec} for ${kind.usage}`;
    reasons.push({ reason, principle: "kind-for-its-use" });
  }
  if (isInKeyStore(kind)) {
    const reason = `data class ${name} has its key material in key store ${keyStore} (${kind.origin})`;
    reasons.push({ reason, principle: "own-key-material" });
  } else if (kind.origin === "EXTERNAL") {
    reasons.push({ reason: `data class ${name} has imported key material`, principle: "own-key-material" });
  }
  return reasons;
}

/** What the map records of the key's life, and the names it was made with. */
export function lifecycleReasonsOf({ life: { lifecycle }, replaces, members, dataClass }: KeyCandidate): Reason[] {
  const renamed = [dataClass, ...members.flatMap(({ workload, environment }) => [workload, environment])];
  const formerly = renamed.filter((each) => lastingName(each) !== each.name);
  return [
    ...uniqueNames(formerly.map((each) => `${each.name} was called ${lastingName(each)} when the key was made`)).map(
      (reason): Reason => ({ reason, principle: "identity-stays" }),
    ),
    ...(replaces?.replaced === undefined
      ? []
      : [because(`replaces key ${replaces.key} since ${replaces.replaced}`, replaces.reason, "replaced-by-another")]),
    ...(lifecycle === undefined ? [] : ownLifecycleReasons(lifecycle)),
  ];
}

function ownLifecycleReasons({ adopt, replaced, decommission, handOver, replicas, reason }: KeyLifecycle): Reason[] {
  const steps = ({ disabled, scheduled, gone }: Decommission): string =>
    [
      `disabled ${disabled}`,
      ...(scheduled === undefined ? [] : [`scheduled ${scheduled}`]),
      ...(gone === undefined ? [] : [`gone ${gone}`]),
    ].join(", ");
  return [
    ...(adopt === undefined ? [] : [because(`exists as ${adopt.keyId}`, reason, "taken-over")]),
    ...(replaced === undefined ? [] : [because(`replaced on ${replaced}`, reason, "replaced-by-another")]),
    ...(decommission === undefined ? [] : [because(steps(decommission), reason, "stepped-end")]),
    ...[...replicas].map(([region, own]) => because(`replica ${region} ${steps(own)}`, reason, "stepped-end")),
    ...(handOver === undefined
      ? []
      : [because(`handed over to ${handOver.to} on ${handOver.day}`, reason, "stepped-end")]),
  ];
}

function because(what: string, reason: string, principle: Principle): Reason {
  return { reason: `${what}: ${reason}`, principle };
}

/**
 * The rotation period in days: the workload's, else the data class's, shortened to the zone's floor. Undefined for a key that
 * does not rotate by itself.
 */
export function rotationOf(candidate: KeyCandidate): { days: number | undefined; why: Reason[] } {
  const asked = candidate.members[0]?.workload.rotationDays ?? candidate.dataClass.rotationDays;
  const floor = candidate.zone.floor.rotationDays;
  if (asked === undefined || floor === undefined || asked <= floor) return { days: asked, why: [] };
  const reason = `rotation every ${floor} days: zone ${candidate.zone.name} allows no longer period (${asked} asked for)`;
  return { days: floor, why: [{ reason, principle: "zone-floor" }] };
}

/** The deletion window in days: the workload's, else the data class's, lengthened to the zone's floor. */
export function deletionWindowOf(candidate: KeyCandidate): { days: number; why: Reason[] } {
  const asked = candidate.members[0]?.workload.deletionWindowDays ?? candidate.dataClass.deletionWindowDays;
  const floor = candidate.zone.floor.deletionWindowDays;
  if (floor === undefined || asked >= floor) return { days: asked, why: [] };
  const reason = `deletion window of ${floor} days: zone ${candidate.zone.name} allows no shorter one (${asked} asked for)`;
  return { days: floor, why: [{ reason, principle: "zone-floor" }] };
}

/** The key's description in AWS: what it protects, and the workload's own words where it is one workload's key. */
export function descriptionOf(
  candidate: KeyCandidate,
  workloads: readonly string[],
  environments: readonly string[],
): string {
  const { dataClass, service, zone, members, id } = candidate;
  const shared = dataClass.per === "environment";
  const number = keyGeneration(id) === 1 ? undefined : String(keyGeneration(id));
  const subject = [shared ? "Shared" : workloads.join(" "), environments.join(" "), service, number]
    .filter(Boolean)
    .join(" ");
  const words = shared ? undefined : members[0]?.workload.description;
  return `${subject}: ${dataClass.name} data of zone ${zone.name}${words === undefined ? "" : `. ${words}`}`;
}
