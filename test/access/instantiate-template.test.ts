import { describe, expect, test } from "@jest/globals";
import type { CloudFormationTemplate } from "../../modules/access/cloudformation-template";
import { instantiateTemplate } from "../../modules/access/instantiate-template";
import type { Fields } from "../../modules/access/stack-reading";
import { conditionsIn, namedAccounts, unnamedAccount } from "../../modules/access/template-accounts";

const place = { accountId: "310000000002", region: "us-east-1", partition: "aws", stackName: undefined };

function template(body: Fields, isText = false): CloudFormationTemplate {
  return { document: "s", path: "/locals/t", body, isText, parameters: {}, bytes: 0 };
}

const key = {
  Type: "AWS::KMS::Key",
  DeletionPolicy: "Retain",
  Properties: {
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [
        { "Fn::If": ["IsLedger", { Sid: "Ledger", Effect: "Deny" }, { Ref: "AWS::NoValue" }] },
        {
          Sid: "Root",
          Effect: "Allow",
          Principal: { AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
  },
};
const Conditions = { IsLedger: { "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000001"] } };

describe("an instance of a template", () => {
  test("has the policy of its own account, each statement where it was written", () => {
    const { keys, unreadable } = instantiateTemplate(template({ Conditions, Resources: { Key: key } }), place);
    expect(unreadable).toEqual([]);
    expect(keys).toMatchObject([
      { logicalId: "Key", kind: "key", deletionPolicy: "Retain", updateReplacePolicy: "Delete" },
    ]);
    expect(keys[0]?.policy?.statements).toMatchObject([
      {
        sid: "Root",
        path: "/locals/t/Resources/Key/Properties/KeyPolicy/Statement/1",
        principal: { names: [{ type: "AWS", value: "arn:aws:iam::310000000002:root" }] },
      },
    ]);
  });

  test("has no pointers into a text", () => {
    const { keys } = instantiateTemplate(template({ Conditions, Resources: { Key: key } }, true), place);
    expect(keys[0]?.policy?.statements.map(({ path }) => path)).toEqual(["/locals/t"]);
  });

  test("lacks what its conditions leave out, and has what nobody can decide", () => {
    const Resources = { A: { ...key, Condition: "IsLedger" }, B: { ...key, Condition: "Gone" } };
    const { keys, unreadable } = instantiateTemplate(template({ Conditions, Resources }), place);
    expect(keys.map(({ logicalId }) => logicalId)).toEqual(["B"]);
    expect(unreadable).toEqual([{ path: "/locals/t/Resources/B/Condition", why: "there is no condition Gone" }]);
  });

  test("knows the ARNs of roles, policies and buses by their names", () => {
    const Resources = {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          Path: "/ci/",
          RoleName: { "Fn::Sub": "sender-${AWS::Region}" },
          AssumeRolePolicyDocument: {
            Statement: {
              Effect: "Allow",
              Principal: { AWS: { "Fn::GetAtt": ["Other", "Arn"] } },
              Action: "sts:AssumeRole",
            },
          },
          ManagedPolicyArns: [{ Ref: "Policy" }],
          PermissionsBoundary: { Ref: "Policy" },
        },
      },
      Other: { ...roleCalled("other"), Condition: "IsLedger" },
      Policy: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: {
          ManagedPolicyName: "p",
          PolicyDocument: {
            Statement: { Effect: "Allow", Action: "events:PutEvents", Resource: { "Fn::GetAtt": ["Bus", "Arn"] } },
          },
          Roles: [{ Ref: "Role" }],
        },
      },
      Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "b" } },
    };
    const { roles, managedPolicies, unreadable } = instantiateTemplate(template({ Conditions, Resources }), place);
    expect(unreadable).toEqual([]);
    const arn = "arn:aws:iam::310000000002:policy/p";
    expect(roles).toMatchObject([{ name: "sender-us-east-1", attached: [arn], boundary: arn }]);
    expect(roles[0]?.trust?.statements[0]?.principal?.names[0]?.value).toBe("arn:aws:iam::310000000002:role/other");
    expect(managedPolicies).toMatchObject([{ arn, roles: ["sender-us-east-1"] }]);
    expect(managedPolicies[0]?.policy?.statements[0]?.resource.patterns).toEqual([
      "arn:aws:events:us-east-1:310000000002:event-bus/b",
    ]);
  });

  test.each<[name: string, body: Fields, notes: string[]]>([
    ["a transform", { Transform: "X", Resources: {} }, ["/locals/t/Transform: Transform is not understood here"]],
    ["no resources", {}, ["/locals/t: a template has to have Resources"]],
    [
      "an include, wherever it stands",
      { Resources: { X: { Type: "Custom::X", Properties: { A: [{ "Fn::Transform": {} }] } } } },
      ["/locals/t/Resources/X/Properties/A/0/Fn::Transform: brings in what nobody has reviewed"],
    ],
    [
      "an attribute that nobody knows",
      { Resources: { X: { Type: "AWS::CloudFormation::WaitConditionHandle", CreationPolicy: {} } } },
      ["/locals/t/Resources/X/CreationPolicy: CreationPolicy is not understood here"],
    ],
    [
      "a property that nobody knows",
      { Resources: { X: { Type: "AWS::KMS::Alias", Properties: { Owner: "x" } } } },
      ["/locals/t/Resources/X/Properties/Owner: unknown property Owner"],
    ],
    [
      "a key without a policy",
      { Resources: { X: { Type: "AWS::KMS::Key" } } },
      ["/locals/t/Resources/X/Properties: has no KeyPolicy that can be read"],
    ],
    [
      "a trust policy with a resource",
      {
        Resources: {
          X: {
            Type: "AWS::IAM::Role",
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: {
                  Effect: "Allow",
                  Principal: { Service: "events.amazonaws.com" },
                  Action: "sts:AssumeRole",
                  Resource: "*",
                },
              },
            },
          },
        },
      },
      [
        "/locals/t/Resources/X/Properties/AssumeRolePolicyDocument/Statement: Resource does not exist in a trust policy",
      ],
    ],
    [
      "a policy for users",
      {
        Resources: {
          X: {
            Type: "AWS::IAM::ManagedPolicy",
            Properties: { Users: ["x"], PolicyDocument: { Statement: { Effect: "Deny", Action: "*", Resource: "*" } } },
          },
        },
      },
      ["/locals/t/Resources/X/Properties/Users: attaches the policy to what no template makes"],
    ],
  ])("says that it does not understand %s", (_, body, notes) => {
    const { unreadable } = instantiateTemplate(template(body), place);
    expect(unreadable.map(({ path, why }) => `${path}: ${why}`)).toEqual(notes);
  });

  test("lists resources of other types", () => {
    const Resources = { Vault: { Type: "AWS::Backup::BackupVault" } };
    expect(instantiateTemplate(template({ Resources }), place).unknown).toEqual([
      { document: "s", path: "/locals/t/Resources/Vault", logicalId: "Vault", type: "AWS::Backup::BackupVault" },
    ]);
  });
});

