import { vault } from "../kinds-output";
import { importedMaterialBreaches } from "./imported-material-breaches";
import { keyStoreBreaches } from "./key-store-breaches";
import { type Breach, onStack, resourceOf } from "./mutation";
import { changed, deposit, depositWest } from "./vault-resources";

const key = "aws_kms_key";
const external = "aws_kms_external_key";
const replica = "aws_kms_replica_key";
const replicaExternal = "aws_kms_replica_external_key";

const kinds: readonly Breach[] = [
  changed("another spec", "keys-as-mapped", [
    key,
    "contracts_prod_us-east-1",
    { customer_master_key_spec: "RSA_4096" },
  ]),
  changed("no spec at all", "keys-as-mapped", [key, "tokens_prod_us-east-1", { customer_master_key_spec: undefined }]),
  changed("another usage", "keys-as-mapped", [key, "envelopes_prod_us-east-1", { key_usage: "SIGN_VERIFY" }]),
  changed("no usage at all", "keys-as-mapped", [key, "exchange_prod_us-east-1", { key_usage: undefined }]),
  changed("a symmetric key made asymmetric", "keys-as-mapped", [
    key,
    "hsm_prod_us-east-1",
    { customer_master_key_spec: "RSA_2048" },
  ]),
  changed("a spec that is an expression", "keys-as-mapped", [
    key,
    "contracts_prod_us-east-1",
    { customer_master_key_spec: "${var.spec}" },
  ]),
  changed("rotation that AWS refuses for a signing key", "rotation", [
    key,
    "contracts_prod_us-east-1",
    { enable_key_rotation: true },
  ]),
  changed("rotation that AWS refuses in a key store", "rotation", [
    key,
    "hsm_prod_us-east-1",
    { enable_key_rotation: true },
  ]),
  {
    name: "a key with imported material made one of AWS's",
    change: onStack(vault.stack, (json) => {
      json.resource[key][deposit] = {
        ...resourceOf(json, external, deposit),
        enable_key_rotation: true,
        rotation_period_in_days: 365,
        lifecycle: { prevent_destroy: true },
      };
      json.resource[external][deposit] = undefined;
      const text = JSON.stringify(json.resource);
      json.resource = JSON.parse(text.replaceAll(`\${${external}.${deposit}.id}`, `\${${key}.${deposit}.key_id}`));
    }),
    found: { "keys-as-mapped": `${key}.${deposit} type` },
    within: ["vault"],
  },
  {
    name: "a key of AWS's made one with imported material",
    change: onStack(vault.stack, (json) => {
      const {
        enable_key_rotation: _rotates,
        is_enabled: _enabled,
        rotation_period_in_days: _days,
        ...rest
      } = resourceOf(json, key, "archive_prod_us-east-1");
      json.resource[external]["archive_prod_us-east-1"] = { ...rest, enabled: false };
      json.resource[key]["archive_prod_us-east-1"] = undefined;
    }),
    found: { "keys-as-mapped": `${external}.archive_prod_us-east-1 type` },
    within: ["vault", vault.stack],
  },
];

const states: readonly Breach[] = [
  changed("a key enabled that the map has disabled", "key-enabled", [
    key,
    "archive_prod_us-east-1",
    { is_enabled: true },
  ]),
  changed("a replica enabled that the map has disabled", "key-enabled", [
    replica,
    "archive_prod_us-west-2",
    { enabled: undefined },
  ]),
  changed("a key with imported material disabled", "key-enabled", [external, deposit, { enabled: false }]),
  changed("a replica with imported material disabled", "key-enabled", [
    replicaExternal,
    depositWest,
    { enabled: "false" },
  ]),
];

const aliases: readonly Breach[] = [
  {
    name: "one of several aliases moved to another key",
    change: onStack(vault.stack, (json) => {
      resourceOf(json, "aws_kms_alias", "money-prod_us-east-1").target_key_id =
        "${aws_kms_key.tenant_prod_us-east-1.key_id}";
    }),
    found: { "zone-aliases": "aws_kms_alias.money-prod_us-east-1" },
    within: ["vault"],
  },
  {
    name: "one of several aliases that is gone in one Region",
    change: onStack(vault.stack, (json) => {
      json.resource.aws_kms_alias["deposit_us-west-2"] = undefined;
    }),
    found: { "zone-aliases": `${replicaExternal}.${depositWest} alias/deposit` },
    within: ["vault"],
  },
  {
    name: "one more alias, in the metadata too",
    change: onStack(vault.stack, (json) => {
      json["//"].orgkeys.keys[deposit].aliases.push("alias/mine");
      json.resource.aws_kms_alias.mine = {
        ...resourceOf(json, "aws_kms_alias", "deposit_us-east-1"),
        name: "alias/mine",
      };
    }),
    found: { "zone-aliases": "aws_kms_alias.mine alias/mine", "keys-as-mapped": `${external}.${deposit} aliases` },
    within: ["vault"],
  },
];

/** Ways to breach what holds for other kinds of keys, made in the output that has them all. */
export const kindBreaches: readonly Breach[] = [
  ...kinds,
  ...states,
  ...aliases,
  ...importedMaterialBreaches,
  ...keyStoreBreaches,
];
