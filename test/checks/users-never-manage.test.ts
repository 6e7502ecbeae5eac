import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/users-never-manage";
import { type Json, outputOf } from "./sample-output";
import {
  adding,
  asText,
  both,
  consumer,
  type Edit,
  found,
  ledger,
  onResource,
  onStatement,
  records,
  shared,
  small,
  withoutStatement,
} from "./small-output";

const role = (name: string, account: string = ledger.account): string => `arn:aws:iam::${account}:role/${name}`;
const to = (principal: Json, more: Json = {}): Edit =>
  adding(ledger, { Principal: { AWS: principal }, Action: "kms:PutKeyPolicy", ...more });
const manages = (who: string, what = "PutKeyPolicy"): string =>
  `statement Extra ${who}: lets ${who} manage the key (${what}), and who uses a key never manages it`;
const grants = (who: string): string =>
  `statement Extra ${who}: lets ${who} create grants for others than AWS services and users of the zone that the statement writes out`;
const creates = (condition: Json, principal: Json = ledger.user): Edit =>
  to(principal, { Action: "kms:CreateGrant", Condition: condition });
const written = {
  StringEquals: { "kms:GranteePrincipal": role("batch", consumer.account) },
  "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "DescribeKey"] },
};

describe("users-never-manage", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string]>([
    ["a user who writes the policy", to(ledger.user), manages(ledger.user)],
    [
      "a user's session",
      to(`arn:aws:sts::${consumer.account}:assumed-role/ledger/x`),
      manages(`arn:aws:sts::${consumer.account}:assumed-role/ledger/x`),
    ],
    ["other letters", to(ledger.user, { Action: "KMS:putkeypolicy" }), manages(ledger.user)],
    ["a wildcard", to(ledger.user, { Action: "kms:Tag*" }), manages(ledger.user, "TagResource")],
    ["destruction", to(ledger.user, { Action: "kms:DisableKey" }), manages(ledger.user, "DisableKey")],
    ["imports", to(ledger.user, { Action: "kms:ImportKeyMaterial" }), manages(ledger.user, "ImportKeyMaterial")],
    [
      "replication",
      to(ledger.user, {
        Action: "kms:ReplicateKey",
        Condition: { StringEquals: { "kms:ReplicaRegion": "us-west-2" } },
      }),
      manages(ledger.user, "ReplicateKey"),
    ],
    ["revoking grants", to(ledger.user, { Action: "kms:RevokeGrant" }), manages(ledger.user, "RevokeGrant")],
    [
      "a condition that may hold",
      to(ledger.user, { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      manages(ledger.user),
    ],
    [
      "a user whom the same statement makes one",
      to(role("app", consumer.account), { Action: ["kms:Decrypt", "kms:ReplicateKey"] }),
      manages(role("app", consumer.account), "ReplicateKey"),
    ],
    [
      "a user who manages by NotAction",
      to(ledger.user, {
        NotAction: [
          "kms:[A-Z]*",
          "kms:C*",
          "kms:D*",
          "kms:E*",
          "kms:G*",
          "kms:I*",
          "kms:Re*",
          "kms:Ro*",
          "kms:S*",
          "kms:T*",
          "kms:U*",
          "kms:V*",
        ],
      }),
      manages(ledger.user),
    ],
    [
      "the audit role",
      both(to(role("OrgKeysAudit")), to(role("OrgKeysAudit"), { Sid: "More", Action: "kms:Decrypt" })),
      manages(role("OrgKeysAudit")),
    ],
    [
      "a user that is a whole account",
      both(to(consumer.account), to(consumer.account, { Sid: "More", Action: "kms:Decrypt" })),
      manages(`account ${consumer.account}`),
    ],
    [
      "an AWS service",
      adding(ledger, { Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "kms:TagResource" }),
      manages("cloudtrail.amazonaws.com", "TagResource"),
    ],
    ["everybody", adding(ledger, { Principal: "*", Action: "kms:PutKeyPolicy" }), manages("everybody")],
    ["nobody knows who", to("AROAEXAMPLEID12345678"), manages("AROAEXAMPLEID12345678")],
    [
      "everything",
      to(ledger.user, { Action: "kms:*" }),
      `statement Extra ${ledger.user}: lets ${ledger.user} manage the key (CancelKeyDeletion, CreateAlias, DeleteAlias and 16 more), and who uses a key never manages it and create grants for others than AWS services and users of the zone that the statement writes out`,
    ],
    [
      "a Deny that holds only perhaps",
      both(
        to(ledger.user),
        to("*", { Sid: "Never", Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ),
      manages(ledger.user),
    ],

    ["any grant", creates(undefined), grants(ledger.user)],
    [
      "any grant by a stranger",
      creates(undefined, role("app", consumer.account)),
      grants(role("app", consumer.account)),
    ],
    [
      "any grant by a service",
      adding(ledger, { Principal: { Service: "sns.amazonaws.com" }, Action: "kms:CreateGrant" }),
      grants("sns.amazonaws.com"),
    ],
    ["any grant by a whole account", creates(undefined, consumer.account), grants(`account ${consumer.account}`)],
    [
      "grants for whom it may concern",
      creates({ BoolIfExists: { "kms:GrantIsForAWSResource": "true" } }),
      grants(ledger.user),
    ],
    [
      "grants for others than AWS",
      creates({ Bool: { "kms:GrantIsForAWSResource": ["true", "false"] } }),
      grants(ledger.user),
    ],
    [
      "grants of a written context",
      creates({ StringEquals: { "kms:EncryptionContext:app": "ledger" } }),
      grants(ledger.user),
    ],
    ["grants to written users, of anything", creates({ StringEquals: written.StringEquals }), grants(ledger.user)],
    [
      "written grants to anybody",
      creates({ "ForAllValues:StringEquals": written["ForAllValues:StringEquals"] }),
      grants(ledger.user),
    ],
    [
      "written grants to another zone",
      creates({ ...written, StringEquals: { "kms:GranteePrincipal": records.user } }),
      grants(ledger.user),
    ],
    [
      "written grants that can be passed on",
      creates({ ...written, "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt"] } }),
      grants(ledger.user),
    ],
    [
      "written grants to a manager",
      creates({ ...written, StringEquals: { "kms:GranteePrincipal": role("KeyAdministrator") } }),
      grants(ledger.user),
    ],

    [
      "no policy",
      onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
        key.policy = "{";
      }),
      "policy: the key policy is missing or cannot be read, so that nobody can tell whether users manage the key",
    ],
    [
      "a user whose use may be denied",
      both(
        to(role("x", consumer.account), { Action: ["kms:Decrypt", "kms:TagResource"] }),
        to("*", {
          Sid: "Never",
          Effect: "Deny",
          Action: "kms:Decrypt",
          Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } },
        }),
      ),
      manages(role("x", consumer.account), "TagResource"),
    ],
    [
      "a user by a grant alone",
      both(to(role("y", consumer.account)), (output) =>
        output.edit(ledger.stack, (json) => {
          json.resource.aws_kms_grant.extra = {
            grantee_principal: role("y", consumer.account),
            key_id: `\${aws_kms_key.${ledger.key}.key_id}`,
            operations: ["Decrypt"],
            provider: json.resource.aws_kms_key[ledger.key].provider,
          };
        }),
      ),
      manages(role("y", consumer.account)),
    ],
    ["a policy as text", both(to(ledger.user), asText(ledger)), manages(ledger.user)],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([`${ledger.at} ${finding}`]);
  });

  const throughIam = (user: string, what: string): string =>
    `${records.at} statement AccountRootAdministration ${user}: lets IAM policies of the account make ${user}, who uses the key, its manager (${what})`;
  const administering = "CancelKeyDeletion, CreateAlias, DeleteAlias and 9 more";
  const other = role("reports", records.account);
  test.each<[string, Edit, string[]]>([
    ["without the Deny", withoutStatement(records, "UsersNeverManage"), [throughIam(records.user, administering)]],
    [
      "with a Deny that leaves something out",
      onStatement(records, "UsersNeverManage", (statement) => {
        statement.Action = ["kms:*Key*", "kms:*Alias"];
      }),
      [throughIam(records.user, "TagResource and UntagResource")],
    ],
    [
      "with a Deny for another user",
      onStatement(records, "UsersNeverManage", (statement) => {
        statement.Condition = { ArnEquals: { "aws:PrincipalArn": other } };
      }),
      [throughIam(records.user, administering)],
    ],
    [
      "with a Deny that holds only perhaps",
      onStatement(records, "UsersNeverManage", (statement) => {
        statement.Condition.Bool = { "aws:SecureTransport": "true" };
      }),
      [throughIam(records.user, administering)],
    ],
    [
      "with a user whom the Deny does not know",
      adding(records, { Principal: { AWS: other } }),
      [throughIam(other, administering)],
    ],
    [
      "with a grantee whom the Deny does not know",
      (output) =>
        output.edit(records.stack, (json) => {
          const { provider } = json.resource.aws_kms_key[records.key];
          const key_id = `\${aws_kms_key.${records.key}.key_id}`;
          json.resource.aws_kms_grant = {
            extra: { grantee_principal: other, key_id, operations: ["Decrypt"], provider },
          };
        }),
      [throughIam(other, administering)],
    ],
    [
      "with a session as its user",
      adding(records, { Principal: { AWS: `arn:aws:sts::${records.account}:assumed-role/reports/x` } }),
      // Without the role's path, not even the Deny of destruction surely holds for it.
      [
        throughIam(
          `arn:aws:sts::${records.account}:assumed-role/reports/x`,
          "CancelKeyDeletion, CreateAlias, DeleteAlias and 12 more",
        ),
      ],
    ],
  ])("finds an account whose IAM could make users managers, %s", (_, edit, findings) => {
    expect(found(check, edit(small))).toEqual(findings);
  });

  const id = `${shared.key}_shop_shop-batch`;
  const granting = (change: (grant: Json) => void): Edit => onResource(shared.stack, "aws_kms_grant", id, change);
  test("finds a grant that can be passed on", () => {
    const edit = granting((grant) => grant.operations.push("CreateGrant"));
    expect(found(check, edit(small))).toEqual([
      `${shared.at} grant ${id} ${shared.grantee}: lets ${shared.grantee} grant what it has to anybody`,
    ]);
  });

  test.each<[string, Edit]>([
    ["more reading", to(ledger.user, { Action: ["kms:Describe*", "kms:GetPublicKey", "kms:ListGrants"] })],
    [
      "grants for AWS services, and their end",
      to(ledger.user, {
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Condition: { Bool: { "kms:GrantIsForAWSResource": true } },
      }),
    ],
    ["written grants to a user of the zone", creates(written)],
    [
      "a written grant to Auto Scaling",
      creates({
        ...written,
        ArnEquals: {
          "kms:GranteePrincipal": role(
            "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
            consumer.account,
          ),
        },
        StringEquals: undefined,
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt"] },
      }),
    ],
    ["a manager who manages", to(role("KeyAdministrator"), { Action: ["kms:ImportKeyMaterial", "kms:Tag*"] })],
    ["a manager who grants, which is administrators-never-use' question", creates(undefined, role("KeyAdministrator"))],
    ["somebody who manages and uses nothing, which is zone-managers' question", to(role("app", consumer.account))],
    ["administration that is denied", both(to(ledger.user), to("*", { Sid: "Never", Effect: "Deny" }))],
    [
      "a user of the account behind a wider Deny",
      onStatement(records, "UsersNeverManage", (statement) => {
        statement.Action = "kms:*";
        statement.Condition = { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${records.account}:role/rec*` } };
      }),
    ],
    [
      "a service-linked role of the account, whose IAM policy is AWS's own",
      adding(records, {
        Principal: {
          AWS: role("aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", records.account),
        },
      }),
    ],
    ["a user of another account", adding(ledger, { Principal: { AWS: role("report", consumer.account) } })],
    [
      "a grant to Auto Scaling that can be passed on",
      granting((grant) => {
        grant.operations.push("CreateGrant");
        grant.grantee_principal = role(
          "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
          consumer.account,
        );
      }),
    ],
    ["a grant that may be retired", granting((grant) => grant.operations.push("RetireGrant", "DescribeKey"))],
    ["a policy as text", asText(records)],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
