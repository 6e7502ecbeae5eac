import type { KeyOrigin, KeySpec, KeyUsage } from "./key-kind";
import { type PartitionName, partitionNames } from "./partition";

/** What AWS KMS lets keys of a spec be. */
export interface SpecFacts {
  /** In words, for messages and the documentation: `RSA keys`. */
  readonly title: string;
  /** One of these is a key's usage for life. Where there is only one, nobody has to name it. */
  readonly usages: readonly KeyUsage[];
  readonly partitions: readonly PartitionName[];
  /** The first version of the Terraform AWS provider that takes the spec; undefined for none that is known. */
  readonly provider: "5.100" | undefined;
  /** The page of AWS documentation that says so. */
  readonly source: string;
}

const createKey = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html";
const keySpec = "https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html";

const symmetric: SpecFacts = {
  title: "symmetric encryption keys",
  usages: ["ENCRYPT_DECRYPT"],
  partitions: partitionNames,
  provider: "5.100",
  source: `${keySpec}#symmetric-cmks`,
};
const hmac: SpecFacts = {
  title: "HMAC keys",
  usages: ["GENERATE_VERIFY_MAC"],
  partitions: partitionNames,
  provider: "5.100",
  source: `${keySpec}#hmac-key-specs`,
};
const rsa: SpecFacts = {
  title: "RSA keys",
  usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  partitions: partitionNames,
  provider: "5.100",
  source: `${keySpec}#key-spec-rsa`,
};
const nistCurve: SpecFacts = {
  title: "keys of NIST's elliptic curves",
  usages: ["KEY_AGREEMENT", "SIGN_VERIFY"],
  partitions: partitionNames,
  provider: "5.100",
  source: `${keySpec}#key-spec-ecc`,
};
const mlDsa: SpecFacts = {
  title: "ML-DSA keys",
  usages: ["SIGN_VERIFY"],
  partitions: partitionNames,
  provider: undefined,
  source: `${createKey}#KMS-CreateKey-request-KeyUsage`,
};

/** Every spec with its facts. Source of the usages: the parameters KeyUsage and KeySpec of CreateKey. */
export const specFacts: Readonly<Record<KeySpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: symmetric,
  HMAC_224: hmac,
  HMAC_256: hmac,
  HMAC_384: hmac,
  HMAC_512: hmac,
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: nistCurve,
  ECC_NIST_P384: nistCurve,
  ECC_NIST_P521: nistCurve,
  ECC_SECG_P256K1: {
    title: "keys of the curve secp256k1",
    usages: ["SIGN_VERIFY"],
    partitions: partitionNames,
    provider: "5.100",
    source: `${keySpec}#key-spec-ecc`,
  },
  SM2: {
    title: "SM2 keys",
    usages: ["ENCRYPT_DECRYPT", "KEY_AGREEMENT", "SIGN_VERIFY"],
    partitions: ["aws-cn"],
    provider: "5.100",
    source: `${keySpec}#key-spec-sm`,
  },
  ML_DSA_44: mlDsa,
  ML_DSA_65: mlDsa,
  ML_DSA_87: mlDsa,
};

/** The pages that say what keys of an origin can be. */
export const originSources: Readonly<Record<KeyOrigin, string>> = {
  AWS_KMS: `${createKey}#KMS-CreateKey-request-Origin`,
  EXTERNAL: "https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html",
  AWS_CLOUDHSM: "https://docs.aws.amazon.com/kms/latest/developerguide/manage-cmk-keystore.html",
  EXTERNAL_KEY_STORE: "https://docs.aws.amazon.com/kms/latest/developerguide/keystore-external-key-manage.html",
};
