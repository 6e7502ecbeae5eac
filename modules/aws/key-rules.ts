import type { KeyKind, KeyOrigin } from "./key-kind";
import { specFacts } from "./key-specs";
import type { PartitionName } from "./partition";

/** A key as somebody asks for it. */
export interface AskedKey extends KeyKind {
  readonly multiRegion: boolean;
  readonly rotatesAutomatically: boolean;
  /** Whether a custom key store is named. */
  readonly inKeyStore: boolean;
  /** Undefined while nobody knows. */
  readonly partition: PartitionName | undefined;
}

/** What a rule speaks about, as the map calls it. */
export type AskedField = "spec" | "usage" | "origin" | "keyStore" | "multiRegion" | "rotationDays";

/** One thing that AWS KMS, or the provider that asks it, refuses. */
export interface KeyRule {
  readonly id: string;
  readonly field: AskedField;
  /** The rule as AWS has it, as a sentence without its full stop. */
  readonly rule: string;
  /** What to do instead. */
  readonly fix: string;
  readonly source: string;
  readonly refuses: (asked: AskedKey) => boolean;
}

const apiReference = "https://docs.aws.amazon.com/kms/latest/APIReference";
const keyStoreOrigins: readonly KeyOrigin[] = ["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"];

/** Whether the material is in a custom key store, and AWS KMS itself never has it. */
export function isInKeyStore({ origin }: Pick<KeyKind, "origin">): boolean {
  return keyStoreOrigins.includes(origin);
}

/** The only kind of key with an encryption context, with data keys, and that AWS services take for their data. */
export function isSymmetricEncryption({ spec }: { readonly spec: string }): boolean {
  return spec === "SYMMETRIC_DEFAULT";
}

/** A key pair, whose public half can leave AWS KMS. */
export function isAsymmetric({ spec }: Pick<KeyKind, "spec">): boolean {
  return !isSymmetricEncryption({ spec }) && !spec.startsWith("HMAC_");
}

/**
 * Whether a key can have replicas.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-MultiRegion
 */
export function canBeMultiRegion(kind: KeyKind): boolean {
  return !isInKeyStore(kind);
}

/**
 * Whether AWS KMS rotates the key by itself.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
 */
export function canRotateAutomatically(kind: { readonly spec: string; readonly origin: string }): boolean {
  return isSymmetricEncryption(kind) && kind.origin === "AWS_KMS";
}

/**
 * Whether AWS KMS rotates the key when it is told to: imported material once the next material has been imported.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html
 */
export function canRotateOnDemand(kind: KeyKind): boolean {
  return isSymmetricEncryption(kind) && !isInKeyStore(kind);
}

/**
 * Everything that is refused about a key, whichever map asks for it. A rule holds by itself: a key may break several.
 *
 * `terraform validate` finds next to none of these, and an apply finds them one at a time.
 */
export const keyRules: readonly KeyRule[] = [
  {
    id: "spec-in-provider",
    field: "spec",
    rule: "AWS KMS has such keys, and version 5.100 of the Terraform AWS provider does not know them",
    fix: "use another spec",
    source: "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kms_key",
    refuses: ({ spec }) => specFacts[spec].provider === undefined,
  },
  {
    id: "spec-in-partition",
    field: "spec",
    rule: "AWS KMS has SM2 keys in the China Regions alone",
    fix: "use an RSA or ECC spec",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-KeySpec`,
    refuses: ({ spec, partition }) => partition !== undefined && !specFacts[spec].partitions.includes(partition),
  },
  {
    id: "usage-of-spec",
    field: "usage",
    rule: "AWS KMS takes the usages of the key's spec alone",
    fix: "choose one of the spec's usages, or another spec",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-KeyUsage`,
    refuses: ({ spec, usage }) => !specFacts[spec].usages.includes(usage),
  },
  {
    id: "imported-material",
    field: "origin",
    rule: "the provider's aws_kms_external_key makes symmetric encryption keys alone",
    fix: "leave the origin out, or leave out spec and usage",
    source: "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/kms_external_key",
    refuses: (asked) => asked.origin === "EXTERNAL" && !isSymmetricEncryption(asked),
  },
  {
    id: "key-store-kinds",
    field: "origin",
    rule: "AWS KMS has symmetric encryption keys alone in custom key stores",
    fix: "leave the origin out, or leave out spec and usage",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-CustomKeyStoreId`,
    refuses: (asked) => isInKeyStore(asked) && !isSymmetricEncryption(asked),
  },
  {
    id: "key-store-named",
    field: "keyStore",
    rule: "AWS KMS makes keys of origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE in a custom key store alone",
    fix: "name one of the zone's keyStores",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-Origin`,
    refuses: (asked) => isInKeyStore(asked) && !asked.inKeyStore,
  },
  {
    id: "key-store-origin",
    field: "keyStore",
    rule: "AWS KMS has keys of origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE alone in custom key stores",
    fix: "add origin: AWS_CLOUDHSM or origin: EXTERNAL_KEY_STORE, or leave keyStore out",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-CustomKeyStoreId`,
    refuses: (asked) => !isInKeyStore(asked) && asked.inKeyStore,
  },
  {
    id: "key-store-region",
    field: "multiRegion",
    rule: "AWS KMS has no multi-Region keys in custom key stores",
    fix: "leave it out: these keys are single-Region",
    source: `${apiReference}/API_CreateKey.html#KMS-CreateKey-request-MultiRegion`,
    refuses: (asked) => asked.multiRegion && !canBeMultiRegion(asked),
  },
  {
    id: "rotation-asymmetric",
    field: "rotationDays",
    rule: "AWS KMS does not rotate asymmetric keys",
    fix: "leave it out: another key is the only way, with an alias that moves to it",
    source: `${apiReference}/API_EnableKeyRotation.html`,
    refuses: (asked) => asked.rotatesAutomatically && isAsymmetric(asked),
  },
  {
    id: "rotation-hmac",
    field: "rotationDays",
    rule: "AWS KMS does not rotate HMAC keys",
    fix: "leave it out: another key is the only way, with an alias that moves to it",
    source: `${apiReference}/API_EnableKeyRotation.html`,
    refuses: (asked) => asked.rotatesAutomatically && asked.spec.startsWith("HMAC_"),
  },
  {
    id: "rotation-imported",
    field: "rotationDays",
    rule: "AWS KMS does not rotate imported key material by itself",
    fix: "leave it out: import the next material, and rotate on demand",
    source: `${apiReference}/API_EnableKeyRotation.html`,
    refuses: (asked) => asked.rotatesAutomatically && asked.origin === "EXTERNAL",
  },
  {
    id: "rotation-key-store",
    field: "rotationDays",
    rule: "AWS KMS does not rotate keys in custom key stores",
    fix: "leave it out: another key is the only way, with an alias that moves to it",
    source: `${apiReference}/API_EnableKeyRotation.html`,
    refuses: (asked) => asked.rotatesAutomatically && isInKeyStore(asked),
  },
];

/** The rules that a key breaks; none for a key that can be made. */
export function brokenRules(asked: AskedKey): KeyRule[] {
  return keyRules.filter((rule) => rule.refuses(asked));
}
