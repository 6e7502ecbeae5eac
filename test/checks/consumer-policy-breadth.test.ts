import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/consumer-policy-breadth";
import { loadPlan } from "../../stacks/load-plan";
import { recordOf, withLifecycles } from "../stacks/with-lifecycles";
import { type Json, outputOf, outputOfPlan } from "./sample-output";
import { both, consumer, type Edit, found, ledger, onResource, records, small } from "./small-output";

const id = "role_shop-api";
const at = `shop-prod aws_iam_policy.${id}`;
const keys = (region: string, account: string = ledger.account): string => `arn:aws:kms:${region}:${account}:key/*`;
const east = keys("us-east-1");
const alias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/shared-prod-key" } };

/** One more statement in a consumer policy, like the others there unless it says otherwise. */
function adding(statement: Json): Edit {
  const whole = {
    Sid: "Extra",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: east,
    Condition: alias,
    ...statement,
  };
  if (statement.NotAction !== undefined) whole.Action = undefined;
  if (statement.NotResource !== undefined) whole.Resource = undefined;
  return (output) => output.edit(consumer.stack, (json) => json.locals[`consumer_${id}-policy`].Statement.push(whole));
}

/** Instead of the alias. */
const on = (condition: Json): Edit => adding({ Condition: condition });

const asText: Edit = (output) =>
  output.edit(consumer.stack, (json) => {
    json.resource.aws_iam_policy[id].policy = JSON.stringify(json.locals[`consumer_${id}-policy`]);
  });

const noUse = (pattern: string): string => `${pattern}: allows ${pattern}, which is no use of a key`;
const administration = (pattern: string, what: string): string =>
  `${pattern}: allows ${pattern}, and with it the administration of keys: ${what}`;
const noKey = (pattern: string): string => `${pattern}: ${pattern} is no key of one account and Region, written out`;
const allKeys = (pattern: string): string =>
  `${pattern}: allows it on all keys of ${pattern}: no kms:ResourceAliases narrows it to some`;
const waits = (pattern: string, name: string, account: string, region: string): string =>
  `${pattern} ${name}: waits for a key: no stack has ${name} in account ${account} and Region ${region}`;
const grants = (what = "CreateGrant"): string =>
  `${what}: allows ${what} for others than AWS services and users of the zone that the statement writes out`;

