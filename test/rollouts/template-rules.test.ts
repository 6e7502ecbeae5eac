import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readCloudFormationYaml } from "../../modules/rollouts/cloudformation-yaml";
import { renderTemplate } from "../../modules/rollouts/render-template";
import { parameterValues } from "../../modules/rollouts/rules/template-values";
import type { TemplateDocument } from "../../modules/rollouts/template";
import { templateRules } from "../../modules/rollouts/template-rules";

const sound = readFileSync(join(__dirname, "own-key.yaml.hbs"), "utf8");
const keptNames = ["OrgKeysDeploy", "OrgKeysAudit", "orgkeys-*", "orgkeys/*"];

/** Each flaw as `line:column path: message`. */
function flawsOf(text: string, parameters: Readonly<Record<string, string>> = { KeyName: "orders" }): string[] {
  const rendered = renderTemplate({ text, name: "own-key", keptNames }, {}, parameters);
  if (!("flaws" in rendered)) return [];
  return rendered.flaws.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

function edited(from: string, to: string): string {
  if (!sound.includes(from)) throw new Error(`the template does not have ${from}`);
  return sound.replace(from, () => to);
}

/** The rules that a text breaks, by their ids. */
function broken(text: string, parameters: Readonly<Record<string, string>>): string[] {
  const document = readCloudFormationYaml(text).value as TemplateDocument;
  const linted = { document, parameters, values: parameterValues(document, parameters), keptNames };
  return templateRules.filter((rule) => rule.flaws(linted).length > 0).map(({ id }) => id);
}

const retained = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
const principal = '{AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}';
const using = "Resource: !GetAtt Key.Arn";
const afterResources = "Resources:\n";
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join("");

/** Rule, what is changed, and the first flaw. */
const cases: readonly (readonly [rule: string, from: string, to: string, flaw: string])[] = [
  ["sections", "Outputs:\n", "Transform: AWS::Include\nOutputs:\n", "62:1 Transform: is no section"],
  [
    "sections",
    '"2010-09-09"',
    '"2012-10-17"',
    "1:1 AWSTemplateFormatVersion: is a version that CloudFormation does not",
  ],
  [
    "resources",
    "    UpdateReplacePolicy",
    "    UpdateReplacmentPolicy",
    "20:5 Resources.Key.UpdateReplacmentPolicy: is nothing",
  ],
  ["resources", "  Bus:\n", "  The-Bus:\n", "57:3 Resources.The-Bus: is no name"],
  ["resources", "AWS::Events::EventBus", "Acme::Events::EventBus", "58:5 Resources.Bus.Type: is of type Acme::Events"],
  [
    "nothing-nested",
    "AWS::Events::EventBus",
    "AWS::CloudFormation::Stack",
    "Resources.Bus.Type: is of type AWS::CloudFormation",
  ],
  [
    "nothing-nested",
    "AWS::Events::EventBus",
    "AWS::CloudFormation::CustomResource",
    "brings in what is not written here",
  ],
  ["nothing-nested", "AWS::Events::EventBus", "Custom::Anything", "Resources.Bus.Type: is of type Custom::Anything"],
  [
    "known-functions",
    '!Sub "central-${AWS::Region}"',
    "{Fn::Length: []}",
    "Fn::Length: calls Fn::Length, which rollouts",
  ],
  [
    "known-functions",
    '!Sub "central-${AWS::Region}"',
    "!Transform {Name: AWS::Include}",
    "Fn::Transform: calls Fn::Tra",
  ],
  ["known-functions", using, `Resource: {"Fn::GetAtt": [Key, Arn], x: 1}`, "calls Fn::GetAtt beside other fields"],
  [
    "references",
    "TargetKeyId: !Ref Key",
    "TargetKeyId: !Ref Kye",
    "39:7 Resources.Alias.Properties.TargetKeyId: names parameter or resource Kye",
  ],
  ["references", using, "Resource: !GetAtt Kye.Arn", "names resource Kye, which is not there"],
  ["references", using, "Resource: !GetAtt Key", "names a resource that cannot be told"],
  ["references", "alias/${KeyName}", "alias/${KeyName}${Kye.Arn}", "names resource Kye, which is not there"],
  ["references", "alias/${KeyName}", "alias/${KeyName}${AWS::Account}", "names parameter or resource AWS::Account"],
  ["references", "Condition: IsHome", "Condition: IsHmoe", "36:5 Resources.Alias.Condition: names condition IsHmoe"],
  ["references", "!If [IsHome", "!If [IsHmoe", "names condition IsHmoe"],
  ["references", '!Equals [!Ref "AWS::Region", us-east-1]', "!Not [!Condition IsAway]", "names condition IsAway"],
  ["references", "DependsOn: [Key]", "DependsOn: Kye", "42:5 Resources.Role.DependsOn: names resource Kye"],
  ["references", "!FindInMap [Stages", "!FindInMap [Stage", "names mapping Stage"],
  ["references", "prod, Window]}]", "test, Window]}]", "asks a mapping for test"],
  [
    "no-leftovers",
    "Conditions:\n",
    "Conditions:\n  IsProd: !Equals [a, b]\n",
    "15:3 Conditions.IsProd: is used nowhere",
  ],
  [
    "no-leftovers",
    "Parameters:\n",
    "Parameters:\n  More: {Type: String, Default: x}\n",
    "4:3 Parameters.More: is used nowhere",
  ],
  [
    "parameter-types",
    "    Type: Number",
    "    Type: AWS::SSM::Parameter::Value<String>",
    "8:5 Parameters.Days.Type: is of a type",
  ],
  [
    "parameter-types",
    "    Type: Number",
    "    Type: Number\n    NoEcho: true",
    "9:5 Parameters.Days.NoEcho: hides a value",
  ],
  ["parameter-values", "    Default: 30\n", "", "7:3 Parameters.Days: has no value"],
  ["parameter-values", "Default: 30", "Default: 120", "7:3 Parameters.Days: has 120, which is more than 90"],
  ["parameter-values", "Default: 30", "Default: some", "7:3 Parameters.Days: has some, which is no number"],
  ["parameter-values", '"[a-z-]+"', '"[A-Z]+"', "4:3 Parameters.KeyName: has orders, which is not of the form [A-Z]+"],
  ["parameter-values", 'AllowedPattern: "[a-z-]+"', "AllowedValues: [shop]", "has orders, and takes shop"],
  ["parameter-values", "  KeyName:\n", "  KeyNames:\n", "3:1 Parameters: does not have KeyName"],
  [
    "dynamic-references",
    "KeyUser",
    '"\\{{resolve:ssm:name}}"',
    "44:7 Resources.Role.Properties.RoleName: reads a value",
  ],
  ["dynamic-references", "KeyUser", '"\\{{resolve:secretsmanager:orgkeys/other:SecretString:x}}"', "reads a value"],
  [
    "keys-retained",
    retained,
    "    DeletionPolicy: Retain\n",
    "17:3 Resources.Key: is a key that CloudFormation may delete",
  ],
  [
    "keys-retained",
    "UpdateReplacePolicy: Retain",
    "UpdateReplacePolicy: Snapshot",
    "17:3 Resources.Key: is a key that",
  ],
  ["key-policies", "AWS::KMS::Alias", "AWS::KMS::ReplicaKey", "Resources.Alias: is a key without a policy"],
  [
    "key-deletion-window",
    "      PendingWindowInDays: 30\n",
    "",
    "17:3 Resources.Key: is a key without a written deletion",
  ],
  ["key-deletion-window", "PendingWindowInDays: 30", "PendingWindowInDays: 3", "17:3 Resources.Key: is a key without"],
  [
    "key-rotation",
    "EnableKeyRotation: true",
    "EnableKeyRotation: false",
    "17:3 Resources.Key: is a key without written rotation",
  ],
  ["key-rotation", "      RotationPeriodInDays: 365\n", "", "17:3 Resources.Key: is a key without written rotation"],
  [
    "key-rotation",
    "EnableKeyRotation: true",
    "EnableKeyRotation: true\n      KeySpec: RSA_2048",
    "AWS KMS cannot rotate",
  ],
  [
    "key-lockout-check",
    "EnableKeyRotation: true",
    "EnableKeyRotation: true\n      BypassPolicyLockoutSafetyCheck: false",
    "lock everybody",
  ],
  ["alias-names", "alias/${KeyName}", "alias/aws/${KeyName}", "38:7 Resources.Alias.Properties.AliasName: is no name"],
  ["alias-names", '!Sub "alias/${KeyName}"', "!Join [/, [alias, x]]", "is no name that an alias"],
  [
    "policies-readable",
    'Action: "kms:*"',
    'Action: !Sub "kms:${KeyName}"',
    "29:13 Resources.Key.Properties.KeyPolicy.Statement.0: has actions",
  ],
  ["policies-readable", `Principal: ${principal}`, "Principal: !Ref KeyName", "has principals that cannot be read"],
  [
    "policies-readable",
    "Effect: Allow\n                Action",
    "Effect: !Ref KeyName\n                Action",
    "has no Effect",
  ],
  [
    "policies-readable",
    'Action: "kms:*"',
    'Action: "kms:*"\n            NotAction: []',
    "has not exactly one of Action",
  ],
  [
    "policies-readable",
    "Name: !If [IsHome",
    `Policy: '{"Statement": []}'\n      Name: !If [IsHome`,
    "60:7 Resources.Bus.Properties.Policy: is a policy as text",
  ],
  ["no-everybody", principal, '"*"', "29:13 Resources.Key.Properties.KeyPolicy.Statement.0: allows everybody"],
  ["no-everybody", principal, '{AWS: ["*"]}', "allows everybody"],
  ["no-everybody", principal, '!If [IsHome, {AWS: "*"}, {Service: x.amazonaws.com}]', "allows everybody"],
  [
    "no-everybody",
    principal,
    '{AWS: "*"}\n            Condition: {StringEqualsIfExists: {"aws:PrincipalOrgID": o-a}}',
    "allows everyb",
  ],
  [
    "no-everybody",
    principal,
    '{AWS: "*"}\n            Condition: {StringLike: {"aws:PrincipalOrgID": "*"}}',
    "allows everybody",
  ],
  [
    "no-everybody",
    principal,
    '{AWS: "*"}\n            Condition: {StringEquals: {"aws:UserAgent": "x"}}',
    "allows everybody",
  ],
  ["no-everybody", `Principal: ${principal}`, "NotPrincipal: {AWS: x}", "allows everybody"],
  [
    "no-everybody",
    "AWS::Events::EventBus\n    Properties:",
    'AWS::Lambda::Permission\n    Properties:\n      Principal: "*"',
    "59:5 Resources.Bus.Properties: allows everybody",
  ],
  [
    "no-use-of-every-key",
    using,
    'Resource: "*"',
    "Resources.Role.Properties.Policies.0.PolicyDocument.Statement.0: allows kms:Decrypt and others on every key",
  ],
  [
    "no-use-of-every-key",
    using,
    'Resource: !Sub "arn:${AWS::Partition}:kms:*:*:key/*"',
    "allows kms:Decrypt and others",
  ],
  [
    "no-use-of-every-key",
    `["kms:Decrypt", "kms:GenerateDataKey"]\n                ${using}`,
    '"*"\n                Resource: ["*"]',
    "on every key",
  ],
  [
    "no-use-of-every-key",
    `Action: ["kms:Decrypt", "kms:GenerateDataKey"]\n                ${using}`,
    'NotAction: "iam:*"\n                Resource: "*"',
    "on every key",
  ],
  [
    "no-use-of-every-key",
    "RoleName: KeyUser",
    'RoleName: KeyUser\n      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"]',
    "attaches AdministratorAccess",
  ],
  ["no-users", "AWS::Events::EventBus", "AWS::IAM::User", "58:5 Resources.Bus.Type: is of type AWS::IAM::User"],
  [
    "no-users",
    "AWS::Events::EventBus",
    "AWS::IAM::AccessKey",
    "58:5 Resources.Bus.Type: is of type AWS::IAM::AccessKey",
  ],
  [
    "kept-names",
    "RoleName: KeyUser",
    "RoleName: orgkeysdeploy",
    "44:7 Resources.Role.Properties.RoleName: is named orgkeysdeploy",
  ],
  [
    "kept-names",
    "RoleName: KeyUser",
    "RoleName: stacksets-exec-0123",
    "is named stacksets-exec-0123, and stacksets-exec-* is kept",
  ],
  [
    "kept-names",
    "RoleName: KeyUser",
    'RoleName: !Sub "${AWS::Region}Deploy"',
    "is named ${AWS::Region}Deploy, and OrgKeysDeploy is",
  ],
  ["kept-names", "RoleName: KeyUser", 'RoleName: !Join ["", [OrgKeys, Deploy]]', "is a name that cannot be told"],
  [
    "kept-names",
    "AWS::Events::EventBus\n    Properties:",
    "AWS::IAM::Policy\n    Properties:\n      Roles: [OrgKeysAudit]",
    "60:15 Resources.Bus.Properties.Roles.0: is named OrgKeysAudit",
  ],
  [
    "kept-names",
    "AWS::Events::EventBus\n    Properties:",
    'AWS::Events::EventBusPolicy\n    Properties:\n      EventBusName: !Sub "orgkeys-${KeyName}-key-events"',
    "is named orgkeys-",
  ],
  ["added-names", "  Bus:\n", "  OrgkeysBus:\n", "57:3 Resources.OrgkeysBus: is a name that is added"],
  [
    "template-size",
    "Description: A key",
    `Metadata: {Text: "${"<".repeat(8_400)}"}\nDescription: A key`,
    "1:1 : has 5",
  ],
  [
    "template-size",
    "Description: A key",
    `Description: ${"A key ".repeat(200)}`,
    "2:1 Description: has more than 1,024 bytes",
  ],
  [
    "template-counts",
    afterResources,
    `${afterResources}${many(500, (index) => `  Topic${index}: {Type: AWS::SNS::Topic}`)}`,
    "16:1 Resources: has 504",
  ],
  [
    "template-counts",
    afterResources,
    `Metadata:\n${many(61, (index) => `  P${index}: "\\{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:k${index}}}"`)}${afterResources}`,
    "has 61",
  ],
  [
    "key-policy-size",
    "Sid: Account",
    `Sid: ${"Account".repeat(4_700)}`,
    "26:7 Resources.Key.Properties.KeyPolicy: has 33,082",
  ],
];

describe("a template is held against rules", () => {
  test("and a sound one breaks none", () => {
    expect(flawsOf(sound)).toEqual([]);
  });

  test.each(cases.map(([rule, from, to, flaw]) => [rule, flaw, from, to]))("%s: %s", (rule, flaw, from, to) => {
    const text = edited(from, to);
    expect(flawsOf(text).join("\n")).toContain(flaw);
    expect(broken(text.replaceAll("\\{{", "{{"), { KeyName: "orders" })).toContain(rule);
  });

  test.each([
    [
      "a grant with a condition",
      'Action: "kms:CreateGrant"\n                Resource: "*"\n                Condition: {Bool: {"kms:GrantIsForAWSResource": true}}',
    ],
    [
      "keys of this account",
      'Action: "kms:Decrypt"\n                Resource: !Sub "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"',
    ],
    [
      "what is denied again",
      'Action: "*"\n                Resource: "*"\n              - Effect: Deny\n                Action: ["kms:*"]\n                Resource: "*"',
    ],
    ["other services", 'Action: "s3:*"\n                Resource: "*"'],
  ])("that leave alone %s", (_, to) => {
    expect(flawsOf(edited(`Action: ["kms:Decrypt", "kms:GenerateDataKey"]\n                ${using}`, to))).toEqual([]);
  });

  test("that take a condition which an account may not have for none", () => {
    const everybody = (condition: string): string =>
      edited(principal, `{AWS: "*"}\n            Condition: ${condition}`);
    const own = '{StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}';
    expect(flawsOf(everybody(own))).toEqual([]);
    expect(flawsOf(everybody(`!If [IsHome, ${own}, ${own}]`))).toEqual([]);
    expect(flawsOf(everybody(`!If [IsHome, ${own}, !Ref "AWS::NoValue"]`)).join()).toContain("allows everybody");
  });

  test("that take a denial which an account may not have for none", () => {
    const denied =
      'Action: "kms:*"\n                Resource: "*"\n              - !If [IsHome, {Effect: Deny, Action: "kms:*", Resource: "*"}, !Ref "AWS::NoValue"]';
    const text = edited(`Action: ["kms:Decrypt", "kms:GenerateDataKey"]\n                ${using}`, denied);
    expect(flawsOf(text).join()).toContain("allows kms:Decrypt and others on every key");
  });

  test("that advise what keeps to one zone in place of everybody", () => {
    const told = renderTemplate({ text: edited(principal, '{AWS: "*"}'), name: "own-key" }, {}, { KeyName: "orders" });
    expect("flaws" in told && told.flaws.map(({ fix }) => fix)).toEqual([
      "name principals, or add StringEquals aws:PrincipalAccount or ForAnyValue:StringLike aws:PrincipalOrgPaths of the zone",
    ]);
  });

  test("that look into the values of parameters as well", () => {
    expect(flawsOf(edited('"[a-z-]+"', '".*"'), { KeyName: "{{resolve:ssm:name}}" })).toEqual([
      "4:3 Parameters.KeyName: reads a value from the account while it is deployed",
    ]);
  });

  const boundary = `Resources:
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}
`;

  test("that leave a permissions boundary alone, which gives nothing, until somebody attaches it", () => {
    const bounded = edited("RoleName: KeyUser", "RoleName: KeyUser\n      PermissionsBoundary: !Ref Limit").replace(
      "Resources:\n",
      () => boundary,
    );
    expect(flawsOf(bounded)).toEqual([]);
    const attached = bounded.replace(
      "PermissionsBoundary",
      "ManagedPolicyArns: [!Ref Limit]\n      PermissionsBoundary",
    );
    expect(flawsOf(attached).join()).toContain("allows kms:Decrypt and others on every key");
  });

  test("each of which has a case", () => {
    const held = new Set(cases.map(([rule]) => rule));
    expect(templateRules.map(({ id }) => id).filter((id) => !held.has(id))).toEqual([]);
  });
});
