import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-key-access";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";
const at = `pci-key-management aws_kms_key.${key} statement Extra`;
const pci = "310000000001";
const shop = "210000000001";
const zonePath = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*";
const shopText = "account shop-prod (210000000001) of zone corporate";

function found(statement: Json) {
  const edited = sample.edit(stack, (json) => {
    json.locals[`${key}-policy`].Statement.push({
      Sid: "Extra",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: "*",
      ...statement,
    });
  });
  return edited.check([check]).map(({ where, why, severity }) => ({ where, why, severity }));
}

test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
  expect(outputOf(config).check([check])).toEqual([]);
});

describe("finds whoever is named", () => {
  test.each<[name: string, principal: Json, who: string, outside: string]>([
    ["a foreign role", { AWS: `arn:aws:iam::${shop}:role/web` }, `arn:aws:iam::${shop}:role/web`, shopText],
    ["a foreign user", { AWS: [`arn:aws:iam::${shop}:user/ann`] }, `arn:aws:iam::${shop}:user/ann`, shopText],
    ["a foreign root", { AWS: `arn:aws:iam::${shop}:root` }, `account ${shop}`, shopText],
    ["a bare account id", { AWS: shop }, `account ${shop}`, shopText],
    ["a bare account id as a JSON number", { AWS: Number(shop) }, `account ${shop}`, shopText],
    [
      "a foreign session",
      { AWS: `arn:aws:sts::${shop}:assumed-role/web/me` },
      `arn:aws:sts::${shop}:assumed-role/web/me`,
      shopText,
    ],
    [
      "an account that nobody knows",
      { AWS: "999999999999" },
      "account 999999999999",
      "account 999999999999, which the map does not know",
    ],
    ["everybody", "*", "everybody", "Any * can be in any account"],
    ["everybody in AWS", { AWS: "*" }, "everybody", "AWS * can be in any account"],
    [
      "the id of a deleted role",
      { AWS: "AROAEXAMPLEID12345678" },
      "AROAEXAMPLEID12345678",
      "AROAEXAMPLEID12345678 does not show its account",
    ],
    [
      "a wildcard role",
      { AWS: `arn:aws:iam::${pci}:role/*` },
      `arn:aws:iam::${pci}:role/*`,
      `arn:aws:iam::${pci}:role/* does not show its account`,
    ],
    [
      "a wildcard account",
      { AWS: "arn:aws:iam::*:root" },
      "arn:aws:iam::*:root",
      "arn:aws:iam::*:root does not show its account",
    ],
    [
      "the same number in another partition",
      { AWS: `arn:aws-us-gov:iam::${pci}:role/PciKeyAdministrator` },
      `arn:aws-us-gov:iam::${pci}:role/PciKeyAdministrator`,
      `arn:aws-us-gov:iam::${pci}:role/PciKeyAdministrator is of another partition`,
    ],
    [
      "the same number's root in another partition",
      { AWS: `arn:aws-cn:iam::${pci}:root` },
      `account ${pci}`,
      `arn:aws-cn:iam::${pci}:root is of another partition`,
    ],
    [
      "an identity provider",
      { Federated: "cognito-identity.amazonaws.com" },
      "Federated cognito-identity.amazonaws.com",
      "Federated cognito-identity.amazonaws.com can be in any account",
    ],
    [
      "a canonical user",
      { CanonicalUser: "79a59d" },
      "CanonicalUser 79a59d",
      "CanonicalUser 79a59d can be in any account",
    ],
    [
      "a service",
      { Service: "sns.amazonaws.com" },
      "sns.amazonaws.com",
      "no condition says for whom sns.amazonaws.com acts",
    ],
  ])("%s", (_name, Principal, who, outside) => {
    const why = outside.startsWith("account")
      ? `lets ${outside} do Decrypt with a key of zone pci`
      : `lets anybody do Decrypt with a key of zone pci: ${outside}`;
    expect(found({ Principal })).toEqual([{ where: `${at} ${who}`, why, severity: "critical" }]);
  });

  test("everybody but somebody", () => {
    const statement = { NotPrincipal: { AWS: `arn:aws:iam::${shop}:role/web` } };
    expect(found(statement)).toMatchObject([{ where: `${at} everybody but arn:aws:iam::${shop}:role/web` }]);
  });

  test("one foreigner among the zone's own, and only that one", () => {
    const AWS = [`arn:aws:iam::${pci}:root`, shop, "arn:aws:iam::310000000002:role/payments-api"];
    expect(found({ Principal: { AWS } })).toMatchObject([{ where: `${at} account ${shop}` }]);
  });
});