describe("consumer-policy-breadth", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string[]]>([
    [
      "everything on keys",
      adding({ Action: "kms:*" }),
      [
        grants("CreateGrant and RevokeGrant"),
        administration("kms:*", "CancelKeyDeletion, CreateAlias, DeleteAlias and 22 more"),
      ],
    ],
    ["everything", adding({ Action: "*" }), [noUse("*"), grants("CreateGrant and RevokeGrant")]],
    [
      "administration",
      adding({ Action: ["kms:Decrypt", "kms:PutKeyPolicy"] }),
      [administration("kms:PutKeyPolicy", "PutKeyPolicy")],
    ],
    [
      "administration in other letters",
      adding({ Action: "KMS:putkeypolicy" }),
      [administration("KMS:putkeypolicy", "PutKeyPolicy")],
    ],
    [
      "a wildcard that reaches further than use",
      adding({ Action: "kms:De*" }),
      [administration("kms:De*", "DeleteAlias and DeleteImportedKeyMaterial")],
    ],
    [
      "reading that works in the owner's account alone",
      adding({ Action: "kms:GetKeyPolicy" }),
      [administration("kms:GetKeyPolicy", "GetKeyPolicy")],
    ],
    ["another service", adding({ Action: ["kms:Decrypt", "s3:GetObject"] }), [noUse("s3:GetObject")]],
    ["a wildcard for services", adding({ Action: "k*:Decrypt" }), [noUse("k*:Decrypt")]],
    ["what is no action on keys", adding({ Action: "kms:CreateKey" }), [noUse("kms:CreateKey")]],
    [
      "NotAction",
      adding({ NotAction: ["kms:PutKeyPolicy", "iam:*"] }),
      ["NotAction kms:PutKeyPolicy, iam:*: allows every action of every AWS service but those that NotAction names"],
    ],
    ["any grant", adding({ Action: "kms:CreateGrant" }), [grants()]],
    ["revoking any grant", adding({ Action: "kms:RevokeGrant" }), [grants("RevokeGrant")]],
    [
      "grants where it is not said for whom",
      adding({
        Action: "kms:CreateGrant",
        Condition: { ...alias, BoolIfExists: { "kms:GrantIsForAWSResource": "true" } },
      }),
      [grants()],
    ],
    [
      "grants to another zone",
      adding({
        Action: "kms:CreateGrant",
        Condition: {
          ...alias,
          StringEquals: { "kms:GranteePrincipal": records.user },
          "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" },
        },
      }),
      [grants()],
    ],

    ["all keys there are", adding({ Resource: "*" }), [noKey("*")]],
    ["all keys there are, without an alias", adding({ Resource: "*", Condition: undefined }), [noKey("*")]],
    ["all accounts", adding({ Resource: keys("us-east-1", "*") }), [noKey(keys("us-east-1", "*"))]],
    [
      "all accounts but for a digit",
      adding({ Resource: keys("us-east-1", "10000000000?") }),
      [noKey(keys("us-east-1", "10000000000?"))],
    ],
    ["all Regions", adding({ Resource: keys("*") }), [noKey(keys("*"))]],
    ["some Regions", adding({ Resource: [east, keys("us-*")] }), [noKey(keys("us-*"))]],
    [
      "the account of whoever asks",
      adding({ Resource: keys("us-east-1", "$${aws:PrincipalAccount}") }),
      [noKey(keys("us-east-1", "${aws:PrincipalAccount}"))],
    ],
    [
      "an alias as a resource",
      adding({ Resource: `arn:aws:kms:us-east-1:${ledger.account}:alias/shared-prod-key` }),
      [noKey(`arn:aws:kms:us-east-1:${ledger.account}:alias/shared-prod-key`)],
    ],
    [
      "all that an account has",
      adding({ Resource: `arn:aws:kms:us-east-1:${ledger.account}:*` }),
      [noKey(`arn:aws:kms:us-east-1:${ledger.account}:*`)],
    ],
    [
      "NotResource",
      adding({ NotResource: keys("us-west-2") }),
      [`NotResource ${keys("us-west-2")}: allows it on every key but those that NotResource names`],
    ],

    ["no alias", on(undefined), [allKeys(east)]],
    [
      "no alias, for multi-Region keys",
      adding({ Resource: east.replace("*", "mrk-*"), Condition: undefined }),
      [allKeys(east.replace("*", "mrk-*"))],
    ],
    [
      "no alias, for keys by a part of their id",
      adding({ Resource: `${east}-1234`, Condition: undefined }),
      [allKeys(`${east}-1234`)],
    ],
    ["a pattern for aliases", on({ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } }), [allKeys(east)]],
    [
      "keys without an alias too",
      on({ "ForAllValues:StringEquals": { "kms:ResourceAliases": "alias/shared-prod-key" } }),
      [allKeys(east)],
    ],
    [
      "an alias if there is one",
      on({ "ForAnyValue:StringEqualsIfExists": { "kms:ResourceAliases": "alias/shared-prod-key" } }),
      [allKeys(east)],
    ],
    [
      "an alias without an operator of sets",
      on({ StringEquals: { "kms:ResourceAliases": "alias/shared-prod-key" } }),
      [allKeys(east)],
    ],
    [
      "all aliases but one",
      on({ "ForAnyValue:StringNotEquals": { "kms:ResourceAliases": "alias/shared-prod-key" } }),
      [allKeys(east)],
    ],
    [
      "an alias in any letters",
      on({ "ForAnyValue:StringEqualsIgnoreCase": { "kms:ResourceAliases": "alias/shared-prod-key" } }),
      [allKeys(east)],
    ],
    [
      "an alias from a tag",
      on({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/$${aws:PrincipalTag/key}" } }),
      [allKeys(east)],
    ],
    ["any alias at all", on({ Null: { "kms:ResourceAliases": "false" } }), [allKeys(east)]],
    ["a tag instead of an alias", on({ StringEquals: { "aws:ResourceTag/Zone": "corporate" } }), [allKeys(east)]],

    [
      "an alias that no key has",
      on({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/old-shop", "alias/shared-prod-key"] } }),
      [waits(east, "alias/old-shop", ledger.account, "us-east-1")],
    ],
    [
      "an alias in other letters",
      on({ "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/Shared-prod-key" } }),
      [waits(east, "alias/Shared-prod-key", ledger.account, "us-east-1")],
    ],
    [
      "an alias in another Region",
      adding({ Resource: [east, keys("eu-west-1")] }),
      [waits(keys("eu-west-1"), "alias/shared-prod-key", ledger.account, "eu-west-1")],
    ],
    [
      "an alias of another account",
      adding({ Resource: keys("us-east-1", "220000000001") }),
      [waits(keys("us-east-1", "220000000001"), "alias/shared-prod-key", "220000000001", "us-east-1")],
    ],

    [
      "a statement that cannot be read in every part",
      adding({ Comment: "x" }),
      ["as a whole: cannot be read in every part, and may allow anything"],
    ],
  ])("finds %s", (_, edit, findings) => {
    const expected = findings.map((finding) => `${at} statement Extra ${finding}`).sort();
    expect(found(check, edit(small)).sort()).toEqual(expected);
    expect(found(check, both(edit, asText)(small)).sort()).toEqual(expected);
  });

  test("finds what is left of a key that has gone", () => {
    const edit: Edit = (output) =>
      output.edit(ledger.stack, (json) => {
        delete json.resource.aws_kms_alias["shared-prod-key_us-west-2"];
      });
    expect(found(check, edit(small))).toEqual(
      [
        `${at.replace("api", "batch")} statement GrantedSharedConfidentialProdShop ${waits(keys("us-west-2"), "alias/shared-prod-key", ledger.account, "us-west-2")}`,
        `${at} statement UseSharedConfidentialProdShopUsWest2 ${waits(keys("us-west-2"), "alias/shared-prod-key", ledger.account, "us-west-2")}`,
      ].sort(),
    );
  });

  test("is content with a key that the map hands over, which lives on without a stack, and with no other alias of it", () => {
    const loaded = loadPlan("test/fixtures/users");
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
    const handOver = { to: "acquirer", day: "2026-12-01" };
    const record = recordOf(loaded.map, "keys", "shop_prod", "us-east-1", { handOver });
    const output = outputOfPlan(withLifecycles(loaded, [record]));
    expect(output.check([check])).toEqual([]);
    const another = output.edit("acme.workloads.shop-prod", (json) => {
      json.data.aws_kms_key["shop-prod_100000000001_us-west-2"].key_id =
        "arn:aws:kms:us-west-2:100000000001:alias/another";
    });
    expect(another.check([check]).length).toBeGreaterThan(0);
    for (const { why } of another.check([check])) expect(why).toContain("waits for a key: no stack has alias/another");
  });

  test("finds a policy whose keys are in a stack that is not there", () => {
    const findings = found(check, small.without(ledger.stack));
    expect(findings.length).toBeGreaterThan(5);
    for (const finding of findings) expect(finding).toContain("waits for a key");
  });

  test.each<[string, (policy: Json) => void, string]>([
    [
      "cannot be read",
      (policy) => {
        policy.policy = "{";
      },
      "the policy is missing or cannot be read",
    ],
    [
      "is missing",
      (policy) => {
        policy.policy = undefined;
      },
      "the policy is missing or cannot be read",
    ],
    [
      "is an expression",
      (policy) => {
        policy.policy = '${file("x")}';
      },
      "the policy is missing or cannot be read",
    ],
    [
      "has a part that cannot be read",
      (policy) => {
        policy.policy = '{"Version": "2012-10-17", "Statement": {"Effect": "ALLOW"}}';
      },
      "a part of the policy cannot be read",
    ],
  ])("finds a policy that %s", (_, change, why) => {
    const edit = onResource(consumer.stack, "aws_iam_policy", id, change);
    expect(found(check, edit(small))).toEqual([`${at} policy: ${why}, so that nobody can tell what it allows`]);
  });

  test.each<[string, Edit]>([
    [
      "one more alias",
      on({ "ForAnyValue:StringEquals": { "KMS:resourcealiases": ["alias/ledger", "alias/shared-prod-key"] } }),
    ],
    [
      "an alias by an operator for patterns",
      on({ "ForAnyValue:StringLike": { "kms:ResourceAliases": ["alias/ledger"] } }),
    ],
    ["one key by its id", adding({ Resource: `${east.slice(0, -1)}mrk-1234`, Condition: undefined })],
    ["use by wildcards", adding({ Action: ["kms:GenerateDataKey*", "kms:reencrypt*", "kms:Encrypt"] })],
    [
      "all that works across accounts without giving the use away",
      adding({
        Action: [
          "kms:GetPublicKey",
          "kms:ListGrants",
          "kms:RetireGrant",
          "kms:GetKeyRotationStatus",
          "kms:DescribeKey",
        ],
      }),
    ],
    [
      "grants for AWS services",
      adding({
        Action: ["kms:CreateGrant", "kms:RevokeGrant"],
        Condition: { ...alias, Bool: { "kms:GrantIsForAWSResource": true } },
      }),
    ],
    [
      "grants to Auto Scaling",
      adding({
        Action: "kms:CreateGrant",
        Condition: {
          ...alias,
          StringEquals: {
            "kms:GranteePrincipal": `arn:aws:iam::${consumer.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
          },
          "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt"] },
        },
      }),
    ],
    ["a Deny of everything", adding({ Effect: "Deny", NotAction: "s3:*", NotResource: east, Condition: undefined })],
    ["a condition more", adding({ Condition: { ...alias, Bool: { "aws:SecureTransport": "true" } } })],
    ["an alias of an account that is pending", adding({ Resource: keys("us-east-1", "220000000002") })],
    ["a policy as text", asText],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
