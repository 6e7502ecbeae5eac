import { isLetGo } from "../aws/key-step";
import { importKeyMaterial } from "../aws/kms-commands";
import { uniqueNames } from "../aws/name-order";
import { daysUntil, noticeDays } from "../findings/calendar-day";
import type { Finding } from "../findings/finding";
import type { ImportedMaterial } from "../organization/key-lifecycle";
import { listNames } from "../organization/problem";
import { atTerminal } from "./key-at-terminal";
import { type KeyCandidate, replicaRegionsOf } from "./key-identity";
import { materialIn, plannedReplicasOf, waitsForMaterial } from "./key-material";
import type { PlannedGrant } from "./key-plan";

export const materialFindingIds = ["material-expiring", "material-missing"] as const;

type Id = (typeof materialFindingIds)[number];

/**
 * A key without its material is a key that nobody can use, and nothing in Terraform shows it.
 *
 * @param grants that are left out, or held, on the key
 * @param today the day it is; without one nothing is said of material that expires
 */
export function materialFindings(
  key: KeyCandidate,
  grants: readonly PlannedGrant[],
  today: string | undefined,
): Finding[] {
  if (key.dataClass.kind.origin !== "EXTERNAL" || key.owner.status !== "active") return [];
  const steps = new Map([
    [key.region, key.life.step],
    ...plannedReplicasOf(key).map((region) => [region, key.life.replicaStep(region)] as const),
  ]);
  const waiting = [...steps].flatMap(([region, step]) =>
    step === "in-use" && waitsForMaterial(key, region) ? [region] : [],
  );
  return [
    ...(waiting.length === 0 ? [] : [missing(key, waiting, grants)]),
    ...[...steps].flatMap(([region, step]) => {
      const material = materialIn(key, region);
      return material === undefined || isLetGo(step) ? [] : expiring(key, region, material, today);
    }),
  ];
}

/** @param waiting the Regions in which there is a key to import into */
function missing(key: KeyCandidate, waiting: readonly string[], grants: readonly PlannedGrant[]): Finding {
  const granted = grants
    .filter(({ region }) => waiting.includes(region))
    .map(({ name, region }) => `${name} (${region})`);
  const planned = plannedReplicasOf(key);
  const replicas = replicaRegionsOf(key).filter((region) => !planned.includes(region));
  const held = [
    ...(granted.length === 0
      ? []
      : [`AWS takes no grant on it there, and these wait: ${listNames(uniqueNames(granted))}`]),
    ...(replicas.length === 0
      ? []
      : [`AWS replicates no key without material, and its replicas wait: ${listNames(replicas)}`]),
  ];
  const next =
    replicas.length === 0
      ? []
      : [`The apply after that makes the replicas, each of which then needs the same material in its own Region`];
  return {
    id: "material-missing" satisfies Id,
    severity: "medium",
    where: placeOf(key),
    why: [`key ${key.alias} has no material in ${listNames(waiting)} until somebody imports it`, ...held].join("; "),
    whatToDo: [...importing(key, waiting), ...next].join("\n"),
  };
}

function expiring(
  key: KeyCandidate,
  region: string,
  { expires }: ImportedMaterial,
  today: string | undefined,
): Finding[] {
  if (expires === undefined || today === undefined) return [];
  const days = daysUntil(expires, today);
  if (days > noticeDays) return [];
  const material = `the material of key ${key.alias} in ${region}`;
  return [
    {
      id: "material-expiring" satisfies Id,
      severity: days <= 0 ? "high" : "medium",
      where: placeOf(key),
      why:
        days <= 0
          ? `${material} expired on ${expires}: nobody can use the key there until the same material is imported again`
          : `${material} expires on ${expires}, in ${days} ${days === 1 ? "day" : "days"}: AWS deletes it, and nobody can use the key there`,
      whatToDo: importing(key, [region]).join("\n"),
    },
  ];
}

function importing(key: KeyCandidate, regions: readonly string[]): string[] {
  const { zone, owner, region: primary } = key;
  const replicas = regions.filter((region) => region !== primary).map((region) => `${region}: {imported: DAY}`);
  const record =
    replicas.length === 0
      ? "material: {imported: DAY}"
      : `material: {imported: DAY, replicas: {${replicas.join(", ")}}}`;
  return [
    `as ${zone.administrators.join(" or ")} of ${owner.name} (${owner.id}), after the apply that makes it, with the material in key-material.bin, which nobody puts into the map, the output or the state:`,
    ...regions.flatMap((region) => importKeyMaterial(atTerminal(key, region), undefined)),
    `Then record it in lifecycle.yaml: ${record}, with expires where it has an end (--expiration-model KEY_MATERIAL_EXPIRES --valid-to DAY)`,
  ];
}

function placeOf({ life, members }: KeyCandidate): string {
  return life.lifecycle?.source ?? members[0]?.environment.source ?? "";
}
