import { symmetricKind } from "../../aws/key-kind";
import { operationsOf } from "../../aws/key-operations";
import type { MapPath } from "../map-file";
import type { Account, BaselineDataClass } from "../organization-map";
import type { EnvironmentFile } from "../schema/workloads-schema";
import { checkOwnAccount } from "./check-own-account";
import type { WorkloadContext } from "./workload-context";

const keys = "keys that each account has by itself";
const otherClass = "use a data class that gives each workload its own";
const fix = `leave it out, or ${otherClass}`;

/**
 * Such a key is the same in every account, and there before anybody has asked for it: its policy names nobody, the IAM of
 * the account says who uses it, and no workload can change anything about it.
 */
export function checkBaselineKey(
  environment: EnvironmentFile,
  { name }: BaselineDataClass,
  account: Account,
  at: MapPath,
  context: WorkloadContext,
): void {
  for (const field of ["replicas", "grants", "services", "statements", "requests"] as const) {
    if (environment[field] === undefined) continue;
    context.report([...at, field], `cannot be set: data class ${name} uses ${keys}`, fix, true);
  }
  const has = operationsOf(symmetricKind);
  for (const [index, use] of (environment.use ?? []).entries()) {
    const path = [...at, "use", index];
    checkOwnAccount(use, keys, otherClass, account, path, context);
    for (const field of [
      "encryptionContext",
      "sourceVpce",
      "sourceIp",
      "organizationPath",
      "from",
      "until",
      "by",
      "attach",
    ] as const) {
      if (use[field] === undefined) continue;
      const message = "cannot be set: the IAM of the account alone narrows the use of such a key";
      context.report([...path, field], message, fix, true);
    }
    for (const [position, operation] of use.operations.entries()) {
      if (has.includes(operation)) continue;
      const message = "is nothing that AWS KMS does with symmetric encryption keys";
      context.report([...path, "operations", position], message, `its operations are ${has.join(", ")}`);
    }
  }
}
