import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/zone-regions";
import { kindsOutput, vault } from "./kinds-output";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const kinds = kindsOutput();
const stack = "commercial.regulated.pci.pci-key-management";
const account = "pci-key-management";
const key = "payments_prod_us-east-1";
const replica = "payments_prod_us-west-2";
const keyAt = `${account} aws_kms_key.${key}`;
const deploy = "arn:aws:iam::310000000001:role/OrgKeysDeploy";
const root = "arn:aws:iam::310000000001:root";
const zoneHas = "and zone pci has us-east-1, us-west-2";

const found = (edit: (json: Json) => void) => sample.edit(stack, edit).check([check]);
const policyOf = (json: Json) => json.locals[`${key}-policy`];

/** One more statement in the policy of a multi-Region key. */
const extra = (statement: Json, ...more: Json[]) =>
  found((json) =>
    policyOf(json).Statement.push(
      {
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: deploy },
        Action: "kms:ReplicateKey",
        Resource: "*",
        ...statement,
      },
      ...more,
    ),
  );

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds what is elsewhere", () => {
  test("a key and a replica, by the Region of their provider", () => {
    const fraud = "fraud-scoring_us-east-1";
    const moved = found((json) => {
      json.provider.aws.push({ ...json.provider.aws[0], alias: "us-east-2", region: "eu-west-1" });
      json.resource.aws_kms_key[fraud].provider = "aws.us-east-2";
      json.resource.aws_kms_replica_key[replica].provider = "aws.us-east-2";
    });
    expect(moved).toMatchObject([
      {
        where: `${account} aws_kms_key.${fraud} Region eu-west-1`,
        why: `is in eu-west-1, ${zoneHas}`,
        severity: "critical",
        place: { document: stack, path: `/resource/aws_kms_key/${fraud}/provider` },
      },
      { where: `${account} aws_kms_replica_key.${replica} Region eu-west-1` },
    ]);
  });

  test.each(["custom_key_store_id", "xks_key_id"])("a key with %s, whose material is nobody knows where", (name) => {
    expect(found((json) => Object.assign(json.resource.aws_kms_key[key], { [name]: "cks-1" }))).toMatchObject([
      { where: `${keyAt} ${name}`, place: { path: `/resource/aws_kms_key/${key}/${name}` } },
    ]);
  });

  test.each<[name: string, id: string, change: Json, argument: string, why: string]>([
    [
      "another store than the zone's",
      "tenant_prod_us-east-1",
      { custom_key_store_id: "cks-ffffffffffffffff0" },
      "custom_key_store_id",
      "keeps its material in custom key store cks-ffffffffffffffff0, which the map does not give zone vault in this account and us-east-1: nobody can tell here where that is",
    ],
    [
      "a store by an expression",
      "hsm_prod_us-east-1",
      { custom_key_store_id: "${var.store}" },
      "custom_key_store_id",
      "keeps its material in custom key store one that cannot be read, which the map does not give zone vault in this account and us-east-1: nobody can tell here where that is",
    ],
    [
      "an external key and no store",
      "outside_prod_us-east-1",
      { custom_key_store_id: undefined },
      "xks_key_id",
      "has a key outside of AWS behind it, and no key store through which it is reached",
    ],
  ])("a key with %s", (_name, id, change, argument, why) => {
    const edited = kinds.edit(vault.stack, (json) => Object.assign(json.resource.aws_kms_key[id], change));
    expect(edited.check([check])).toMatchObject([{ where: `vault aws_kms_key.${id} ${argument}`, why }]);
  });

  test("a key whose store is the zone's in another Region, and one whose store is another account's", () => {
    const id = "tenant_prod_us-east-1";
    const moved = kinds.edit(vault.stack, (json) => (json.resource.aws_kms_key[id].provider = "aws.us-west-2"));
    expect(moved.check([check]).map(({ where }) => where)).toEqual([`vault aws_kms_key.${id} custom_key_store_id`]);
    const boundary = kinds.rules.zones.named("vault");
    if (boundary === undefined) throw new Error("the map has no zone vault");
    const keyStores = boundary.keyStores.map((each) => ({ ...each, accountId: "999999999999" }));
    const elsewhere = kinds.withRules({ zones: new ZoneBoundaries([{ ...boundary, keyStores }]) });
    expect(elsewhere.check([check]).map(({ where }) => where)).toEqual([
      "vault aws_kms_key.hsm_prod_us-east-1 custom_key_store_id",
      "vault aws_kms_key.outside_prod_us-east-1 custom_key_store_id",
      `vault aws_kms_key.${id} custom_key_store_id`,
    ]);
  });

  test("a StackSet", () => {
    const edited = sample.edit(stack, (json) => {
      json.resource.aws_cloudformation_stack_set = { keys: { name: "keys", provider: "aws.us-east-1" } };
      json.resource.aws_cloudformation_stack_instances = {
        keys: {
          provider: "aws.us-east-1",
          stack_set_name: "${aws_cloudformation_stack_set.keys.name}",
          accounts: ["310000000002"],
          regions: ["us-east-1", "eu-west-1"],
        },
      };
    });
    expect(edited.check([check])).toMatchObject([
      { where: `${account} aws_cloudformation_stack_set.keys Region eu-west-1`, why: `goes to eu-west-1, ${zoneHas}` },
    ]);
  });
});

