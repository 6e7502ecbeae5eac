import { type EvaluationCase, other, owner } from "../decide";
import type { Json } from "../oracle/policy-cases";
import { anything, crypto, foreignRole, from, iam, kms, named, role, root } from "./common";

const viaService = named(role, crypto, {
  StringEquals: { "kms:ViaService": ["ec2.us-west-2.amazonaws.com", "rds.us-west-2.amazonaws.com"] },
});
const managedKey: Json = {
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action: crypto,
  Resource: "*",
  Condition: { StringEquals: { "kms:CallerAccount": owner, "kms:ViaService": "ec2.us-west-2.amazonaws.com" } },
};
export const conditionKeys: readonly EvaluationCase[] = [
  ...from(`${kms}/conditions-kms.html#conditions-kms-via-service`, [
    {
      name: "through one of the services",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: viaService,
      context: { "kms:ViaService": ["rds.us-west-2.amazonaws.com"] },
      expected: "allowed",
    },
    {
      name: "not through another service",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: viaService,
      context: { "kms:ViaService": ["s3.us-west-2.amazonaws.com"] },
      expected: "denied",
    },
    {
      name: "not through the service in another Region",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: viaService,
      context: { "kms:ViaService": ["ec2.us-east-1.amazonaws.com"] },
      expected: "denied",
    },
    { name: "not directly", principal: role, action: "kms:Decrypt", keyPolicy: viaService, expected: "denied" },
    {
      name: "nobody knows through what",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: viaService,
      unlisted: "unknown",
      expected: "unknown",
    },
  ]),
  ...from(`${kms}/conditions-kms.html#conditions-kms-caller-account`, [
    {
      name: "everybody in the account, through the service",
      principal: `arn:aws:iam::${owner}:user/anyone`,
      action: "kms:Decrypt",
      keyPolicy: managedKey,
      context: { "kms:CallerAccount": [owner], "kms:ViaService": ["ec2.us-west-2.amazonaws.com"] },
      expected: "allowed",
    },
    {
      name: "nobody of another account",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: managedKey,
      identity: [anything],
      context: { "kms:CallerAccount": [other], "kms:ViaService": ["ec2.us-west-2.amazonaws.com"] },
      expected: "denied",
    },
  ]),
  ...from(`${kms}/conditions-kms.html#conditions-kms-encryption-context`, [
    {
      name: "with the pair of the encryption context",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" },
      }),
      encryptionContext: { AppName: "ExampleApp", FilePath: "/var/opt/secrets/" },
      expected: "allowed",
    },
    {
      name: "the value of a pair is case-sensitive",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" },
      }),
      encryptionContext: { AppName: "exampleapp" },
      expected: "denied",
    },
    {
      name: "the name of a pair is not case-sensitive in a condition",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        StringEquals: { "kms:EncryptionContext:appname": "ExampleApp" },
      }),
      encryptionContext: { AppName: "ExampleApp" },
      expected: "allowed",
    },
    {
      name: "DescribeKey has no encryption context, and a condition on one denies it",
      principal: role,
      action: "kms:DescribeKey",
      keyPolicy: named(role, "kms:*", { StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" } }),
      expected: "denied",
    },
    {
      name: "nobody knows the encryption context",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" },
      }),
      encryptionContext: "unknown",
      expected: "unknown",
    },
  ]),
  ...from(`${kms}/conditions-kms.html#conditions-kms-encryption-context-keys`, [
    {
      name: "an encryption context with the pair's name",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        Null: { "kms:EncryptionContextKeys": "false" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["Department", "AppName"] },
      }),
      encryptionContext: { Department: "IT" },
      expected: "allowed",
    },
    {
      name: "an encryption context with another name too",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        Null: { "kms:EncryptionContextKeys": "false" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["Department", "AppName"] },
      }),
      encryptionContext: { Department: "IT", Other: "x" },
      expected: "denied",
    },
    {
      name: "no encryption context at all",
      principal: role,
      action: "kms:GenerateDataKey",
      keyPolicy: named(role, "kms:GenerateDataKey", {
        Null: { "kms:EncryptionContextKeys": "false" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["Department", "AppName"] },
      }),
      expected: "denied",
    },
  ]),
  ...from(`${kms}/conditions-kms.html#conditions-kms-grant-operations`, [
    {
      name: "a grant for some of the operations",
      principal: role,
      action: "kms:CreateGrant",
      keyPolicy: named(role, "kms:CreateGrant", {
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["Encrypt", "Decrypt"] },
      }),
      context: { "kms:GrantOperations": ["Decrypt"] },
      expected: "allowed",
    },
    {
      name: "a grant for one operation more",
      principal: role,
      action: "kms:CreateGrant",
      keyPolicy: named(role, "kms:CreateGrant", {
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["Encrypt", "Decrypt"] },
      }),
      context: { "kms:GrantOperations": ["Decrypt", "GenerateDataKey"] },
      expected: "denied",
    },
  ]),
  ...from(`${kms}/conditions-kms.html#conditions-kms-grant-is-for-aws-resource`, [
    {
      name: "an AWS service creates a grant for the user",
      principal: role,
      action: "kms:CreateGrant",
      keyPolicy: named(role, "kms:CreateGrant", { Bool: { "kms:GrantIsForAWSResource": true } }),
      context: { "kms:GrantIsForAWSResource": ["true"] },
      expected: "allowed",
    },
    {
      name: "the user creates a grant directly",
      principal: role,
      action: "kms:CreateGrant",
      keyPolicy: named(role, "kms:CreateGrant", { Bool: { "kms:GrantIsForAWSResource": true } }),
      context: { "kms:GrantIsForAWSResource": ["false"] },
      expected: "denied",
    },
  ]),
  ...from(`${kms}/alias-authorization.html#alias-auth-resource-aliases`, [
    {
      name: "any of the key's aliases matches",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: root(owner),
      identity: [
        {
          Effect: "Allow",
          Action: crypto,
          Resource: `arn:aws:kms:*:${owner}:key/*`,
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/ProjectAlpha" } },
        },
      ],
      context: { "kms:ResourceAliases": ["alias/old", "alias/ProjectAlpha"] },
      expected: "allowed",
    },
    {
      name: "a key without aliases does not match",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: root(owner),
      identity: [
        {
          Effect: "Allow",
          Action: crypto,
          Resource: `arn:aws:kms:*:${owner}:key/*`,
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/ProjectAlpha" } },
        },
      ],
      expected: "denied",
    },
    {
      name: "an alias in Resource means the alias and not the key",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: root(owner),
      identity: [{ Effect: "Allow", Action: crypto, Resource: `arn:aws:kms:us-west-2:${owner}:alias/ProjectAlpha` }],
      context: { "kms:ResourceAliases": ["alias/ProjectAlpha"] },
      expected: "denied",
    },
  ]),
];

const orgPaths: Json = {
  Effect: "Allow",
  Principal: "*",
  Action: crypto,
  Resource: "*",
  Condition: {
    StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] },
  },
};
export const organization: readonly EvaluationCase[] = from(
  `${iam}/reference_policies_condition-keys.html#condition-keys-principalorgpaths`,
  [
    {
      name: "an account in the OU",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: orgPaths,
      identity: [anything],
      context: {
        "aws:PrincipalOrgID": ["o-a1b2c3d4e5"],
        "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"],
      },
      expected: "allowed",
    },
    {
      name: "an account in an OU below it",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: orgPaths,
      identity: [anything],
      context: {
        "aws:PrincipalOrgID": ["o-a1b2c3d4e5"],
        "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"],
      },
      expected: "allowed",
    },
    {
      name: "an account in another OU",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: orgPaths,
      identity: [anything],
      context: {
        "aws:PrincipalOrgID": ["o-a1b2c3d4e5"],
        "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-33333333/"],
      },
      expected: "denied",
    },
    {
      name: "an AWS service is in no organization",
      principal: "cloudtrail.amazonaws.com",
      action: "kms:Decrypt",
      keyPolicy: orgPaths,
      expected: "denied",
    },
  ],
);
