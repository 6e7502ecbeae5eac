import { conditionFlaws } from "./guard-conditions";
import { dutyFlaws } from "./guard-duties";
import { kindFlaws } from "./guard-kind";
import { lockOutFlaws } from "./guard-lock-out";
import { formFlaws } from "./guard-statement-form";
import type { KeyDuties } from "./key-duties";
import type { PolicyDocument } from "./policy-document";
import type { PolicyFlaw } from "./policy-flaw";
import { reachOf } from "./statement-reach";

/**
 * The last look at a key policy before it may leave the plan, at the finished document and not at what it was made of:
 * what cannot be understood is a flaw.
 *
 * @param mappedGrantees whom the map grants the key: the only principals for whom the deploy role may create grants
 * @returns every flaw; none means that AWS KMS takes the policy, that it names every principal, leaves the key manageable,
 * keeps administration and use apart, allows what the kind of key has, and keeps its material in the zone's Regions
 */
export function guardKeyPolicy(
  document: PolicyDocument,
  duties: KeyDuties,
  mappedGrantees: readonly string[],
): PolicyFlaw[] {
  const reaches = reachOf(document);
  return [
    ...formFlaws(document, reaches, duties),
    ...reaches.flatMap(conditionFlaws),
    ...reaches.flatMap((reach) => kindFlaws(reach, duties.kind)),
    ...lockOutFlaws(reaches, duties),
    ...dutyFlaws(reaches, duties, mappedGrantees),
  ];
}