describe("finds whoever may bring a key elsewhere", () => {
  const any = "any Region";
  const bound = { StringEquals: { "kms:ReplicaRegion": "us-west-2" } };
  test.each<[name: string, statement: Json, regions: string]>([
    ["anywhere", {}, any],
    ["anywhere, by a wildcard", { Action: "kms:Repl*" }, any],
    ["anywhere, in capitals", { Action: ["KMS:REPLICATEKEY"] }, any],
    ["anywhere, by NotAction", { Action: undefined, NotAction: ["kms:Decrypt", "kms:UpdatePrimaryRegion"] }, any],
    [
      "to one Region more",
      { Condition: { StringEquals: { "kms:ReplicaRegion": ["us-west-2", "eu-west-1"] } } },
      "eu-west-1",
    ],
    [
      "to a Region in other letters",
      { Condition: { StringEqualsIgnoreCase: { "kms:replicaregion": ["US-WEST-2", "EU-WEST-1"] } } },
      "eu-west-1",
    ],
    [
      "to Regions by a wildcard",
      { Condition: { StringLike: { "kms:ReplicaRegion": "us-west-*" } } },
      "us-west-1, us-west-x",
    ],
    ["to Regions of tomorrow", { Condition: { StringLike: { "kms:ReplicaRegion": "us-west-2?" } } }, "us-west-2x"],
    ["to every Region but one", { Condition: { StringNotEquals: { "kms:ReplicaRegion": "eu-west-1" } } }, any],
    [
      "to a Region, if one is named",
      { Condition: { StringEqualsIfExists: { "kms:ReplicaRegion": "eu-west-1" } } },
      "eu-west-1",
    ],
    ["to whatever Region is named", { Condition: { Null: { "kms:ReplicaRegion": "false" } } }, any],
    [
      "from a Region of the zone, which is not where it goes",
      { Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } },
      any,
    ],
    [
      "to a Region by a variable",
      { Condition: { StringEquals: { "kms:ReplicaRegion": "$${aws:PrincipalTag/region}" } } },
      any,
    ],
    ["with a condition that AWS does not know", { Condition: { StringIs: { "kms:ReplicaRegion": "us-west-2" } } }, any],
    [
      "beside a Region that another statement allows",
      {
        Sid: "Extra",
        Condition: {
          StringLike: { "kms:ReplicaRegion": "eu-west-1" },
          IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
        },
      },
      "eu-west-1",
    ],
  ])("%s", (_name, statement, regions) => {
    expect(extra(statement)).toMatchObject([
      {
        where: `${keyAt} statement Extra ${deploy} kms:ReplicateKey`,
        why: `lets ${deploy} replicate the key to ${regions}, ${zoneHas}`,
        severity: "critical",
      },
    ]);
  });

  test.each<[name: string, principal: Json, who: string]>([
    ["the account's root, whose IAM may give it to anybody", { AWS: root }, "account 310000000001"],
    ["everybody", "*", "everybody"],
    ["a service", { Service: "backup.amazonaws.com" }, "backup.amazonaws.com"],
    ["somebody whom nobody knows", { AWS: "AROAEXAMPLEID12345678" }, "AROAEXAMPLEID12345678"],
  ])("%s", (_name, Principal, who) => {
    expect(extra({ Principal })).toMatchObject([{ where: `${keyAt} statement Extra ${who} kms:ReplicateKey` }]);
  });

  test("who moves the primary key", () => {
    expect(extra({ Action: "kms:UpdatePrimaryRegion", Condition: bound })).toEqual([]);
    expect(
      extra({ Action: "kms:UpdatePrimaryRegion", Condition: { StringLike: { "kms:PrimaryRegion": "*" } } }),
    ).toMatchObject([
      {
        where: `${keyAt} statement Extra ${deploy} kms:UpdatePrimaryRegion`,
        why: `lets ${deploy} move the primary key to any Region, ${zoneHas}`,
      },
    ]);
  });

  test("the root statement of AWS's default policy, on a replica too", () => {
    const edited = found((json) => {
      json.locals[`${replica}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: root },
        Action: "kms:*",
        Resource: "*",
      });
    });
    expect(edited.map(({ where }) => where)).toEqual([
      `${account} aws_kms_replica_key.${replica} statement Extra account 310000000001 kms:ReplicateKey`,
      `${account} aws_kms_replica_key.${replica} statement Extra account 310000000001 kms:UpdatePrimaryRegion`,
    ]);
  });

  const deny = (change: Json): Json => ({
    Sid: "Stay",
    Effect: "Deny",
    Principal: { AWS: root },
    Action: ["kms:ReplicateKey"],
    Resource: "*",
    Condition: { StringNotEquals: { "kms:ReplicaRegion": ["us-east-1", "us-west-2"] } },
    ...change,
  });
  test.each<[name: string, deny: Json, regions: string]>([
    ["one Region alone", { Condition: { StringEquals: { "kms:ReplicaRegion": "eu-west-1" } } }, any],
    [
      "every Region but the zone's and one more",
      { Condition: { StringNotEquals: { "kms:ReplicaRegion": ["us-east-1", "us-west-2", "eu-west-1"] } } },
      "eu-west-1",
    ],
    ["everybody but a role", { Condition: { ArnNotEquals: { "aws:PrincipalArn": deploy } } }, any],
    ["another role", { Principal: { AWS: "arn:aws:iam::310000000001:role/x" } }, any],
    ["another action", { Action: "kms:UpdatePrimaryRegion" }, any],
  ])("behind a Deny for %s", (_name, change, regions) => {
    const [only, ...more] = extra({ Principal: { AWS: root } }, deny(change));
    expect(more).toEqual([]);
    expect(only?.why).toContain(`replicate the key to ${regions}, `);
  });

  test.each<[name: string, principal: Json, deny: Json]>([
    ["the account", { AWS: root }, {}],
    ["a role of it", { AWS: deploy }, {}],
    ["everybody, whom it keeps from it by name of all", "*", { Principal: "*" }],
  ])("but for whom a Deny surely keeps in the zone's Regions: %s", (_name, Principal, change) => {
    expect(extra({ Principal }, deny(change))).toEqual([]);
  });

  test("everybody, of whom the account's Deny leaves the services", () => {
    expect(extra({ Principal: "*" }, deny({}))).toMatchObject([
      { where: `${keyAt} statement Extra everybody kms:ReplicateKey` },
    ]);
  });
});

describe("is content with", () => {
  const Condition = { StringEquals: { "KMS:ReplicaRegion": ["us-east-1", "us-west-2"] } };
  test.each<[name: string, statement: Json]>([
    ["all Regions of the zone", { Condition }],
    ["a single text", { Condition: { StringEquals: { "kms:ReplicaRegion": "us-east-1" } } }],
    ["StringLike without a wildcard", { Condition: { StringLike: { "kms:ReplicaRegion": ["us-west-2"] } } }],
    ["any value of one", { Condition: { "ForAnyValue:StringEquals": { "kms:ReplicaRegion": ["us-west-2"] } } }],
    [
      "a Region, if one is named, as in every request",
      { Condition: { StringEqualsIfExists: { "kms:ReplicaRegion": "us-west-2" } } },
    ],
    ["one more condition", { Condition: { ...Condition, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }],
    ["a Deny of it all", { Effect: "Deny" }],
    ["other actions", { Action: ["kms:Describe*"] }],
  ])("%s", (_name, statement) => {
    expect(extra(statement)).toEqual([]);
  });

  test("everything for the root of a single-Region key, which nobody can replicate", () => {
    const customers = "commercial.workloads.prod.customer-data-prod";
    const crm = "crm_prod_eu-west-1";
    const edited = (multi_region: unknown) =>
      sample.edit(customers, (json) => {
        json.resource.aws_kms_key[crm].multi_region = multi_region;
        json.locals[`${crm}-policy`].Statement.push({
          Effect: "Allow",
          Principal: { AWS: "002100000003" },
          Action: "kms:ReplicateKey",
          Resource: "*",
        });
      });
    for (const single of [false, "false", undefined, null]) expect(edited(single).check([check])).toEqual([]);
    for (const multi of [true, "true", "${var.multi}"]) expect(edited(multi).check([check])).toHaveLength(1);
  });
});
