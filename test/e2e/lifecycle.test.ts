import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateAliasCommand, CreateGrantCommand, CreateKeyCommand, ReplicateKeyCommand } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type KeyInAws, type LivingMap, record, replace, startLivingMap, write } from "./living-map";
import { apply, expectNoChanges, terraform } from "./terraform";

const orders = "210000000001";
const legacy = "220000000001";
const archive = "230000000001";
const portal = "240000000001";
const acme = "organizations/acme.yaml";

let map: LivingMap;

beforeAll(async () => {
  map = await startLivingMap(join(__dirname, "../fixtures/living"));
  await map.step();
});
afterAll(() => map.stop());

/** Without what may change while a key is the same key. */
function identities(keys: readonly KeyInAws[]): string[] {
  return keys.map(({ region, keyId }) => `${region} ${keyId}`).sort();
}

function keyWith(keys: readonly KeyInAws[], alias: string, region = "us-east-1"): KeyInAws {
  const found = keys.find((key) => key.region === region && key.aliases.includes(alias));
  if (found === undefined) throw new Error(`no ${alias} in ${region} among ${JSON.stringify(aliasesIn(keys, region))}`);
  return found;
}

function aliasesIn(keys: readonly KeyInAws[], region: string): string[] {
  return keys.filter((key) => key.region === region).flatMap(({ aliases }) => aliases);
}

async function stateOf(stack: string): Promise<string[]> {
  const { stdout } = await terraform(map.live.stackFolder(stack), ["state", "list"], map.live.environment);
  return stdout.split("\n").filter((address) => address.startsWith("aws_"));
}

const archiveInTest = `archive:
  owner: records
  dataClass: regulated
  environments:
    test:
      account: archive
      use:
        - {principal: role/archive, operations: [encrypt, decrypt]}
`;

describe("a change without the map's word", () => {
  const drop = (text: string) => replace("workloads/archive.yaml", text, "");
  test.each([
    ["a workload that is renamed", [replace("workloads/archive.yaml", "archive:\n  owner", "vault:\n  owner")]],
    ["an environment that is renamed", [replace("workloads/archive.yaml", "    prod:", "    production:")]],
    [
      "a data class that is renamed",
      [
        replace("data-classes.yaml", "confidential:", "secret:"),
        replace("workloads/orders.yaml", "dataClass: confidential", "dataClass: secret"),
      ],
    ],
    ["a workload that is deleted", [write("workloads/archive.yaml")]],
    ["a replica that is deleted", [drop("      replicas: [us-west-2]\n")]],
    ["an environment that is deleted", [write("workloads/archive.yaml", archiveInTest)]],
  ])("is refused: %s", (_, edits) => {
    expect(map.refused(edits)).toContain("key-vanishes");
  });

  test("is refused: an account that changes its zone with its key", () => {
    expect(map.refused(moveToHealth)).toContain("zone-moved");
  });

  test("is refused: an alias under another pattern", () => {
    const edit = replace("workloads/archive.yaml", "dataClass: regulated", "dataClass: regulated\n  alias: old-things");
    expect(map.refused([edit])).toContain("alias-vanishes");
  });
});

const moveToHealth = [
  replace(acme, `      portal: "240000000001"\n`, ""),
  replace(acme, "      clinic: {", `      portal: "240000000001"\n      clinic: {`),
];

