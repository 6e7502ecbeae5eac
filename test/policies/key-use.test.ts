import { describe, expect, test } from "@jest/globals";
import { type KeyOperation, operationActions } from "../../modules/aws/key-operations";
import { encryptionContextCondition, type KeyUse, partsOfUse } from "../../modules/policies/key-use";
import { other, region, role, useBy } from "./small-key";

const app = role(other, "app");

function parts(narrowing: Partial<KeyUse>, where = region) {
  return partsOfUse(useBy(app, narrowing), where);
}

describe("a use without narrowing", () => {
  test.each<[KeyOperation[], string[]]>([
    [["encrypt"], [...operationActions.encrypt, "kms:DescribeKey"]],
    [["decrypt"], ["kms:Decrypt", "kms:ReEncryptFrom", "kms:DescribeKey"]],
    [["describe"], ["kms:DescribeKey"]],
    [
      ["decrypt", "describe"],
      ["kms:Decrypt", "kms:ReEncryptFrom", "kms:DescribeKey"],
    ],
  ])("for %j is one statement for %j", (operations, actions) => {
    const [part, ...more] = parts({ operations });
    expect(part).toEqual({ kind: part?.kind, actions, condition: undefined });
    expect(more).toEqual([]);
  });

  test("that grants to AWS services can only do that for AWS resources", () => {
    expect(parts({ operations: ["grant-to-aws-services"] })).toEqual([
      { kind: "describe", actions: ["kms:DescribeKey"], condition: undefined },
      { kind: "grant", actions: ["kms:CreateGrant"], condition: { Bool: { "kms:GrantIsForAWSResource": ["true"] } } },
    ]);
  });

  test("never names an action of administration, whatever its operations", () => {
    const all: KeyOperation[] = ["encrypt", "decrypt", "describe", "grant-to-aws-services"];
    expect(
      parts({ operations: all })
        .flatMap(({ actions }) => actions)
        .sort(),
    ).toEqual([
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyPair",
      "kms:GenerateDataKeyPairWithoutPlaintext",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]);
  });
});

describe("a narrowed use", () => {
  test.each<[string, Partial<KeyUse>, unknown]>([
    [
      "services",
      { via: ["s3", "ebs"] },
      { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com"] } },
    ],
    ["endpoints", { sourceVpce: ["vpce-0a1b2c3d"] }, { StringEquals: { "aws:SourceVpce": ["vpce-0a1b2c3d"] } }],
    ["public addresses", { sourceIp: ["203.0.113.0/24"] }, { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }],
    [
      "addresses behind an endpoint, where aws:SourceIp does not exist",
      { sourceIp: ["10.0.0.0/16"], sourceVpce: ["vpce-0a1b2c3d"] },
      { StringEquals: { "aws:SourceVpce": ["vpce-0a1b2c3d"] }, IpAddress: { "aws:VpcSourceIp": ["10.0.0.0/16"] } },
    ],
    [
      "an OU",
      { organizationPath: { organizationId: "o-a1b2c3d4e5", idPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/" } },
      {
        StringEquals: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] },
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/*"] },
      },
    ],
  ])("by %s has that condition on every call", (_, narrowing, condition) => {
    for (const part of parts({ ...narrowing, operations: ["decrypt"] })) expect(part.condition).toEqual(condition);
  });

  test("by an encryption context leaves DescribeKey free of it, which carries none", () => {
    expect(
      parts({ operations: ["decrypt", "grant-to-aws-services"], encryptionContext: { app: "payments" }, via: ["ebs"] }),
    ).toEqual([
      {
        kind: "use",
        actions: ["kms:Decrypt", "kms:ReEncryptFrom"],
        condition: {
          StringEquals: {
            "kms:EncryptionContext:app": ["payments"],
            "kms:ViaService": ["ec2.us-east-1.amazonaws.com"],
          },
        },
      },
      {
        kind: "describe",
        actions: ["kms:DescribeKey"],
        condition: { StringEquals: { "kms:ViaService": ["ec2.us-east-1.amazonaws.com"] } },
      },
      {
        kind: "grant",
        actions: ["kms:CreateGrant"],
        condition: {
          Bool: { "kms:GrantIsForAWSResource": ["true"] },
          StringEquals: {
            "kms:EncryptionContext:app": ["payments"],
            "kms:ViaService": ["ec2.us-east-1.amazonaws.com"],
          },
        },
      },
    ]);
  });

  test("names the service in the key's own Region, with amazonaws.com in every partition", () => {
    expect(parts({ via: ["s3"] }, "cn-north-1")[0]?.condition).toEqual({
      StringEquals: { "kms:ViaService": ["s3.cn-north-1.amazonaws.com"] },
    });
  });

  test("by a service that nobody knows lets nobody in", () => {
    expect(parts({ via: ["constructor"] })[0]?.condition).toEqual({
      StringEquals: { "kms:ViaService": ["constructor"] },
    });
  });
});

describe("an encryption context", () => {
  test.each([
    ["plain", "plain"],
    ["${aws:username}", "${$}{aws:username}"],
    ["US$5", "US$5"],
    ["$${a}", "$${$}{a}"],
    ["*", "*"],
    ["${*}", "${$}{*}"],
  ])("with the value %j is meant literally: %j", (value, written) => {
    expect(encryptionContextCondition({ key: value })).toEqual({
      StringEquals: { "kms:EncryptionContext:key": [written] },
    });
  });

  test("keeps keys with colons, slashes and spaces as they are", () => {
    expect(encryptionContextCondition({ "aws:s3:arn": "a", "Cost center/1": "b" })).toEqual({
      StringEquals: { "kms:EncryptionContext:aws:s3:arn": ["a"], "kms:EncryptionContext:Cost center/1": ["b"] },
    });
  });

  test("without pairs is no condition", () => {
    expect(encryptionContextCondition({})).toBeUndefined();
  });
});
