import type { ImportedMaterial } from "../organization/key-lifecycle";
import { type KeyCandidate, replicaRegionsOf } from "./key-identity";

/**
 * Whether somebody has yet to import the material in a Region, as far as the map knows. AWS KMS grants nothing on such a key,
 * and replicates none: a key pending import takes no CreateGrant and no ReplicateKey.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
 *
 * @param region the key's, or a replica's
 */
export function waitsForMaterial(candidate: KeyCandidate, region: string): boolean {
  return candidate.dataClass.kind.origin === "EXTERNAL" && materialIn(candidate, region) === undefined;
}

/**
 * Whether a key has no material in a Region: nobody has imported it, or it has expired.
 *
 * @param today the day it is; without one nothing has expired
 */
export function lacksMaterial(candidate: KeyCandidate, region: string, today: string | undefined): boolean {
  const expires = materialIn(candidate, region)?.expires;
  return waitsForMaterial(candidate, region) || (expires !== undefined && today !== undefined && expires <= today);
}

/** What the map records of the key's material in one of its Regions. */
export function materialIn({ life, region: primary }: KeyCandidate, region: string): ImportedMaterial | undefined {
  const material = life.lifecycle?.material;
  return region === primary ? material : material?.replicas.get(region);
}

/** Where the key has replicas: each that is asked for, and while the key itself waits for its material those that are taken over. */
export function plannedReplicasOf(candidate: KeyCandidate): string[] {
  const asked = replicaRegionsOf(candidate);
  if (!waitsForMaterial(candidate, candidate.region)) return asked;
  return asked.filter((region) => candidate.life.adoptedReplicas.has(region));
}
