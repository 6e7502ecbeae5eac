import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/administrators-never-use";
import { edit, planOf, smallSources } from "../stacks/small-organization";
import { type Json, outputOf, outputOfPlan } from "./sample-output";
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
  shared,
  small,
} from "./small-output";

const role = (name: string, account: string = ledger.account): string => `arn:aws:iam::${account}:role/${name}`;
const administrator = role("KeyAdministrator");
const deploy = role("OrgKeysDeploy");
const root = `arn:aws:iam::${ledger.account}:root`;

const to = (principal: Json, more: Json = {}): Edit => adding(ledger, { Principal: { AWS: principal }, ...more });
const extra = (arn: string, why: string): string[] => [`${ledger.at} statement Extra ${arn}: ${why}`];
const decrypts = (who: string): string => `lets the ${who} use the key (Decrypt)`;

/** A Deny that may or may not hold. */
const unlessDenied = (condition: Json, action = "kms:Decrypt"): Edit =>
  adding(ledger, {
    Sid: "Never",
    Effect: "Deny",
    Principal: { AWS: root },
    Action: action,
    Condition: condition,
  });

/** A consumer policy of shop-prod, attached to a role that has a duty. */
const attached = (name: string): Edit =>
  onResource(consumer.stack, "aws_iam_role_policy_attachment", "role_shop-api", (attachment) => {
    attachment.role = name;
  });
const consumerPolicy = "shop-prod aws_iam_policy.role_shop-api";

