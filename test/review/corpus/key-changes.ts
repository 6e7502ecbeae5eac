import type { Json } from "../../checks/sample-output";
import { both, type Edit, onResource } from "../../checks/small-output";
import { type CorpusChange, inMap, inStack, keyStack, moreInMap, payments, paymentsReplica, userStack } from "./change";

const onKey = (change: (key: Json) => void): Edit => onResource(keyStack, "aws_kms_key", payments.key, change);
const onKeys = (change: (key: Json) => void): Edit =>
  both(onKey(change), onResource(keyStack, "aws_kms_replica_key", paymentsReplica.key, change));

const record = (text: string): Edit =>
  moreInMap(
    "lifecycle.yaml",
    `case:
  account: pci-key-management
  key: payments_prod
  owner: payments-platform
  reason: It is time
  ${text}`,
  );

/** The keys themselves, and whether data stays readable; what nobody can read. */
export const keyChanges: readonly CorpusChange[] = [
  {
    name: "key-disabled-by-hand",
    edit: onKeys((key) => {
      if ("enabled" in key) key.enabled = false;
      else key.is_enabled = false;
    }),
  },
  {
    name: "window-shortened-by-hand",
    edit: onKeys((key) => {
      key.deletion_window_in_days = 7;
    }),
  },
  {
    name: "rotation-off-by-hand",
    edit: onKey((key) => {
      key.enable_key_rotation = false;
      delete key.rotation_period_in_days;
    }),
  },
  { name: "rotation-less-often", edit: inMap(["data-classes.yaml", "rotationDays: 180", "rotationDays: 300"]) },
  {
    name: "protection-off-by-hand",
    edit: onKeys((key) => {
      delete key.lifecycle;
    }),
  },
  {
    name: "lockout-check-off-by-hand",
    edit: onKeys((key) => {
      key.bypass_policy_lockout_safety_check = true;
    }),
  },
  {
    name: "key-replaced-by-hand",
    edit: onKey((key) => {
      key.customer_master_key_spec = "RSA_2048";
    }),
  },
  {
    name: "key-removed-by-hand",
    edit: inStack(keyStack, (json) => {
      const gone = (name: string): boolean => /^fraud-scoring/.test(name);
      for (const part of [json.locals, json.output ?? {}, ...Object.values<Json>(json.resource)]) {
        for (const name of Object.keys(part).filter(gone)) delete part[name];
      }
    }),
  },
  { name: "key-decommissioned", edit: record("decommission: {disabled: 2026-11-20}") },
  { name: "key-scheduled", edit: record("decommission: {disabled: 2026-10-01, scheduled: 2026-11-20}") },
  { name: "key-gone", edit: record("decommission: {disabled: 2026-06-01, scheduled: 2026-08-01, gone: 2026-11-01}") },
  { name: "key-handed-over", edit: record("handOver: {to: the acquirer, day: 2026-11-20}") },
  { name: "key-replaced-by-the-map", edit: record("replaced: 2026-11-20") },
  {
    name: "key-rotated-on-demand",
    edit: record("rotated: [{day: 2026-11-20, by: role/PciKeyAdministrator, reason: A leak}]"),
  },
  { name: "replica-decommissioned", edit: record("replicas: {us-west-2: {decommission: {disabled: 2026-11-20}}}") },
  {
    name: "replica-dropped",
    edit: inMap([
      "workloads/payments.yaml",
      "      # One replica of each of the three keys.\n      replicas: [us-west-2]\n",
      "",
    ]),
  },
  { name: "workload-renamed", edit: inMap(["workloads/fraud.yaml", "fraud-scoring:\n", "scoring:\n"]) },
  {
    name: "regulated-workload-renamed",
    edit: inMap([
      "workloads/payments.yaml",
      `
cardholder-vault:
  owner: payments-platform`,
      `
card-vault:
  owner: payments-platform`,
    ]),
  },
  {
    name: "environment-dropped",
    edit: inMap([
      "workloads/fraud.yaml",
      `    test:
      account: payments-test
      use:
        - {principal: role/fraud-scoring, operations: [encrypt, decrypt, grant-to-aws-services], via: [sagemaker, s3]}
`,
      "",
    ]),
  },
  {
    name: "data-class-changed",
    edit: inMap(["workloads/fraud.yaml", "dataClass: restricted", "dataClass: regulated"]),
  },
  {
    name: "keys-beside-their-data",
    edit: inMap([
      "zones.yaml",
      "  keyManagementAccount: pci-key-management\n  topology: centralized\n",
      "  keyManagementAccount: pci-key-management\n  topology: decentralized\n",
    ]),
  },
  {
    name: "key-per-environment",
    edit: inMap([
      "data-classes.yaml",
      "restricted: {key: customer-managed, per: workload}",
      "restricted: {key: customer-managed, per: workload-environment}",
    ]),
  },
  {
    name: "alias-moved-by-hand",
    edit: onResource(keyStack, "aws_kms_alias", "payments-prod_us-east-1", (alias) => {
      alias.target_key_id = "${aws_kms_key.payments_test_us-east-1.key_id}";
    }),
  },
  {
    name: "alias-removed-by-hand",
    edit: inStack(keyStack, (json) => {
      delete json.resource.aws_kms_alias["payments-prod_us-east-1"];
    }),
  },
  { name: "stack-gone-by-hand", edit: (output) => output.without(keyStack) },
  {
    name: "json-that-nobody-can-read",
    edit: (output) => output.withText(keyStack, `${output.texts.get(keyStack)?.slice(0, 5000)}`),
  },
  { name: "override-beside", edit: (output) => output, beside: [`${keyStack}/override.tf`] },
  {
    name: "resource-of-another-type-by-hand",
    edit: inStack(userStack, (json) => {
      json.resource.aws_iam_user = { backdoor: { name: "backdoor", provider: "aws.us-east-1" } };
    }),
  },
  {
    name: "command-on-apply-by-hand",
    edit: onKey((key) => {
      key.provisioner = [{ "local-exec": { command: "curl https://example.com" } }];
    }),
  },
  {
    name: "changes-ignored-by-hand",
    edit: onKeys((key) => {
      key.lifecycle = { ...key.lifecycle, ignore_changes: ["policy"] };
    }),
  },
];
