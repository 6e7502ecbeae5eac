import type { KeyStep } from "../aws/key-step";
import { uniqueNames } from "../aws/name-order";
import type { KeyCandidate } from "./key-identity";
import { plannedReplicasOf } from "./key-material";

/** Whether a key or replica is, or is about to be, deleted: nothing counts on it any more. */
export function isEnding(step: KeyStep): boolean {
  return step === "scheduled" || step === "gone";
}

/** The Regions in which somebody can still count on the key. */
export function livingRegionsOf(key: KeyCandidate): string[] {
  const { life, region } = key;
  return uniqueNames([
    ...(isEnding(life.step) ? [] : [region]),
    ...plannedReplicasOf(key).filter((replica) => !isEnding(life.replicaStep(replica))),
  ]);
}
