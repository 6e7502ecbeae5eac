import { describe, expect, test } from "@jest/globals";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import { accountOf, ouOf, plan, refused, rolloutMap, rolloutOf, targetsText, template, waves } from "./rollout-map";

const map = rolloutMap();

/** The same map with accounts changed, and everything that holds them. */
function changed(change: (name: string) => object | undefined): OrganizationMap {
  return { ...map, accounts: map.accounts.map((account) => ({ ...account, ...change(account.name) })) };
}

describe("a rollout goes to", () => {
  test("OUs that are wholly the zone's, and to single accounts where another zone has an OU below", () => {
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault")]);
    expect(stackSets.map(targetsText)).toEqual([
      "corporate_vault: ou-ab12-10000000 ou-ab12-20000000 ou-ab12-30000000 -> box dev keys shop tooling web",
      "corporate_vault_accounts: r-ab12 INTERSECTION 400000000001 -> vault",
    ]);
    expect(stackSets.map(({ name }) => name)).toEqual(["orgkeys-corporate-vault", "orgkeys-corporate-vault-accounts"]);
    expect(stackSets.map(({ autoDeployment }) => autoDeployment)).toEqual([true, false]);
  });

  test("the OUs that it names, below OUs of the zone too", () => {
    const some = [{ name: undefined, ous: [ouOf(map, "Workloads/Prod"), ouOf(map, "Regulated")] }];
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", { waves: some })]);
    expect(stackSets.map(targetsText)).toEqual([
      "corporate_vault: ou-ab12-32000000 -> shop web",
      "corporate_vault_accounts: r-ab12 INTERSECTION 400000000001 -> vault",
    ]);
  });

  test("each OU once, when one that it names is below another", () => {
    const some = [
      { name: undefined, ous: ["Workloads/Prod", "Workloads", "Workloads"].map((path) => ouOf(map, path)) },
    ];
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", { waves: some })]);
    expect(stackSets.map(targetsText)).toEqual(["corporate_vault: ou-ab12-30000000 -> dev shop web"]);
  });

  test("no OU of another zone, even when it is named", () => {
    const some = [{ name: undefined, ous: [ouOf(map, "Regulated/PCI"), ouOf(map, "Sandbox")] }];
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", { waves: some })]);
    expect(stackSets.map(targetsText)).toEqual(["corporate_vault: ou-ab12-20000000 -> box"]);
  });

  test("all accounts but the excluded ones, of which a pending one may not exist", () => {
    const excluded = ["dev", "dev-new", "old", "vault"].map((name) => accountOf(map, name));
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", { excluded })]);
    expect(stackSets.map(targetsText)).toEqual([
      "corporate_vault: ou-ab12-10000000 ou-ab12-20000000 ou-ab12-30000000 -> box keys shop tooling web",
    ]);
  });

  test("the same for the same map in another order", () => {
    const rollouts = [rolloutOf(map, "pci", "vault"), rolloutOf(map, "corporate", "vault")];
    const turned = { ...map, zones: [...map.zones].reverse() };
    expect(plan(turned, [...rollouts].reverse()).plans).toEqual(plan(map, rollouts).plans);
  });
});

