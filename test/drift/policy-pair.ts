import type { ChangePlace } from "../../modules/access/access-change";
import { compareKeyPolicy } from "../../modules/drift/compare/compare-key-policy";
import type { Drift } from "../../modules/drift/drift";
import type { DriftContext } from "../../modules/drift/drift-context";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveKey, Reading } from "../../modules/live/live-account";
import { changePlace, readKeyPolicy } from "../access/change-place";

const { zone, zones, partition, region }: ChangePlace = changePlace;

const context: DriftContext = {
  account: "own",
  accountId: "111111111111",
  partition,
  zone,
  zones,
  today: "2027-01-31",
  now: "2027-01-31T12:00:00Z",
  arnBehind: () => undefined,
};

const reviewedKey: ReviewedKey = {
  by: "terraform",
  stack: "acme.own",
  address: "aws_kms_key.payments_prod_us-east-1",
  kind: "key",
  primary: undefined,
  region,
  multiRegion: false,
  policy: undefined,
  aliases: [{ name: "alias/payments-prod", address: "aws_kms_alias.payments_prod_us-east-1" }],
  grants: [],
  tags: {},
  description: "",
  enabled: true,
  rotation: undefined,
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  imported: false,
  keyStore: undefined,
  step: undefined,
  deletionWindowDays: 30,
  importId: undefined,
  dataClass: undefined,
  sources: [],
};

const liveKey: LiveKey = {
  keyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
  arn: "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  state: "Enabled",
  createdAt: "2026-01-01T00:00:00Z",
  deletedAt: undefined,
  description: "",
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  origin: "AWS_KMS",
  multiRegion: undefined,
  keyStoreId: undefined,
  materialExpiresAt: undefined,
  policy: { value: "" },
  rotation: { value: undefined },
  tags: { value: {} },
  grants: { value: [] },
};

/** What is told of a key of account 111111111111 whose policy was reviewed as one document and is another in AWS. */
export function compareTexts(reviewed: unknown, policy: Reading<string>): Drift[] {
  return compareKeyPolicy(
    { reviewed: { ...reviewedKey, policy: readKeyPolicy(reviewed) }, live: { ...liveKey, policy }, region },
    context,
  );
}

/** Each drift in a line, and under it who gains and loses. */
export function policyLines(drifts: readonly Drift[]): string[] {
  return drifts.flatMap(({ id, severity, detail, access = [] }) => [
    `${id}${severity === undefined ? "" : ` ${severity}`}: ${detail.join(" ")}`,
    ...access.map(
      ({ effect, who, actions, outside }) =>
        `  ${who} ${effect} ${actions.join(" ")}${outside === undefined ? "" : ` [${outside}]`}`,
    ),
  ]);
}
