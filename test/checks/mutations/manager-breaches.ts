import type { Json } from "../sample-output";
import {
  added,
  administrator,
  allow,
  auditRole,
  type Breach,
  breakGlass,
  deployRole,
  duty,
  hipaa,
  onPci,
  onStack,
  onStatement,
  pci,
  somebody,
  statementOf,
  withoutStatement,
  withStatement,
} from "./mutation";

const user = { AWS: `arn:aws:iam::${pci.consumerAccount}:role/payments-api` };

function sessionOf(role: string): Json {
  return { AWS: `arn:aws:sts::${pci.account}:assumed-role/${role}/night-shift` };
}

/** Who manages never uses. */
const administrators: readonly Breach[] = (
  [
    ["administrators who decrypt", administrator, { Action: "kms:Decrypt" }],
    ["administrators who decrypt by a cut action", administrator, { Action: "kms:De*" }],
    ["administrators who decrypt by question marks", administrator, { Action: "kms:D??????" }],
    ["administrators who decrypt in capitals", administrator, { Action: "KMS:dEcRyPt" }],
    ["administrators with NotAction", administrator, { Action: undefined, NotAction: ["kms:Encrypt", "s3:*"] }],
    ["administrators who sign", administrator, { Action: "kms:Sign" }],
    ["administrators who agree on secrets", administrator, { Action: "kms:DeriveSharedSecret" }],
    ["administrators who re-encrypt away", administrator, { Action: "kms:ReEncrypt*" }],
    ["administrators who make grants", administrator, { Action: "kms:CreateGrant" }],
    [
      "administrators who decrypt only with multi-factor authentication",
      administrator,
      { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
    ],
    ["an administrator's session that decrypts", sessionOf("PciKeyAdministrator"), {}],
    ["a deploy role that decrypts", deployRole, {}],
    ["a deploy role that makes any grant", deployRole, { Action: "kms:CreateGrant" }],
    ["an audit role that decrypts", auditRole, {}],
    ["a break-glass role that decrypts", breakGlass, {}],
  ] satisfies [string, Json, Json][]
).map(([name, principal, more]) => duty(name, "administrators-never-use", added(allow(principal, more))));

/** Who uses never manages. */
const users: readonly Breach[] = (
  [
    ["a user who rewrites the policy", user, ["kms:Decrypt", "kms:PutKeyPolicy"]],
    ["an own-account user who rewrites the policy", somebody, ["kms:Decrypt", "kms:PutKeyPolicy"]],
    ["an own-account user who moves the alias", somebody, ["kms:Decrypt", "kms:UpdateAlias"]],
    ["an own-account user who stops rotation", somebody, ["kms:Encrypt", "kms:DisableKeyRotation"]],
    ["an own-account user with everything", somebody, "kms:*"],
  ] satisfies [string, Json, Json][]
).map(([name, principal, Action]) => duty(name, "users-never-manage", added(allow(principal, { Action }))));

const managers: readonly Breach[] = [
  duty(
    "an audit role that rewrites the policy",
    "zone-managers",
    added(allow(auditRole, { Action: "kms:PutKeyPolicy" })),
  ),
  duty("a user who moves the primary", "zone-managers", added(allow(somebody, { Action: "kms:UpdatePrimaryRegion" }))),
  duty(
    "somebody unknown to the map who brings material",
    "zone-managers",
    added(allow(somebody, { Action: "kms:ImportKeyMaterial" })),
  ),
  duty(
    "somebody unknown to the map who rewrites the policy",
    "zone-managers",
    added(allow(somebody, { Action: "kms:PutKeyPolicy" })),
  ),
  duty(
    "somebody unknown to the map who replicates",
    "zone-managers",
    added(allow(somebody, { Action: "kms:Replicate*" })),
  ),
  duty(
    "an administrator of the zone's other account",
    "zone-managers",
    added(allow({ AWS: `arn:aws:iam::${pci.consumerAccount}:root` }, { Action: "kms:RevokeGrant" })),
  ),
  duty(
    "a role with an administrator's name and a path",
    "zone-managers",
    onStatement("Administrators", (statement) => {
      statement.Principal.AWS = [`arn:aws:iam::${pci.account}:role/teams/PciKeyAdministrator`];
    }),
  ),
  duty(
    "a user with an administrator's name",
    "zone-managers",
    onStatement("Administrators", (statement) => {
      statement.Principal.AWS = [`arn:aws:iam::${pci.account}:user/PciKeyAdministrator`];
    }),
  ),
  duty(
    "another zone's administrator name",
    "zone-managers",
    onStatement("Administrators", (statement) => {
      statement.Principal.AWS = [`arn:aws:iam::${pci.account}:role/HipaaKeyAdministrator`];
    }),
  ),
  duty(
    "a role of another case as the deploy role",
    "zone-managers",
    onStatement("Deploy", (statement) => {
      statement.Principal.AWS = [`arn:aws:iam::${pci.account}:role/orgkeysdeploy`];
    }),
  ),
];

const portal = `patient-portal-prod aws_kms_key.${hipaa.key}`;

const onPortal = (edit: (json: Json) => void): Breach["change"] => onStack(hipaa.stack, edit);

/** Whoever may create grants may give the key away. */
const grants: readonly Breach[] = [
  ...(
    [
      [
        "for anybody",
        (condition: Json) => {
          condition.StringEquals["kms:GranteePrincipal"] = undefined;
        },
      ],
      [
        "for a foreign role too",
        (condition: Json) => {
          condition.StringEquals["kms:GranteePrincipal"] = [hipaa.role];
        },
      ],
      [
        "for roles of any account",
        (condition: Json) => {
          condition.StringEquals["kms:GranteePrincipal"] = undefined;
          condition.StringLike = { "kms:GranteePrincipal": "arn:aws:iam::*:role/payments-batch" };
        },
      ],
      [
        "for anybody but one",
        (condition: Json) => {
          condition.StringEquals["kms:GranteePrincipal"] = undefined;
          condition.StringNotEquals = { "kms:GranteePrincipal": hipaa.role };
        },
      ],
      [
        "whose grantees may grant on",
        (condition: Json) => {
          condition["ForAllValues:StringEquals"]["kms:GrantOperations"].push("CreateGrant");
        },
      ],
    ] satisfies [string, (condition: Json) => void][]
  ).map(([name, edit]) =>
    duty(
      `a deploy role that makes grants ${name}`,
      "administrators-never-use",
      onStatement("DeployGrants", (statement) => edit(statement.Condition)),
    ),
  ),
  ...(
    [
      [
        "any grant",
        (statement: Json) => {
          statement.Condition.Bool = undefined;
        },
      ],
      [
        "any grant, by an operator that needs nothing",
        (statement: Json) => {
          statement.Condition.BoolIfExists = statement.Condition.Bool;
          statement.Condition.Bool = undefined;
        },
      ],
      [
        "grants for everything but AWS resources",
        (statement: Json) => {
          statement.Condition.Bool = { "kms:GrantIsForAWSResource": "false" };
        },
      ],
    ] satisfies [string, (statement: Json) => void][]
  ).map(([name, edit]) =>
    duty(
      `a user who makes ${name}`,
      "users-never-manage",
      onPortal((json) => edit(statementOf(json, hipaa.key, "GrantToAwsPatientPortalProdPortalDatabase"))),
      portal,
    ),
  ),
  duty(
    "an own-account user whom the account's IAM may make the manager",
    "users-never-manage",
    onPortal((json) => {
      statementOf(json, hipaa.key, "UsersNeverManage").Condition.ArnEquals["aws:PrincipalArn"].shift();
    }),
    portal,
  ),
  duty(
    "users whom the account's IAM may make managers",
    "users-never-manage",
    onPortal((json) => withoutStatement(json, hipaa.key, "UsersNeverManage")),
    portal,
  ),
];

/** Denies that the evaluation must not take for more than they are. */
const hidden: readonly Breach[] = [
  duty(
    "an administrator's grants behind a Deny that holds for its first action alone",
    "administrators-never-use",
    onPci((json) => {
      withStatement(json, pci.key, allow(administrator, { Action: "kms:CreateGrant" }));
      withStatement(json, pci.key, {
        ...allow(administrator, { Action: ["kms:CancelKeyDeletion", "kms:CreateGrant"] }),
        Sid: "NoOtherGrantees",
        Effect: "Deny",
        // A negated operator holds where the key is missing, and only CreateGrant has it.
        Condition: { StringNotEquals: { "kms:GranteePrincipal": hipaa.role } },
      });
      statementOf(json, pci.key, "Extra").Action = ["kms:CancelKeyDeletion", "kms:CreateGrant"];
    }),
  ),
  duty(
    "an administrator's decryption behind a Deny by aliases",
    "administrators-never-use",
    onPci((json) => {
      withStatement(json, pci.key, allow(administrator));
      withStatement(json, pci.key, {
        ...allow(administrator),
        Sid: "Never",
        Effect: "Deny",
        Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } },
      });
    }),
  ),
];

/** Who manages a key never uses it, and who uses it never manages it. */
export const managerBreaches: readonly Breach[] = [...administrators, ...users, ...managers, ...grants, ...hidden];
