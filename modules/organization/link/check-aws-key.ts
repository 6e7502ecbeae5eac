import { awsManagedKeyAliases, viaServiceWords } from "../../aws/via-services";
import type { MapPath } from "../map-file";
import type { Account, DataClass, Zone } from "../organization-map";
import type { EnvironmentFile, UseFile } from "../schema/workloads-schema";
import { checkOwnAccount } from "./check-own-account";
import type { WorkloadContext } from "./workload-context";

/**
 * AWS rotates its managed keys every year, and the keys it owns when it sees fit.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
const awsRotationDays = 365;
const fix = "use a data class with customer managed keys";

/**
 * Whom an AWS key serves is AWS's decision: only services use it, only for their own account, and nothing can be shared,
 * granted, narrowed or scheduled.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
export function checkAwsKey(
  environment: EnvironmentFile,
  dataClass: DataClass,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  const kind = dataClass.key === "aws-owned" ? "AWS owned" : "AWS managed";
  const zone = context.known.zones.get(account.zone);
  if (zone !== undefined) checkFloor(zone, dataClass, kind, [...at, "account"], context);
  for (const field of ["replicas", "grants", "services", "statements", "requests"] as const) {
    if (environment[field] === undefined) continue;
    const message = `cannot be set: data class ${dataClass.name} uses ${kind} keys`;
    context.report([...at, field], message, `leave it out, or ${fix}`, true);
  }
  for (const [index, use] of (environment.use ?? []).entries()) {
    const path = [...at, "use", index];
    checkOwnAccount(use, `${kind} keys`, fix, account, path, context);
    checkService(use, dataClass, kind, path, context);
    for (const field of ["encryptionContext", "sourceVpce", "sourceIp", "organizationPath"] as const) {
      if (use[field] === undefined) continue;
      const message = `cannot be set: nobody can narrow the policy of ${kind} keys`;
      context.report([...path, field], message, `leave it out, or ${fix}`, true);
    }
  }
}

function checkFloor(zone: Zone, dataClass: DataClass, kind: string, at: MapPath, context: WorkloadContext): void {
  const { customerManaged, rotationDays } = zone.floor;
  if (customerManaged) {
    const message = `is in zone ${zone.name}, whose floor demands customer managed keys: data class ${dataClass.name} uses ${kind} keys`;
    context.report(at, message, fix);
  } else if (rotationDays !== undefined && rotationDays < awsRotationDays) {
    const message = `is in zone ${zone.name}, whose floor has keys rotate every ${rotationDays} days, and nobody can set when AWS rotates ${kind} keys, which data class ${dataClass.name} uses`;
    context.report(at, message, fix);
  }
}

/** AWS's keys are used by services for their callers, and only for data. */
function checkService(use: UseFile, dataClass: DataClass, kind: string, at: MapPath, context: WorkloadContext): void {
  if (use.via === undefined) {
    const message = `is missing: only AWS services use ${kind} keys, for whoever calls them`;
    context.report([...at, "via"], message, `name the services, as in [s3], or ${fix}`, true);
  }
  for (const [index, word] of (use.via ?? []).entries()) {
    if (dataClass.key === "aws-owned" || !viaServiceWords.includes(word)) continue;
    if (Object.hasOwn(awsManagedKeyAliases, word)) continue;
    const message = "has no AWS managed key: the service uses a key that AWS owns, or one of yours";
    context.report([...at, "via", index], message, "use a data class with AWS owned or customer managed keys");
  }
  for (const [index, operation] of use.operations.entries()) {
    if (operation === "encrypt" || operation === "decrypt" || operation === "describe") continue;
    const message = `is nothing that a principal may do with ${kind} keys`;
    context.report([...at, "operations", index], message, `its operations are encrypt, decrypt; or ${fix}`);
  }
}