describe("names", () => {
  let before: KeyInAws[];
  const file = "workloads/orders.yaml";
  const expectSameKeys = async () => {
    const after = await map.keysIn(orders);
    expect(identities(after)).toEqual(identities(before));
    expect(after.map(({ grants }) => grants)).toEqual(before.map(({ grants }) => grants));
    expect(after.map(({ state }) => state)).toEqual(["Enabled", "Enabled", "Enabled"]);
    return after;
  };

  beforeAll(async () => {
    before = await map.keysIn(orders);
    expect(aliasesIn(before, "us-east-1").sort()).toEqual(["alias/orders-prod", "alias/shared-prod-key"]);
    expect(aliasesIn(before, "us-west-2")).toEqual(["alias/orders-prod"]);
  });

  test("of a workload, an environment and a data class change with formerly: more aliases for the same keys", async () => {
    const changes = await map.step(
      replace(file, "orders:\n", "sales:\n  formerly: orders\n"),
      replace(file, "    prod:\n", "    live:\n      formerly: prod\n"),
      replace(file, "dataClass: confidential", "dataClass: secret"),
      replace("data-classes.yaml", "confidential: {", "secret: {formerly: confidential, "),
    );
    expect(changes).toEqual([
      "create aws_kms_alias.orders-live_us-east-1",
      "create aws_kms_alias.orders-live_us-west-2",
      "create aws_kms_alias.sales-live_us-east-1",
      "create aws_kms_alias.sales-live_us-west-2",
      "create aws_kms_alias.sales-prod_us-east-1",
      "create aws_kms_alias.sales-prod_us-west-2",
      "create aws_kms_alias.shared-live-key_us-east-1",
      "update aws_kms_key.orders_prod_us-east-1",
      "update aws_kms_key.shared_confidential_prod_us-east-1",
      "update aws_kms_replica_key.orders_prod_us-west-2",
    ]);
    const after = await expectSameKeys();
    for (const region of ["us-east-1", "us-west-2"]) {
      expect(keyWith(after, "alias/sales-live", region)).toMatchObject({
        keyId: keyWith(before, "alias/orders-prod", region).keyId,
        aliases: ["alias/orders-live", "alias/orders-prod", "alias/sales-live", "alias/sales-prod"],
      });
    }
    expect(keyWith(after, "alias/shared-live-key").aliases).toContain("alias/shared-prod-key");
  });

  test("of an account changes, and its OU: nothing to do in AWS", async () => {
    const changes = await map.step(
      replace(acme, `          orders: "${orders}"\n`, ""),
      replace(acme, "accounts:\n      legacy", `accounts:\n      storefront: "${orders}"\n      legacy`),
      replace(file, "account: orders", "account: storefront"),
    );
    expect(changes).toEqual([]);
    expect(await stateOf("acme.commerce.storefront")).toContain("aws_kms_key.orders_prod_us-east-1");
    await expectSameKeys();
  });

  test("of an alias change by another pattern: the old one stays while aliases has it", async () => {
    const changes = await map.step(
      replace(
        file,
        "  formerly: orders\n",
        `  formerly: orders\n  alias: sold\n  aliases: ["{workload}-{environment}"]\n`,
      ),
    );
    expect(changes).toEqual(["create aws_kms_alias.sold_us-east-1", "create aws_kms_alias.sold_us-west-2"]);
    expect(keyWith(await expectSameKeys(), "alias/sold").aliases).toContain("alias/orders-prod");
  });

  test("of aliases go when dropAliases names them, and no key does", async () => {
    const former = ["orders-live", "orders-prod", "sales-live", "sales-prod"];
    const edit = replace(file, `  aliases: ["{workload}-{environment}"]\n`, `  dropAliases: [${former.join(", ")}]\n`);
    const regions = ["us-east-1", "us-west-2"];
    expect(await map.step(edit)).toEqual(
      former.flatMap((alias) => regions.map((region) => `delete aws_kms_alias.${alias}_${region}`)),
    );
    const after = await expectSameKeys();
    for (const region of regions) expect(keyWith(after, "alias/sold", region).aliases).toEqual(["alias/sold"]);
  });
});

