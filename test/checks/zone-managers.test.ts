import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-managers";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";
const at = `pci-key-management aws_kms_key.${key} statement Extra`;
const arn = (name: string, account = "310000000001") => `arn:aws:iam::${account}:${name}`;
const somebody = arn("role/somebody");

const found = (edit: (policy: Json) => void) =>
  sample.edit(stack, (json) => edit(json.locals[`${key}-policy`])).check([check]);
const extra = (statement: Json, ...more: Json[]) =>
  found((policy) =>
    policy.Statement.push(
      {
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: somebody },
        Action: "kms:PutKeyPolicy",
        Resource: "*",
        ...statement,
      },
      ...more,
    ),
  );

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds a manager whom the map does not name", () => {
  const accounts = { StringEquals: { "aws:PrincipalAccount": "310000000001" } };
  test.each<[name: string, statement: Json, who: string]>([
    ["a role of the key's account", {}, somebody],
    [
      "a user with an administrator's name",
      { Principal: { AWS: arn("user/PciKeyAdministrator") } },
      arn("user/PciKeyAdministrator"),
    ],
    [
      "an administrator's name below a path",
      { Principal: { AWS: arn("role/a/PciKeyAdministrator") } },
      arn("role/a/PciKeyAdministrator"),
    ],
    [
      "an administrator's name in other letters",
      { Principal: { AWS: arn("role/pcikeyadministrator") } },
      arn("role/pcikeyadministrator"),
    ],
    [
      "another zone's administrator's name",
      { Principal: { AWS: arn("role/HipaaKeyAdministrator") } },
      arn("role/HipaaKeyAdministrator"),
    ],
    [
      "an administrator in another account of the zone",
      { Principal: { AWS: arn("role/PciKeyAdministrator", "310000000002") } },
      arn("role/PciKeyAdministrator", "310000000002"),
    ],
    [
      "one session of an administrator",
      { Principal: { AWS: "arn:aws:sts::310000000001:assumed-role/PciKeyAdministrator/me" } },
      "arn:aws:sts::310000000001:assumed-role/PciKeyAdministrator/me",
    ],
    ["another account of the zone", { Principal: { AWS: "310000000002" } }, "account 310000000002"],
    ["everybody in the account, who is more than IAM allows", { Principal: "*", Condition: accounts }, "everybody"],
    ["whoever has a wildcard's name", { Principal: { AWS: arn("role/*") }, Condition: accounts }, arn("role/*")],
    [
      "a service for the zone's resources",
      {
        Principal: { Service: "sns.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "310000000001" } },
      },
      "sns.amazonaws.com",
    ],
  ])("%s", (_name, statement, who) => {
    expect(extra(statement)).toMatchObject([
      {
        where: `${at} ${who}`,
        why: `lets ${who} do PutKeyPolicy, and the map does not name it for that in account pci-key-management (310000000001) of zone pci`,
        severity: "high",
        place: { document: stack },
      },
    ]);
  });

  test("the users of the key among those the map names", () => {
    const edited = found((policy) => {
      policy.Statement.find(({ Sid }: Json) => Sid === "Administrators").Principal.AWS.push(somebody);
    });
    expect(edited).toMatchObject([
      {
        where: `pci-key-management aws_kms_key.${key} statement Administrators ${somebody}`,
        place: { path: `/locals/${key}-policy/Statement/1` },
      },
    ]);
  });
});