function roleCalled(RoleName: string): Fields {
  const Statement = { Effect: "Deny", Principal: { AWS: "310000000001" }, Action: "sts:AssumeRole" };
  return { Type: "AWS::IAM::Role", Properties: { RoleName, AssumeRolePolicyDocument: { Statement } } };
}

describe("accounts that a template names", () => {
  const named = template({
    Conditions: { ...Conditions, B: { "Fn::Equals": ["310000000003", { Ref: "AWS::AccountId" }] } },
    Resources: { X: { Type: "T", Properties: { A: "arn:aws:iam::310000000002:root", B: "1234567890123" } } },
  });

  test("are all ids of twelve digits, in its parameters too", () => {
    expect(namedAccounts({ ...named, parameters: { Bus: "310000000009" } }, place)).toEqual([
      "310000000001",
      "310000000002",
      "310000000003",
      "310000000009",
    ]);
  });

  test("are also those that its conditions put together", () => {
    const joined = { "Fn::Join": ["", ["310000", "000004"]] };
    const body = {
      Conditions: { A: { "Fn::Not": [{ "Fn::Equals": [joined, { Ref: "AWS::AccountId" }] }] } },
      Resources: {},
    };
    expect(namedAccounts(template(body), place)).toEqual(["310000000004"]);
  });

  test("are told apart by its conditions", () => {
    const of = (accountId: string): string => conditionsIn(named, { ...place, accountId });
    expect([of("310000000001"), of("310000000002"), of("310000000003")]).toEqual([
      "true false",
      "false false",
      "false true",
    ]);
  });

  test("leave an id for everybody else", () => {
    expect(unnamedAccount(["000000000000"], (id) => id === "000000000001")).toBe("000000000002");
  });
});
