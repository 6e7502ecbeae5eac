import { type EvaluationCase, other, owner } from "../decide";
import type { Json } from "../oracle/policy-cases";
import { anything, crypto, foreignRole, from, named, organizations, role, root } from "./common";

const perimeter: Json = {
  Sid: "EnforceOrgIdentities",
  Effect: "Deny",
  Principal: "*",
  Action: ["kms:*"],
  Resource: "*",
  Condition: {
    StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
    BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
  },
};
const deputy: Json = {
  Sid: "EnforceConfusedDeputyProtection",
  Effect: "Deny",
  Principal: "*",
  Action: ["kms:*"],
  Resource: "*",
  Condition: {
    StringNotEqualsIfExists: { "aws:SourceOrgID": "o-a1b2c3d4e5" },
    Null: { "aws:SourceAccount": "false" },
    Bool: { "aws:PrincipalIsAWSService": "true" },
  },
};
const logs = {
  Effect: "Allow",
  Principal: { Service: "logs.us-west-2.amazonaws.com" },
  Action: "kms:*",
  Resource: "*",
};
const linked = `arn:aws:iam::${other}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
export const resourceControl: readonly EvaluationCase[] = [
  ...from(`${organizations}/orgs_manage_policies_rcps_examples.html`, [
    {
      name: "a principal of the organization",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: named(foreignRole, crypto),
      identity: [anything],
      resourceControl: [[perimeter]],
      context: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"], "aws:PrincipalIsAWSService": ["false"] },
      expected: "allowed",
    },
    {
      name: "a principal of another organization, whatever the key policy says",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: named(foreignRole, crypto),
      identity: [anything],
      resourceControl: [[], [perimeter], []],
      context: { "aws:PrincipalOrgID": ["o-zzzzzzzzzz"], "aws:PrincipalIsAWSService": ["false"] },
      expected: "denied",
    },
    {
      name: "a principal of no organization",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: named(foreignRole, crypto),
      identity: [anything],
      resourceControl: [[perimeter]],
      context: { "aws:PrincipalIsAWSService": ["false"] },
      expected: "denied",
    },
    {
      name: "the perimeter for identities lets AWS services pass",
      principal: "logs.us-west-2.amazonaws.com",
      action: "kms:Decrypt",
      keyPolicy: logs,
      resourceControl: [[perimeter]],
      context: { "aws:PrincipalIsAWSService": ["true"] },
      expected: "allowed",
    },
    {
      name: "a service that acts for a resource of another organization",
      principal: "logs.us-west-2.amazonaws.com",
      action: "kms:Decrypt",
      keyPolicy: logs,
      resourceControl: [[perimeter, deputy]],
      context: {
        "aws:PrincipalIsAWSService": ["true"],
        "aws:SourceAccount": [other],
        "aws:SourceOrgID": ["o-zzzzzzzzzz"],
      },
      expected: "denied",
    },
    {
      name: "a service that acts for a resource of the organization",
      principal: "logs.us-west-2.amazonaws.com",
      action: "kms:Decrypt",
      keyPolicy: logs,
      resourceControl: [[perimeter, deputy]],
      context: {
        "aws:PrincipalIsAWSService": ["true"],
        "aws:SourceAccount": [other],
        "aws:SourceOrgID": ["o-a1b2c3d4e5"],
      },
      expected: "allowed",
    },
  ]),
  ...from(`${organizations}/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps`, [
    {
      name: "no RCP reaches a service-linked role",
      principal: linked,
      action: "kms:Decrypt",
      keyPolicy: named(linked, crypto),
      identity: [anything],
      resourceControl: [[perimeter]],
      context: { "aws:PrincipalOrgID": ["o-zzzzzzzzzz"], "aws:PrincipalIsAWSService": ["false"] },
      expected: "allowed",
    },
    {
      name: "no RCP reaches kms:RetireGrant",
      principal: foreignRole,
      action: "kms:RetireGrant",
      keyPolicy: root(owner),
      grants: [{ grantee: linked, operations: ["Decrypt"], retiring: foreignRole }],
      resourceControl: [[perimeter]],
      context: { "aws:PrincipalOrgID": ["o-zzzzzzzzzz"], "aws:PrincipalIsAWSService": ["false"] },
      expected: "allowed",
    },
  ]),
];

const regions: Json = {
  Sid: "DenyAllOutsideEU",
  Effect: "Deny",
  NotAction: ["iam:*", "kms:Describe*"],
  Resource: "*",
  Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-central-1", "eu-west-1"] } },
};
export const serviceControl: readonly EvaluationCase[] = [
  ...from(`${organizations}/orgs_manage_policies_scps_evaluation.html`, [
    {
      name: "an Allow at every level",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything], [anything], [anything]],
      expected: "allowed",
    },
    {
      name: "an allow list at one level that leaves KMS out",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything], [{ Effect: "Allow", Action: ["s3:*", "ec2:*"], Resource: "*" }], [anything]],
      expected: "denied",
    },
    {
      name: "a Deny at one level",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything], [anything, { Effect: "Deny", Action: "kms:De*", Resource: "*" }]],
      expected: "denied",
    },
    {
      name: "the root user of a member account is reached",
      principal: `arn:aws:iam::${owner}:root`,
      action: "kms:Decrypt",
      keyPolicy: root(owner),
      serviceControl: [[anything, { Effect: "Deny", Action: "kms:*", Resource: "*" }]],
      expected: "denied",
    },
  ]),
  ...from(`${organizations}/orgs_manage_policies_scps_examples_general.html#example-scp-deny-region`, [
    {
      name: "outside of the Regions",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything, regions]],
      context: { "aws:RequestedRegion": ["us-west-2"] },
      expected: "denied",
    },
    {
      name: "outside of the Regions, with an action that is exempt",
      principal: role,
      action: "kms:DescribeKey",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything, regions]],
      context: { "aws:RequestedRegion": ["us-west-2"] },
      expected: "allowed",
    },
    {
      name: "in an unknown Region",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(role, crypto),
      serviceControl: [[anything, regions]],
      context: { "aws:RequestedRegion": "unknown" },
      expected: "unknown",
    },
  ]),
  ...from(`${organizations}/orgs_manage_policies_scps.html#not-restricted-by-scp`, [
    {
      name: "no SCP reaches a service-linked role",
      principal: linked,
      action: "kms:Decrypt",
      keyPolicy: named(linked, crypto),
      identity: [anything],
      serviceControl: [[anything, { Effect: "Deny", Action: "kms:*", Resource: "*" }]],
      expected: "allowed",
    },
  ]),
];