describe("waves", () => {
  const staged = {
    waves: waves(map, { sandbox: ["Sandbox"], dev: ["Workloads/Dev", "Regulated"], prod: ["Workloads/Prod"] }),
    concurrency: { percentage: 50 },
    failureTolerance: { percentage: 10 },
    concurrencyMode: "soft",
  } as const;

  test("are StackSets of their own, each after every part of the one before", () => {
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", staged)]);
    expect(stackSets.map(({ id, name, wave, after }) => [id, name, wave, after])).toEqual([
      ["corporate_vault_sandbox", "orgkeys-corporate-vault-sandbox", "sandbox", []],
      ["corporate_vault_dev", "orgkeys-corporate-vault-dev", "dev", ["corporate_vault_sandbox"]],
      ["corporate_vault_dev_accounts", "orgkeys-corporate-vault-dev-accounts", "dev", ["corporate_vault_sandbox"]],
      [
        "corporate_vault_prod",
        "orgkeys-corporate-vault-prod",
        "prod",
        ["corporate_vault_dev", "corporate_vault_dev_accounts"],
      ],
    ]);
  });

  test("begin with a canary: account by account, whatever the rollout's pace", () => {
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "vault", staged)]);
    const paces = stackSets.map(({ concurrency, failureTolerance, concurrencyMode }) => [
      concurrency,
      failureTolerance,
      concurrencyMode,
    ]);
    expect(paces[0]).toEqual([{ count: 1 }, { count: 0 }, "strict"]);
    expect(paces.slice(1)).toEqual(Array(3).fill([{ percentage: 50 }, { percentage: 10 }, "soft"]));
  });

  test("begin as the others go where the rollout says so, or where there is one", () => {
    const without = plan(map, [rolloutOf(map, "corporate", "vault", { ...staged, canary: false })]);
    expect(without.stackSets[0]).toMatchObject({ concurrency: { percentage: 50 }, concurrencyMode: "soft" });
    const one = plan(map, [rolloutOf(map, "corporate", "vault", { ...staged, waves: staged.waves.slice(0, 1) })]);
    expect(one.stackSets[0]).toMatchObject({ concurrency: { percentage: 50 }, concurrencyMode: "soft" });
  });

  test("that go nowhere are passed over, and the next one is the canary", () => {
    const excluded = [accountOf(map, "vault")];
    const nowhere = { ...staged, waves: waves(map, { own: ["Regulated"], prod: ["Workloads/Prod"] }), excluded };
    const { stackSets, told } = plan(map, [rolloutOf(map, "corporate", "vault", nowhere)]);
    expect(stackSets.map(({ id, after }) => [id, after])).toEqual([["corporate_vault_prod", []]]);
    expect(stackSets[0]).toMatchObject({ concurrency: { count: 1 }, concurrencyMode: "strict" });
    expect(told).toContain(
      "low rollout-wave-without-accounts rollout corporate.vault: wave own reaches no account: nothing is tried out before the next wave begins; give it an OU with an active account, or drop the wave",
    );
  });

  test("that name one OU twice are refused, also before it has an account", () => {
    const twice = { waves: waves(map, { first: ["Workloads"], second: ["Workloads/Prod"] }) };
    expect(refused(map, [rolloutOf(map, "corporate", "vault", twice)])).toEqual([
      "rollouts.yaml corporate.templates.vault  wave first of rollout corporate.vault and wave second of rollout corporate.vault both make AWS::Backup::BackupVault vault in account shop, and it can be there once; let one wave alone name the OU",
    ]);
    const empty = changed((name) => (["shop", "web", "old"].includes(name) ? { status: "pending" } : undefined));
    expect(refused(empty, [rolloutOf(empty, "corporate", "vault", twice)])).toEqual([
      "rollouts.yaml corporate.templates.vault  wave first of rollout corporate.vault and wave second of rollout corporate.vault both make AWS::Backup::BackupVault vault in OU ou-ab12-32000000, and it can be there once; let one wave alone name the OU",
    ]);
  });

  test("have their replicas after their primaries, and before the next wave", () => {
    const replicated = {
      waves: waves(map, { dev: ["Workloads/Dev"], prod: ["Workloads/Prod"] }),
      replicas: ["us-west-2"],
    };
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "baseline-keys", replicated)]);
    expect(stackSets.map(({ id, regions, after }) => [id, regions, after])).toEqual([
      ["corporate_baseline-keys_dev", ["us-east-1"], []],
      ["corporate_baseline-keys_dev_replicas", ["us-west-2"], ["corporate_baseline-keys_dev"]],
      ["corporate_baseline-keys_prod", ["us-east-1"], ["corporate_baseline-keys_dev_replicas"]],
      ["corporate_baseline-keys_prod_replicas", ["us-west-2"], ["corporate_baseline-keys_prod"]],
    ]);
  });

  test("come after the bus, which is in one account and one Region", () => {
    const regions = ["us-west-2", "us-east-1"];
    const { stackSets } = plan(map, [rolloutOf(map, "corporate", "key-events", { regions })]);
    expect(stackSets.map(({ id, regions: its, after }) => [id, its, after])).toEqual([
      ["corporate_key-events_bus", ["us-east-1"], []],
      ["corporate_key-events", regions, ["corporate_key-events_bus"]],
      ["corporate_key-events_accounts", regions, ["corporate_key-events_bus"]],
    ]);
    expect(stackSets.slice(0, 1).map(targetsText)).toEqual([
      "corporate_key-events_bus: r-ab12 INTERSECTION 100000000001 -> keys",
    ]);
    expect(stackSets[0]?.autoDeployment).toBe(false);
  });
});

