import { readPolicy } from "../../modules/access/read-policy";
import type { Drift, DriftPlace, DriftSubject } from "../../modules/drift/drift";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { DriftId } from "../../modules/findings/drift-ids";
import type { LiveKey } from "../../modules/live/live-account";

export const keyId = "mrk-0123456789abcdef0123456789abcdef";
export const arn = `arn:aws:kms:us-east-1:310000000001:key/${keyId}`;

export const rootStatement = {
  Sid: "AccountRootAdministration",
  Effect: "Allow",
  Principal: { AWS: ["arn:aws:iam::310000000001:root"] },
  Action: ["kms:PutKeyPolicy"],
  Resource: ["*"],
};

export const reviewedDocument = {
  Version: "2012-10-17",
  Statement: [
    rootStatement,
    {
      Sid: "UseRecords",
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::310000000001:role/records"] },
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      // Everything that a shell could take for its own.
      Condition: { StringEquals: { "kms:EncryptionContext:app": ['it\'s $(id) `id` \\ ${aws:username} "x"'] } },
    },
  ],
};

export const reviewedKey: ReviewedKey = {
  by: "terraform",
  stack: "acme.health.clinic",
  address: "aws_kms_key.records_prod_us-east-1",
  kind: "key",
  primary: undefined,
  region: "us-east-1",
  multiRegion: true,
  policy: readPolicy(reviewedDocument, { document: "acme.health.clinic", path: "" }, "key").policy,
  aliases: [{ name: "alias/records-prod", address: "aws_kms_alias.records_prod_us-east-1" }],
  grants: [],
  tags: { Owner: "clinic, the", Workload: "records" },
  description: "records prod",
  enabled: true,
  rotation: { enabled: true, periodDays: 180 },
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  imported: false,
  keyStore: undefined,
  step: "in-use",
  deletionWindowDays: 30,
  importId: undefined,
  dataClass: "regulated",
  sources: [],
};

export const liveKey: LiveKey = {
  keyId,
  arn,
  state: "Enabled",
  createdAt: "2026-01-01T00:00:00Z",
  deletedAt: undefined,
  description: "records prod",
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  origin: "AWS_KMS",
  multiRegion: { kind: "primary", primaryRegion: "us-east-1", replicas: [] },
  keyStoreId: undefined,
  materialExpiresAt: undefined,
  policy: { value: JSON.stringify(reviewedDocument) },
  rotation: { value: { enabled: true, periodDays: 180 } },
  tags: { value: { Owner: "somebody", Workload: "records", Extra: "1" } },
  grants: { value: [] },
};

export const place: DriftPlace = {
  account: "clinic",
  accountId: "310000000001",
  partition: "aws",
  zone: "health",
  region: "us-east-1",
  stack: "acme.health.clinic",
  address: "aws_kms_key.records_prod_us-east-1",
  resource: "alias/records-prod",
};

const other = "99999999-0000-4000-8000-000000000000";

/** Everything that any kind may have, under names that mean something to a shell. */
export const everything: DriftSubject = {
  reviewedKey,
  key: liveKey,
  alias: { name: "alias/records-prod", keyId: other },
  aliasName: "alias/records-prod",
  grant: {
    id: "f".repeat(64),
    name: "batch",
    grantee: "arn:aws:iam::310000000001:role/batch",
    retiring: undefined,
    namesService: false,
    sourceArn: undefined,
    issuingAccount: undefined,
    operations: ["Decrypt"],
    equals: undefined,
    subset: undefined,
    createdAt: "2026-01-01T00:00:00Z",
  },
  policy: {
    arn: "arn:aws:iam::310000000001:policy/orgkeys/orgkeys-it's",
    name: "orgkeys-it's",
    path: "/orgkeys/",
    document: { value: "{}" },
    attachedTo: { value: ["role/service/records", "user/ann", "group/all"] },
  },
  target: "role/service/records",
  guardrail: {
    id: "p-12345678",
    name: "orgkeys-health",
    kind: "service-control",
    document: { value: "{}" },
    targets: { value: ["ou-ab12-20000000"] },
  },
  instance: {
    stackSet: "orgkeys-health-access-roles",
    callAs: "DELEGATED_ADMIN",
    homeRegion: "us-east-1",
    ous: ["ou-ab12-20000000"],
    accountId: "310000000001",
    region: "us-west-2",
  },
  keyStoreId: "cks-0123456789abcdef0",
};

export function drift(id: DriftId, subject: DriftSubject = everything, at: Partial<DriftPlace> = {}): Drift {
  return { id, place: { ...place, ...at }, detail: [], why: "is otherwise", subject };
}
