import type { Json } from "../../checks/sample-output";
import { both, onPolicy, onResource, onStatement, withoutStatement } from "../../checks/small-output";
import { type CorpusChange, inMap, inStack, keyStack, payments, paymentsReplica, userStack } from "./change";

const grants = ["payments_prod_us-east-1_payments-batch", "payments_prod_us-west-2_payments-batch"];
const onGrants = (change: (grant: Json) => void) =>
  both(...grants.map((id) => onResource(keyStack, "aws_kms_grant", id, change)));
const inBoth = (change: (policy: Json) => void) => both(onPolicy(payments, change), onPolicy(paymentsReplica, change));
const more = (statement: Json) =>
  inBoth(({ Statement }) =>
    Statement.push({ Sid: "Extra", Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["*"], ...statement }),
  );
const file = "workloads/payments.yaml";

/** Who may do what. */
export const accessChanges: readonly CorpusChange[] = [
  {
    name: "role-of-another-zone-by-hand",
    edit: more({ Principal: { AWS: ["arn:aws:iam::210000000001:role/service/shop-api"] } }),
  },
  {
    name: "role-of-an-unknown-account-by-hand",
    edit: more({ Principal: { AWS: ["arn:aws:iam::999999999999:role/vendor"] } }),
  },
  { name: "everybody-by-hand", edit: more({ Principal: { AWS: ["*"] } }) },
  {
    name: "everybody-of-the-organization-by-hand",
    edit: more({ Principal: { AWS: ["*"] }, Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] } } }),
  },
  {
    name: "every-action-by-hand",
    edit: more({ Principal: { AWS: ["arn:aws:iam::310000000002:role/payments-api"] }, Action: ["kms:*"] }),
  },
  { name: "service-by-hand", edit: more({ Principal: { Service: ["s3.amazonaws.com"] } }) },
  {
    name: "anybody-but-one-by-hand",
    edit: more({ NotPrincipal: { AWS: ["arn:aws:iam::310000000002:role/payments-api"] } }),
  },
  {
    name: "deny-of-destruction-gone-by-hand",
    edit: both(
      withoutStatement(payments, "OnlyBreakGlassDestroys"),
      withoutStatement(paymentsReplica, "OnlyBreakGlassDestroys"),
    ),
  },
  {
    name: "deny-of-destruction-lets-one-more-by-hand",
    edit: both(
      ...[payments, paymentsReplica].map((place) =>
        onStatement(place, "OnlyBreakGlassDestroys", ({ Condition }) => {
          for (const keys of Object.values<Json>(Condition)) {
            for (const [name, values] of Object.entries<Json>(keys)) {
              if (/principalarn/i.test(name))
                keys[name] = [values, "arn:aws:iam::310000000001:role/PciKeyPipeline"].flat();
            }
          }
        }),
      ),
    ),
  },
  {
    name: "role-added-inside-the-zone",
    edit: inMap([
      file,
      "      grants:\n",
      "        - {principal: role/payments-replay, operations: [decrypt], via: [s3]}\n      grants:\n",
    ]),
  },
  {
    name: "role-of-another-account-of-the-zone",
    edit: inMap([
      file,
      "      grants:\n",
      '        - {principal: "payments-test:role/payments-api", operations: [decrypt], encryptionContext: {app: payments}}\n      grants:\n',
    ]),
  },
  {
    name: "whole-account-added",
    edit: inMap([
      "workloads/fraud.yaml",
      "      services:\n",
      '        - {principal: "account:payments-test", operations: [decrypt], via: [s3]}\n      services:\n',
    ]),
  },
  {
    name: "decrypt-added",
    edit: inMap([
      "workloads/patient-care.yaml",
      "operations: [encrypt], via: [s3]",
      "operations: [encrypt, decrypt], via: [s3]",
    ]),
  },
  {
    name: "encryption-context-dropped",
    edit: inMap([file, "          encryptionContext: {app: payments}\n          # An", "          # An"]),
  },
  { name: "via-dropped", edit: inMap(["workloads/fraud.yaml", ", via: [sagemaker, s3]}", "}"]) },
  {
    name: "endpoint-dropped",
    edit: inMap([file, "          sourceVpce: [vpce-0c3d4e5f60718293a, vpce-0c4d5e6f708192a3b]\n", ""]),
  },
  { name: "network-widened", edit: inMap([file, "203.0.113.16/28", "203.0.113.0/24"]) },
  {
    name: "root-access-widened",
    edit: inMap([
      "data-classes.yaml",
      "foundation: {key: customer-managed, per: workload, alias: master-key-org, rootAccess: administration-only}",
      "foundation: {key: customer-managed, per: workload, alias: master-key-org}",
    ]),
  },
  {
    name: "administrator-changed",
    edit: inMap(["zones.yaml", "role/PciKeyAdministrator", "role/CardKeyAdministrator"]),
  },
  { name: "break-glass-changed", edit: inMap(["zones.yaml", "role/HipaaKeyBreakGlass", "role/HipaaEmergency"]) },
  {
    name: "own-deny-dropped",
    edit: inMap([
      file,
      `      statements:
        # Whatever is allowed elsewhere: card numbers are only decrypted inside the vault's network, or by AWS for it.
        - sid: NoDecryptOutsideTheVault
          effect: Deny
          principals: ["account:payments-prod"]
          actions: [kms:Decrypt, kms:ReEncryptFrom]
          conditions:
            StringNotEqualsIfExists: {"aws:SourceVpce": [vpce-0d4e5f60718293a4b, vpce-0e5f60718293a4b5c]}
            BoolIfExists: {"aws:ViaAWSService": "false"}
`,
      "",
    ]),
  },
  {
    name: "service-added",
    edit: inMap([
      "workloads/fraud.yaml",
      "- {profile: eventbridge}\n",
      "- {profile: eventbridge}\n        - {profile: sns}\n",
    ]),
  },
  {
    name: "users-removed",
    edit: inMap([
      file,
      "        - {principal: role/payments-nodes, operations: [encrypt, decrypt, grant-to-aws-services], via: [ebs]}\n",
      "",
    ]),
  },
  {
    name: "grant-added",
    edit: inMap([
      file,
      "          expires: 2027-01-31\n",
      "          expires: 2027-01-31\n        - {grantee: role/payments-replay, operations: [Decrypt], encryptionContext: {equals: {app: payments}}, expires: 2027-03-31}\n",
    ]),
  },
  { name: "grant-widened", edit: inMap([file, "[Decrypt, GenerateDataKey]", "[Decrypt, Encrypt, GenerateDataKey]"]) },
  { name: "grant-lasts-longer", edit: inMap([file, "expires: 2027-01-31", "expires: 2027-07-31"]) },
  {
    name: "grant-constraint-loosened",
    edit: inMap([file, "{equals: {app: payments, job: settlement}}", "{subset: {app: payments}}"]),
  },
  {
    name: "grant-constraint-dropped-by-hand",
    edit: onGrants((grant) => {
      delete grant.constraints;
    }),
  },
  {
    name: "grant-to-another-zone-by-hand",
    edit: onGrants((grant) => {
      grant.grantee_principal = "arn:aws:iam::210000000001:role/shop-worker";
    }),
  },
  {
    name: "grant-retired-by-another-account-by-hand",
    edit: onGrants((grant) => {
      grant.retiring_principal = "arn:aws:iam::210000000001:role/shop-worker";
    }),
  },
  {
    name: "grant-removed",
    edit: inMap([
      file,
      `      grants:
        # Until the old settlement run is switched off.
        - grantee: role/payments-batch
          retiring: role/payments-operations
          operations: [Decrypt, GenerateDataKey]
          encryptionContext: {equals: {app: payments, job: settlement}}
          expires: 2027-01-31
`,
      "",
    ]),
  },
  {
    name: "consumer-policy-on-another-role-by-hand",
    edit: onResource(userStack, "aws_iam_role_policy_attachment", "role_vault-detokenizer", (attachment) => {
      attachment.role = "fraud-scoring";
    }),
  },
  {
    name: "consumer-policy-widened-by-hand",
    edit: inStack(userStack, (json) => {
      for (const statement of json.locals["consumer_role_payments-api-policy"].Statement) {
        statement.Action = ["kms:*"];
        statement.Resource = ["*"];
        delete statement.Condition;
      }
    }),
  },
  {
    name: "consumer-policy-removed-by-hand",
    edit: inStack(userStack, (json) => {
      delete json.resource.aws_iam_policy["role_payments-api"];
      delete json.resource.aws_iam_role_policy_attachment["role_payments-api"];
      delete json.locals["consumer_role_payments-api-policy"];
    }),
  },
];