describe("stacks", () => {
  test("are one a zone, in the account that keeps its StackSets", () => {
    const { plans } = plan(map, [
      rolloutOf(map, "corporate", "vault"),
      rolloutOf(map, "corporate", "access-roles"),
      rolloutOf(map, "pci", "vault", { administrator: accountOf(map, "management") }),
    ]);
    expect(
      plans.zones.map(({ stack, administrator, callAs, stackSets }) => [
        stack,
        administrator.name,
        callAs,
        stackSets.length,
      ]),
    ).toEqual([
      ["acme.rollouts.corporate", "tooling", "DELEGATED_ADMIN", 4],
      ["acme.rollouts.pci", "management", "SELF", 1],
    ]);
    expect(plans.zones[1]?.stackSets[0]?.tags).toEqual({
      Company: "Acme",
      ManagedBy: "orgkeys",
      Owner: "payments",
      Rollout: "pci.vault",
      Zone: "pci",
    });
  });

  test("of the management account hold what StackSets do not bring there, Region by Region", () => {
    const { plans } = plan(map, [
      rolloutOf(map, "corporate", "baseline-keys", { replicas: ["us-west-2"] }),
      rolloutOf(map, "corporate", "vault", { regions: ["us-east-1", "us-west-2"] }),
    ]);
    expect(plans.direct.map(({ stack }) => stack)).toEqual(["acme.rollouts.corporate.management"]);
    expect(
      plans.direct[0]?.stacks.map(({ id, name, region, bootstrapped, after }) => [
        id,
        name,
        region,
        bootstrapped,
        after,
      ]),
    ).toEqual([
      ["corporate_baseline-keys_us-east-1", "orgkeys-corporate-baseline-keys", "us-east-1", false, []],
      [
        "corporate_baseline-keys_replicas_us-west-2",
        "orgkeys-corporate-baseline-keys-replicas",
        "us-west-2",
        false,
        ["corporate_baseline-keys_us-east-1"],
      ],
      ["corporate_vault_us-east-1", "orgkeys-corporate-vault", "us-east-1", false, []],
      ["corporate_vault_us-west-2", "orgkeys-corporate-vault", "us-west-2", false, ["corporate_vault_us-east-1"]],
    ]);
  });

  test("bring access-roles to the administrator's account, before StackSets are, and its StackSet leaves it out", () => {
    const { plans, stackSets } = plan(map, [rolloutOf(map, "corporate", "access-roles")]);
    expect(plans.direct.map(({ stack, stacks }) => [stack, stacks.map(({ bootstrapped }) => bootstrapped)])).toEqual([
      ["acme.rollouts.corporate.management", [true]],
      ["acme.rollouts.corporate.tooling", [true]],
    ]);
    expect(stackSets.map(targetsText)).toEqual([
      "corporate_access-roles: ou-ab12-10000000 ou-ab12-20000000 ou-ab12-30000000 -> box dev keys shop web",
      "corporate_access-roles_accounts: r-ab12 INTERSECTION 400000000001 -> vault",
    ]);
  });

  test("are in accounts of the rollout's own zone alone, and not in excluded ones", () => {
    expect(plan(map, [rolloutOf(map, "pci", "access-roles")]).plans.direct).toEqual([]);
    const excluded = [accountOf(map, "management"), accountOf(map, "tooling")];
    expect(plan(map, [rolloutOf(map, "corporate", "access-roles", { excluded })]).plans.direct).toEqual([]);
  });

  test("are not in an administrator's account that is below none of the OUs", () => {
    const prod = waves(map, { prod: ["Workloads/Prod"] });
    const { plans, told } = plan(map, [rolloutOf(map, "corporate", "access-roles", { waves: prod })]);
    expect(plans.direct.map(({ account }) => account.name)).toEqual(["management"]);
    expect(told.filter((each) => each.includes("no-deploy-role"))).toEqual([
      expect.stringContaining("does not reach account tooling, which has a stack"),
    ]);
  });

  test("hold the bus where it is in the management account, and the rules after it", () => {
    const busAccount = accountOf(map, "management");
    const { plans, stackSets } = plan(map, [rolloutOf(map, "corporate", "key-events", { busAccount })]);
    expect(plans.direct[0]?.stacks.map(({ id, name, after }) => [id, name, after])).toEqual([
      ["corporate_key-events_bus_us-east-1", "orgkeys-corporate-key-events-bus", []],
      ["corporate_key-events_us-east-1", "orgkeys-corporate-key-events", ["corporate_key-events_bus_us-east-1"]],
    ]);
    expect(stackSets.map(({ id }) => id)).toEqual(["corporate_key-events", "corporate_key-events_accounts"]);
  });

  test("do not take the name of an account's stack", () => {
    const { zones } = plan(map, [rolloutOf(map, "pci", "vault")]).plans;
    const taken = { stack: "acme.rollouts.pci", account: accountOf(map, "cards"), zone: zones[0]?.zone } as never;
    const stacks = [{ ...(taken as object), keys: [], consumerPolicies: [], keyStores: [], userGrants: [] }] as never;
    expect(refused(map, [rolloutOf(map, "pci", "vault")], stacks)).toEqual([
      "zones.yaml pci  its rollout stack acme.rollouts.pci would have the name of the stack of account cards in OU Regulated/PCI; rename the zone, the account or the OU",
    ]);
  });
});

