import type { KeyKind } from "../aws/key-kind";
import { cryptographicActions } from "../aws/key-operations";
import { isSymmetricEncryption } from "../aws/key-rules";
import { kmsActions } from "../aws/kms-actions";
import type { PolicyFlaw } from "./policy-flaw";
import type { StatementReach } from "./statement-reach";

const cryptographic: readonly string[] = kmsActions.cryptographic;

/**
 * What a statement says about actions and conditions that the kind of key does not have. Such an Allow lets nobody in, and
 * such a condition holds for no request. An action with a wildcard stands for those that the key has.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html
 */
export function kindFlaws({ statement }: StatementReach, kind: KeyKind): PolicyFlaw[] {
  const flaws: PolicyFlaw[] = [];
  const has = cryptographicActions(kind);
  const key = `a key of ${kind.spec} for ${kind.usage}${kind.origin === "AWS_KMS" ? "" : ` (${kind.origin})`}`;
  const without = (statement.Action ?? []).filter((action) => cryptographic.includes(action) && !has.includes(action));
  if (statement.Effect === "Allow" && without.length > 0) {
    flaws.push({
      message: `statement ${statement.Sid} allows ${without.join(", ")}, which ${key} does not do`,
      fix: `drop it: such a key does ${has.join(", ")}`,
    });
  }
  if (isSymmetricEncryption(kind)) return flaws;
  const names = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys));
  const contexts = names.filter((name) => name.toLowerCase().startsWith("kms:encryptioncontext"));
  if (contexts.length > 0) {
    flaws.push({
      message: `statement ${statement.Sid} has a condition on ${contexts.join(", ")}, which requests with ${key} do not carry`,
      fix: "drop the condition",
    });
  }
  return flaws;
}
