import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { StackKeyStore, SynthesizedStack } from "../../modules/access/synthesized-stack";
import { compareKeyStores } from "../../modules/drift/compare/compare-key-stores";
import { compareKeys } from "../../modules/drift/compare/compare-keys";
import { matchKeys } from "../../modules/drift/match/match-keys";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveKeyStore, LiveRegion } from "../../modules/live/live-account";
import { asReviewed } from "./as-reviewed";
import { both, editKey, editRegion, type LiveEdit } from "./edit-live";
import { aKey, keyContext, stackName } from "./key-context";

const home = "us-east-1";
const hsmAddress = "aws_kms_custom_key_store.hsm_us-east-1";
const vaultAddress = "aws_kms_custom_key_store.vault_us-east-1";

function aStore(address: string, given: Readonly<Record<string, string>>): StackKeyStore {
  return { document: stackName, path: "", address, region: home, arguments: given };
}

const stack: SynthesizedStack = {
  ...readSynthesizedStack(stackName, "{}"),
  keyStores: [
    aStore(hsmAddress, {
      custom_key_store_name: "hsm",
      custom_key_store_type: "AWS_CLOUDHSM",
      cloud_hsm_cluster_id: "cluster-1234",
      trust_anchor_certificate: "PEM",
    }),
    aStore(vaultAddress, {
      custom_key_store_name: "vault",
      custom_key_store_type: "EXTERNAL_KEY_STORE",
      xks_proxy_connectivity: "VPC_ENDPOINT_SERVICE",
      xks_proxy_uri_endpoint: "https://vault.example.com",
      xks_proxy_uri_path: "/kms/xks/v1",
      xks_proxy_vpc_endpoint_service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
    }),
  ],
};
const hsm: LiveKeyStore = {
  id: "cks-hsm",
  name: "hsm",
  type: "AWS_CLOUDHSM",
  connectionState: "CONNECTED",
  connectionError: undefined,
  cloudHsmClusterId: "cluster-1234",
  proxy: {},
};
const vault: LiveKeyStore = {
  id: "cks-vault",
  name: "vault",
  type: "EXTERNAL_KEY_STORE",
  connectionState: "CONNECTED",
  connectionError: undefined,
  cloudHsmClusterId: undefined,
  proxy: {
    Connectivity: "VPC_ENDPOINT_SERVICE",
    UriEndpoint: "https://vault.example.com",
    UriPath: "/kms/xks/v1",
    VpcEndpointServiceName: "com.amazonaws.vpce.us-east-1.vpce-svc-1",
  },
};
const own: LiveKeyStore = { ...hsm, id: "cks-own", name: "own", cloudHsmClusterId: "cluster-own" };

const inStore = { multiRegion: false, rotation: undefined };
const ledger = aKey("ledger", home, { ...inStore, keyStore: hsmAddress });
const books = aKey("books", home, { ...inStore, keyStore: "cks-own" });
const all = [ledger, books];
const inHsm = editKey(home, "ledger", { keyStoreId: "cks-hsm" });

function linesAfter(edit: LiveEdit, reviewed: readonly ReviewedKey[] = all): string[] {
  const regions = both(inHsm, edit)(asReviewed(reviewed, { keyStores: { [home]: [hsm, vault, own] } }));
  const matches = matchKeys(reviewed, regions, []);
  return [
    ...compareKeyStores(stack, matches, regions, keyContext),
    ...compareKeys(reviewed, regions, matches, keyContext),
  ].map(({ id, place, detail }) => [id, place.resource, place.address ?? "no address", ...detail].join(" | "));
}

function editStore(name: string, change: Partial<LiveKeyStore>): LiveEdit {
  return editStores((stores) => stores.map((store) => (store.name === name ? { ...store, ...change } : store)));
}

function editStores(change: (stores: readonly LiveKeyStore[]) => readonly LiveKeyStore[]): LiveEdit {
  return editRegion(home, (live: LiveRegion) => ({
    ...live,
    keyStores:
      live.keyStores !== undefined && "value" in live.keyStores
        ? { value: change(live.keyStores.value) }
        : live.keyStores,
  }));
}

describe("custom key stores", () => {
  test("that are as reviewed are nothing to tell", () => {
    expect(linesAfter((regions) => [...regions])).toEqual([]);
  });

  test.each<[string, LiveEdit, readonly string[]]>([
    [
      "one that is not connected, with its keys, which are told once",
      both(editStore("hsm", { connectionState: "DISCONNECTED" }), editKey(home, "ledger", { state: "Unavailable" })),
      [`key-store-disconnected | key store hsm | ${hsmAddress}`],
    ],
    [
      "one that exists, and that a key names, not connected",
      both(
        editStore("own", { connectionState: "FAILED", connectionError: "USER_LOCKED_OUT" }),
        editKey(home, "books", { state: "Unavailable" }),
      ),
      ["key-store-disconnected | key store own | no address"],
    ],
    ["one that nothing is in, not connected", editStore("vault", { connectionState: "DISCONNECTED" }), []],
    [
      "one that is gone",
      editStores((stores) => stores.filter(({ name }) => name !== "vault")),
      [`key-store-missing | key store vault | ${vaultAddress}`],
    ],
    [
      "one that exists, and is gone",
      editStores((stores) => stores.filter(({ name }) => name !== "own")),
      ["key-store-missing | key store cks-own | no address"],
    ],
    [
      "another cluster",
      editStore("hsm", { cloudHsmClusterId: "cluster-9" }),
      [`key-store-changed | key store hsm | ${hsmAddress} | cluster`],
    ],
    [
      "another name",
      editStore("hsm", { name: "old-hsm" }),
      [`key-store-changed | key store hsm | ${hsmAddress} | name`],
    ],
    [
      "another proxy",
      editStore("vault", { proxy: { ...vault.proxy, UriEndpoint: "https://other.example.com", UriPath: "/x" } }),
      [`key-store-changed | key store vault | ${vaultAddress} | endpoint | path`],
    ],
    [
      "a key in another store than its own",
      editKey(home, "ledger", { keyStoreId: "cks-vault" }),
      ["key-different | alias/ledger | aws_kms_key.ledger_us-east-1 | key store"],
    ],
    [
      "stores that nobody may read",
      editRegion(home, (live) => ({ ...live, keyStores: { unread: "AccessDenied", whatToDo: "" } })),
      [],
    ],
    ["stores that nobody asked for", editRegion(home, (live) => ({ ...live, keyStores: undefined })), []],
  ])("%s", (_, edit, expected) => {
    expect(linesAfter(edit)).toEqual(expected);
  });

  test("that nobody may read leave a key that is unavailable", () => {
    const edit = both(
      editRegion(home, (live) => ({ ...live, keyStores: { unread: "AccessDenied", whatToDo: "" } })),
      editKey(home, "books", { state: "Unavailable" }),
    );
    expect(linesAfter(edit)).toEqual(["key-unavailable | alias/books | aws_kms_key.books_us-east-1"]);
  });

  test("say why they are not connected, and for which keys that counts", () => {
    const regions = both(
      inHsm,
      editStore("hsm", { connectionState: "FAILED", connectionError: "USER_LOCKED_OUT" }),
    )(asReviewed(all, { keyStores: { [home]: [hsm, vault, own] } }));
    expect(compareKeyStores(stack, matchKeys(all, regions, []), regions, keyContext)[0]?.why).toBe(
      "custom key store cks-hsm is FAILED (USER_LOCKED_OUT): nobody can use alias/ledger",
    );
  });
});
