import type { StackGuardrail, SynthesizedStack } from "../../access/synthesized-stack";
import { uniqueNames } from "../../aws/name-order";
import type { Zone } from "../../organization/organization-map";
import type { PageCrossing, PageFinding, PageProof, PageZone } from "../page-data";
import type { PagePlaces } from "./page-places";

/** A guardrail of a stack, with the zone that it guards. */
export interface ZoneGuardrail {
  readonly zone: number | null;
  readonly guardrail: Pick<StackGuardrail, "name" | "kind" | "targets">;
}

export function guardrailsOf(stack: SynthesizedStack, places: PagePlaces): ZoneGuardrail[] {
  const zone = places.zone(stack.metadata.zone);
  return stack.guardrails.map(({ name, kind, targets }) => ({ zone, guardrail: { name, kind, targets } }));
}

export function pageZones(
  zones: readonly Zone[],
  guardrails: readonly ZoneGuardrail[],
  findings: readonly PageFinding[],
  places: PagePlaces,
): PageZone[] {
  return zones.map((zone, index) => ({
    name: zone.name,
    organization: places.organization(zone.organization.name),
    topology: zone.topology,
    keyManagementAccount: places.account(zone.keyManagementAccount?.id),
    regions: zone.regions,
    frameworks: zone.frameworks,
    administrators: zone.administrators,
    breakGlass: zone.breakGlass,
    guardrails: guardrails
      .filter((each) => each.zone === index)
      .map(({ guardrail: { name, kind, targets } }) => ({
        name,
        kind,
        targets: targets.map((target) => places.nameOfTarget(target)),
      })),
    // A proof that fails somewhere nobody can name holds for no zone.
    proof: proofOf(findings.filter((finding) => finding.zone === index || finding.zone === null)),
  }));
}

/** What these findings leave of the zone proof. */
export function proofOf(findings: readonly PageFinding[]): PageProof {
  const proof = findings.filter(({ isProof }) => isProof);
  if (proof.some(({ exception }) => exception === null)) return "breached";
  return proof.length > 0 ? "accepted" : "holds";
}

/**
 * What goes through the walls: each finding of the zone proof, by the accounts that it names. One that names none comes from
 * outside of every zone, as far as anybody knows.
 */
export function pageCrossings(findings: readonly PageFinding[], places: PagePlaces): PageCrossing[] {
  return findings.flatMap(({ zone, isProof, exception, where, why, id }): PageCrossing[] => {
    if (!isProof || zone === null) return [];
    const named = uniqueNames(`${where} ${why}`.match(/(?<!\d)\d{12}(?!\d)/g) ?? []);
    const zones = new Set(named.map((account) => places.zoneOfAccount(places.account(account))));
    zones.delete(zone);
    const from = zones.size === 0 ? [null] : [...zones].sort((a, b) => (a ?? -1) - (b ?? -1));
    return from.map((each) => ({ of: zone, from: each, exception, what: `${id}: ${where}: ${why}` }));
  });
}