describe("administrators-never-use", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean", (config) => {
    expect(found(check, outputOf(config))).toEqual([]);
  });

  test.each<[string, Edit, string[]]>([
    ["an administrator who decrypts", to(administrator), extra(administrator, decrypts("administrator"))],
    ["a deploy role who decrypts", to(deploy), extra(deploy, decrypts("deploy role"))],
    ["an audit role who decrypts", to(role("OrgKeysAudit")), extra(role("OrgKeysAudit"), decrypts("audit role"))],
    [
      "a break-glass role who decrypts",
      to(role("KeyBreakGlass")),
      extra(role("KeyBreakGlass"), decrypts("break-glass role")),
    ],
    [
      "an action in other letters",
      to(administrator, { Action: "KMS:dEcRyPt" }),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a wildcard",
      to(administrator, { Action: "kms:ReEnc*" }),
      extra(administrator, "lets the administrator use the key (ReEncryptFrom and ReEncryptTo)"),
    ],
    ["question marks", to(administrator, { Action: "kms:D??????" }), extra(administrator, decrypts("administrator"))],
    [
      "NotAction",
      to(administrator, { NotAction: ["kms:Encrypt", "s3:*"] }),
      extra(administrator, "lets the administrator use the key (CreateGrant, Decrypt, DeriveSharedSecret and 11 more)"),
    ],
    [
      "everything",
      to(administrator, { Action: "*" }),
      extra(administrator, "lets the administrator use the key (CreateGrant, Decrypt, DeriveSharedSecret and 12 more)"),
    ],
    [
      "signing",
      to(administrator, { Action: "kms:Sign" }),
      extra(administrator, "lets the administrator use the key (Sign)"),
    ],
    [
      "any grant",
      to(administrator, { Action: "kms:CreateGrant" }),
      extra(administrator, "lets the administrator use the key (CreateGrant)"),
    ],
    [
      "grants for AWS services",
      to(administrator, { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": true } } }),
      extra(administrator, "lets the administrator use the key (CreateGrant)"),
    ],
    [
      "a condition that may hold",
      to(administrator, { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a list with an administrator in it",
      to([ledger.user, administrator]),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a session",
      to(`arn:aws:sts::${ledger.account}:assumed-role/KeyAdministrator/night`),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a path that it does not have",
      to(role("teams/KeyAdministrator")),
      extra(administrator, decrypts("administrator")),
    ],
    ["a name in other letters", to(role("keyadministrator")), extra(administrator, decrypts("administrator"))],
    [
      "the same role in another account of the zone",
      to(role("KeyAdministrator", consumer.account)),
      extra(role("KeyAdministrator", consumer.account), decrypts("administrator")),
    ],
    [
      "everybody by NotPrincipal",
      adding(ledger, { NotPrincipal: { AWS: [administrator, root, deploy, role("OrgKeysAudit")] } }),
      extra(role("KeyBreakGlass"), decrypts("break-glass role")),
    ],
    [
      "the account's IAM, by its root's other name",
      adding(ledger, {
        Principal: { AWS: ledger.account },
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [deploy, role("OrgKeysAudit"), role("KeyBreakGlass")] } },
      }),
      extra(administrator, "lets IAM policies of the account give the administrator the use of the key (Decrypt)"),
    ],
    [
      "one manager who is no longer excepted from the account's IAM",
      onStatement(ledger, "AccountRootUse", (statement) => {
        statement.Condition.ArnNotEquals["aws:PrincipalArn"] = [
          administrator,
          role("OrgKeysAudit"),
          role("KeyBreakGlass"),
        ];
      }),
      [
        `${ledger.at} statement AccountRootUse ${deploy}: lets IAM policies of the account give the deploy role the use of the key (CreateGrant, Decrypt, Encrypt and 6 more)`,
      ],
    ],
    [
      "an exception for managers that does not hold for everybody",
      onStatement(ledger, "AccountRootUse", (statement) => {
        statement.Action = "kms:Encrypt";
        statement.Condition.ArnNotEquals["aws:PrincipalArn"].shift();
      }),
      [
        `${ledger.at} statement AccountRootUse ${administrator}: lets IAM policies of the account give the administrator the use of the key (Encrypt)`,
      ],
    ],
    [
      "a Deny that holds only perhaps",
      both(to(administrator), unlessDenied({ Bool: { "aws:SecureTransport": "false" } })),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a Deny by the key's alias, which key policies do not know",
      both(to(administrator), unlessDenied({ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } })),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a Deny by the key's alias for an administrator of another account",
      both(
        to(role("KeyAdministrator", consumer.account)),
        adding(ledger, {
          Sid: "Never",
          Effect: "Deny",
          Principal: "*",
          Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } },
        }),
      ),
      extra(role("KeyAdministrator", consumer.account), decrypts("administrator")),
    ],
    [
      "a Deny by a tag of the key",
      both(to(administrator), unlessDenied({ StringEquals: { "aws:ResourceTag/Zone": "corporate" } })),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a Deny of one action of two",
      both(to(administrator, { Action: ["kms:Decrypt", "kms:Encrypt"] }), unlessDenied({}, "kms:Encrypt")),
      extra(administrator, decrypts("administrator")),
    ],
    [
      "a Deny that grants get around",
      both(
        to(administrator, { Action: ["kms:Decrypt", "kms:CreateGrant"] }),
        unlessDenied({ Null: { "kms:GranteePrincipal": true } }, "kms:*"),
        onPolicy(ledger, (policy) => {
          policy.Statement.find((statement: Json) => statement.Sid === "Never").Action = [
            "kms:Decrypt",
            "kms:CreateGrant",
          ];
        }),
      ),
      extra(administrator, "lets the administrator use the key (CreateGrant)"),
    ],
    ["a policy as text", both(to(administrator), asText(ledger)), extra(administrator, decrypts("administrator"))],
    [
      "no policy",
      onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
        key.policy = '${file("policy.json")}';
      }),
      [
        `${ledger.at} policy: the key policy is missing or cannot be read, so that nobody can tell whether managers use the key`,
      ],
    ],
  ])("finds %s", (_, edit, findings) => {
    expect(found(check, edit(small))).toEqual(findings);
  });

  const deployGrants = `${shared.at} statement DeployGrants ${deploy}: lets the deploy role use the key (CreateGrant)`;
  test.each<[string, (statement: Json) => void]>([
    ["without grantees", (statement) => delete statement.Condition.StringEquals["kms:GranteePrincipal"]],
    ["without operations", (statement) => delete statement.Condition["ForAllValues:StringEquals"]],
    [
      "to a wildcard",
      (statement) => {
        statement.Condition = {
          ...statement.Condition,
          StringLike: { "kms:GranteePrincipal": "arn:aws:iam::*:role/*" },
        };
        delete statement.Condition.StringEquals["kms:GranteePrincipal"];
      },
    ],
    [
      "to grantees where there are any",
      (statement) => {
        const grantees = statement.Condition.StringEquals;
        statement.Condition.StringEqualsIfExists = grantees;
        delete statement.Condition.StringEquals;
      },
    ],
    [
      "to grantees of a set",
      (statement) => {
        const grantees = statement.Condition.StringEquals["kms:GranteePrincipal"];
        delete statement.Condition.StringEquals["kms:GranteePrincipal"];
        statement.Condition["ForAllValues:StringEquals"]["kms:GranteePrincipal"] = grantees;
      },
    ],
    [
      "to everybody but one",
      (statement) => {
        statement.Condition.StringNotEquals = statement.Condition.StringEquals;
        delete statement.Condition.StringEquals;
      },
    ],
    [
      "to a whole account",
      (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"] = [`arn:aws:iam::${consumer.account}:root`];
      },
    ],
    [
      "to a manager",
      (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"].push(administrator);
      },
    ],
    [
      "to another zone",
      (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"] = "arn:aws:iam::310000000001:role/records";
      },
    ],
    [
      "to a variable",
      (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"] = "$${aws:PrincipalArn}";
      },
    ],
    [
      "that can be passed on",
      (statement) => statement.Condition["ForAllValues:StringEquals"]["kms:GrantOperations"].push("CreateGrant"),
    ],
    [
      "of operations with a wildcard",
      (statement) => {
        statement.Condition["ForAllValues:StringLike"] = { "kms:GrantOperations": "*" };
        delete statement.Condition["ForAllValues:StringEquals"];
      },
    ],
    [
      "of any of these operations",
      (statement) => {
        statement.Condition["ForAnyValue:StringEquals"] = statement.Condition["ForAllValues:StringEquals"];
        delete statement.Condition["ForAllValues:StringEquals"];
      },
    ],
  ])("finds a deploy role that creates grants %s", (_, change) => {
    expect(found(check, onStatement(shared, "DeployGrants", change)(small))).toEqual([deployGrants]);
  });

  test("finds an administrator who creates the grants of the deploy role", () => {
    const edit = onStatement(shared, "DeployGrants", (statement) => {
      statement.Principal.AWS = administrator;
    });
    expect(found(check, edit(small))).toEqual([
      `${shared.at} statement DeployGrants ${administrator}: lets the administrator use the key (CreateGrant)`,
    ]);
  });

  test.each<[string, string, string]>([
    ["a manager", administrator, `${administrator}: grants the administrator the use of the key (Decrypt)`],
    [
      "a manager's session",
      `arn:aws:sts::${ledger.account}:assumed-role/OrgKeysAudit/night`,
      `arn:aws:sts::${ledger.account}:assumed-role/OrgKeysAudit/night: grants the audit role the use of the key (Decrypt)`,
    ],
    [
      "a manager of another account",
      role("KeyBreakGlass", consumer.account),
      `${role("KeyBreakGlass", consumer.account)}: grants the break-glass role the use of the key (Decrypt)`,
    ],
    [
      "the whole account",
      root,
      `account ${ledger.account}: grants the whole account, managers of the key among them, the use of the key (Decrypt)`,
    ],
    [
      "nobody knows whom",
      "AROAEXAMPLEID12345678",
      "AROAEXAMPLEID12345678: grants AROAEXAMPLEID12345678, who may manage the key, the use of the key (Decrypt)",
    ],
  ])("finds a grant to %s", (_, grantee, finding) => {
    const id = `${shared.key}_shop_shop-batch`;
    const edit = onResource(shared.stack, "aws_kms_grant", id, (grant) => {
      grant.grantee_principal = grantee;
    });
    expect(found(check, edit(small))).toEqual([`${shared.at} grant ${id} ${finding}`]);
  });

  test.each<[string, Edit, string]>([
    [
      "a manager",
      attached("KeyAdministrator"),
      `role/KeyAdministrator: lets the administrator use keys (Decrypt, Encrypt, GenerateDataKey and 5 more)`,
    ],
    [
      "a manager's name in other letters",
      attached("ORGKEYSDEPLOY"),
      "role/ORGKEYSDEPLOY: lets the deploy role use keys (Decrypt, Encrypt, GenerateDataKey and 5 more)",
    ],
  ])("finds a consumer policy of %s", (_, edit, finding) => {
    const sid = "statement UseSharedConfidentialProdShopUs";
    expect(found(check, edit(small))).toEqual([
      `${consumerPolicy} ${sid}East1 ${finding}`,
      `${consumerPolicy} ${sid}West2 ${finding}`,
    ]);
  });

  test("finds a manager's consumer policy that cannot be read", () => {
    const edit = both(
      attached("KeyAdministrator"),
      onResource(consumer.stack, "aws_iam_policy", "role_shop-api", (policy) => {
        policy.policy = "{}}";
      }),
    );
    expect(found(check, edit(small))).toEqual([
      `${consumerPolicy} role/KeyAdministrator: the administrator has this policy, and a part of it cannot be read`,
    ]);
  });

  test.each<[string, Edit]>([
    ["an administrator who reads", to(administrator, { Action: ["kms:Describe*", "kms:List*", "kms:GetPublicKey"] })],
    ["a user who decrypts", to(ledger.user)],
    ["a whole other account, whose own roles of these names are not the key's", to(consumer.account)],
    ["a role of another account and zone", to("arn:aws:iam::310000000001:role/HealthKeyAdministrator")],
    [
      "a role of another zone by the name of the deploy role, which is zone-key-access' question",
      to("arn:aws:iam::310000000001:role/OrgKeysDeploy"),
    ],
    ["an administrator who is denied it", both(to(administrator), unlessDenied({}))],
    [
      "an administrator who is denied it by its ARN",
      both(
        to(administrator),
        unlessDenied({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ledger.account}:role/Key*` } }),
      ),
    ],
    [
      "the account's IAM kept from managers by another operator",
      onStatement(ledger, "AccountRootUse", (statement) => {
        statement.Condition = { StringNotLike: statement.Condition.ArnNotEquals };
      }),
    ],
    [
      "the account's IAM kept from managers by a Deny",
      both(
        onStatement(ledger, "AccountRootUse", (statement) => {
          statement.Condition = undefined;
        }),
        adding(ledger, {
          Sid: "Managers",
          Effect: "Deny",
          Principal: "*",
          Action: ["kms:*crypt*", "kms:GenerateDataKey*", "kms:createGrant"],
          Condition: {
            ArnEquals: { "aws:PrincipalArn": [administrator, deploy, role("OrgKeysAudit"), role("KeyBreakGlass")] },
          },
        }),
      ),
    ],
    [
      "decryption on a condition that requests for grants alone can meet",
      onStatement(shared, "DeployGrants", (statement) => statement.Action.push("kms:Decrypt")),
    ],
    [
      "a grant to one more principal of the zone",
      onStatement(shared, "DeployGrants", (statement) => {
        statement.Condition.StringEquals["kms:GranteePrincipal"].push(role("report", consumer.account));
      }),
    ],
    [
      "grantees by ARN operator, as single texts",
      onStatement(shared, "DeployGrants", (statement) => {
        statement.Condition.ArnEquals = { "kms:granteePrincipal": shared.grantee };
        delete statement.Condition.StringEquals["kms:GranteePrincipal"];
      }),
    ],
    ["a consumer policy of a role that has no duty", attached("KeyAdministratorsAssistant")],
    [
      "a consumer policy of a manager that reads",
      both(attached("KeyAdministrator"), (output) =>
        output.edit(consumer.stack, (json) => {
          for (const statement of json.locals["consumer_role_shop-api-policy"].Statement)
            statement.Action = "kms:DescribeKey";
        }),
      ),
    ],
  ])("takes %s", (_, edit) => {
    expect(found(check, edit(small))).toEqual([]);
  });
});

describe("an administrator who has a permission set", () => {
  const path = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_KeyAdmin_";
  const here = role(`${path}0123456789abcdef`);
  const zones = edit(smallSources(), "zones.yaml", "role/KeyAdministrator", here.slice(here.indexOf("role/")));
  const output = outputOfPlan(planOf(zones));
  const anew = role(`${path}fedcba9876543210`);
  const elsewhere = role(`${path}fedcba9876543210`, consumer.account);
  const pattern = (account: string): string => role(`${path}????????????????`, account);
  const forPattern = (account: string): Edit =>
    to(`arn:aws:iam::${account}:root`, { Condition: { ArnLike: { "aws:PrincipalArn": pattern(account) } } });
  const byIam = "lets IAM policies of the account give the administrator the use of the key (Decrypt)";

  test.each<[string, Edit, string[]]>([
    ["as the zone names it", to(here), extra(here, decrypts("administrator"))],
    ["assigned anew", to(anew), extra(anew, decrypts("administrator"))],
    ["in another account of the zone", to(elsewhere), extra(elsewhere, decrypts("administrator"))],
    [
      "in one session in another account of the zone",
      to(`arn:aws:sts::${consumer.account}:assumed-role/AWSReservedSSO_KeyAdmin_fedcba9876543210/me`),
      extra(
        `arn:aws:sts::${consumer.account}:assumed-role/AWSReservedSSO_KeyAdmin_fedcba9876543210/me`,
        decrypts("administrator"),
      ),
    ],
    ["by its pattern in the key's account", forPattern(ledger.account), extra(here, byIam)],
    [
      "by its pattern in another account of the zone",
      forPattern(consumer.account),
      extra(role(`${path}1234567890abcdef`, consumer.account), byIam),
    ],
    ["but another permission set whose name begins alike", to(role(`${path}Of_fedcba9876543210`)), []],
    ["but one of another zone", to(role(`${path}fedcba9876543210`, "310000000001")), []],
  ])("is found %s", (_, change, findings) => {
    expect(found(check, change(output))).toEqual(findings);
  });
});
