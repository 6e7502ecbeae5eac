import type { CheckId } from "../../../modules/findings/check-ids";
import { vault } from "../kinds-output";
import type { Json } from "../sample-output";
import { type Breach, onStack, policyOf, resourceOf, statementOf, withStatement } from "./mutation";

const key = "aws_kms_key";
const external = "aws_kms_external_key";
const replica = "aws_kms_replica_key";
const replicaExternal = "aws_kms_replica_external_key";
const store = "aws_kms_custom_key_store";
const deposit = "deposit_prod_us-east-1";
const depositWest = "deposit_prod_us-west-2";

/** A breach of one resource in the stack with keys of every kind. */
function ofResource(
  name: string,
  check: CheckId,
  [type, id]: readonly [type: string, id: string],
  edit: (resource: Json, json: Json) => void,
): Breach {
  return {
    name,
    change: onStack(vault.stack, (json) => edit(resourceOf(json, type, id), json)),
    found: { [check]: `${type}.${id}` },
    within: ["vault", vault.stack],
  };
}

/** Arguments that are set; an undefined one is taken out. */
function changed(
  name: string,
  check: CheckId,
  [type, id, change]: readonly [type: string, id: string, change: Json],
): Breach {
  return ofResource(name, check, [type, id], (resource) => Object.assign(resource, change));
}

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

const material: readonly Breach[] = [
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

const stores: readonly Breach[] = [
  changed("another store", "keys-as-mapped", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: "cks-1234567890abcdef0" },
  ]),
  changed("a store of the stack in the place of another", "keys-as-mapped", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: `\${${store}.outside_us-east-1.id}` },
  ]),
  changed("a store that is none of the zone's", "zone-regions", [
    key,
    "tenant_prod_us-east-1",
    { custom_key_store_id: "cks-ffffffffffffffff0" },
  ]),
  changed("a store by an expression", "readable", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: "${data.aws_kms_custom_key_store.hsm.id}" },
  ]),
  changed("a store by another attribute", "readable", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: `\${${store}.hsm_us-east-1.custom_key_store_name}` },
  ]),
  changed("an address for a store's id", "zone-regions", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: `${store}.hsm_us-east-1` },
  ]),
  changed("a store in another Region than its key", "zone-regions", [
    key,
    "hsm_prod_us-east-1",
    { provider: "aws.us-west-2" },
  ]),
  changed("material of the store left to AWS", "keys-as-mapped", [
    key,
    "hsm_prod_us-east-1",
    { custom_key_store_id: undefined, enable_key_rotation: true, rotation_period_in_days: 365 },
  ]),
  changed("a store for a key of AWS's", "keys-as-mapped", [
    key,
    "envelopes_prod_us-east-1",
    { custom_key_store_id: `\${${store}.hsm_us-east-1.id}` },
  ]),
  changed("another external key", "keys-as-mapped", [key, "outside_prod_us-east-1", { xks_key_id: "ffff" }]),
  changed("no external key", "keys-as-mapped", [key, "outside_prod_us-east-1", { xks_key_id: undefined }]),
  changed("an external key without a store", "zone-regions", [
    key,
    "outside_prod_us-east-1",
    { custom_key_store_id: undefined },
  ]),
  changed("a store in front of another cluster", "key-stores-as-mapped", [
    store,
    "hsm_us-east-1",
    { cloud_hsm_cluster_id: "cluster-gfedcba4321" },
  ]),
  changed("a store that trusts another certificate", "key-stores-as-mapped", [
    store,
    "hsm_us-east-1",
    { trust_anchor_certificate: "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n" },
  ]),
  changed("a store in front of somebody else's key manager", "key-stores-as-mapped", [
    store,
    "outside_us-east-1",
    { xks_proxy_uri_endpoint: "https://xks.example.org" },
  ]),
  changed("a store at another path of its key manager", "key-stores-as-mapped", [
    store,
    "outside_us-east-1",
    { xks_proxy_uri_path: "/mallory/kms/xks/v1" },
  ]),
  changed("a store through an endpoint that the map does not know", "key-stores-as-mapped", [
    store,
    "outside_us-east-1",
    { xks_proxy_vpc_endpoint_service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" },
  ]),
  changed("a store in another Region", "key-stores-as-mapped", [store, "hsm_us-east-1", { provider: "aws.us-west-2" }]),
  changed("a store whose endpoint is an expression", "readable", [
    store,
    "outside_us-east-1",
    { xks_proxy_uri_endpoint: "${var.endpoint}" },
  ]),
  changed("a store with an argument that nobody knows", "readable", [store, "hsm_us-east-1", { count: 2 }]),
  changed("a store's password in the file", "readable", [store, "hsm_us-east-1", { key_store_password: "kmsuser-1" }]),
  changed("a store's password from a function", "readable", [
    store,
    "hsm_us-east-1",
    { key_store_password: '${file("password")}' },
  ]),
  changed("a store's password from a variable that is not there", "readable", [
    store,
    "hsm_us-east-1",
    { key_store_password: "${var.password}" },
  ]),
  ofResource("a key manager's credential in the file", "readable", [store, "outside_us-east-1"], (found) => {
    found.xks_proxy_authentication_credential.raw_secret_access_key = "3q2+7w==";
  }),
  ofResource("a store without protection", "prevent-destroy", [store, "hsm_us-east-1"], (found) => {
    found.lifecycle.prevent_destroy = false;
  }),
  ofResource("a store whose changes are all ignored", "prevent-destroy", [store, "outside_us-east-1"], (found) => {
    found.lifecycle.ignore_changes = "all";
  }),
  ofResource("a store whose cluster may change unseen", "readable", [store, "hsm_us-east-1"], (found) => {
    found.lifecycle.ignore_changes = ["key_store_password", "cloud_hsm_cluster_id"];
  }),
  {
    name: "a store that the map does not ask for",
    change: onStack(vault.stack, (json) => {
      json.resource[store].extra = structuredClone(resourceOf(json, store, "hsm_us-east-1"));
    }),
    found: { "key-stores-as-mapped": `${store}.extra` },
    within: ["vault"],
  },
  {
    name: "a store that is gone",
    change: onStack(vault.stack, (json) => {
      json.resource[store]["outside_us-east-1"] = undefined;
    }),
    found: { "key-stores-as-mapped": `${store}.outside_us-east-1` },
    within: ["vault", vault.stack],
  },
  ...(
    [
      ["a default for a secret", { default: "kmsuser-1" }],
      ["a secret that every plan shows", { sensitive: false }],
      ["a secret of any type", { type: undefined }],
      ["a secret that is a file", { type: "object({})" }],
    ] satisfies [string, Json][]
  ).map(
    ([name, change]): Breach => ({
      name,
      change: onStack(vault.stack, (json) => Object.assign(json.variable.key_store_hsm_kmsuser_password, change)),
      found: { readable: "/variable/key_store_hsm_kmsuser_password" },
      within: ["vault", vault.stack],
    }),
  ),
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

/** Ways to breach what holds for other kinds of keys, for imported material, key stores and several aliases. */
export const kindBreaches: readonly Breach[] = [...kinds, ...states, ...material, ...stores, ...aliases];