describe("a key that exists", () => {
  const workload = `ledger:
  owner: finance
  dataClass: regulated
  environments:
    prod:
      account: legacy
      replicas: [us-west-2]
      use:
        - {principal: role/ledger, operations: [encrypt, decrypt]}
      grants:
        - {grantee: role/ledger-batch, operations: [Decrypt]}
`;
  const place = { account: "legacy", key: "ledger_prod" };
  let before: KeyInAws[];

  test("is taken over with its replica, aliases and grant", async () => {
    const { kms } = await map.live.emulator.clientsFor({ accountId: legacy, region: "us-east-1" });
    const recovery = await map.live.emulator.clientsFor({ accountId: legacy, region: "us-west-2" });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true, Description: "made by hand" }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    await kms.send(new CreateAliasCommand({ AliasName: "alias/ledger-prod", TargetKeyId: KeyId }));
    await recovery.kms.send(new CreateAliasCommand({ AliasName: "alias/ledger-prod", TargetKeyId: KeyId }));
    write("workloads/ledger.yaml", workload)(map.config);
    const grant = map
      .load()
      .plan.keys.find(({ id }) => id === "ledger_prod")
      ?.grants.find(({ region }) => region === "us-east-1");
    const GranteePrincipal = grant?.grantee ?? "";
    await map.live.emulator.createRoles([GranteePrincipal]);
    const { GrantId = "" } = await kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ["Decrypt"], Name: grant?.name }),
    );
    before = await map.keysIn(legacy);
    const adopt = {
      keyId: KeyId,
      replicas: ["us-west-2"],
      aliases: ["ledger-prod"],
      grants: { [grant?.id ?? ""]: GrantId },
    };
    const changes = await map.step(record("ledger", { ...place, adopt }));
    expect(changes.filter((change) => !change.startsWith("update"))).toEqual([
      expect.stringMatching(/^create aws_kms_grant\.ledger_prod_us-west-2/),
      "import aws_kms_alias.ledger-prod_us-east-1",
      "import aws_kms_alias.ledger-prod_us-west-2",
      expect.stringMatching(/^import aws_kms_grant\.ledger_prod_us-east-1/),
      "import aws_kms_key.ledger_prod_us-east-1",
      "import aws_kms_replica_key.ledger_prod_us-west-2",
    ]);
    const after = await map.keysIn(legacy);
    expect(identities(after)).toEqual(identities(before));
    expect(keyWith(after, "alias/ledger-prod").grants).toEqual([GrantId]);
    expect(keyWith(after, "alias/ledger-prod").policy).toContain("role/ledger");
  });

  test("stays as it is when the record of that is deleted", async () => {
    expect(await map.step(record("ledger"))).toEqual([]);
    expect(identities(await map.keysIn(legacy))).toEqual(identities(before));
  });

  test("is replaced: a new key takes over aliases, and the old one lives on under its number", async () => {
    const old = await map.keysIn(legacy);
    const changes = await map.step(record("ledger", { ...place, replaced: "2026-12-01" }));
    expect(changes.filter((change) => change.includes("_alias."))).toEqual([
      "create aws_kms_alias.ledger-prod-1_us-east-1",
      "create aws_kms_alias.ledger-prod-1_us-west-2",
      "update aws_kms_alias.ledger-prod_us-east-1",
      "update aws_kms_alias.ledger-prod_us-west-2",
    ]);
    const after = await map.keysIn(legacy);
    expect(after.length).toBe(4);
    for (const region of ["us-east-1", "us-west-2"]) {
      const former = keyWith(old, "alias/ledger-prod", region);
      expect(keyWith(after, "alias/ledger-prod-1", region)).toEqual({ ...former, aliases: ["alias/ledger-prod-1"] });
      const next = keyWith(after, "alias/ledger-prod", region);
      expect(next).toMatchObject({ state: "Enabled", aliases: ["alias/ledger-prod"] });
      expect(next.keyId).not.toBe(former.keyId);
      expect(next.grants.length).toBe(1);
    }
  });
});

describe("a key that is handed over", () => {
  const entry = { account: "storefront", key: "shared_confidential_prod" };
  const alias = "alias/shared-live-key";
  let before: KeyInAws;

  test("leaves the state, and stays in AWS with policy, aliases and grant", async () => {
    before = keyWith(await map.keysIn(orders), alias);
    expect(before.grants.length).toBe(1);
    const changes = await map.step(record("cart", { ...entry, handOver: { to: "acquirer", day: "2026-12-01" } }));
    expect(changes).toEqual([
      "forget aws_kms_alias.shared-live-key_us-east-1",
      "forget aws_kms_alias.shared-prod-key_us-east-1",
      expect.stringMatching(/^forget aws_kms_grant\.shared_confidential_prod_us-east-1/),
      "forget aws_kms_key.shared_confidential_prod_us-east-1",
    ]);
    expect(keyWith(await map.keysIn(orders), alias)).toEqual(before);
    expect((await stateOf("acme.commerce.storefront")).filter((address) => address.includes("shared"))).toEqual([]);
  });

  test("does not come back by a deleted record", () => {
    expect(map.refused([record("cart")])).toContain("key-comes-back");
  });

  test("is left alone when its lines are deleted", async () => {
    const changes = await map.step(
      (config) => replace("workloads/orders.yaml", cartOf(config), "")(config),
      record("cart"),
    );
    expect(changes).toEqual([]);
    expect(keyWith(await map.keysIn(orders), alias)).toEqual(before);
  });
});

