/** The kinds of key material, in the words of the CreateKey API. SM2 exists in China alone. */
export const keySpecs = [
  "SYMMETRIC_DEFAULT",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_NIST_EDWARDS25519",
  "ECC_SECG_P256K1",
  "SM2",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
] as const;
export type KeySpec = (typeof keySpecs)[number];

/** What a key is for; one usage a key, for its whole life. */
export const keyUsages = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** Where the material comes from: AWS KMS, its user, a CloudHSM cluster, or a key manager outside of AWS. */
export const keyOrigins = ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"] as const;
export type KeyOrigin = (typeof keyOrigins)[number];

/**
 * What a key is, for its whole life: a change of any of these is another key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
 */
export interface KeyKind {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
}

/** The kind of nearly every key, and the only one that AWS services take. */
export const symmetricKind: KeyKind = { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" };
