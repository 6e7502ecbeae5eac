import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/break-glass-destroys";
import { type Json, outputOf } from "./sample-output";
import {
  adding,
  asText,
  both,
  consumer,
  type Edit,
  found,
  ledger,
  onPolicy,
  onResource,
  onStatement,
  small,
  withoutStatement,
} from "./small-output";

const role = (name: string): string => `arn:aws:iam::${ledger.account}:role/${name}`;
const root = `arn:aws:iam::${ledger.account}:root`;
const breakGlass = role("KeyBreakGlass");
const replica = { stack: ledger.stack, key: ledger.replica };

const to = (principal: Json, more: Json = {}): Edit =>
  adding(ledger, { Principal: { AWS: principal }, Action: "kms:DisableKey", ...more });
const destroys = (who: string, what = "DisableKey"): string =>
  `statement Extra ${who}: lets ${who} destroy the key (${what}), and the zone leaves that to role/KeyBreakGlass`;

const all = "DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion";
const loose = (what = all): string =>
  `${root}: no Deny keeps ${what} from everybody in the account but role/KeyBreakGlass`;
const onDeny = (change: (statement: Json) => void): Edit => onStatement(ledger, "OnlyBreakGlassDestroys", change);
const onCondition = (condition: Json): Edit =>
  onDeny((statement) => {
    statement.Condition = condition;
  });

