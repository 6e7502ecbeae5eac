import type { KeyKind } from "../../aws/key-kind";
import { type AskedKey, brokenRules, canBeMultiRegion, canRotateAutomatically } from "../../aws/key-rules";
import { specFacts } from "../../aws/key-specs";
import type { MapPath } from "../map-file";
import type { CustomerManagedDataClass } from "../organization-map";
import type { CustomerManagedFile } from "../schema/data-classes-schema";

type Report = (path: MapPath, message: string, fix: string) => void;

/** What a data class says about the kind of its keys, with AWS's defaults. */
export type LinkedKind = Pick<CustomerManagedDataClass, "kind" | "keyStore" | "multiRegion" | "rotationDays">;

/** @returns undefined for a kind that AWS KMS, or the provider, does not have: nothing else about such keys means anything */
export function linkKeyKind(entry: CustomerManagedFile, report: Report): LinkedKind | undefined {
  const { spec = "SYMMETRIC_DEFAULT", origin = "AWS_KMS", keyStore } = entry;
  const { title, usages } = specFacts[spec];
  const [only, second] = usages;
  const usage = entry.usage ?? (second === undefined ? only : undefined);
  if (usage === undefined) {
    const message = `is missing, and AWS KMS has ${title} for ${usages.join(" or ")}`;
    report(["usage"], message, "add one of them: a key has one usage for its whole life");
    return undefined;
  }
  const kind: KeyKind = { spec, usage, origin };
  const asked: AskedKey = {
    ...kind,
    multiRegion: entry.multiRegion ?? false,
    rotatesAutomatically: entry.rotationDays !== undefined || entry.rotation === true,
    inKeyStore: keyStore !== undefined,
    partition: undefined,
  };
  const broken = brokenRules(asked);
  for (const { field, rule, fix } of broken) {
    const at = field === "rotationDays" && entry.rotationDays === undefined ? "rotation" : field;
    const is = entry[at] === undefined ? "is missing" : "is refused";
    const allowed = field === "usage" ? `, and of ${spec} these are ${usages.join(" and ")}` : "";
    report([at], `${is}: ${rule}${allowed}`, fix);
  }
  if (entry.rotation === false && entry.rotationDays !== undefined) {
    report(["rotationDays"], "cannot go with rotation: false", "drop one of the two");
  }
  refuseContextDemand(entry, kind, report);
  if (broken.length > 0) return undefined;
  const rotates = canRotateAutomatically(kind) && entry.rotation !== false;
  return {
    kind,
    keyStore,
    multiRegion: entry.multiRegion ?? canBeMultiRegion(kind),
    rotationDays: rotates ? (entry.rotationDays ?? 365) : undefined,
  };
}

/** A demand that no grant could meet. */
function refuseContextDemand(entry: CustomerManagedFile, { spec }: KeyKind, report: Report): void {
  if (spec === "SYMMETRIC_DEFAULT" || entry.grants?.encryptionContext !== "required") return;
  const message = `cannot be met: ${specFacts[spec].title} carry no encryption context`;
  report(["grants", "encryptionContext"], message, "drop it");
}
