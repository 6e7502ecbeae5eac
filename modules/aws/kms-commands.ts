/**
 * What people type at a terminal where no Terraform may act: AWS CLI commands, one a line, ready to be pasted. Each fails
 * before it does anything when the key is not found.
 *
 * Source: https://docs.aws.amazon.com/cli/latest/reference/kms/
 */

/** A key in one Region. */
export interface KeyAtTerminal {
  readonly region: string;
  /** With `alias/`. */
  readonly alias: string;
  /** Where it is known, there is no need to ask for it. */
  readonly keyId: string | undefined;
}

/** DisableKey, ScheduleKeyDeletion and their like take ids and ARNs, and no alias. */
function keyIdOf({ alias, keyId, region }: KeyAtTerminal): string {
  return (
    keyId ?? `"$(aws kms describe-key --key-id ${alias} --region ${region} --query KeyMetadata.KeyId --output text)"`
  );
}

function onKey(command: string, key: KeyAtTerminal, ...options: string[]): string {
  return ["aws kms", command, "--key-id", keyIdOf(key), ...options, "--region", key.region].join(" ");
}

export function describeKey({ alias, keyId, region }: KeyAtTerminal): string {
  return `aws kms describe-key --key-id ${keyId ?? alias} --region ${region} --query 'KeyMetadata.[KeyId,KeyState,DeletionDate,ValidTo]' --output text`;
}

export function disableKey(key: KeyAtTerminal): string {
  return onKey("disable-key", key);
}

export function enableKey(key: KeyAtTerminal): string {
  return onKey("enable-key", key);
}

export function scheduleKeyDeletion(key: KeyAtTerminal, windowDays: number): string {
  return onKey("schedule-key-deletion", key, `--pending-window-in-days ${windowDays}`);
}

/** Leaves the key disabled. */
export function cancelKeyDeletion(key: KeyAtTerminal): string {
  return onKey("cancel-key-deletion", key);
}

/** On the primary: its replicas follow. */
export function rotateKeyOnDemand(key: KeyAtTerminal): string {
  return onKey("rotate-key-on-demand", key);
}

export function listKeyRotations(key: KeyAtTerminal): string {
  return onKey("list-key-rotations", key);
}

/**
 * On the primary: its replicas follow. A key that rotates already gets the period.
 *
 * @param periodDays undefined for AWS's own 365 days
 */
export function enableKeyRotation(key: KeyAtTerminal, periodDays: number | undefined): string {
  return onKey("enable-key-rotation", key, `--rotation-period-in-days ${periodDays ?? 365}`);
}

export function disableKeyRotation(key: KeyAtTerminal): string {
  return onKey("disable-key-rotation", key);
}

/** AWS refuses a policy after which whoever puts it could not put another. */
export function putKeyPolicy(key: KeyAtTerminal, file: string): string {
  return onKey("put-key-policy", key, `--policy-name default --policy file://${file}`);
}

/**
 * Asked of the primary, in its own Region.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html
 */
export function updatePrimaryRegion(primary: KeyAtTerminal, region: string): string {
  return onKey("update-primary-region", primary, `--primary-region ${region}`);
}

/** It can take up to 20 minutes, and says nothing until then. */
export function connectKeyStore(id: string, region: string): string {
  return `aws kms connect-custom-key-store --custom-key-store-id ${id} --region ${region}`;
}

export function describeKeyStore(id: string, region: string): string {
  return `aws kms describe-custom-key-stores --custom-key-store-id ${id} --region ${region} --query 'CustomKeyStores[].[CustomKeyStoreName,ConnectionState,ConnectionErrorCode]' --output text`;
}

/**
 * Brings 256 bits of material, in `key-material.bin`, into a key of one Region. Related keys take the same material, each under
 * its own wrapping key. The wrapping key is good for 24 hours.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html
 *
 * @param expires the day on which AWS deletes the material; undefined for material that stays
 */
export function importKeyMaterial(key: KeyAtTerminal, expires: string | undefined): string[] {
  const file = (name: string): string => `${name}-${key.region}`;
  const expiration =
    expires === undefined
      ? "--expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE"
      : `--expiration-model KEY_MATERIAL_EXPIRES --valid-to ${expires}T00:00:00Z`;
  return [
    `${onKey("get-parameters-for-import", key, "--wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096")} > ${file("import")}.json`,
    `jq -r .PublicKey ${file("import")}.json | base64 --decode > ${file("wrapping-key")}.der`,
    `jq -r .ImportToken ${file("import")}.json | base64 --decode > ${file("import-token")}.bin`,
    `openssl pkeyutl -encrypt -in key-material.bin -out ${file("wrapped")}.bin -inkey ${file("wrapping-key")}.der -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256`,
    onKey(
      "import-key-material",
      key,
      `--encrypted-key-material fileb://${file("wrapped")}.bin`,
      `--import-token fileb://${file("import-token")}.bin`,
      expiration,
    ),
  ];
}

/**
 * How data gets from one key under another, by what holds it. The names in capital letters are the reader's own.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html,
 * https://docs.aws.amazon.com/cli/latest/reference/ec2/copy-snapshot.html,
 * https://docs.aws.amazon.com/cli/latest/reference/rds/copy-db-snapshot.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
 */
export const reencryptions = [
  {
    data: "objects in S3",
    command: "aws s3 cp s3://BUCKET s3://BUCKET --recursive --sse aws:kms --sse-kms-key-id NEW_KEY_ARN --region REGION",
  },
  {
    data: "EBS volumes, by a copy of a snapshot",
    command:
      "aws ec2 copy-snapshot --source-region REGION --source-snapshot-id SNAPSHOT --encrypted --kms-key-id NEW_KEY_ARN --region REGION",
  },
  {
    data: "RDS databases, by a copy of a snapshot",
    command:
      "aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT --target-db-snapshot-identifier COPY --kms-key-id NEW_KEY_ARN --region REGION",
  },
  {
    data: "ciphertexts of an application",
    command:
      "aws kms re-encrypt --ciphertext-blob fileb://CIPHERTEXT --destination-key-id NEW_KEY_ARN --query CiphertextBlob --output text --region REGION",
  },
] as const;
