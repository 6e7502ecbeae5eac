import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/account-root-use";
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
  records,
  shared,
  small,
} from "./small-output";

const root = `arn:aws:iam::${records.account}:root`;
const to = (principal: Json, more: Json = {}): Edit => adding(records, { Principal: { AWS: principal }, ...more });

const lets = (who: string, what = "Decrypt"): string =>
  `${who}: lets ${who} use the key (${what}), and its data class regulated is administration-only`;
const own = lets(`account ${records.account}`);

/** A grant on the key, as a hand would add it. */
const granting =
  (grantee: string): Edit =>
  (output) =>
    output.edit(records.stack, (json) => {
      json.resource.aws_kms_grant = {
        extra: {
          grantee_principal: grantee,
          key_id: `\${aws_kms_key.${records.key}.key_id}`,
          operations: ["Decrypt"],
          provider: json.resource.aws_kms_key[records.key].provider,
        },
      };
    });

const dataClass =
  (name: string | undefined): Edit =>
  (output) =>
    output.edit(records.stack, (json) => {
      json["//"].orgkeys.keys[records.key].dataClass = name;
    });

describe("account-root-use", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string]>([
    [
      "everything for the account",
      onStatement(records, "AccountRootAdministration", (statement) => {
        statement.Action = "kms:*";
      }),
      `statement AccountRootAdministration ${lets(`account ${records.account}`, "CreateGrant, Decrypt, DeriveSharedSecret and 11 more")}`,
    ],
    ["the root's ARN", to(root), `statement Extra ${own}`],
    ["the account's id", to(records.account), `statement Extra ${own}`],
    ["the account in a list", to([records.user, root]), `statement Extra ${own}`],
    ["other letters", to(root, { Action: "kms:decrypt" }), `statement Extra ${own}`],
    ["a wildcard", to(root, { Action: "kms:Decr?pt" }), `statement Extra ${own}`],
    [
      "NotAction",
      to(root, { NotAction: ["kms:[!C]*", "kms:Decrypt"] }),
      `statement Extra ${lets(`account ${records.account}`, "CreateGrant, DeriveSharedSecret, Encrypt and 10 more")}`,
    ],
    [
      "grants",
      to(root, { Action: "kms:CreateGrant" }),
      `statement Extra ${lets(`account ${records.account}`, "CreateGrant")}`,
    ],
    [
      "a condition",
      to(root, { Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } } }),
      `statement Extra ${own}`,
    ],
    ["another account", to("210000000001"), `statement Extra ${lets("account 210000000001")}`],
    ["everybody", adding(records, { Principal: "*" }), `statement Extra ${lets("everybody")}`],
    [
      "everybody but one",
      adding(records, { NotPrincipal: { AWS: root } }),
      `statement Extra ${lets(`everybody but ${root}`)}`,
    ],
    [
      "all roles of the account",
      to(`arn:aws:iam::${records.account}:role/*`),
      `statement Extra ${lets(`arn:aws:iam::${records.account}:role/*`)}`,
    ],
    ["a grant to the account", granting(root), `grant extra ${own}`],
    ["a policy as text", both(to(root), asText(records)), `statement Extra ${own}`],
    [
      "no policy, which is AWS's default one",
      onResource(records.stack, "aws_kms_key", records.key, (key) => {
        key.policy = undefined;
      }),
      "policy: the key policy is missing or cannot be read, so that nobody can tell whether a whole account may use the key",
    ],
    [
      "a data class that the map does not have",
      dataClass("harmless"),
      "data class: the stack's metadata name data class harmless, which the map does not have, so that nobody can tell whether a whole account may use the key",
    ],
    [
      "no data class",
      dataClass(undefined),
      "data class: the stack's metadata name no data class, so that nobody can tell whether a whole account may use the key",
    ],
    [
      "a data class that asks for less than the key's tag",
      both(dataClass("confidential"), to(root)),
      "data class: the stack's metadata say data class confidential, and the key's tag DataClass says regulated",
    ],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([`${records.at} ${finding}`]);
  });

  test("finds it on a replica, by the data class of its primary", () => {
    const edit = (output: typeof small) =>
      output.edit(shared.stack, (json) => {
        json["//"].orgkeys.keys[shared.key].dataClass = "gone";
      });
    const why =
      "data class: the stack's metadata name data class gone, which the map does not have, so that nobody can tell whether a whole account may use the key";
    expect(found(check, edit(small))).toEqual([`${shared.at} ${why}`, `${shared.replicaAt} ${why}`]);
  });

  test.each<[string, Edit]>([
    [
      "everything for the account where the data class is full",
      adding(ledger, { Principal: { AWS: ledger.account }, Action: "kms:*" }),
    ],
    ["another account where the data class is full", adding(ledger, { Principal: { AWS: "210000000001" } })],
    ["administration for the account", to(root, { Action: ["kms:DisableKey*", "kms:Tag*", "kms:RetireGrant"] })],
    ["a role of the account", to(`arn:aws:iam::${records.account}:role/reports`)],
    ["an AWS service", adding(records, { Principal: { Service: "sns.amazonaws.com" } })],
    ["the id of a deleted role", to("AROAEXAMPLEID12345678")],
    ["a grant to a role", granting(records.user)],
    ["a Deny for the account", to(root, { Effect: "Deny" })],
    ["actions of other services", to(root, { Action: ["s3:*", "kms:ListAliases"] })],
    ["a policy as text", asText(records)],
    [
      "a key without tags",
      onResource(records.stack, "aws_kms_key", records.key, (key) => {
        key.tags = undefined;
      }),
    ],
    [
      "statements in another order",
      onPolicy(records, (policy) => {
        policy.Statement.reverse();
      }),
    ],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
