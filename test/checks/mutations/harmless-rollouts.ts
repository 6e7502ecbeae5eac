import { rolloutStack } from "../rollouts/rollout-output";
import type { Json } from "../sample-output";
import { type Harmless, onStack } from "./mutation";

function harmless(name: string, edit: (json: Json) => void): Harmless {
  return { name: `rollout: ${name}`, change: onStack(rolloutStack, edit) };
}

function inTemplate(name: string, id: string, edit: (template: Json) => void): Harmless {
  return harmless(name, (json) => edit(json.locals[`${id}-template`]));
}

const roles = "pci_access-roles";
const keys = "pci_baseline-keys";
const bus = "pci_key-events_bus";
const events = "pci_key-events";
const keyOf = (template: Json): Json => template.Resources.AccountDefault.Properties;

/** Edits of rollouts that breach nothing. */
export const harmlessRollouts: readonly Harmless[] = [
  inTemplate("another description", keys, (template) => {
    template.Description = "Keys that are there before anybody asks";
  }),
  inTemplate("metadata and outputs", keys, (template) => {
    template.Metadata = { Owner: "platform" };
    template.Outputs = { Key: { Value: { "Fn::GetAtt": ["AccountDefault", "Arn"] }, Export: { Name: "key" } } };
  }),
  inTemplate("one more tag", keys, (template) => keyOf(template).Tags.push({ Key: "Team", Value: "platform" })),
  inTemplate("numbers and booleans as texts", keys, (template) => {
    Object.assign(keyOf(template), {
      EnableKeyRotation: "true",
      PendingWindowInDays: "30",
      RotationPeriodInDays: "180",
    });
  }),
  inTemplate("the defaults of a key written out", keys, (template) => {
    Object.assign(keyOf(template), { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", Enabled: true });
  }),
  inTemplate("ARNs put together in another way", keys, (template) => {
    keyOf(template).KeyPolicy.Statement[0].Principal.AWS = {
      "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":iam::", { Ref: "AWS::AccountId" }, ":root"]],
    };
  }),
  inTemplate("a policy's lists as single texts", keys, (template) => {
    for (const statement of keyOf(template).KeyPolicy.Statement) statement.Resource = "*";
  }),
  inTemplate("an account of the zone may use the key", keys, (template) => {
    keyOf(template).KeyPolicy.Statement.push({
      Sid: "Reporting",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::310000000002:root" },
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/OrgKeys*", "arn:aws:iam::*:role/PciKey*"] },
      },
    });
  }),
  inTemplate("a service that acts for the account itself", keys, (template) => {
    keyOf(template).KeyPolicy.Statement.push({
      Sid: "Topics",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    });
  }),
  inTemplate("one more Deny", keys, (template) => {
    keyOf(template).KeyPolicy.Statement.push({
      Effect: "Deny",
      Principal: "*",
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  }),
  inTemplate("a stranger in a statement that no account gets", keys, (template) => {
    template.Conditions = { Never: { "Fn::Equals": ["a", "b"] } };
    keyOf(template).KeyPolicy.Statement.push({
      "Fn::If": [
        "Never",
        { Effect: "Allow", Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "kms:*", Resource: "*" },
        { Ref: "AWS::NoValue" },
      ],
    });
  }),
  inTemplate("a value by a parameter", bus, (template) => {
    template.Parameters.BusName = { Type: "String", Default: "orgkeys-pci-key-events" };
    template.Resources.Bus.Properties.Name = { Ref: "BusName" };
  }),
  inTemplate("one more account left out", roles, (template) => {
    const [{ "Fn::Or": excluded }] = template.Conditions.OrgkeysIncluded["Fn::Not"];
    excluded.push({ "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000002"] });
  }),
  inTemplate("a role's rights in a managed policy", roles, (template) => {
    const { Audit } = template.Resources;
    template.Resources.Reads = {
      Type: "AWS::IAM::ManagedPolicy",
      Condition: "OrgkeysIncluded",
      Properties: {
        ManagedPolicyName: "orgkeys-reads",
        PolicyDocument: Audit.Properties.Policies[0].PolicyDocument,
        Roles: [{ Ref: "Audit" }],
      },
    };
    Audit.Properties.Policies = [];
  }),
  inTemplate("the boundary by its ARN", roles, (template) => {
    template.Resources.Deploy.Properties.PermissionsBoundary = {
      "Fn::Sub": "arn:$${AWS::Partition}:iam::$${AWS::AccountId}:policy/orgkeys-boundary",
    };
  }),
  inTemplate("a boundary from elsewhere on a role without a duty", events, (template) => {
    template.Resources.Sender.Properties.PermissionsBoundary = {
      "Fn::Sub": "arn:$${AWS::Partition}:iam::$${AWS::AccountId}:policy/orgkeys-boundary",
    };
  }),
  harmless("a part of the zone", (json) => {
    const { deployment_targets: targets } = json.resource.aws_cloudformation_stack_instances[keys];
    targets.organizational_unit_ids = ["ou-ab12-31200000"];
  }),
  harmless("another account of the zone", (json) => {
    json.resource.aws_cloudformation_stack_instances[bus].deployment_targets.accounts = ["310000000002"];
  }),
  harmless("no automatic deployment", (json) => {
    json.resource.aws_cloudformation_stack_set[keys].auto_deployment = { enabled: false };
  }),
  harmless("more accounts at a time", (json) => {
    json.resource.aws_cloudformation_stack_set[keys].operation_preferences.max_concurrent_count = 20;
  }),
  harmless("the template as a text", (json) => {
    // Terraform's escapes stand in the local already.
    json.resource.aws_cloudformation_stack_set[keys].template_body = JSON.stringify(json.locals[`${keys}-template`]);
    delete json.locals[`${keys}-template`];
  }),
];
