import type { KeyMetadata } from "@aws-sdk/client-kms";
import { known } from "./reading-of";

/** A customer managed key as AWS has it. */
export interface DescribedKey {
  readonly keyId: string;
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`… */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** Of one that waits for its deletion, ISO 8601. */
  readonly deletedAt: string | undefined;
  readonly description: string;
}

/**
 * @returns undefined for a key that AWS manages
 * @throws Error for what AWS leaves out, and for another key than the one that was asked for
 */
export function describedKey(keyId: string, metadata: KeyMetadata): DescribedKey | undefined {
  const { KeyManager, KeyId, Arn, KeyState, CreationDate, DeletionDate, Description } = metadata;
  const without = (what: string): string => `key ${keyId} without its ${what}`;
  if (known(KeyManager, without("manager")) === "AWS") return undefined;
  return {
    keyId: known(KeyId === keyId ? KeyId : undefined, `another key than ${keyId}`),
    arn: known(Arn, without("ARN")),
    state: known(KeyState, without("state")),
    createdAt: known(CreationDate, without("date of creation")).toISOString(),
    deletedAt: DeletionDate?.toISOString(),
    description: Description ?? "",
  };
}
