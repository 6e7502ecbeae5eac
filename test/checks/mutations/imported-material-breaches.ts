import { vault } from "../kinds-output";
import type { Json } from "../sample-output";
import { type Breach, onStack, policyOf, resourceOf, statementOf, withStatement } from "./mutation";
import { changed, deposit, depositWest, ofResource } from "./vault-resources";

const key = "aws_kms_key";
const external = "aws_kms_external_key";
const replica = "aws_kms_replica_key";
const replicaExternal = "aws_kms_replica_external_key";

/** Material that comes in, or expires, or is somebody else's. */
export const importedMaterialBreaches: readonly Breach[] = [
  changed("material in the file", "readable", [external, deposit, { key_material_base64: "c2VjcmV0" }]),
  changed("a replica's material in the file", "readable", [
    replicaExternal,
    depositWest,
    { key_material_base64: "c2VjcmV0" },
  ]),
  changed("material from a variable, and so in the state", "readable", [
    external,
    deposit,
    { key_material_base64: "${var.material}" },
  ]),
  changed("material on a key of AWS's", "readable", [
    key,
    "tokens_prod_us-east-1",
    { key_material_base64: "c2VjcmV0" },
  ]),
  changed("an expiry pinned in the file", "readable", [external, deposit, { valid_to: "2030-01-01T00:00:00Z" }]),
  changed("a replica's expiry pinned in the file", "readable", [replicaExternal, depositWest, { valid_to: "" }]),
  ofResource("changes of the expiry no longer ignored", "imported-material", [external, deposit], ({ lifecycle }) => {
    lifecycle.ignore_changes = undefined;
  }),
  ofResource(
    "changes of a replica's expiry no longer ignored",
    "imported-material",
    [replicaExternal, depositWest],
    (found) => {
      found.lifecycle = { prevent_destroy: true };
    },
  ),
  ofResource(
    "changes of the policy ignored beside the expiry",
    "prevent-destroy",
    [external, deposit],
    ({ lifecycle }) => {
      lifecycle.ignore_changes.push("policy");
    },
  ),
  ofResource(
    "changes of the policy ignored beside the expiry, unread",
    "readable",
    [external, deposit],
    ({ lifecycle }) => {
      lifecycle.ignore_changes = ["valid_to", "policy"];
    },
  ),
  ofResource(
    "an expiry ignored of a key that has none",
    "readable",
    [key, "tokens_prod_us-east-1"],
    ({ lifecycle }) => {
      lifecycle.ignore_changes = ["valid_to"];
    },
  ),
  ofResource("imported material without protection", "prevent-destroy", [external, deposit], ({ lifecycle }) => {
    lifecycle.prevent_destroy = false;
  }),
  changed("imported material with a deletion window of a week", "deletion-window", [
    external,
    deposit,
    { deletion_window_in_days: undefined },
  ]),
  changed("imported material, with the safety check bypassed", "key-lockout", [
    external,
    deposit,
    { bypass_policy_lockout_safety_check: true },
  ]),
  changed("a replica of imported material that is another key's", "readable", [
    replicaExternal,
    depositWest,
    { primary_key_arn: "${aws_kms_key.archive_prod_us-east-1.arn}" },
  ]),
  changed("a replica of imported material that is nobody's", "readable", [
    replicaExternal,
    depositWest,
    { primary_key_arn: "${aws_kms_external_key.gone_us-east-1.arn}" },
  ]),
  changed("a replica by AWS of imported material", "readable", [
    replica,
    "contracts_prod_us-west-2",
    { primary_key_arn: `\${${external}.${deposit}.arn}` },
  ]),
  ofResource("a user who imports material", "users-never-manage", [external, deposit], (_, json) =>
    withStatement(json, deposit, {
      ...structuredClone(policyOf(json, deposit).Statement.find(({ Sid }: Json) => Sid.startsWith("Use"))),
      Sid: "Extra",
      Action: "kms:ImportKeyMaterial",
    }),
  ),
  ofResource("a deploy role that imports material", "administrators-never-use", [external, deposit], (_, json) => {
    statementOf(json, deposit, "Deploy").Action.push("kms:ImportKeyMaterial");
  }),
  ofResource(
    "an account whose IAM lets managers import material",
    "administrators-never-use",
    [external, deposit],
    (_, json) => {
      statementOf(json, deposit, "AccountRootAdministration").Action.push("kms:ImportKeyMaterial");
    },
  ),
  ofResource(
    "administrators who import material into a key of AWS's",
    "administrators-never-use",
    [key, "tokens_prod_us-east-1"],
    (_, json) => {
      statementOf(json, "tokens_prod_us-east-1", "Administrators").Action.push("kms:ImportKeyMaterial");
    },
  ),
  ofResource("nobody left who imports material", "key-lockout", [external, deposit], (_, json) => {
    const statement = statementOf(json, deposit, "Administrators");
    statement.Action = statement.Action.filter((action: string) => action !== "kms:ImportKeyMaterial");
  }),
  ofResource(
    "a replica that lets more import material than its primary",
    "replica-policy",
    [replicaExternal, depositWest],
    (_, json) => {
      statementOf(json, depositWest, "BreakGlass").Action.push("kms:ImportKeyMaterial");
    },
  ),
  ofResource("a stranger let in to imported material", "zone-key-access", [external, deposit], (_, json) =>
    withStatement(json, deposit, {
      Sid: "Extra",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999999999999:role/app" },
      Action: "kms:Decrypt",
      Resource: "*",
    }),
  ),
  {
    name: "a grant on imported material for a stranger",
    change: onStack(vault.stack, (json) => {
      resourceOf(json, "aws_kms_grant", `${deposit}_deposit-batch`).grantee_principal =
        "arn:aws:iam::999999999999:role/app";
    }),
    found: { "zone-grants": `aws_kms_grant.${deposit}_deposit-batch` },
    within: ["vault"],
  },
];
