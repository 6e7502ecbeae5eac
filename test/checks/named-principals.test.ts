import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/named-principals";
import { outputOf } from "./sample-output";
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
  small,
} from "./small-output";

const everybody = "allows everybody, and a condition is all that could stop them";
const own = { StringEquals: { "aws:PrincipalAccount": "210000000001" } };

describe("named-principals", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string]>([
    ["everybody as text", adding(ledger, { Principal: "*" }), `statement Extra *: ${everybody}`],
    ["everybody as AWS", adding(ledger, { Principal: { AWS: "*" } }), `statement Extra *: ${everybody}`],
    [
      "everybody in a list",
      adding(ledger, { Principal: { AWS: [ledger.user, "*"] } }),
      `statement Extra *: ${everybody}`,
    ],
    [
      "everybody bound by a condition",
      adding(ledger, { Principal: { AWS: "*" }, Condition: own }),
      `statement Extra *: ${everybody}`,
    ],
    [
      "everybody, allowed nothing on keys",
      adding(ledger, { Principal: "*", Action: "s3:GetObject" }),
      `statement Extra *: ${everybody}`,
    ],
    [
      "NotPrincipal",
      adding(ledger, { NotPrincipal: { AWS: ledger.user } }),
      `statement Extra NotPrincipal ${ledger.user}: allows everybody but those whom NotPrincipal names, in any account`,
    ],
    [
      "a wildcard in an ARN",
      adding(ledger, { Principal: { AWS: "arn:aws:iam::210000000001:role/*" } }),
      "statement Extra arn:aws:iam::210000000001:role/*: names arn:aws:iam::210000000001:role/*: AWS takes no wildcard in a principal, and nobody can tell whom it means",
    ],
    [
      "a deleted role",
      adding(ledger, { Principal: { AWS: "AROAEXAMPLEID12345678" } }),
      "statement Extra AROAEXAMPLEID12345678: names the unique id AROAEXAMPLEID12345678, which is what AWS leaves of a principal that was deleted",
    ],
    [
      "a deleted user",
      adding(ledger, { Principal: { AWS: ["AIDAEXAMPLEID12345678"] } }),
      "statement Extra AIDAEXAMPLEID12345678: names the unique id AIDAEXAMPLEID12345678, which is what AWS leaves of a principal that was deleted",
    ],
    [
      "an identity provider",
      adding(ledger, { Principal: { Federated: "cognito-identity.amazonaws.com" } }),
      "statement Extra Federated cognito-identity.amazonaws.com: names the sessions of identity provider cognito-identity.amazonaws.com, which are in any account and no role",
    ],
    [
      "a canonical user",
      adding(ledger, { Principal: { CanonicalUser: "79a59df900b949e5" } }),
      "statement Extra CanonicalUser 79a59df900b949e5: names a canonical user id, which AWS KMS does not know",
    ],
    [
      "any service",
      adding(ledger, { Principal: { Service: "*" } }),
      "statement Extra Service *: names *, which is no AWS service",
    ],
    [
      "a service under AWS",
      adding(ledger, { Principal: { AWS: "sns.amazonaws.com" } }),
      "statement Extra sns.amazonaws.com: names sns.amazonaws.com, which is no role, user or account",
    ],
    [
      "an identity provider's ARN",
      adding(ledger, { Principal: { AWS: "arn:aws:iam::210000000001:saml-provider/corp" } }),
      "statement Extra arn:aws:iam::210000000001:saml-provider/corp: names arn:aws:iam::210000000001:saml-provider/corp, which is no role, user or account",
    ],
    ["no principal at all", adding(ledger, {}), `statement Extra *: ${everybody}`],
    [
      "a statement without a Sid, by its number",
      both(
        adding(ledger, { Sid: undefined, Principal: "*" }),
        onPolicy(ledger, (policy) => {
          policy.Statement = policy.Statement.slice(-2);
        }),
      ),
      `statement number 2 *: ${everybody}`,
    ],
    [
      "a policy as text, by the statement's number",
      both(
        onPolicy(ledger, (policy) => {
          policy.Statement = [policy.Statement[0]];
        }),
        adding(ledger, { Sid: undefined, Principal: "*" }),
        asText(ledger),
      ),
      `statement number 2 *: ${everybody}`,
    ],
    [
      "no policy",
      onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
        key.policy = undefined;
      }),
      "policy: the key policy is missing or cannot be read, so that nobody can tell whom it names",
    ],
    [
      "a statement that is neither Allow nor Deny",
      onStatement(ledger, "Audit", (statement) => {
        statement.Effect = "allow";
      }),
      "policy: a part of the key policy cannot be read, so that nobody can tell whom it names",
    ],
  ])("finds %s", (_, edit, finding) => {
    expect(found(check, edit(small))).toEqual([`${ledger.at} ${finding}`]);
  });

  test.each<[string, Edit]>([
    ["a Deny for everybody", adding(ledger, { Effect: "Deny", Principal: "*", Action: "kms:Sign" })],
    [
      "a Deny with NotPrincipal",
      adding(ledger, { Effect: "Deny", NotPrincipal: { AWS: ledger.user }, Action: "kms:Sign" }),
    ],
    ["an account by its id", adding(ledger, { Principal: { AWS: "210000000001" } })],
    ["a user below a path", adding(ledger, { Principal: { AWS: "arn:aws:iam::210000000001:user/teams/anna" } })],
    ["a role's session", adding(ledger, { Principal: { AWS: "arn:aws:sts::210000000001:assumed-role/app/session" } })],
    ["an AWS service of one Region", adding(ledger, { Principal: { Service: "logs.us-east-1.amazonaws.com" } })],
    [
      "an OU as the list of its accounts",
      adding(ledger, {
        Principal: { AWS: ["arn:aws:iam::210000000001:root", "arn:aws:iam::220000000001:root"] },
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
          "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/*" },
        },
      }),
    ],
    ["a policy as text", asText(ledger)],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});
