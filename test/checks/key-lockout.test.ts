import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/key-lockout";
import { type Json, outputOf } from "./sample-output";
import {
  adding,
  asText,
  both,
  type Edit,
  found,
  ledger,
  onPolicy,
  onResource,
  onStatement,
  shared,
  small,
  withoutStatement,
} from "./small-output";

const role = (name: string): string => `arn:aws:iam::${ledger.account}:role/${name}`;
const root = `arn:aws:iam::${ledger.account}:root`;
const on = (sid: string, change: (statement: Json) => void): Edit => onStatement(ledger, sid, change);
const denying = (action: Json, more: Json = {}): Edit =>
  adding(ledger, { Effect: "Deny", Principal: "*", Action: action, ...more });
const onKey = (change: (key: Json) => void): Edit => onResource(ledger.stack, "aws_kms_key", ledger.key, change);
const without = (sid: string): Edit => withoutStatement(ledger, sid);

const lost = (who: string, arn: string, what: string): string =>
  `${arn}: locks the ${who} out of ${what}: no Allow gives it by name and without condition, or a Deny may apply`;
const administrator = (what: string): string => lost("administrator", role("KeyAdministrator"), what);
const deploy = (what: string): string => lost("deploy role", role("OrgKeysDeploy"), what);
const audit = (what: string): string => lost("audit role", role("OrgKeysAudit"), what);
const breakGlass = (what: string): string => lost("break-glass role", role("KeyBreakGlass"), what);
const account = lost("account root", root, "PutKeyPolicy");

const bypass =
  "bypass_policy_lockout_safety_check: bypass_policy_lockout_safety_check lets AWS KMS take a policy that locks its own author out";

