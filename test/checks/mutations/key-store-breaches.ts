import { vault } from "../kinds-output";
import type { Json } from "../sample-output";
import { type Breach, onStack, resourceOf } from "./mutation";
import { changed, ofResource } from "./vault-resources";

const key = "aws_kms_key";
const store = "aws_kms_custom_key_store";

/** Keys in another store than the map's, stores in front of others' material, and their secrets. */
export const keyStoreBreaches: readonly Breach[] = [
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