/** The lines that make the shared key. */
function cartOf(config: string): string {
  return readFileSync(join(config, "workloads/orders.yaml"), "utf8").replace(/^.*(?=^cart:)/ms, "");
}

describe("a key that ends", () => {
  const whole = { account: "archive", key: "archive_prod" };
  const partly = { account: "storefront", key: "orders_prod" };
  const days = [
    { disabled: "2026-12-01" },
    { disabled: "2026-12-01", scheduled: "2027-01-15" },
    { disabled: "2026-12-01", scheduled: "2027-01-15", gone: "2027-03-16" },
  ] as const;
  const ends = (step: 0 | 1 | 2) => [
    record("archive", { ...whole, decommission: days[step] }),
    record("orders", { ...partly, replicas: { "us-west-2": { decommission: days[step] } } }),
  ];
  const inArchive = { entry: "archive", accountId: archive };
  const inOrders = { entry: "orders", accountId: orders };
  let before: KeyInAws[];
  let replica: KeyInAws;
  let primary: KeyInAws;
  const expectStates = async (primaryState: string, replicaState: string, single: string) => {
    expect(await map.keysIn(archive)).toEqual(
      before.map((key) => ({ ...key, state: key.region === "us-east-1" ? primaryState : replicaState })),
    );
    const others = await map.keysIn(orders);
    expect(keyWith(others, "alias/sold", "us-west-2")).toEqual({ ...replica, state: single });
    expect(keyWith(others, "alias/sold")).toEqual(primary);
  };

  beforeAll(async () => {
    before = await map.keysIn(archive);
    expect(before.map(({ state, grants }) => [state, grants.length])).toEqual([
      ["Enabled", 1],
      ["Enabled", 1],
    ]);
    replica = keyWith(await map.keysIn(orders), "alias/sold", "us-west-2");
    primary = keyWith(await map.keysIn(orders), "alias/sold");
  });

  test("skips no step", () => {
    expect(map.refused(ends(1))).toContain("step-skipped");
    expect(map.refused(ends(2))).toContain("step-skipped");
    expect(map.refused([record("archive", { ...whole, decommission: { scheduled: "2027-01-15" } })])).toContain(
      "disabled",
    );
  });

  test("is disabled, and so is a single replica", async () => {
    expect(await map.step(...ends(0))).toEqual([
      "update aws_kms_key.archive_prod_us-east-1",
      "update aws_kms_replica_key.archive_prod_us-west-2",
      "update aws_kms_replica_key.orders_prod_us-west-2",
    ]);
    await expectStates("Disabled", "Disabled", "Disabled");
  });

  test("is not scheduled before its wait is over, nor before that day has come", () => {
    const early = record("archive", { ...whole, decommission: { disabled: "2026-12-01", scheduled: "2026-12-30" } });
    expect(map.refused([early])).toContain("2026-12-31 is the earliest day");
    expect(map.refused(ends(1), "--today", "2027-01-14")).toContain("has not come yet");
    expect(map.refused(ends(2))).toContain("step-skipped");
    expect(map.refused([write("workloads/archive.yaml"), record("archive")])).toContain("key-vanishes");
  });

  test("is let go by Terraform, and then scheduled by the commands that the finding prints", async () => {
    expect(await map.step(...ends(1))).toEqual([
      "forget aws_kms_alias.archive-prod_us-east-1",
      "forget aws_kms_alias.archive-prod_us-west-2",
      "forget aws_kms_alias.sold_us-west-2",
      "forget aws_kms_grant.archive_prod_us-east-1_archive-batch",
      "forget aws_kms_grant.archive_prod_us-west-2_archive-batch",
      "forget aws_kms_grant.orders_prod_us-west-2_orders-batch",
      "forget aws_kms_key.archive_prod_us-east-1",
      "forget aws_kms_replica_key.archive_prod_us-west-2",
      "forget aws_kms_replica_key.orders_prod_us-west-2",
    ]);
    expect(await stateOf("acme.commerce.archive")).toEqual([]);
    await map.type("schedule-key-deletion", { finding: "key-scheduled", ...inArchive });
    await map.type("schedule-key-deletion", { finding: "key-scheduled", ...inOrders });
    await expectStates("PendingReplicaDeletion", "PendingDeletion", "PendingDeletion");
  });

  test("is nothing to Terraform any more: applies after that change nothing", async () => {
    for (const stack of ["acme.commerce.archive", "acme.commerce.storefront"]) {
      const folder = map.live.stackFolder(stack);
      expect(await apply(folder, map.live.environment)).toContain("0 added, 0 changed, 0 destroyed");
      await expectNoChanges(folder, map.live.environment);
    }
    await expectStates("PendingReplicaDeletion", "PendingDeletion", "PendingDeletion");
  });

  test("is not forgotten before it is gone, and comes back by adopt alone", () => {
    expect(map.refused([write("workloads/archive.yaml"), record("archive")])).toContain("step-skipped");
    expect(map.refused([record("archive", { ...whole, decommission: days[0] })])).toContain("key-comes-back");
    const early = { ...days[1], gone: "2027-03-15" };
    expect(map.refused([record("archive", { ...whole, decommission: early })])).toContain("is the earliest day");
  });

  test("is cancelled within its window, and comes back disabled", async () => {
    await map.type("cancel-key-deletion", { finding: "key-scheduled", ...inArchive });
    await expectStates("Disabled", "Disabled", "PendingDeletion");
    const [{ keyId } = { keyId: "" }] = before;
    const grants = Object.fromEntries(
      map
        .load()
        .plan.keys.filter(({ id }) => id === "archive_prod")
        .flatMap((key) => key.grants)
        .map(({ id, region }) => [id, before.find((key) => key.region === region)?.grants[0]]),
    );
    const adopt = { keyId, replicas: ["us-west-2"], aliases: ["archive-prod"], grants };
    const changes = await map.step(record("archive", { ...whole, decommission: days[0], adopt }));
    expect(changes.filter((change) => !change.startsWith("import"))).toEqual([
      "update aws_kms_key.archive_prod_us-east-1",
      "update aws_kms_replica_key.archive_prod_us-west-2",
    ]);
    expect(changes.filter((change) => change.startsWith("import")).length).toBe(6);
    await expectStates("Disabled", "Disabled", "PendingDeletion");
    expect(await map.step(record("archive", { ...whole, decommission: days[0] }))).toEqual([]);
  });

  test("is scheduled again, gone, and its lines deleted", async () => {
    await map.step(...ends(1));
    await map.type("schedule-key-deletion", { finding: "key-scheduled", ...inArchive });
    expect(await map.step(...ends(2))).toEqual([]);
    const changes = await map.step(
      write("workloads/archive.yaml"),
      record("archive"),
      replace("workloads/orders.yaml", "      replicas: [us-west-2]\n", ""),
      record("orders"),
    );
    expect(changes).toEqual([]);
    await expectStates("PendingReplicaDeletion", "PendingDeletion", "PendingDeletion");
  });
});

describe("a key whose account changes its zone", () => {
  test("is handed over as it is, and a new one in the new zone takes its place", async () => {
    const before = keyWith(await map.keysIn(portal), "alias/portal-prod");
    const days = { replaced: "2026-12-01", handOver: { to: "portal", day: "2026-12-01" } };
    const changes = await map.step(
      ...moveToHealth,
      record("portal", { account: "portal", key: "portal_prod", ...days }),
    );
    expect(changes).toEqual([
      "create aws_kms_grant.portal_prod_2_us-east-1_portal-batch",
      "create aws_kms_key.portal_prod_2_us-east-1",
      "forget aws_kms_grant.portal_prod_us-east-1_portal-batch",
      "forget aws_kms_key.portal_prod_us-east-1",
      "update aws_kms_alias.portal-prod_us-east-1",
    ]);
    const after = await map.keysIn(portal);
    expect(after.find(({ keyId }) => keyId === before.keyId)).toEqual({ ...before, aliases: [] });
    const next = keyWith(after, "alias/portal-prod");
    expect(next.policy).toContain("role/HealthBreakGlass");
    expect(before.policy).not.toContain("Health");
  });
});
