import { describe, expect, test } from "@jest/globals";
import { boundsOfPrincipal, boundsOfStatement } from "../../modules/access/principal-bounds";
import { readDocument } from "./decide";
import type { Json } from "./oracle/policy-cases";

const zone = "310000000001";
const other = "320000000001";
const ou = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111";

function bounds(principal: Json, condition?: Json, version = "2012-10-17") {
  const policy = readDocument(
    {
      Version: version,
      Statement: {
        Effect: "Allow",
        ...(typeof principal === "object" && principal !== null && "NotPrincipal" in principal
          ? principal
          : { Principal: principal }),
        Action: "kms:*",
        Resource: "*",
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    },
    "key",
  );
  const [statement] = policy.statements;
  if (statement === undefined) throw new Error("no statement");
  return boundsOfStatement(statement, "aws");
}

type Row = readonly [name: string, principal: Json, condition: Json | undefined, limits: readonly string[]];

const bounded: readonly Row[] = [
  ["a role", { AWS: `arn:aws:iam::${zone}:role/a` }, undefined, [zone]],
  ["a session", { AWS: `arn:aws:sts::${zone}:assumed-role/a/b` }, undefined, [zone]],
  ["an account", { AWS: zone }, undefined, [zone]],
  ["an account's root", { AWS: [`arn:aws:iam::${zone}:root`, `arn:aws:iam::${other}:root`] }, undefined, [zone, other]],
  ["* in one account", "*", { StringEquals: { "aws:PrincipalAccount": zone } }, [zone]],
  ["* in two accounts", { AWS: "*" }, { StringEquals: { "AWS:principalaccount": [zone, other] } }, [zone, other]],
  ["* by StringLike without a wildcard", "*", { StringLike: { "aws:PrincipalAccount": zone } }, [zone]],
  ["* with the caller's account", "*", { StringEquals: { "kms:CallerAccount": zone } }, [zone]],
  ["* with an ARN in an account", "*", { ArnLike: { "aws:PrincipalArn": `arn:*:iam::${zone}:role/*` } }, [zone]],
  ["* with an ARN as text", "*", { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${zone}:role/*` } }, [zone]],
  ["* of an organization", "*", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, ["o-a1b2c3d4e5/*"]],
  ["* below an OU", "*", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${ou}/*` } }, [`${ou}/*`]],
  [
    "* by two paths, to the inner one",
    "*",
    {
      StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${ou}/*` },
    },
    [`${ou}/*`],
  ],
  [
    "* by two paths, whichever comes first",
    "*",
    {
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${ou}/*` },
      StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    },
    [`${ou}/*`],
  ],
  ["* exactly in an OU", "*", { "ForAnyValue:StringEquals": { "aws:PrincipalOrgPaths": `${ou}/` } }, [`${ou}/`]],
  [
    "an OU path that is cut in the middle means the OUs beside it too",
    "*",
    { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${ou}*` } },
    ["o-a1b2c3d4e5/r-ab12/*"],
  ],
  [
    "two conditions leave what both allow",
    "*",
    { StringEquals: { "aws:PrincipalAccount": [zone, other], "kms:CallerAccount": [zone] } },
    [zone],
  ],
  [
    "a role that a condition excludes",
    { AWS: `arn:aws:iam::${other}:role/a` },
    { StringEquals: { "aws:PrincipalAccount": zone } },
    [],
  ],
  [
    "a service for an account",
    { Service: "sns.amazonaws.com" },
    { StringEquals: { "aws:SourceAccount": zone } },
    [zone],
  ],
  [
    "a service for a resource",
    { Service: "cloudtrail.amazonaws.com" },
    { ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${zone}:trail/*` } },
    [zone],
  ],
  [
    "a service for an organization",
    { Service: "sns.amazonaws.com" },
    { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } },
    ["o-a1b2c3d4e5/*"],
  ],
  [
    "CloudWatch Logs for log groups, by its encryption context",
    { Service: "logs.us-east-1.amazonaws.com" },
    { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${zone}:*` } },
    [zone],
  ],
  [
    "NotPrincipal that a condition bounds",
    { NotPrincipal: { AWS: `arn:aws:iam::${zone}:role/a` } },
    { StringEquals: { "aws:PrincipalAccount": zone } },
    [zone],
  ],
  [
    "the unique id of a role that a condition bounds",
    { AWS: "AROA4KJY2TU23Y7NK62MV" },
    { StringEquals: { "aws:PrincipalAccount": zone } },
    [zone],
  ],
  ["ForAnyValue on a single value", "*", { "ForAnyValue:StringEquals": { "aws:PrincipalAccount": zone } }, [zone]],
];

describe("a statement is bounded", () => {
  test.each(bounded)("%s", (_name, principal, condition, limits) => {
    const { accounts, organizationPaths, unbounded } = bounds(principal, condition);
    expect([...accounts, ...organizationPaths].sort()).toEqual([...limits].sort());
    expect(unbounded).toEqual([]);
  });
});

const star = (name: string, condition: Json): Row => [name, "*", condition, []];
const endless: readonly Row[] = [
  ["*", "*", undefined, []],
  ["AWS *", { AWS: "*" }, undefined, []],
  ["an ARN with a wildcard", { AWS: `arn:aws:iam::${zone}:role/*` }, undefined, []],
  ["an ARN of another partition", { AWS: `arn:aws-us-gov:iam::${zone}:role/a` }, undefined, []],
  ["the unique id of a role", { AWS: "AROA4KJY2TU23Y7NK62MV" }, undefined, []],
  ["NotPrincipal", { NotPrincipal: { AWS: `arn:aws:iam::${other}:root` } }, undefined, []],
  ["an identity provider", { Federated: "accounts.google.com" }, undefined, []],
  ["a service without source", { Service: "sns.amazonaws.com" }, undefined, []],
  [
    "a service with a principal's account, which it never has",
    { Service: "sns.amazonaws.com" },
    { StringEquals: { "aws:PrincipalAccount": zone } },
    [],
  ],
  [
    "a service for a bucket, whose ARN has no account",
    { Service: "s3.amazonaws.com" },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } },
    [],
  ],
  [
    "another service with the encryption context of CloudWatch Logs",
    { Service: "sns.amazonaws.com" },
    { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${zone}:*` } },
    [],
  ],
  ["a role beside *", { AWS: [`arn:aws:iam::${zone}:role/a`, "*"] }, undefined, []],
  star("IfExists", { StringEqualsIfExists: { "aws:PrincipalAccount": zone } }),
  star("ForAllValues", { "ForAllValues:StringEquals": { "aws:PrincipalAccount": zone } }),
  star("ForAllValues on paths", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": `${ou}/*` } }),
  star("paths without a set operator", { StringLike: { "aws:PrincipalOrgPaths": `${ou}/*` } }),
  star("negation", { StringNotEquals: { "aws:PrincipalAccount": other } }),
  star("negated ARNs", { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${other}:*` } }),
  star("a wildcard in the account", { StringLike: { "aws:PrincipalAccount": "31000000000?" } }),
  star("a wildcard in the ARN's account", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/a" } }),
  star("a wildcard before the account of an ARN that is a text", {
    StringLike: { "aws:PrincipalArn": `arn:*:iam::${zone}:role/*` },
  }),
  star("one account and one wildcard", {
    ArnLike: { "aws:PrincipalArn": [`arn:aws:iam::${zone}:role/a`, "arn:aws:iam::*:role/a"] },
  }),
  star("a policy variable", { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  star("a path with a policy variable", {
    "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/${aws:PrincipalTag/ou}/*" },
  }),
  star("an organization by wildcard", { StringLike: { "aws:PrincipalOrgID": "o-*" } }),
  star("a path by wildcard from the start", {
    "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-ab12/ou-ab12-11111111/" },
  }),
  star("Null", { Null: { "aws:PrincipalAccount": "false" } }),
  star("a service", { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } }),
  star("an encryption context", { StringEquals: { "kms:EncryptionContext:account": zone } }),
  star("a source account, which principals do not have", { StringEquals: { "aws:SourceAccount": zone } }),
  star("a tag", { StringEquals: { "aws:PrincipalTag/account": zone } }),
  star("an address", { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
  star("a number that is no account id", { StringEquals: { "aws:PrincipalAccount": "31000000001" } }),
];

describe("a statement is not bounded", () => {
  test.each(endless)("by %s", (_name, principal, condition) => {
    expect(bounds(principal, condition).unbounded).toHaveLength(1);
  });

  test("when a part of it is not understood", () => {
    const condition = { path: "", operator: "StringEquals", key: "aws:PrincipalAccount", values: [zone] };
    const element = { negated: false, patterns: ["*"] };
    const found = boundsOfStatement(
      {
        document: "",
        path: "",
        sid: undefined,
        effect: "Allow",
        principal: { negated: false, names: [{ type: "Any", value: "*" }] },
        action: element,
        resource: element,
        conditions: [condition],
        hasVariables: true,
        understood: false,
      },
      "aws",
    );
    expect(found.unbounded).toHaveLength(1);
  });
});

test("a grantee is bounded by its ARN, and a service by nothing", () => {
  expect([...boundsOfPrincipal(`arn:aws:iam::${zone}:role/a`, "aws").accounts]).toEqual([zone]);
  expect(boundsOfPrincipal("dynamodb.us-east-1.amazonaws.com", "aws").unbounded).toHaveLength(1);
  expect(boundsOfPrincipal(`arn:aws-cn:iam::${zone}:role/a`, "aws").unbounded).toHaveLength(1);
  expect(boundsOfPrincipal("everybody", "aws").unbounded).toHaveLength(1);
});
