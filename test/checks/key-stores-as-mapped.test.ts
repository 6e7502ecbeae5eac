import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/key-stores-as-mapped";
import { kindsOutput, vault } from "./kinds-output";
import type { Json } from "./sample-output";

const kinds = kindsOutput();
const hsm = "aws_kms_custom_key_store.hsm_us-east-1";
const outside = "aws_kms_custom_key_store.outside_us-east-1";

function found(edit: (stores: Json) => void): string[] {
  return kinds
    .edit(vault.stack, (json) => edit(json.resource.aws_kms_custom_key_store))
    .check([check])
    .map(({ where, why }) => `${where}: ${why}`);
}

const cases: readonly (readonly [name: string, edit: (stores: Json) => void, ...found: string[]])[] = [
  [
    "another cluster",
    (stores) => (stores["hsm_us-east-1"].cloud_hsm_cluster_id = "cluster-gfedcba4321"),
    `vault ${hsm} cloud_hsm_cluster_id: has cloud_hsm_cluster_id "cluster-gfedcba4321", and the map says "cluster-2a3b4c5d6e7"`,
  ],
  [
    "another endpoint, by an expression",
    (stores) => (stores["outside_us-east-1"].xks_proxy_uri_endpoint = "${var.endpoint}"),
    `vault ${outside} xks_proxy_uri_endpoint: has xks_proxy_uri_endpoint "unclear", and the map says "https://xks.example.com"`,
  ],
  [
    "an argument that the map does not have",
    (stores) => (stores["outside_us-east-1"].cloud_hsm_cluster_id = "cluster-2a3b4c5d6e7"),
    `vault ${outside} cloud_hsm_cluster_id: has cloud_hsm_cluster_id "cluster-2a3b4c5d6e7", and the map says "none"`,
  ],
  [
    "an argument that is gone",
    (stores) => delete stores["hsm_us-east-1"].custom_key_store_type,
    `vault ${hsm} custom_key_store_type: has custom_key_store_type "none", and the map says "AWS_CLOUDHSM"`,
  ],
  [
    "another Region",
    (stores) => (stores["hsm_us-east-1"].provider = "aws.us-west-2"),
    `vault ${hsm} key store: is a custom key store that the map does not ask for in this account and Region`,
  ],
  [
    "another name",
    (stores) => {
      stores.mine = stores["hsm_us-east-1"];
      delete stores["hsm_us-east-1"];
    },
    `vault ${hsm} missing: is not in the stack, and the map asks for it`,
    "vault aws_kms_custom_key_store.mine key store: is a custom key store that the map does not ask for in this account and Region",
  ],
];

describe("key-stores-as-mapped", () => {
  test("is content with what is synthesized", () => {
    expect(kinds.check([check])).toEqual([]);
  });

  test.each(cases)("finds %s", (_name, edit, ...expected) => {
    expect(found(edit).sort()).toEqual([...expected].sort());
  });

  test("names the store's place in the output and in the map", () => {
    const [finding] = kinds
      .edit(
        vault.stack,
        (json) => (json.resource.aws_kms_custom_key_store["hsm_us-east-1"].custom_key_store_name = "x"),
      )
      .check([check]);
    expect(finding).toMatchObject({
      severity: "critical",
      place: {
        document: vault.stack,
        path: "/resource/aws_kms_custom_key_store/hsm_us-east-1/custom_key_store_name",
      },
      sources: ["zones.yaml vault.keyStores.hsm"],
    });
  });

  test("asks nothing of an account whose stack is not there", () => {
    expect(kinds.without(vault.stack).check([check])).toEqual([]);
  });
});