describe("break-glass-destroys", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string]>([
    ["an administrator", to(role("KeyAdministrator")), destroys(role("KeyAdministrator"))],
    ["the deploy role", to(role("OrgKeysDeploy")), destroys(role("OrgKeysDeploy"))],
    ["a user of another account", to(ledger.user), destroys(ledger.user)],
    [
      "the break-glass role of another account",
      to(`arn:aws:iam::${consumer.account}:role/KeyBreakGlass`),
      destroys(`arn:aws:iam::${consumer.account}:role/KeyBreakGlass`),
    ],
    ["a role like the break-glass role", to(role("keybreakglass")), destroys(role("keybreakglass"))],
    ["another whole account", to(consumer.account), destroys(`account ${consumer.account}`)],
    [
      "everybody",
      adding(ledger, { Principal: "*", Action: "kms:ScheduleKeyDeletion" }),
      destroys("everybody", "ScheduleKeyDeletion"),
    ],
    [
      "everybody but one",
      adding(ledger, { NotPrincipal: { AWS: root }, Action: "kms:DisableKey" }),
      destroys(`everybody but ${root}`),
    ],
    [
      "an AWS service",
      adding(ledger, { Principal: { Service: "sns.amazonaws.com" }, Action: "kms:DisableKey" }),
      destroys("sns.amazonaws.com"),
    ],
    ["a list of two", to([breakGlass, role("app")]), destroys(role("app"))],
    ["every action", to(role("app"), { Action: "kms:*" }), destroys(role("app"), all)],
    ["every action of AWS", to(role("app"), { Action: "*" }), destroys(role("app"), all)],
    ["a wildcard", to(role("app"), { Action: "kms:disable*" }), destroys(role("app"))],
    [
      "question marks",
      to(role("app"), { Action: "kms:ScheduleKey????????" }),
      destroys(role("app"), "ScheduleKeyDeletion"),
    ],
    ["NotAction", to(role("app"), { NotAction: "kms:D*" }), destroys(role("app"), "ScheduleKeyDeletion")],
    [
      "a condition",
      to(role("app"), { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      destroys(role("app")),
    ],
    ["a policy as text", both(to(role("app")), asText(ledger)), destroys(role("app"))],

    ["no Deny", withoutStatement(ledger, "OnlyBreakGlassDestroys"), loose()],
    [
      "a Deny that allows",
      onDeny((statement) => {
        statement.Effect = "Allow";
      }),
      loose(),
    ],
    [
      "a Deny of one action less",
      onDeny((statement) => {
        statement.Action = ["kms:DisableKey", "kms:DeleteImported*"];
      }),
      loose("ScheduleKeyDeletion"),
    ],
    [
      "a Deny of everything else",
      onDeny((statement) => {
        statement.NotAction = statement.Action;
        statement.Action = undefined;
      }),
      loose(),
    ],
    [
      "a Deny for one role",
      onDeny((statement) => {
        statement.Principal = { AWS: role("KeyAdministrator") };
      }),
      loose(),
    ],
    [
      "a Deny for another account",
      onDeny((statement) => {
        statement.Principal = { AWS: consumer.account };
      }),
      loose(),
    ],
    [
      "a Deny by NotPrincipal",
      onDeny((statement) => {
        statement.NotPrincipal = { AWS: [breakGlass, root] };
        statement.Principal = undefined;
        statement.Condition = undefined;
      }),
      loose(),
    ],
    [
      "a Deny for a service",
      onDeny((statement) => {
        statement.Principal = { Service: "sns.amazonaws.com" };
      }),
      loose(),
    ],
    [
      "a Deny for a deleted role",
      onDeny((statement) => {
        statement.Principal = { AWS: "AROAEXAMPLEID12345678" };
      }),
      loose(),
    ],
    [
      "a Deny on another key",
      onDeny((statement) => {
        statement.Resource = `arn:aws:kms:us-east-1:${ledger.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
      }),
      loose(),
    ],
    [
      "a Deny on no key",
      onDeny((statement) => {
        statement.NotResource = "*";
        statement.Resource = undefined;
      }),
      loose(),
    ],
    [
      "a Deny that cannot be read",
      onDeny((statement) => {
        statement.Comment = "x";
      }),
      loose(),
    ],
    [
      "one more exception",
      onDeny((statement) => {
        statement.Condition.ArnNotEquals["aws:PrincipalArn"].push(role("app"));
      }),
      loose(),
    ],
    ["another exception", onCondition({ ArnNotEquals: { "aws:PrincipalArn": role("app") } }), loose()],
    ["an exception for a pattern", onCondition({ ArnNotLike: { "aws:PrincipalArn": `${role("Key")}*` } }), loose()],
    ["an exception for the root user", onCondition({ StringNotEquals: { "aws:PrincipalArn": root } }), loose()],
    [
      "an exception for a variable",
      onCondition({ ArnNotEquals: { "aws:PrincipalArn": "$${aws:PrincipalArn}" } }),
      loose(),
    ],
    ["the operator turned around", onCondition({ ArnEquals: { "aws:PrincipalArn": breakGlass } }), loose()],
    ["an operator of sets", onCondition({ "ForAnyValue:ArnNotEquals": { "aws:PrincipalArn": breakGlass } }), loose()],
    ["another condition key", onCondition({ StringNotEquals: { "aws:userid": "AROAEXAMPLEID12345678" } }), loose()],
    [
      "one more operator",
      onDeny((statement) => {
        statement.Condition.Bool = { "aws:MultiFactorAuthPresent": "false" };
      }),
      loose(),
    ],
    [
      "one more key",
      onDeny((statement) => {
        statement.Condition.ArnNotEquals["aws:SourceArn"] = "arn:aws:s3:::x";
      }),
      loose(),
    ],
    ["another condition key with the ARN", onCondition({ ArnNotEquals: { "aws:SourceArn": breakGlass } }), loose()],
    ["an exception by tags", onCondition({ StringNotEquals: { "aws:PrincipalTag/glass": "broken" } }), loose()],
    [
      "no policy",
      onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
        key.policy = undefined;
      }),
      "policy: the key policy is missing or cannot be read, so that nobody can tell who destroys the key",
    ],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([`${ledger.at} ${finding}`]);
  });

  test("finds a replica without the Deny", () => {
    expect(found(check, withoutStatement(replica, "OnlyBreakGlassDestroys")(small))).toEqual([
      `${ledger.replicaAt} ${loose()}`,
    ]);
  });

  test.each<[string, Edit]>([
    ["one more action of the break-glass role", to(breakGlass, { Action: "kms:Disable*" })],
    ["the account's IAM behind the Deny", to(root, { Action: "kms:ScheduleKeyDeletion" })],
    ["the account's IAM by its id", to(ledger.account)],
    ["what is no destruction", to(role("KeyAdministrator"), { Action: ["kms:CancelKeyDeletion", "kms:EnableKey"] })],
    ["one more Deny", to(ledger.user, { Effect: "Deny" })],
    [
      "the Deny for everybody",
      onDeny((statement) => {
        statement.Principal = "*";
      }),
    ],
    [
      "the Deny for everybody of AWS",
      onDeny((statement) => {
        statement.Principal = { AWS: ["*"] };
      }),
    ],
    [
      "the Deny for the account's id",
      onDeny((statement) => {
        statement.Principal = { AWS: ledger.account };
      }),
    ],
    [
      "the Deny for one principal more",
      onDeny((statement) => {
        statement.Principal.AWS.push(consumer.account);
      }),
    ],
    [
      "the Deny of more",
      onDeny((statement) => {
        statement.Action = ["kms:D*", "kms:schedule*"];
      }),
    ],
    [
      "the Deny by NotAction",
      onDeny((statement) => {
        statement.NotAction = ["kms:Describe*", "s3:*"];
        statement.Action = undefined;
      }),
    ],
    [
      "the Deny without an exception",
      onDeny((statement) => {
        statement.Condition = undefined;
      }),
    ],
    ["another operator", onCondition({ StringNotLike: { "AWS:principalarn": breakGlass } })],
    ["an operator with IfExists", onCondition({ ArnNotLikeIfExists: { "aws:PrincipalArn": [breakGlass] } })],
    [
      "the Deny in two statements",
      both(
        onDeny((statement) => {
          statement.Action = "kms:DisableKey";
        }),
        adding(ledger, {
          Effect: "Deny",
          Principal: { AWS: root },
          Action: ["kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial"],
          Condition: { ArnNotEquals: { "aws:PrincipalArn": breakGlass } },
        }),
      ),
    ],
    ["a policy as text", asText(ledger)],
    [
      "statements in another order",
      onPolicy(ledger, (policy) => {
        policy.Statement.reverse();
      }),
    ],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
