import type { KeyKind } from "../../aws/key-kind";
import { grantOperationsOf, operationsOf } from "../../aws/key-operations";
import { brokenRules, canRotateAutomatically, isSymmetricEncryption } from "../../aws/key-rules";
import { specFacts } from "../../aws/key-specs";
import type { ServiceProfile } from "../../aws/service-profile";
import type { MapPath } from "../map-file";
import type { Account, CustomerManagedDataClass } from "../organization-map";
import { listNames } from "../problem";
import type { GrantFile, UseFile } from "../schema/workloads-schema";
import type { EnvironmentContext, WorkloadContext } from "./workload-context";

/** A kind as messages name it: `keys of ECC_NIST_P256 for SIGN_VERIFY`. */
function kindText({ spec, usage, origin }: KeyKind): string {
  if (spec !== "SYMMETRIC_DEFAULT") return `keys of ${spec} for ${usage}`;
  return origin === "AWS_KMS" ? specFacts[spec].title : `${specFacts[spec].title} of origin ${origin}`;
}

/** A rotation period of a workload whose keys do not rotate by themselves. */
export function checkRotation({ name, kind, rotationDays }: CustomerManagedDataClass, context: WorkloadContext): void {
  if (context.entry.rotationDays === undefined || rotationDays !== undefined) return;
  const [rule] = brokenRules({
    ...kind,
    multiRegion: false,
    rotatesAutomatically: true,
    inKeyStore: kind.origin !== "AWS_KMS" && kind.origin !== "EXTERNAL",
    partition: undefined,
  });
  const why =
    rule === undefined ? `data class ${name} has rotation: false` : `${rule.rule}, and data class ${name} has these`;
  context.report(
    ["rotationDays"],
    `cannot be set: ${why}`,
    rule?.fix ?? "leave it out, or use another data class",
    true,
  );
}

/** What a kind cannot be in this account: in its partition, and under its zone's floor. */
export function checkPlace(
  { name, kind, rotationDays }: CustomerManagedDataClass,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  const { partition } = account.organization;
  if (!specFacts[kind.spec].partitions.includes(partition)) {
    const [rule] = brokenRules({
      ...kind,
      multiRegion: false,
      rotatesAutomatically: false,
      inKeyStore: false,
      partition,
    });
    const message = `is in partition ${partition}, and data class ${name} has ${kindText(kind)}: ${rule?.rule ?? ""}`;
    context.report([...at, "account"], message, "use another data class");
  }
  const floor = context.known.zones.get(account.zone)?.floor.rotationDays;
  if (floor !== undefined && rotationDays === undefined && canRotateAutomatically(kind)) {
    const message = `is in zone ${account.zone}, whose floor has keys rotate every ${floor} days: data class ${name} has rotation: false`;
    context.report([...at, "account"], message, "use a data class whose keys rotate");
  }
}

/** What a use asks of a key that the kind does not have. */
export function checkUse(use: UseFile, at: MapPath, { dataClass, report }: EnvironmentContext): void {
  if (dataClass?.key !== "customer-managed") return;
  const { name, kind } = dataClass;
  const has = operationsOf(kind);
  for (const [index, operation] of use.operations.entries()) {
    if (has.includes(operation)) continue;
    const message = `is nothing that AWS KMS does with ${kindText(kind)}, which data class ${name} has`;
    report([...at, "operations", index], message, `its operations are ${has.join(", ")}`);
  }
  if (isSymmetricEncryption(kind)) return;
  if (use.encryptionContext !== undefined) {
    const message = `cannot be set: ${kindText(kind)} carry no encryption context`;
    report([...at, "encryptionContext"], message, "leave it out", true);
  }
  if (use.via !== undefined) {
    const message = `cannot be set: AWS services take symmetric encryption keys alone, and data class ${name} has ${kindText(kind)}`;
    report([...at, "via"], message, "leave it out: whoever uses such a key calls AWS KMS", true);
  }
}

/** What a grant allows that the kind does not have. */
export function checkGrant(grant: GrantFile, at: MapPath, { dataClass, report }: EnvironmentContext): void {
  if (dataClass?.key !== "customer-managed") return;
  const { name, kind } = dataClass;
  const has = grantOperationsOf(kind);
  for (const [index, operation] of grant.operations.entries()) {
    if (has.includes(operation)) continue;
    const message = `is no operation of ${kindText(kind)}, which data class ${name} has: CreateGrant refuses it`;
    report([...at, "operations", index], message, `its operations are ${has.join(", ")}`);
  }
  if (grant.encryptionContext !== undefined && !isSymmetricEncryption(kind)) {
    const message = `cannot be set: ${kindText(kind)} carry no encryption context`;
    report([...at, "encryptionContext"], message, "leave it out", true);
  }
}

/** A service that takes other keys than these. */
export function checkServiceKey(profile: ServiceProfile, at: MapPath, context: EnvironmentContext): void {
  const { dataClass, keyRegions, report } = context;
  if (dataClass?.key !== "customer-managed") return;
  const { name, kind } = dataClass;
  const { key } = profile;
  const takes = key === undefined ? isSymmetricEncryption(kind) : kind.spec === key.spec && kind.usage === key.usage;
  if (!takes) {
    const wanted = key === undefined ? "symmetric encryption keys" : `keys of ${key.spec} for ${key.usage}`;
    const message = `takes ${wanted} alone, and data class ${name} has ${kindText(kind)}`;
    report([...at, "profile"], message, "use a data class with such keys");
  } else if (key !== undefined && !keyRegions.includes(key.region)) {
    const message = `takes keys in ${key.region} alone, and this one is in ${listNames(keyRegions)}`;
    report([...at, "profile"], message, `set the environment's region to ${key.region}`);
  }
}
