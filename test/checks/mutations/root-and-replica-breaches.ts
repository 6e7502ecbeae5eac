import {
  added,
  administrator,
  allow,
  auditRole,
  type Breach,
  breakGlass,
  deployRole,
  duty,
  keyAt,
  onPci,
  onReplica,
  onStatement,
  pci,
  replicaAt,
  resourceOf,
  statementOf,
  withoutStatement,
  withStatement,
} from "./mutation";

const root: readonly Breach[] = [
  duty(
    "the account's IAM may give everything",
    "account-root-use",
    onStatement("AccountRootAdministration", (statement) => {
      statement.Action = "kms:*";
    }),
  ),
  duty(
    "the account's IAM may give decryption",
    "account-root-use",
    onStatement("AccountRootAdministration", (statement) => {
      statement.Action.push("kms:decrypt");
    }),
  ),
  duty(
    "the account's IAM may give grants",
    "account-root-use",
    onStatement("AccountRootAdministration", (statement) => {
      statement.Action.push("kms:CreateGrant");
    }),
  ),
  duty(
    "the account's IAM may give everything through a bare id",
    "account-root-use",
    added(allow({ AWS: pci.account }, { Action: "kms:*" })),
  ),
  duty(
    "the account's IAM may give everything, by NotAction",
    "account-root-use",
    added(
      allow({ AWS: `arn:aws:iam::${pci.account}:root` }, { Action: undefined, NotAction: "kms:ScheduleKeyDeletion" }),
    ),
  ),
  duty(
    "another account of the zone may give decryption",
    "account-root-use",
    added(allow({ AWS: pci.consumerAccount })),
  ),
  duty(
    "everybody of the zone by a condition",
    "named-principals",
    added(allow("*", { Condition: { StringEquals: { "aws:PrincipalAccount": pci.consumerAccount } } })),
  ),
  duty(
    "everybody below the zone's path",
    "named-principals",
    added(allow({ AWS: "*" }, { Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": pci.path } } })),
  ),
];

const replicas: readonly Breach[] = [
  duty(
    "a replica without a policy",
    "replica-policy",
    onReplica((replica) => {
      replica.policy = undefined;
    }),
    replicaAt,
  ),
  duty(
    "a replica whose account's IAM may give everything",
    "replica-policy",
    onPci((json) => {
      statementOf(json, pci.replica, "AccountRootAdministration").Action = "kms:*";
    }),
    replicaAt,
  ),
  duty(
    "a replica with one more user of the zone",
    "replica-policy",
    onPci((json) =>
      withStatement(json, pci.replica, allow({ AWS: `arn:aws:iam::${pci.consumerAccount}:role/report` })),
    ),
    replicaAt,
  ),
  duty(
    "a replica whose users need no encryption context",
    "replica-policy",
    onPci((json) => {
      statementOf(json, pci.replica, "UsePaymentsProdPaymentsApi").Condition = undefined;
    }),
    replicaAt,
  ),
  duty(
    "a replica with its primary's Deny taken out",
    "replica-policy",
    onPci((json) => {
      withoutStatement(json, "cardholder-vault_prod_us-west-2", "ExtraNoDecryptOutsideTheVault");
    }),
    "pci-key-management aws_kms_replica_key.cardholder-vault_prod_us-west-2",
  ),
  {
    name: "a replica of another key",
    change: onReplica((replica) => {
      replica.primary_key_arn = "${aws_kms_key.fraud-scoring_us-east-1.arn}";
    }),
    found: { "replica-policy": replicaAt, "zone-aliases": `pci-key-management aws_kms_alias.${pci.replicaAlias}` },
    within: [replicaAt, `pci-key-management aws_kms_alias.${pci.replicaAlias}`],
  },
  {
    name: "a key whose class asks for less than its data needs",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].dataClass = "confidential";
      resourceOf(json, "aws_kms_key", pci.key).rotation_period_in_days = 365;
    }),
    found: { "account-root-use": keyAt },
    within: [keyAt],
  },
  {
    name: "a key whose class and tag ask for less than its data needs",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].dataClass = "restricted";
      for (const key of [
        resourceOf(json, "aws_kms_key", pci.key),
        resourceOf(json, "aws_kms_replica_key", pci.replica),
      ]) {
        key.tags.DataClass = "restricted";
      }
      for (const key of [pci.key, pci.replica]) {
        // As synthesis writes it where a class leaves the use to the account's IAM.
        withStatement(json, key, {
          Sid: "AccountRootUse",
          Effect: "Allow",
          Principal: { AWS: [`arn:aws:iam::${pci.account}:root`] },
          Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
          Resource: ["*"],
          Condition: {
            ArnNotEquals: {
              "aws:PrincipalArn": [administrator, auditRole, breakGlass, deployRole].map(({ AWS }) => AWS),
            },
          },
        });
      }
    }),
    found: { "keys-as-mapped": keyAt },
    within: [keyAt, replicaAt],
  },
  {
    name: "a key whose class the map does not know",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key].dataClass = "harmless";
      statementOf(json, pci.key, "AccountRootAdministration").Action = "kms:*";
    }),
    found: { "account-root-use": keyAt },
    within: [keyAt],
  },
  {
    name: "a key without metadata",
    change: onPci((json) => {
      json["//"].orgkeys.keys[pci.key] = undefined;
      statementOf(json, pci.key, "AccountRootAdministration").Action = "kms:*";
    }),
    found: { "account-root-use": keyAt, "zone-aliases": keyAt },
    // A replica has its primary's.
    within: [keyAt, replicaAt],
  },
];

/** What whole accounts get, and what the second door to the same data says. */
export const rootAndReplicaBreaches: readonly Breach[] = [...root, ...replicas];
