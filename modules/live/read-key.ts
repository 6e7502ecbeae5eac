import { type KeyMetadata, NotFoundException } from "@aws-sdk/client-kms";
import { canRotateAutomatically } from "../aws/key-rules";
import { waitsForDeletion } from "../aws/key-state";
import { nameOrder } from "../aws/name-order";
import { type DescribedKey, describedKey } from "./described-key";
import type { KmsCalls } from "./kms-calls";
import { kmsUnread } from "./kms-unread";
import type { LiveKey, LiveMultiRegion, LiveRotation, Reading, UnreadKey } from "./live-account";
import { liveGrants } from "./live-grants";
import { known } from "./reading-of";

/** Whose key it has to be, and where: an answer about another is none. */
export interface KeyPlace {
  readonly accountId: string;
  readonly region: string;
}

/** @returns undefined for a key that AWS manages, and for one that AWS has deleted since it was listed */
export async function readKey(
  calls: KmsCalls,
  keyId: string,
  place: KeyPlace,
): Promise<LiveKey | UnreadKey | undefined> {
  try {
    const metadata = await calls.metadata(keyId);
    const key = describedKey(keyId, metadata);
    return key === undefined ? undefined : await readParts(calls, keyItself(key, metadata, place));
  } catch (error) {
    return error instanceof NotFoundException ? undefined : { keyId, ...kmsUnread("kms:DescribeKey", error) };
  }
}

type KeyItself = Omit<LiveKey, "policy" | "rotation" | "tags" | "grants"> & { readonly rotates: boolean };

/** @throws NotFoundException for a key that is gone */
async function readParts(calls: KmsCalls, { rotates, ...key }: KeyItself): Promise<LiveKey> {
  const { keyId } = key;
  const [policy, rotation, tags, grants] = await Promise.all([
    readPart("kms:GetKeyPolicy", () => calls.policy(keyId)),
    rotates ? readPart("kms:GetKeyRotationStatus", () => readRotation(calls, keyId)) : { value: undefined },
    readPart("kms:ListResourceTags", () => calls.tags(keyId)),
    readPart("kms:ListGrants", async () => liveGrants(keyId, await calls.grants(keyId))),
  ]);
  return { ...key, policy, rotation, tags, grants };
}

async function readPart<Value>(action: string, read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof NotFoundException) throw error;
    return kmsUnread(action, error);
  }
}

async function readRotation(calls: KmsCalls, keyId: string): Promise<LiveRotation> {
  const { KeyRotationEnabled: enabled, RotationPeriodInDays: periodDays } = await calls.rotation(keyId);
  return { enabled: known(enabled, `a rotation of key ${keyId} that is neither on nor off`), periodDays };
}

/** @throws Error for what AWS leaves out, and for a key of another place */
export function keyItself(key: DescribedKey, metadata: KeyMetadata, { accountId, region }: KeyPlace): KeyItself {
  const without = (what: string): string => `key ${key.keyId} without its ${what}`;
  const isHere = key.arn.split(":").slice(3).join(":") === `${region}:${accountId}:key/${key.keyId}`;
  known(isHere ? key.arn : undefined, `${key.arn}, which is not in ${region} of ${accountId}`);
  const spec = known(metadata.KeySpec, without("spec"));
  const usage = known(metadata.KeyUsage, without("usage"));
  const origin = known(metadata.Origin, without("origin"));
  return {
    ...key,
    spec,
    usage,
    origin,
    multiRegion: multiRegionOf(key.keyId, metadata),
    keyStoreId: metadata.CustomKeyStoreId,
    materialExpiresAt: metadata.ValidTo?.toISOString(),
    // Of a key that waits for its deletion AWS says that rotation is off, and turns it on again with the key.
    // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
    rotates: canRotateAutomatically({ spec, origin }) && !waitsForDeletion(key.state),
  };
}

/**
 * Source of the prefix: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
function multiRegionOf(keyId: string, metadata: KeyMetadata): LiveMultiRegion | undefined {
  if (!(metadata.MultiRegion ?? keyId.startsWith("mrk-"))) return undefined;
  const related = known(metadata.MultiRegionConfiguration, `multi-Region key ${keyId} without its other Regions`);
  const { MultiRegionKeyType: kind, PrimaryKey: primary, ReplicaKeys: replicas } = related;
  const region = (key: { readonly Region?: string | undefined } | undefined): string =>
    known(key?.Region, `multi-Region key ${keyId} without a Region of its primary or replicas`);
  return {
    kind:
      known(kind, `multi-Region key ${keyId} that is neither primary nor replica`) === "PRIMARY"
        ? "primary"
        : "replica",
    primaryRegion: region(primary),
    replicas: known(replicas, `multi-Region key ${keyId} without its replicas`).map(region).sort(nameOrder),
  };
}