describe("things with one name in one account", () => {
  const role = template("AWS::IAM::Role Backup", "AWS::KMS::Alias alias/backup");

  test("are refused when two rollouts make them", () => {
    const rollouts = [rolloutOf(map, "pci", "one"), rolloutOf(map, "pci", "two")];
    expect(refused(map, rollouts, [], () => [{ part: "main", template: role }])).toEqual([
      "rollouts.yaml pci.templates.two  rollout pci.one and rollout pci.two both make AWS::IAM::Role Backup in account cards, and it can be there once; leave the account or the OU out of one of them, or give the thing another name",
    ]);
  });

  test("are taken when they go to other accounts or other Regions", () => {
    const alias = template("AWS::KMS::Alias alias/backup");
    const render = () => [{ part: "main", template: alias }] as const;
    const elsewhere = [rolloutOf(map, "pci", "one"), rolloutOf(map, "corporate", "two")];
    expect(plan(map, elsewhere, [], () => [...render()]).stackSets).toHaveLength(3);
    const otherRegion = [
      rolloutOf(map, "corporate", "one", { regions: ["us-east-1"] }),
      rolloutOf(map, "corporate", "two", { regions: ["us-west-2"] }),
    ];
    expect(plan(map, otherRegion, [], () => [...render()]).stackSets).toHaveLength(4);
  });

  test("are refused when a rollout makes a role in several Regions, unless name or condition tell them apart", () => {
    const regions = ["us-east-1", "us-west-2"];
    const one = [rolloutOf(map, "corporate", "one", { regions })];
    expect(refused(map, one, [], () => [{ part: "main", template: role }])).toEqual([
      "rollouts.yaml corporate.templates.one  rollout corporate.one makes AWS::IAM::Role Backup in each of us-east-1, us-west-2, and an account has it once; put the Region into its name (${AWS::Region}), or make it under a condition on AWS::Region",
    ]);
    const regional = template('AWS::IAM::Role {"Fn::Sub":"backup-${AWS::Region}"}');
    expect(plan(map, one, [], () => [{ part: "main", template: regional }]).stackSets).toHaveLength(2);
    const document = { Resources: { Role: { Type: "AWS::IAM::Role", Condition: "IsHome" } } };
    expect(plan(map, one, [], () => [{ part: "main", template: { ...role, document } }]).stackSets).toHaveLength(2);
  });

  test("are refused when the account's own stack makes them", () => {
    const stack = {
      stack: "acme.regulated.pci.cards",
      account: accountOf(map, "cards"),
      keys: [{ aliases: [{ name: "alias/backup" }], region: "us-east-1", replicas: [{ region: "us-west-2" }] }],
      consumerPolicies: [{ name: "orgkeys-boundary" }],
    } as never;
    const both = template("AWS::IAM::ManagedPolicy orgkeys-boundary", "AWS::KMS::Alias alias/backup");
    const why =
      "both make WHAT in account cards, and it can be there once; leave the account out (excludeAccounts), or give one of them another name";
    expect(refused(map, [rolloutOf(map, "pci", "one")], [stack], () => [{ part: "main", template: both }])).toEqual(
      ["AWS::KMS::Alias alias/backup", "AWS::IAM::ManagedPolicy orgkeys-boundary"].map(
        (what) =>
          `rollouts.yaml pci.templates.one  rollout pci.one and stack acme.regulated.pci.cards ${why.replace("WHAT", what)}`,
      ),
    );
    const elsewhere = [rolloutOf(map, "pci", "one", { regions: ["eu-west-1"] })];
    const alias = template("AWS::KMS::Alias alias/backup");
    expect(plan(map, elsewhere, [stack], () => [{ part: "main", template: alias }]).stackSets).toHaveLength(1);
  });

  test("are the same for IAM however they are written", () => {
    const rollouts = [rolloutOf(map, "pci", "one"), rolloutOf(map, "pci", "two")];
    const made = (names: Record<string, string>) =>
      plan(map, rollouts, [], ({ template: name }) => [{ part: "main", template: template(names[name] ?? "") }]);
    expect(made({ one: "AWS::KMS::Alias alias/Backup", two: "AWS::KMS::Alias alias/backup" }).stackSets).toHaveLength(
      2,
    );
    expect(() => made({ one: "AWS::IAM::Role Backup", two: "AWS::IAM::Role backup" })).toThrow(
      "both make AWS::IAM::Role",
    );
  });

  test("are refused when they are stacks of two rollouts in the management account", () => {
    const regions = ["us-east-1", "us-west-2"];
    const onlyManagement = map.accounts.filter(({ zone, name }) => zone === "corporate" && name !== "management");
    const given = { excluded: onlyManagement, waves: waves(map, { none: [] }), regions };
    const rollouts = [
      rolloutOf(map, "corporate", "baseline-keys", { ...given, regions: ["us-east-1"], replicas: ["us-west-2"] }),
      rolloutOf(map, "corporate", "baseline-keys-replicas", given),
    ];
    expect(refused(map, rollouts)).toEqual([
      "rollouts.yaml corporate.templates.baseline-keys-replicas  rollout corporate.baseline-keys-replicas would have a stack called orgkeys-corporate-baseline-keys-replicas in account management, as rollout corporate.baseline-keys has; rename the template or the wave",
    ]);
  });

  test("are refused when they are StackSets of two rollouts", () => {
    const rollouts = [
      rolloutOf(map, "pci", "keys", { waves: waves(map, { eu: ["Regulated/PCI"] }) }),
      rolloutOf(map, "pci", "keys-eu"),
    ];
    expect(refused(map, rollouts)).toEqual([
      "rollouts.yaml pci.templates.keys-eu  rollout pci.keys-eu would have a StackSet called orgkeys-pci-keys-eu, as wave eu of rollout pci.keys has; rename the template or the wave",
    ]);
  });

  test("are refused when one is a part that comes with another", () => {
    const rollouts = [rolloutOf(map, "pci", "key-events"), rolloutOf(map, "pci", "key-events-bus")];
    expect(refused(map, rollouts)).toEqual([
      "rollouts.yaml pci.templates.key-events-bus  rollout pci.key-events-bus would have a StackSet called orgkeys-pci-key-events-bus, as rollout pci.key-events has; rename the template or the wave",
    ]);
  });

  test("are refused when they are StackSets of two zones", () => {
    const zones = map.zones.flatMap((zone) => (zone.name === "pci" ? [zone, { ...zone, name: "pci-eu" }] : [zone]));
    const both = { ...map, zones };
    expect(refused(both, [rolloutOf(both, "pci", "eu-keys"), rolloutOf(both, "pci-eu", "keys")])).toEqual([
      "rollouts.yaml pci-eu.templates.keys  rollout pci-eu.keys would have a StackSet called orgkeys-pci-eu-keys, as rollout pci.eu-keys has; rename the template or the wave",
    ]);
  });
});

test("rollouts are refused with the flaws of their own templates", () => {
  const problems = [{ source: "rollouts.yaml pci.templates.vault", message: "no", fix: "mend it" }];
  expect(refused(map, [rolloutOf(map, "pci", "vault")], [], () => ({ problems }))).toEqual([
    "rollouts.yaml pci.templates.vault  no; mend it",
  ]);
});
