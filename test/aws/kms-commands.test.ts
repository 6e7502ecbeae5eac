import { expect, test } from "@jest/globals";
import {
  cancelKeyDeletion,
  connectKeyStore,
  describeKey,
  describeKeyStore,
  disableKey,
  disableKeyRotation,
  enableKey,
  enableKeyRotation,
  importKeyMaterial,
  listKeyRotations,
  putKeyPolicy,
  reencryptions,
  rotateKeyOnDemand,
  scheduleKeyDeletion,
  updatePrimaryRegion,
} from "../../modules/aws/kms-commands";

const byAlias = { alias: "alias/payments-prod", region: "us-east-1", keyId: undefined };
const byId = { ...byAlias, keyId: "mrk-0123456789abcdef0123456789abcdef" };
const asked =
  '"$(aws kms describe-key --key-id alias/payments-prod --region us-east-1 --query KeyMetadata.KeyId --output text)"';

test.each([
  [
    "describe-key",
    describeKey(byAlias),
    "aws kms describe-key --key-id alias/payments-prod --region us-east-1 --query 'KeyMetadata.[KeyId,KeyState,DeletionDate,ValidTo]' --output text",
  ],
  ["disable-key", disableKey(byAlias), `aws kms disable-key --key-id ${asked} --region us-east-1`],
  ["enable-key", enableKey(byAlias), `aws kms enable-key --key-id ${asked} --region us-east-1`],
  [
    "schedule-key-deletion",
    scheduleKeyDeletion(byId, 30),
    `aws kms schedule-key-deletion --key-id ${byId.keyId} --pending-window-in-days 30 --region us-east-1`,
  ],
  [
    "cancel-key-deletion",
    cancelKeyDeletion(byId),
    `aws kms cancel-key-deletion --key-id ${byId.keyId} --region us-east-1`,
  ],
  [
    "rotate-key-on-demand",
    rotateKeyOnDemand(byAlias),
    `aws kms rotate-key-on-demand --key-id ${asked} --region us-east-1`,
  ],
  [
    "list-key-rotations",
    listKeyRotations(byId),
    `aws kms list-key-rotations --key-id ${byId.keyId} --region us-east-1`,
  ],
  [
    "enable-key-rotation",
    enableKeyRotation(byId, 180),
    `aws kms enable-key-rotation --key-id ${byId.keyId} --rotation-period-in-days 180 --region us-east-1`,
  ],
  [
    "enable-key-rotation, as often as AWS does by itself",
    enableKeyRotation(byId, undefined),
    `aws kms enable-key-rotation --key-id ${byId.keyId} --rotation-period-in-days 365 --region us-east-1`,
  ],
  [
    "disable-key-rotation",
    disableKeyRotation(byId),
    `aws kms disable-key-rotation --key-id ${byId.keyId} --region us-east-1`,
  ],
  [
    "put-key-policy",
    putKeyPolicy(byId, "policy.json"),
    `aws kms put-key-policy --key-id ${byId.keyId} --policy-name default --policy file://policy.json --region us-east-1`,
  ],
  [
    "update-primary-region",
    updatePrimaryRegion(byId, "us-west-2"),
    `aws kms update-primary-region --key-id ${byId.keyId} --primary-region us-west-2 --region us-east-1`,
  ],
  [
    "connect-custom-key-store",
    connectKeyStore("cks-1", "us-east-1"),
    "aws kms connect-custom-key-store --custom-key-store-id cks-1 --region us-east-1",
  ],
  [
    "describe-custom-key-stores",
    describeKeyStore("cks-1", "us-east-1"),
    "aws kms describe-custom-key-stores --custom-key-store-id cks-1 --region us-east-1 --query 'CustomKeyStores[].[CustomKeyStoreName,ConnectionState,ConnectionErrorCode]' --output text",
  ],
])("%s is one line to paste", (_, command, line) => {
  expect(command).toBe(line);
});

test("material is wrapped for one Region, with the token that belongs to its wrapping key", () => {
  expect(importKeyMaterial(byId, undefined)).toEqual([
    `aws kms get-parameters-for-import --key-id ${byId.keyId} --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096 --region us-east-1 > import-us-east-1.json`,
    "jq -r .PublicKey import-us-east-1.json | base64 --decode > wrapping-key-us-east-1.der",
    "jq -r .ImportToken import-us-east-1.json | base64 --decode > import-token-us-east-1.bin",
    "openssl pkeyutl -encrypt -in key-material.bin -out wrapped-us-east-1.bin -inkey wrapping-key-us-east-1.der -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256",
    `aws kms import-key-material --key-id ${byId.keyId} --encrypted-key-material fileb://wrapped-us-east-1.bin --import-token fileb://import-token-us-east-1.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE --region us-east-1`,
  ]);
});

test("material that expires says when", () => {
  expect(importKeyMaterial(byAlias, "2027-11-22").at(-1)).toContain(
    "--expiration-model KEY_MATERIAL_EXPIRES --valid-to 2027-11-22T00:00:00Z",
  );
});

test("every re-encryption names the new key", () => {
  expect(reencryptions.filter(({ command }) => !/^aws \S+ .* NEW_KEY_ARN /.test(command))).toEqual([]);
});