describe("key-lockout", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string[]]>([
    ["no administrators", without("Administrators"), [administrator("DescribeKey, GetKeyPolicy and PutKeyPolicy")]],
    ["no deploy role", without("Deploy"), [deploy("CreateAlias, DeleteAlias, DescribeKey and 12 more")]],
    ["no audit role", without("Audit"), [audit("DescribeKey, GetKeyPolicy, GetKeyRotationStatus and 2 more")]],
    [
      "no break-glass role",
      without("BreakGlass"),
      [breakGlass("CancelKeyDeletion, DeleteImportedKeyMaterial, DisableKey and 2 more")],
    ],
    ["no account root", without("AccountRootAdministration"), [account]],
    [
      "one action less",
      on("Deploy", (statement) => {
        statement.Action = statement.Action.filter((action: string) => action !== "kms:TagResource");
      }),
      [deploy("TagResource")],
    ],
    [
      "a deploy role of another name",
      on("Deploy", (statement) => {
        statement.Principal.AWS = role("Terraform");
      }),
      [deploy("CreateAlias, DeleteAlias, DescribeKey and 12 more")],
    ],
    [
      "a deploy role that is only the account's",
      on("Deploy", (statement) => {
        statement.Principal.AWS = root;
      }),
      [deploy("CreateAlias, DeleteAlias, DescribeKey and 12 more")],
    ],
    [
      "a deploy role with a path that it may not have",
      on("Deploy", (statement) => {
        statement.Principal.AWS = role("ci/OrgKeysDeploy");
      }),
      [deploy("CreateAlias, DeleteAlias, DescribeKey and 12 more")],
    ],
    [
      "a condition",
      on("Administrators", (statement) => {
        statement.Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
      }),
      [administrator("DescribeKey, GetKeyPolicy and PutKeyPolicy")],
    ],
    [
      "a condition that holds today",
      on("AccountRootAdministration", (statement) => {
        statement.Condition = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
      }),
      [account],
    ],
    [
      "an Allow on another key",
      on("Audit", (statement) => {
        statement.Resource = "arn:aws:kms:us-east-1:100000000001:key/1234";
      }),
      [audit("DescribeKey, GetKeyPolicy, GetKeyRotationStatus and 2 more")],
    ],
    [
      "an Allow that cannot be read",
      on("Administrators", (statement) => {
        statement.Comment = "x";
      }),
      [administrator("DescribeKey, GetKeyPolicy and PutKeyPolicy")],
    ],
    [
      "NotAction",
      on("Administrators", (statement) => {
        statement.Action = undefined;
        statement.NotAction = "kms:Put*";
      }),
      [administrator("PutKeyPolicy")],
    ],
    [
      "NotPrincipal",
      on("Administrators", (statement) => {
        statement.Principal = undefined;
        statement.NotPrincipal = { AWS: ledger.user };
        statement.Action = "kms:DescribeKey";
      }),
      [administrator("GetKeyPolicy and PutKeyPolicy")],
    ],

    [
      "a Deny for everybody",
      denying("kms:PutKeyPolicy"),
      [account, administrator("PutKeyPolicy"), deploy("PutKeyPolicy")],
    ],
    [
      "a Deny for the account",
      denying("kms:put*", { Principal: { AWS: ledger.account } }),
      [account, administrator("PutKeyPolicy"), deploy("PutKeyPolicy")],
    ],
    [
      "a Deny for one role",
      denying("kms:*", { Principal: { AWS: role("KeyBreakGlass") } }),
      [breakGlass("CancelKeyDeletion, DeleteImportedKeyMaterial, DisableKey and 2 more")],
    ],
    [
      "a Deny by NotAction",
      denying(undefined, { NotAction: "kms:[!C]*", Principal: { AWS: role("KeyAdministrator") } }),
      [administrator("DescribeKey, GetKeyPolicy and PutKeyPolicy")],
    ],
    [
      "a Deny by NotPrincipal",
      denying("kms:PutKeyPolicy", { Principal: undefined, NotPrincipal: { AWS: [root, role("KeyAdministrator")] } }),
      [deploy("PutKeyPolicy")],
    ],
    [
      "a Deny that may hold",
      denying("kms:PutKeyPolicy", { Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }),
      [account, administrator("PutKeyPolicy"), deploy("PutKeyPolicy")],
    ],
    [
      "a Deny for all but one",
      denying("kms:PutKeyPolicy", { Condition: { ArnNotEquals: { "aws:PrincipalArn": role("OrgKeysDeploy") } } }),
      [account, administrator("PutKeyPolicy")],
    ],
    [
      "a Deny of destruction for all",
      on("OnlyBreakGlassDestroys", (statement) => {
        statement.Condition = undefined;
      }),
      [breakGlass("DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion")],
    ],
    [
      "a Deny by the key's alias",
      denying("kms:TagResource", {
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/another" } },
      }),
      [deploy("TagResource")],
    ],
    [
      "a Deny that cannot be read",
      denying("kms:GetKeyPolicy", { Comment: "x", Principal: { AWS: role("OrgKeysAudit") } }),
      [audit("GetKeyPolicy")],
    ],
    [
      "a Deny that only requests for grants meet",
      denying("kms:RevokeGrant", { Condition: { Null: { "kms:GrantIsForAWSResource": "true" } } }),
      [deploy("RevokeGrant")],
    ],

    [
      "the bypass",
      onKey((key) => {
        key.bypass_policy_lockout_safety_check = true;
      }),
      [bypass],
    ],
    [
      "the bypass as text",
      onKey((key) => {
        key.bypass_policy_lockout_safety_check = "true";
      }),
      [bypass],
    ],
    [
      "the bypass as an expression",
      onKey((key) => {
        key.bypass_policy_lockout_safety_check = "${var.bypass}";
      }),
      [bypass],
    ],
    [
      "no policy",
      onKey((key) => {
        key.policy = undefined;
      }),
      ["policy: the key policy is missing or cannot be read, so that nobody can tell who is locked out"],
    ],
    [
      "an empty policy as text",
      onKey((key) => {
        key.policy = "{}";
      }),
      [
        "policy: a part of the key policy cannot be read, so that nobody can tell who is locked out",
        account,
        administrator("DescribeKey, GetKeyPolicy and PutKeyPolicy"),
        deploy("CreateAlias, DeleteAlias, DescribeKey and 12 more"),
        audit("DescribeKey, GetKeyPolicy, GetKeyRotationStatus and 2 more"),
        breakGlass("CancelKeyDeletion, DeleteImportedKeyMaterial, DisableKey and 2 more"),
      ],
    ],
    [
      "a statement that is neither Allow nor Deny",
      onPolicy(ledger, (policy) => {
        policy.Statement.push({ Effect: "DENY", Principal: "*", Action: "*", Resource: "*" });
      }),
      ["policy: a part of the key policy cannot be read, so that nobody can tell who is locked out"],
    ],
  ])("finds %s", (_, edit, findings) => {
    const lockouts = found(check, edit(small)).filter((finding) => !finding.includes("does not surely let"));
    expect(lockouts.sort()).toEqual(findings.map((finding) => `${ledger.at} ${finding}`).sort());
  });

  const grant = `${shared.key}_shop_shop-batch`;
  const createGrant = `${shared.at} grant ${grant}: does not surely let role/OrgKeysDeploy call CreateGrant for grant ${grant}`;
  const replicate = `${shared.at} aws_kms_replica_key.${shared.replica}: does not surely let role/OrgKeysDeploy call ReplicateKey for aws_kms_replica_key.${shared.replica}`;
  test.each<[string, Edit, string]>([
    ["a grant that the deploy role may not create", withoutStatement(shared, "DeployGrants"), createGrant],
    [
      "a grant to somebody else",
      onResource(shared.stack, "aws_kms_grant", grant, (each) => {
        each.grantee_principal = "arn:aws:iam::210000000001:role/other";
      }),
      createGrant,
    ],
    [
      "a grant of something else",
      onResource(shared.stack, "aws_kms_grant", grant, (each) => {
        each.operations.push("Encrypt");
      }),
      createGrant,
    ],
    [
      "a grant with another constraint",
      onResource(shared.stack, "aws_kms_grant", grant, (each) => {
        each.constraints[0] = { encryption_context_equals: { app: "shop" } };
      }),
      createGrant,
    ],
    [
      "a grant without its constraint",
      onResource(shared.stack, "aws_kms_grant", grant, (each) => {
        delete each.constraints;
      }),
      createGrant,
    ],
    [
      "a grant that may be denied",
      adding(shared, {
        Effect: "Deny",
        Principal: "*",
        Action: "kms:CreateGrant",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      createGrant,
    ],
    ["a replica that the deploy role may not make", withoutStatement(shared, "DeployReplicates"), replicate],
    [
      "a replica in another Region",
      onStatement(shared, "DeployReplicates", (statement) => {
        statement.Condition.StringEquals["kms:ReplicaRegion"] = "us-east-1";
      }),
      replicate,
    ],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([finding]);
    expect(edit(small).check([check])).toMatchObject([{ severity: "medium" }]);
  });

  test.each<[string, Edit]>([
    [
      "every action for the administrators",
      on("Administrators", (statement) => {
        statement.Action = "kms:*";
      }),
    ],
    [
      "NotAction for the administrators",
      on("Administrators", (statement) => {
        statement.Action = undefined;
        statement.NotAction = "kms:Decrypt";
      }),
    ],
    [
      "all duties in one statement",
      on("Deploy", (statement) => {
        statement.Principal.AWS.push(root, role("KeyAdministrator"));
      }),
    ],
    [
      "an action for a duty in two statements",
      both(
        on("Administrators", (statement) => {
          statement.Action = "kms:DescribeKey";
        }),
        adding(ledger, {
          Principal: { AWS: role("KeyAdministrator") },
          Action: ["kms:PutKeyPolicy", "KMS:getkeypolicy"],
        }),
      ),
    ],
    [
      "the account by its id",
      on("AccountRootAdministration", (statement) => {
        statement.Principal.AWS = ledger.account;
      }),
    ],
    ["a Deny of what nobody needs", denying(["kms:DisableKeyRotation", "kms:Decrypt", "kms:ImportKeyMaterial"])],
    ["a Deny for somebody else", denying("kms:*", { Principal: { AWS: ledger.user } })],
    [
      "a Deny that leaves them out",
      denying("kms:PutKeyPolicy", {
        Condition: { ArnNotLike: { "aws:PrincipalArn": [`${role("Key")}*`, `${role("OrgKeys")}*`, root] } },
      }),
    ],
    [
      "a Deny for another organization",
      denying("kms:*", { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } }),
    ],
    [
      "no bypass, written out",
      onKey((key) => {
        key.bypass_policy_lockout_safety_check = false;
      }),
    ],
    [
      "no bypass, as text",
      onKey((key) => {
        key.bypass_policy_lockout_safety_check = "false";
      }),
    ],
    [
      "a Deny of grants for AWS services",
      adding(shared, {
        Effect: "Deny",
        Principal: "*",
        Action: "kms:CreateGrant",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    ],
    ["a policy as text", asText(ledger)],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
