import type { LiveKey } from "../../modules/live/live-account";

/** An enabled key of pci-key-management in us-east-1, with the policy that AWS gives to keys without one. */
export function liveKey(given: Partial<LiveKey> = {}): LiveKey {
  const keyId = given.keyId ?? "1234abcd-12ab-34cd-56ef-1234567890ab";
  return {
    keyId,
    arn: `arn:aws:kms:us-east-1:310000000001:key/${keyId}`,
    state: "Enabled",
    createdAt: "2026-01-01T00:00:00.000Z",
    deletedAt: undefined,
    description: "",
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    multiRegion: undefined,
    keyStoreId: undefined,
    materialExpiresAt: undefined,
    policy: {
      value: keyPolicy({ Sid: "Root", Principal: { AWS: "arn:aws:iam::310000000001:root" }, Action: "kms:*" }),
    },
    rotation: { value: { enabled: true, periodDays: 365 } },
    tags: { value: {} },
    grants: { value: [] },
    ...given,
  };
}

/** A key policy of Allow statements. */
export function keyPolicy(...statements: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", Resource: "*", ...statement })),
  });
}
