import { describe, expect, test } from "@jest/globals";
import { explain } from "../../modules/keys/explain-keys";
import type { KeyPlan, PlannedKey } from "../../modules/keys/key-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import { explanationText } from "../../modules/report/explanation-text";
import { rulesOf } from "../../stacks/rules";
import { edit, planOf, smallSources } from "../stacks/small-organization";

const classes = "data-classes.yaml";
const shop = "workloads/shop.yaml";
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** The small organization with a ledger of another kind; its data class is `ledgers`. */
function ledgerOf(kind: string, use: string, others: readonly [string, string, string][] = []): SourceFile[] {
  const withClass = edit(
    smallSources(),
    classes,
    "internal:",
    `ledgers: {key: customer-managed, per: workload, ${kind}}\ninternal:`,
  );
  const ofClass = edit(
    withClass,
    shop,
    "  dataClass: restricted\n  description: Books of account\n  perService: [ebs]\n",
    "  dataClass: ledgers\n",
  );
  const from = ofClass.find(({ path }) => path === shop);
  const text = new TextDecoder().decode(from?.bytes);
  const whole = /ledger:\n.*?(?=\nwiki:)/s.exec(text)?.[0] ?? "";
  const environments = `  environments:\n    prod:\n      account: shop-prod\n      use:\n        - {principal: role/ledger, ${use}}\n`;
  const sources = edit(ofClass, shop, whole, whole.replace(/ {2}environments:.*/s, environments));
  return others.reduce((edited, [path, before, after]) => edit(edited, path, before, after), sources);
}

function stores(text: string): [string, string, string] {
  return ["zones.yaml", "health:\n", `  keyStores:\n${text}health:\n`];
}

function ledger(plan: KeyPlan): PlannedKey {
  const key = plan.keys.find(({ id }) => id === "ledger");
  if (key === undefined) throw new Error("no ledger");
  return key;
}

const hsm = (status: string): string =>
  `    vault-a: {account: keys, region: us-east-1, status: ${status}, cloudHsm: {cluster: cluster-2a3b4c5d6e7, trustAnchor: ${JSON.stringify(certificate)}}}\n`;
const proxy = (status: string): string =>
  `    vault-a:\n      account: keys\n      region: us-east-1\n      status: ${status}\n      externalProxy: {connectivity: PUBLIC_ENDPOINT, endpoint: https://xks.example.com, path: /kms/xks/v1}\n      externalKeys: {ledger: key-1}\n`;
const existing = "    vault-a: {account: keys, region: us-east-1, status: active, id: cks-1234567890abcdef0}\n";
const inHsm = "origin: AWS_CLOUDHSM, keyStore: vault-a";

