import { describe, expect, test } from "@jest/globals";
import type { Drift } from "../../modules/drift/drift";
import { fingerprintOf } from "../../modules/drift/fingerprint";
import type { LiveGrant, LiveKey, LiveTemplate } from "../../modules/live/live-account";
import { aliasDrift } from "./drift-findings";

const gains = {
  effect: "gains",
  who: "arn:aws:iam::210000000001:role/reports",
  actions: ["kms:Decrypt", "kms:DescribeKey"],
  through: "statement Extra",
  outside: undefined,
} as const;
const drift: Drift = { ...aliasDrift, detail: ["statement Extra"], access: [gains] };
const at = (place: Partial<Drift["place"]>): Drift => ({ ...drift, place: { ...drift.place, ...place } });

const key: LiveKey = {
  keyId: "1234abcd",
  arn: "arn:aws:kms:us-east-1:210000000001:key/1234abcd",
  state: "PendingDeletion",
  createdAt: "2026-01-01T00:00:00Z",
  deletedAt: "2026-06-06T00:00:00Z",
  description: "",
  spec: "SYMMETRIC_DEFAULT",
  usage: "ENCRYPT_DECRYPT",
  origin: "AWS_KMS",
  multiRegion: undefined,
  keyStoreId: undefined,
  materialExpiresAt: undefined,
  policy: { value: "{}" },
  rotation: { value: undefined },
  tags: { value: {} },
  grants: { value: [] },
};
const grant: LiveGrant = JSON.parse('{"id": "g1", "name": "batch", "operations": ["Decrypt"]}');

describe("the fingerprint of a drift", () => {
  test("is the same on every machine", () => {
    expect(fingerprintOf(drift)).toBe("617d1cf27b754c69838420db224fc303");
  });

  test.each<[string, Drift]>([
    ["words, in which days pass", { ...drift, why: "can be gone in 4 days" }],
    ["a step that is known now", { ...drift, whatToDo: "apply the stack", severity: "low" }],
    ["the account's name", at({ account: "shop-production" })],
    ["the stack, with the account's OU", at({ stack: "acme.workloads.shop.shop-prod" })],
    [
      "the order in which access was found",
      { ...drift, access: [{ ...gains, actions: ["kms:DescribeKey", "kms:Decrypt"] }] },
    ],
    ["the words on access", { ...drift, access: [{ ...gains, through: "statement Extra2", outside: "somebody" }] }],
  ])("stays with other %s", (_, other) => {
    expect(fingerprintOf(other)).toBe(fingerprintOf(drift));
  });

  test.each<[string, Drift]>([
    ["kind", { ...drift, id: "alias-moved" }],
    ["account", at({ accountId: "210000000002" })],
    ["partition", at({ partition: "aws-us-gov" })],
    ["zone, to which others are outsiders", at({ zone: "pci" })],
    ["Region", at({ region: "us-west-2" })],
    ["Region, that is none", at({ region: undefined })],
    ["address", at({ address: "aws_kms_key.shop" })],
    ["resource", at({ resource: "alias/legacy" })],
    ["detail", { ...drift, detail: ["statement", "Extra"] }],
    ["principal that gains", { ...drift, access: [{ ...gains, who: "anybody" }] }],
    ["action that it gains", { ...drift, access: [{ ...gains, actions: ["kms:Decrypt"] }] }],
    ["effect", { ...drift, access: [{ ...gains, effect: "loses" }] }],
    ["principal beside it", { ...drift, access: [gains, { ...gains, who: "anybody" }] }],
    ["key of the same alias", { ...drift, subject: { key } }],
    ["key that an alias leads to", { ...drift, subject: { alias: { name: "alias/legacy-shop", keyId: "5678" } } }],
    ["grant of the same name", { ...drift, subject: { grant } }],
  ])("is another for another %s", (_, other) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(drift));
  });

  const statement = { Effect: "Allow", Action: ["kms:Decrypt", "kms:Encrypt"], Condition: { Bool: { a: "true" } } };
  const saying = (id: Drift["id"], what: object): string => {
    const value = JSON.stringify({ Statement: [what] });
    const document = { value };
    const subject = {
      key: { ...key, policy: { value } },
      policy: { arn: "", name: "api", path: "/orgkeys/", document, attachedTo: { value: [] } },
      guardrail: { id: "p-1", name: "pci", kind: "service-control", document, targets: { value: [] } },
    } as const;
    return fingerprintOf({ ...drift, id, subject });
  };

  test.each<[Drift["id"]]>([["policy-widened"], ["consumer-policy-changed"], ["guardrail-changed"]])(
    "is another when the text of %s changes, and the same in the order of AWS",
    (id) => {
      const { Condition: _, ...open } = statement;
      expect(saying(id, open)).not.toBe(saying(id, statement));
      expect(saying(id, { ...statement, Action: ["kms:Encrypt", "kms:Decrypt"] })).toBe(saying(id, statement));
    },
  );

  describe("of a template", () => {
    const live: LiveTemplate = {
      name: "roles",
      status: "UPDATE_COMPLETE",
      template: {
        value: '{"Resources": {"Audit": {"Type": "AWS::IAM::Role", "Properties": {"MaxSessionDuration": 3600}}}}',
      },
      parameters: { Zone: "pci" },
      autoDeployment: { enabled: true, retains: true },
    };
    const holding = (change: Partial<LiveTemplate>, detail = ["Resources.Audit"]): string =>
      fingerprintOf({ ...drift, id: "rollout-changed", detail, subject: { template: { ...live, ...change } } });
    const joining = (...parts: readonly string[]): string => JSON.stringify({ Outputs: { "Fn::Join": ["-", parts] } });
    const saying = (value: string): Partial<LiveTemplate> => ({ template: { value } });

    test.each<[string, Partial<LiveTemplate>]>([
      ["a second edit of the same resource", saying('{"Resources": {"Audit": {"Type": "AWS::IAM::User"}}}')],
      ["what it joins in another order", saying(joining("b", "a"))],
      ["one that nobody can read", saying("{")],
      ["another value of a parameter", { parameters: { Zone: "health" } }],
      ["other automatic deployment", { autoDeployment: { enabled: true, retains: false } }],
    ])("is another with %s", (_, change) => {
      expect(holding(change)).not.toBe(holding({}));
      expect(holding(change)).not.toBe(holding(saying(joining("a", "b"))));
    });

    test.each<[string, Partial<LiveTemplate>]>([
      [
        "the same in YAML",
        saying("Resources:\n  Audit:\n    Properties: {MaxSessionDuration: 3600}\n    Type: AWS::IAM::Role\n"),
      ],
      ["a status that comes and goes", { status: "UPDATE_IN_PROGRESS" }],
    ])("stays with %s", (_, change) => {
      expect(holding(change)).toBe(holding({}));
    });

    test("is another with another status where that is what is told", () => {
      expect(holding({ status: "DELETE_FAILED" }, ["status"])).not.toBe(
        holding({ status: "UPDATE_FAILED" }, ["status"]),
      );
    });
  });

  test("does not mind a policy that the drift is not about", () => {
    expect(saying("tags-changed", {})).toBe(saying("tags-changed", statement));
  });

  test("does not mind what of a key changes from day to day", () => {
    const later = { ...key, state: "Disabled", deletedAt: undefined, description: "other" };
    expect(fingerprintOf({ ...drift, subject: { key: later } })).toBe(fingerprintOf({ ...drift, subject: { key } }));
  });
});