describe("finds everybody whom a condition does not bound", () => {
  const own = "310000000001";
  const any = "anybody";
  test.each<[name: string, condition: Json, outside: string]>([
    [
      "an organization",
      { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
      "organization path o-a1b2c3d4e5/*, which reaches zone corporate and zone hipaa",
    ],
    ["any organization", { StringLike: { "aws:PrincipalOrgID": "o-*" } }, any],
    ["an account, if there is one", { StringEqualsIfExists: { "aws:PrincipalAccount": own } }, any],
    ["all accounts there are", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": own } }, any],
    ["every account but one", { StringNotEquals: { "aws:PrincipalAccount": shop } }, any],
    ["that there is an account", { Null: { "aws:PrincipalAccount": "false" } }, any],
    ["accounts by a wildcard", { StringLike: { "aws:PrincipalAccount": "31000000000?" } }, any],
    ["an own and a foreign account", { StringEquals: { "aws:PrincipalAccount": [own, shop] } }, shopText],
    ["the requester's own account", { StringEquals: { "aws:PrincipalAccount": "$${aws:PrincipalAccount}" } }, any],
    ["roles in any account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/payments-api" } }, any],
    ["an ARN that reaches over colons", { StringLike: { "aws:PrincipalArn": `arn:aws:*:${own}:role/x` } }, any],
    [
      "the OU above",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*" } },
      "organization path o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*, which reaches zone hipaa",
    ],
    [
      "a path cut in the middle of an id",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": zonePath.replace("1000000/*", "*") } },
      "organization path o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*, which reaches zone hipaa",
    ],
    [
      "a path of another organization",
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": zonePath.replace("o-a1b2c3d4e5", "o-zzzzzzzzzz") } },
      "organization path o-zzzzzzzzzz/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*, which is not the zone's",
    ],
    ["a path, if there is one", { "ForAnyValue:StringLikeIfExists": { "aws:PrincipalOrgPaths": zonePath } }, any],
    ["a path without a set operator", { StringLike: { "aws:PrincipalOrgPaths": zonePath } }, any],
    ["a path for all values", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": zonePath } }, any],
    ["a service on the way", { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }, any],
    ["the source account, which only services have", { StringEquals: { "aws:SourceAccount": own } }, any],
    ["the resource's account", { StringEquals: { "aws:ResourceAccount": own } }, any],
    ["an operator that AWS does not know", { StringIs: { "aws:PrincipalAccount": own } }, any],
  ])("%s", (_name, Condition, outside) => {
    const [only, ...more] = found({ Principal: { AWS: "*" }, Condition });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ where: `${at} everybody`, severity: "critical" });
    expect(only?.why).toContain(`lets ${outside} do Decrypt with a key of zone pci`);
  });
});

describe("finds a service that acts for others", () => {
  test.each<[name: string, condition: Json]>([
    ["a foreign source account", { StringEquals: { "aws:SourceAccount": shop } }],
    ["a source account that may be missing", { StringEqualsIfExists: { "aws:SourceAccount": pci } }],
    ["a wildcard account in the source ARN", { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:topic" } }],
    ["a bucket, whose ARN has no account", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } }],
    ["the organization as its source", { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }],
    ["an account of a principal, which it never has", { StringEquals: { "aws:PrincipalAccount": pci } }],
    [
      "a context that another service sets",
      { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:*:${pci}:*` } },
    ],
  ])("%s", (_name, Condition) => {
    expect(found({ Principal: { Service: "sns.amazonaws.com" }, Condition })).toMatchObject([
      { where: `${at} sns.amazonaws.com`, severity: "critical" },
    ]);
  });
});

describe("finds a foreigner whatever it may do", () => {
  const Principal = { AWS: shop };
  test.each<[name: string, statement: Json, actions: string]>([
    [
      "every action",
      { Action: "kms:*" },
      "CreateGrant, Decrypt, DeriveSharedSecret and 11 more, and CancelKeyDeletion, ",
    ],
    ["an action in capitals", { Action: ["KMS:DECRYPT"] }, "Decrypt"],
    [
      "every action but one",
      { Action: undefined, NotAction: "kms:Decrypt" },
      "CreateGrant, DeriveSharedSecret, Encrypt and 10 more, and CancelKeyDeletion, ",
    ],
    ["an action of tomorrow", { Action: "kms:DecryptTomorrow" }, "kms:DecryptTomorrow"],
    ["an action that works in the key's account alone", { Action: "kms:PutKeyPolicy" }, "PutKeyPolicy"],
    ["an element that is not understood", { Principals: "*" }, "Decrypt"],
  ])("%s", (_name, statement, actions) => {
    const [only, ...more] = found({ Principal, ...statement });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ where: `${at} account ${shop}`, severity: "critical" });
    expect(only?.why).toContain(` do ${actions}`);
  });

  test("behind a Deny that seems to take it away", () => {
    const edited = sample.edit(stack, (json) => {
      const statement = { Sid: "Extra", Effect: "Allow", Principal, Action: "kms:Decrypt", Resource: "*" };
      json.locals[`${key}-policy`].Statement.push(statement, { ...statement, Sid: "Never", Effect: "Deny" });
    });
    expect(edited.check([check])).toMatchObject([{ where: `${at} account ${shop}` }]);
  });

  test("in a policy that is written as text, by the statement's number", () => {
    const edited = sample.edit(stack, (json) => {
      const policy = structuredClone(json.locals[`${key}-policy`]);
      policy.Statement = [{ Effect: "Allow", Principal, Action: "kms:Decrypt", Resource: "*" }, ...policy.Statement];
      json.resource.aws_kms_key[key].policy = JSON.stringify(policy).replaceAll("${", "$${");
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: `pci-key-management aws_kms_key.${key} statement number 1 account ${shop}`,
        place: { path: `/resource/aws_kms_key/${key}/policy` },
      },
    ]);
  });

  test("in a replica's policy alone, with its place", () => {
    const replica = "payments_prod_us-west-2";
    const edited = sample.edit(stack, (json) => {
      json.locals[`${replica}-policy`].Statement = { Effect: "Allow", Principal, Action: "kms:Decrypt", Resource: "*" };
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: `pci-key-management aws_kms_replica_key.${replica} statement number 1 account ${shop}`,
        place: { document: stack, path: `/locals/${replica}-policy/Statement` },
      },
    ]);
  });
});

describe("is content with", () => {
  const everybody = { AWS: "*" };
  const sns = { Service: "sns.amazonaws.com" };
  test.each<[name: string, statement: Json]>([
    ["another role of the zone", { Principal: { AWS: ["arn:aws:iam::310000000002:role/report"] } }],
    ["a whole account of the zone", { Principal: { AWS: "312000000002" } }],
    ["a session of the zone", { Principal: { AWS: `arn:aws:sts::${pci}:assumed-role/a/b` } }],
    [
      "everybody in an account of the zone",
      { Principal: "*", Condition: { StringEquals: { "AWS:principalaccount": pci } } },
    ],
    [
      "callers from an account of the zone",
      { Principal: everybody, Condition: { StringEquals: { "kms:CallerAccount": [pci] } } },
    ],
    [
      "ARNs of the zone",
      { Principal: everybody, Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${pci}:role/*` } } },
    ],
    [
      "the zone's path",
      { Principal: everybody, Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [zonePath] } } },
    ],
    [
      "a path below the zone's",
      {
        Principal: everybody,
        Condition: {
          "ForAnyValue:StringEquals": { "aws:PrincipalOrgPaths": zonePath.replace("*", "ou-ab12-31200000/") },
        },
      },
    ],
    [
      "a service for an account of the zone",
      { Principal: sns, Condition: { StringEquals: { "aws:SourceAccount": pci } } },
    ],
    [
      "a service for a resource of the zone",
      { Principal: sns, Condition: { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${pci}:*` } } },
    ],
    [
      "a service for the zone's path",
      { Principal: sns, Condition: { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": zonePath } } },
    ],
    ["a Deny for a foreigner", { Effect: "Deny", Principal: { AWS: shop } }],
    [
      "a Deny for everybody",
      { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ],
  ])("%s", (_name, statement) => {
    expect(found(statement)).toEqual([]);
  });

  test("single texts in place of lists, account ids in place of roots, and capital actions", () => {
    const edited = sample.edit(stack, (json) => {
      for (const statement of json.locals[`${key}-policy`].Statement) {
        if (statement.Principal.AWS.length === 1) statement.Principal.AWS = statement.Principal.AWS[0];
        if (statement.Principal.AWS === `arn:aws:iam::${pci}:root`) statement.Principal.AWS = pci;
        statement.Action = statement.Action.map((action: string) => action.toUpperCase());
        statement.Resource = "*";
      }
    });
    expect(edited.check([check])).toEqual([]);
  });
});
