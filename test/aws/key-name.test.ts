import { expect, test } from "@jest/globals";
import { parseKeyName } from "../../modules/aws/key-name";

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const mrk = "mrk-1234abcd12ab34cd56ef1234567890ab";
const place = { region: "us-gov-west-1", accountId: "410000000001" };
const arn = "arn:aws-us-gov:kms:us-gov-west-1:410000000001";

test.each([
  ["payments-prod", { kind: "alias", alias: "alias/payments-prod", place: undefined }],
  ["alias/payments/prod", { kind: "alias", alias: "alias/payments/prod", place: undefined }],
  [id, { kind: "id", id, place: undefined }],
  [mrk, { kind: "id", id: mrk, place: undefined }],
  [`${arn}:key/${mrk}`, { kind: "id", id: mrk, place }],
  [`${arn}:alias/payments-prod`, { kind: "alias", alias: "alias/payments-prod", place }],
  ["aws_kms_replica_key.payments_us-west-2", { kind: "address", address: "aws_kms_replica_key.payments_us-west-2" }],
])("%s names a key", (text, name) => {
  expect(parseKeyName(text)).toEqual(name);
});

test.each(["", "a key", "alias/", "alias/$(id)", `${arn}:key/payments`, "arn:aws:s3:::bucket", "aws_kms_key.a b"])(
  "%j names none",
  (text) => {
    expect(parseKeyName(text)).toBeUndefined();
  },
);