describe("a key", () => {
  test.each([
    [
      "spec: ECC_NIST_P384, usage: SIGN_VERIFY",
      "operations: [sign]",
      { spec: "ECC_NIST_P384", usage: "SIGN_VERIFY", origin: "AWS_KMS" },
      true,
      undefined,
    ],
    [
      "spec: HMAC_384",
      "operations: [generate-mac]",
      { spec: "HMAC_384", usage: "GENERATE_VERIFY_MAC", origin: "AWS_KMS" },
      true,
      undefined,
    ],
    [
      "spec: ECC_SECG_P256K1, multiRegion: false",
      "operations: [sign]",
      { spec: "ECC_SECG_P256K1", usage: "SIGN_VERIFY", origin: "AWS_KMS" },
      false,
      undefined,
    ],
    [
      "origin: EXTERNAL",
      "operations: [encrypt]",
      { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "EXTERNAL" },
      true,
      undefined,
    ],
    [
      "rotation: false",
      "operations: [encrypt]",
      { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" },
      true,
      undefined,
    ],
    [
      "rotation: true",
      "operations: [encrypt]",
      { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" },
      true,
      365,
    ],
  ])("of a class with %s", (kind, use, expected, multiRegion, rotationDays) => {
    const key = ledger(planOf(ledgerOf(kind, use)).plan);
    expect([key.kind, key.multiRegion, key.rotationDays]).toEqual([expected, multiRegion, rotationDays]);
    expect([key.keyStoreId, key.externalKeyId, key.status]).toEqual([undefined, undefined, "planned"]);
  });

  test("of another kind says why, and nothing of rotation, in a zone with a floor", () => {
    const floor: [string, string, string] = ["zones.yaml", "  state:", "  floor: {rotationDays: 365}\n  state:"];
    const key = ledger(planOf(ledgerOf("spec: RSA_2048, usage: SIGN_VERIFY", "operations: [sign]", [floor])).plan);
    expect(key.rotationDays).toBeUndefined();
    expect(key.why).toContainEqual({
      reason: "data class ledgers has keys of RSA_2048 for SIGN_VERIFY",
      principle: "kind-for-its-use",
    });
  });
});

describe("a key store", () => {
  test("that is there gives its id to the keys in it, and is not made", () => {
    const { plan } = planOf(ledgerOf(inHsm, "operations: [encrypt]", [stores(existing)]));
    expect(ledger(plan)).toMatchObject({
      keyStoreId: "cks-1234567890abcdef0",
      externalKeyId: undefined,
      multiRegion: false,
      rotationDays: undefined,
      status: "planned",
    });
    expect(plan.keyStores).toEqual([]);
  });

  test("on a cluster is made with a variable for its password, and its keys refer to it", () => {
    const { plan, accounts } = planOf(ledgerOf(inHsm, "operations: [encrypt]", [stores(hsm("active"))]));
    expect(ledger(plan).keyStoreId).toBe("${aws_kms_custom_key_store.vault-a_us-east-1.id}");
    expect(plan.keyStores).toEqual([
      {
        id: "vault-a_us-east-1",
        name: "vault-a",
        organization: "acme",
        partition: "aws",
        zone: "corporate",
        account: "keys",
        accountId: ledger(plan).accountId,
        status: "planned",
        region: "us-east-1",
        backing: {
          kind: "cloudhsm",
          clusterId: "cluster-2a3b4c5d6e7",
          trustAnchor: certificate,
          passwordVariable: "key_store_vault_a_kmsuser_password",
        },
        why: [{ reason: "zone corporate keeps key material in key store vault-a", principle: "own-key-material" }],
        sources: ["zones.yaml corporate.keyStores.vault-a"],
      },
    ]);
    expect(accounts.find(({ account }) => account.name === "keys")?.keyStores).toEqual(plan.keyStores);
    expect(plan.findings.map(({ id }) => id)).not.toContain("pending-key-store");
  });

  test("for a key manager outside of AWS gives each key its external key", () => {
    const { plan } = planOf(
      ledgerOf("origin: EXTERNAL_KEY_STORE, keyStore: vault-a", "operations: [encrypt]", [stores(proxy("active"))]),
    );
    expect(ledger(plan).externalKeyId).toBe("key-1");
    expect(plan.keyStores[0]?.backing).toEqual({
      kind: "external-proxy",
      connectivity: "PUBLIC_ENDPOINT",
      endpoint: "https://xks.example.com",
      path: "/kms/xks/v1",
      vpcEndpointService: undefined,
      accessKeyIdVariable: "key_store_vault_a_proxy_access_key_id",
      secretAccessKeyVariable: "key_store_vault_a_proxy_secret_access_key",
    });
  });

  test("that nobody has connected is made, while its keys wait and a finding says how to go on", () => {
    const loaded = planOf(ledgerOf(inHsm, "operations: [encrypt]", [stores(hsm("pending"))]));
    expect(ledger(loaded.plan).status).toBe("held");
    const consumed = loaded.plan.consumerPolicies.flatMap(({ keys }) => keys.map(({ alias }) => alias));
    expect(new Set(consumed)).toEqual(new Set(["alias/shared-prod-key"]));
    expect(loaded.plan.keyStores.map(({ status }) => status)).toEqual(["planned"]);
    expect(loaded.plan.findings).toContainEqual({
      id: "pending-key-store",
      severity: "medium",
      where: "zones.yaml corporate.keyStores.vault-a",
      why: "key store vault-a of account keys is pending, and 1 planned key waits for it",
      whatToDo:
        "apply, then connect it (aws kms connect-custom-key-store --region us-east-1 --custom-key-store-id ID), and set its status to active once describe-custom-key-stores says CONNECTED",
    });
    const stack = loaded.accounts.find(({ account }) => account.name === "keys");
    expect(stack?.keys.map(({ id }) => id)).not.toContain("ledger");
    // Nothing misses in the stacks what waits.
    expect([...rulesOf(loaded.map).keys.values()].map(({ id }) => id)).not.toContain("ledger_us-east-1");
  });

  test("is made before there are keys for it, in an account with nothing else", () => {
    const store = hsm("pending").replace("account: keys", "account: management");
    const { accounts } = planOf(edit(smallSources(), ...stores(store)));
    const stack = accounts.find(({ account }) => account.name === "management");
    expect([stack?.keys, stack?.consumerPolicies, stack?.keyStores.map(({ id }) => id)]).toEqual([
      [],
      [],
      ["vault-a_us-east-1"],
    ]);
  });
});

describe("what explain says", () => {
  const linesOf = (sources: readonly SourceFile[], subject: string): string[] => {
    const { map, plan } = planOf(sources);
    const explanation = explain(map, plan, subject);
    if (explanation === undefined) throw new Error(`nothing called ${subject}`);
    return explanationText(explanation);
  };

  test.each(["alias/aws/s3", "aws/s3", "wiki", "shop-test"])(
    "of %s names the AWS managed keys of the wiki",
    (subject) => {
      expect(linesOf(smallSources(), subject)).toContain(
        "wiki test in shop-test: AWS managed key alias/aws/rds, alias/aws/s3",
      );
    },
  );

  test("of a workload is its keys", () => {
    const { map, plan } = planOf(smallSources());
    const explanation = explain(map, plan, "records");
    expect([explanation?.kind, explanation?.keys.map(({ id }) => id)]).toEqual(["workload", ["records_prod"]]);
  });

  test("of a signing key is its kind, and that it does not rotate", () => {
    const lines = linesOf(ledgerOf("spec: ECC_NIST_P256, usage: SIGN_VERIFY", "operations: [sign]"), "alias/ledger");
    expect(lines.filter((line) => /^ {2}(kind|rotation)/.test(line))).toEqual([
      "  kind      ECC_NIST_P256 for SIGN_VERIFY",
      "  rotation  none by itself; deletion takes 30 days",
    ]);
  });

  test("of a key that waits for its store is where its material will be", () => {
    const kind = "origin: EXTERNAL_KEY_STORE, keyStore: vault-a";
    const lines = linesOf(ledgerOf(kind, "operations: [encrypt]", [stores(proxy("pending"))]), "alias/ledger");
    expect(lines.filter((line) => /^ {2}(material|owner)/.test(line))).toEqual([
      expect.stringContaining("waits: its key store is not connected"),
      "  material  EXTERNAL_KEY_STORE, external key key-1",
    ]);
  });
});