describe("finds a stranger who may", () => {
  test.each<[name: string, statement: Json, actions: string]>([
    ["bring material in", { Action: "kms:ImportKeyMaterial" }, "ImportKeyMaterial"],
    ["replicate", { Action: "kms:Repl*" }, "ReplicateKey"],
    ["end grants", { Action: "kms:RevokeGrant" }, "RevokeGrant"],
    [
      "end grants for whatever resources",
      { Action: "kms:RevokeGrant", Condition: { BoolIfExists: { "kms:GrantIsForAWSResource": "true" } } },
      "RevokeGrant",
    ],
    ["move an alias, in capitals", { Action: "KMS:UPDATEALIAS" }, "UpdateAlias"],
    ["do everything", { Action: "*" }, "CancelKeyDeletion, CreateAlias, DeleteAlias and "],
    [
      "do everything but decrypt",
      { Action: undefined, NotAction: "kms:Decrypt" },
      "CancelKeyDeletion, CreateAlias, DeleteAlias and ",
    ],
    ["do what nobody knows yet", { Action: "kms:RewriteEverything" }, "RewriteEverything"],
    ["do it under some condition", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }, "PutKeyPolicy"],
  ])("%s", (_name, statement, actions) => {
    const [only, ...more] = extra(statement);
    expect(more).toEqual([]);
    expect(only?.where).toBe(`${at} ${somebody}`);
    expect(only?.why).toContain(`lets ${somebody} do ${actions}`);
  });

  test("destroy, once the break-glass Deny is gone", () => {
    const Action = ["kms:DisableKey", "kms:Decrypt", "kms:ScheduleKeyDeletion"];
    expect(extra({ Action })).toEqual([]);
    const edited = found((policy) => {
      policy.Statement = policy.Statement.filter(({ Effect }: Json) => Effect !== "Deny");
      policy.Statement.push({ Sid: "Extra", Effect: "Allow", Principal: { AWS: somebody }, Action, Resource: "*" });
    });
    expect(edited).toMatchObject([{ where: `${at} ${somebody}` }]);
    expect(edited[0]?.why).toContain("do DisableKey and ScheduleKeyDeletion");
  });

  test("do it behind a Deny that holds for others", () => {
    const deny = { Effect: "Deny", Principal: { AWS: arn("role/other") }, Action: "kms:*", Resource: "*" };
    expect(extra({}, deny)).toMatchObject([{ where: `${at} ${somebody}` }]);
  });
});

test.each<[action: string, text: string]>([
  ["kms:Decrypt", "Decrypt"],
  ["kms:CreateGrant", "CreateGrant"],
  ["kms:TagResource", "TagResource"],
  ["kms:RetireGrant", "RetireGrant"],
])("finds an audit role with %s", (Action, text) => {
  expect(extra({ Principal: { AWS: arn("role/OrgKeysAudit") }, Action })).toMatchObject([
    {
      where: `${at} ${arn("role/OrgKeysAudit")}`,
      why: `lets the audit role, which only reads, do ${text}`,
      severity: "high",
    },
  ]);
});

describe("is content with", () => {
  test.each<[name: string, statement: Json]>([
    ["an administrator", { Principal: { AWS: [arn("role/PciKeyAdministrator")] } }],
    ["the deploy role", { Principal: { AWS: arn("role/OrgKeysDeploy") } }],
    ["the break-glass role", { Principal: { AWS: arn("role/PciKeyBreakGlass") } }],
    ["the account's root", { Principal: { AWS: arn("root") } }],
    ["the account's id", { Principal: { AWS: "310000000001" }, Action: "kms:*" }],
    [
      "everybody who is an administrator",
      { Principal: "*", Condition: { ArnEquals: { "aws:principalarn": arn("role/PciKeyAdministrator") } } },
    ],
    ["a user of the key", { Action: ["kms:Decrypt", "kms:Generate*", "kms:DescribeKey", "kms:CreateGrant"] }],
    ["a user who lists aliases, which concerns no key", { Action: ["kms:Encrypt", "kms:ListAliases"] }],
    [
      "a user whose AWS services end their grants, as the console writes it",
      {
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
    [
      "an audit role that reads",
      { Principal: { AWS: arn("role/OrgKeysAudit") }, Action: ["kms:Get*", "kms:List*", "kms:Describe*"] },
    ],
    ["a foreigner, who is another check's", { Principal: { AWS: arn("role/web", "210000000001") } }],
    ["a Deny", { Effect: "Deny" }],
  ])("%s", (_name, statement) => {
    expect(extra(statement)).toEqual([]);
  });

  test("somebody whom a Deny surely keeps from it", () => {
    const deny = { Effect: "Deny", Principal: { AWS: arn("root") }, Action: "kms:Put*", Resource: "*" };
    expect(extra({ Action: ["kms:PutKeyPolicy", "kms:Decrypt"] }, deny)).toEqual([]);
  });
});
