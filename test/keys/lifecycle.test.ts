import { describe, expect, test } from "@jest/globals";
import { costOf, explain } from "../../modules/keys/explain-keys";
import type { PlannedKey } from "../../modules/keys/key-plan";
import { keysInMap } from "../../modules/keys/keys-in-map";
import type { SourceFile } from "../../modules/organization/map-file";
import { summarizeByZone } from "../../modules/report/plan-summary";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import { edit, planOf, smallSources } from "../stacks/small-organization";

const ledger = { account: "keys", key: "ledger" };

/** The small organization with one entry for one key: flow mappings, one a line. */
function withEntry(lines: readonly string[], key = ledger, sources = smallSources()): SourceFile[] {
  const common = [`account: ${key.account}`, `key: ${key.key}`, "owner: finance", "reason: A new ledger takes over"];
  const text = `entry:\n${[...common, ...lines].map((line) => `  ${line}\n`).join("")}`;
  return [...sources, { name: "config/lifecycle.yaml", path: "lifecycle.yaml", bytes: new TextEncoder().encode(text) }];
}

function keyOf({ plan }: LoadedPlan, id: string): PlannedKey {
  const key = plan.keys.find((each) => each.id === id);
  if (key === undefined) throw new Error(`no key ${id} among ${plan.keys.map((each) => each.id).join(", ")}`);
  return key;
}

function problemsOf(sources: readonly SourceFile[], today?: string): string[] {
  const loaded = planSources(sources, "config", { today });
  return "problems" in loaded ? loaded.problems.map(({ path, message, fix }) => `${path}: ${message}; ${fix}`) : [];
}

function findingOf({ plan }: LoadedPlan, id: string) {
  return plan.findings.find((finding) => finding.id === id);
}

/** Which keys the using accounts' policies reach, by account. */
function reached({ plan }: LoadedPlan): string[] {
  return plan.consumerPolicies.flatMap(({ account, keys }) =>
    keys.map(({ alias, regions }) => `${account} ${alias} ${regions.join(" ")}`),
  );
}

const disabled = "decommission: {disabled: 2026-12-01}";
const scheduled = "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15}";
const gone = "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15, gone: 2027-03-16}";

describe("a step of a key's life", () => {
  test.each([
    ["in-use", []],
    ["disabled", [disabled]],
    ["scheduled", [scheduled]],
    ["gone", [gone]],
    ["handed-over", ["handOver: {to: acquirer, day: 2026-12-01}"]],
  ])("is %s, for its replicas as well", (step, lines) => {
    const loaded = planOf(lines.length === 0 ? smallSources() : withEntry(lines));
    expect([keyOf(loaded, "ledger"), ...keyOf(loaded, "ledger").replicas].map((each) => each.step)).toEqual([
      step,
      step,
    ]);
  });

  test("is a replica's own, before its primary's", () => {
    const { replicas, step } = keyOf(planOf(withEntry([`replicas: {us-west-2: {${scheduled}}}`])), "ledger");
    expect([step, ...replicas.map((replica) => replica.step)]).toEqual(["in-use", "scheduled"]);
  });

  test("keeps everything of a disabled key: deleting the entry is all that it takes to have it back", () => {
    const before = planOf(smallSources());
    const after = planOf(withEntry([disabled]));
    expect(reached(after)).toEqual(reached(before));
    expect(keyOf(after, "ledger").grants).toEqual(keyOf(before, "ledger").grants);
    expect(keyOf(after, "ledger").policy).toEqual(keyOf(before, "ledger").policy);
    expect(costOf(after.plan.keys)).toEqual(costOf(before.plan.keys));
  });

  test.each([
    ["scheduled", scheduled],
    ["gone", gone],
  ])("takes a key that is %s from its users, the cost and the summary, and not from the plan", (_, line) => {
    const before = planOf(smallSources());
    const after = planOf(withEntry([line]));
    expect(reached(before)).toContain("shop-prod alias/ledger us-east-1 us-west-2");
    expect(reached(after)).toEqual(reached(before).filter((each) => !each.includes("alias/ledger ")));
    expect(costOf(after.plan.keys).now).toBe(costOf(before.plan.keys).now - 2);
    const keys = ({ map, plan }: LoadedPlan) => summarizeByZone(map, plan).map((zone) => [zone.keys, zone.replicas]);
    expect(keys(before)).toEqual([
      [4, 3],
      [1, 0],
    ]);
    expect(keys(after)).toEqual([
      [3, 2],
      [1, 0],
    ]);
    expect(keyOf(after, "ledger").aliases.map(({ name }) => name)).toEqual(["alias/ledger"]);
  });

  test("takes a replica's Region from the users of a key, and no other", () => {
    const loaded = planOf(withEntry([`replicas: {us-west-2: {${scheduled}}}`]));
    expect(reached(loaded)).toContain("shop-prod alias/ledger us-east-1");
  });

  test("leaves the users of a key that is handed over as they are", () => {
    const loaded = planOf(withEntry(["handOver: {to: acquirer, day: 2026-12-01}"]));
    expect(reached(loaded)).toEqual(reached(planOf(smallSources())));
  });

  test("keeps the stack of an account whose only key ends, so that the output can say so", () => {
    const loaded = planOf(withEntry([scheduled], { account: "clinic", key: "records_prod" }));
    expect(loaded.stacks.map(({ name }) => name)).toContain("acme.health.clinic");
  });

  test.each([
    ["disabled", disabled],
    ["scheduled", scheduled],
    ["gone", gone],
  ])("is %s in the rules that stacks are held against", (step, line) => {
    const rules = rulesOf(planOf(withEntry([line])).map);
    expect([...rules.keys.values()].find(({ id }) => id === "ledger_us-east-1")?.step).toBe(step);
  });

  test("stands among the reasons and places of a key, with its days", () => {
    const key = keyOf(planOf(withEntry([scheduled])), "ledger");
    expect(key.why).toContainEqual({
      reason: "disabled 2026-12-01, scheduled 2027-01-15: A new ledger takes over",
      principle: "stepped-end",
    });
    expect(key.sources).toContain("lifecycle.yaml entry");
  });
});

describe("a day to come", () => {
  const entry = withEntry([
    "decommission: {disabled: 2026-12-01, scheduled: 2027-01-15}",
    "rotated: [{day: 2026-12-24, by: role/KeyAdministrator, reason: It leaked somewhere}]",
  ]);

  test("is refused with the day that it is", () => {
    const fix = "add it on that day: the map says what has been done";
    expect(problemsOf(entry, "2026-12-10")).toEqual([
      `entry.decommission.scheduled: has not come yet: 2027-01-15, and today is 2026-12-10; ${fix}`,
      `entry.rotated: has not come yet: 2026-12-24, and today is 2026-12-10; ${fix}`,
    ]);
    expect(problemsOf(entry, "2027-01-15")).toEqual([]);
  });

  test("is no matter without one, so that the same map gives the same plan", () => {
    expect(problemsOf(entry)).toEqual([]);
  });
});

describe("a key that is replaced", () => {
  test("has no imported material: its aliases would lead to a key that nobody can use yet", () => {
    const imported = edit(
      smallSources(),
      "data-classes.yaml",
      "restricted: {key: customer-managed, per: workload}",
      "restricted: {key: customer-managed, per: workload, origin: EXTERNAL}",
    );
    const material = "material: {imported: 2026-11-01, replicas: {us-west-2: {imported: 2026-11-01}}}";
    expect(problemsOf(withEntry(["replaced: 2026-12-01", material], ledger, imported))).toEqual([
      "entry.replaced: cannot be set for a key with imported material: its aliases would lead to a new key that has none yet; make a workload of the same data class for new data, import the material of its key, and move applications to its alias",
    ]);
  });

  const loaded = planOf(withEntry(["replaced: 2026-12-01"]));
  const [former, next] = [keyOf(loaded, "ledger"), keyOf(loaded, "ledger_2")];

  test("is followed by one with its aliases, users, replicas and a number", () => {
    expect(next).toMatchObject({ alias: "alias/ledger", region: "us-east-1", step: "in-use", replaced: undefined });
    expect(next.replicas.map(({ region }) => region)).toEqual(former.replicas.map(({ region }) => region));
    expect(next.policy).toEqual(former.policy);
    expect(next.description).toBe("ledger prod test 2: restricted data of zone corporate. Books of account");
    expect(next.why).toContainEqual({
      reason: "replaces key ledger since 2026-12-01: A new ledger takes over",
      principle: "replaced-by-another",
    });
  });

  test("stays as it was, but for its alias", () => {
    const before = keyOf(planOf(smallSources()), "ledger");
    expect(former.aliases.map(({ name }) => name)).toEqual(["alias/ledger-1"]);
    expect(former.replaced).toBe("2026-12-01");
    expect(former.policy).toEqual(before.policy);
    expect([former.description, former.tags, former.grants]).toEqual([before.description, before.tags, before.grants]);
  });

  test("has each of its aliases with its number", () => {
    const named = edit(
      smallSources(),
      "workloads/shop.yaml",
      "  description: Books",
      "  aliases: [books]\n  description: Books",
    );
    const both = planOf(withEntry(["replaced: 2026-12-01"], ledger, named));
    expect(["ledger", "ledger_2"].map((id) => keyOf(both, id).aliases.map(({ name }) => name))).toEqual([
      ["alias/ledger-1", "alias/books-1"],
      ["alias/ledger", "alias/books"],
    ]);
  });

  test("is reached by its users with the new one", () => {
    expect(reached(loaded)).toEqual(
      expect.arrayContaining([
        "shop-prod alias/ledger us-east-1 us-west-2",
        "shop-prod alias/ledger-1 us-east-1 us-west-2",
      ]),
    );
  });

  test("says in which order to apply", () => {
    expect(findingOf(loaded, "key-replaced")?.whatToDo).toMatch(/^apply the stacks of the using accounts before/);
  });

  test("is followed by a third, whose number goes on", () => {
    const entries = withEntry(["replaced: 2026-12-01"]);
    const file = entries.at(-1);
    const first = new TextDecoder().decode(file?.bytes);
    const second = first.replace("entry:", "another:").replace("key: ledger", "key: ledger_2");
    for (const text of [first + second, second + first]) {
      const both = planOf(
        entries.map((each) => (each === file ? { ...each, bytes: new TextEncoder().encode(text) } : each)),
      );
      const ids = both.plan.keys.filter(({ id }) => /^ledger(_\d)?$/.test(id));
      expect(ids.map(({ id, alias }) => `${id} ${alias}`)).toEqual([
        "ledger alias/ledger-1",
        "ledger_2 alias/ledger-2",
        "ledger_3 alias/ledger",
      ]);
    }
  });

  test("for one service is not taken for the general key's", () => {
    const plan = planOf(withEntry(["replaced: 2026-12-01"], { account: "keys", key: "ledger__ebs" }));
    expect(keyOf(plan, "ledger__ebs_2").alias).toBe("alias/ledger-ebs");
    expect(keyOf(plan, "ledger").alias).toBe("alias/ledger");
  });

  test("keeps the entry when it is gone, because the number is in it", () => {
    const end = planOf(withEntry(["replaced: 2026-11-01", gone]));
    expect(findingOf(end, "key-gone")?.whatToDo).toContain("leave this entry");
    expect(keyOf(end, "ledger_2").alias).toBe("alias/ledger");
  });

  test("leaves its zone when it is handed over: nobody's data is under the new one yet", () => {
    const out = planOf(withEntry(["replaced: 2026-12-01", "handOver: {to: acquirer, day: 2026-12-01}"]));
    expect([keyOf(out, "ledger").step, keyOf(out, "ledger_2").step]).toEqual(["handed-over", "in-use"]);
  });
});

describe("a key that is taken over", () => {
  const shared = { account: "keys", key: "shared_confidential_prod" };
  const grantId = "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60";
  const keyId = "mrk-0123456789abcdef0123456789abcdef";
  const loaded = planOf(
    withEntry(
      [
        "adopt:",
        `  keyId: ${keyId}`,
        "  replicas: [us-west-2]",
        "  aliases: [shared-prod-key]",
        `  grants: {shared_confidential_prod_us-east-1_shop_shop-batch: ${grantId}}`,
      ],
      shared,
    ),
  );
  const key = keyOf(loaded, shared.key);

  test("has its id, and says what else exists", () => {
    expect(key.adoptedId).toBe(keyId);
    expect(key.replicas.map(({ adopted }) => adopted)).toEqual([true]);
    expect(key.aliases).toEqual([{ name: "alias/shared-prod-key", id: "shared-prod-key", adopted: true }]);
    expect(key.grants.map(({ id, adoptedId }) => [id, adoptedId])).toEqual([
      ["shared_confidential_prod_us-east-1_shop_shop-batch", grantId],
      ["shared_confidential_prod_us-west-2_shop_shop-batch", undefined],
    ]);
  });

  test("says what the next plan shows, and that the entry can go", () => {
    expect(findingOf(loaded, "key-adopted")?.whatToDo).toMatch(/"to import".*Delete adopt once it is applied$/);
  });

  test("says which of its aliases would be new, as AWS refuses one that exists", () => {
    const bare = planOf(withEntry([`adopt: {keyId: ${keyId}}`], shared));
    expect(findingOf(bare, "key-adopted")?.whatToDo).toContain(
      "alias/shared-prod-key is not named and would be made, which AWS refuses where it exists",
    );
    expect(findingOf(loaded, "key-adopted")?.whatToDo).not.toContain("not named");
  });

  test("takes nothing over by itself", () => {
    const bare = keyOf(planOf(withEntry([`adopt: {keyId: ${keyId}}`], shared)), shared.key);
    expect([...bare.replicas, ...bare.aliases].map(({ adopted }) => adopted)).toEqual([false, false]);
    expect(bare.grants.map(({ adoptedId }) => adoptedId)).toEqual([undefined, undefined]);
  });
});

describe("a lifecycle", () => {
  test("asks for the Region where an account has two keys of one identity", () => {
    const single = edit(
      smallSources(),
      "workloads/shop.yaml",
      "replicas: [us-west-2]\n      use:\n        - {principal: role/ledger",
      "use:\n        - {principal: role/ledger",
    );
    const two = edit(
      single,
      "workloads/shop.yaml",
      "      account: shop-test\n      use:\n        - {principal: role/ledger",
      "      account: shop-test\n      region: us-west-2\n      use:\n        - {principal: role/ledger",
    );
    expect(problemsOf(withEntry([disabled], ledger, two))).toEqual([
      "entry.key: is a key of account keys in us-east-1, us-west-2, and the entry does not say which; add region: one of us-east-1, us-west-2",
    ]);
    const west = planOf(withEntry(["region: us-west-2", disabled], ledger, two));
    expect(west.plan.keys.filter(({ id }) => id === "ledger").map(({ region, step }) => [region, step])).toEqual([
      ["us-east-1", "in-use"],
      ["us-west-2", "disabled"],
    ]);
  });

  test.each([
    ["gone", gone],
    ["handed over", "handOver: {to: acquirer, day: 2026-12-01}"],
  ])("of a key that is %s may outlive it, as a finding", (_, line) => {
    const loaded = planOf(withEntry([line], { account: "keys", key: "till_prod" }));
    expect(findingOf(loaded, "lifecycle-unused")).toEqual({
      id: "lifecycle-unused",
      severity: "low",
      where: "lifecycle.yaml entry",
      why: "key till_prod of account keys is in the map no more, and nothing needs this entry",
      whatToDo: "delete the entry",
    });
  });

  test("of a key that is not gone must not", () => {
    expect(problemsOf(withEntry([scheduled], { account: "keys", key: "till_prod" }))).toEqual([
      "entry.key: is no key of account keys: till_prod; its keys are ledger, ledger__ebs, shared_confidential_prod",
    ]);
  });

  test("is not held against keys that other mistakes may hide", () => {
    const wrong = edit(withEntry([disabled]), "workloads/shop.yaml", "dataClass: restricted", "dataClass: restrictd");
    expect(problemsOf(wrong).map((line) => line.split(":")[0])).toEqual(["ledger.dataClass"]);
  });

  test("is held against keys while another one is wrong", () => {
    const sources = withEntry(["decommission: {disabled: 2026-12-01, scheduled: 2026-12-02}"]);
    const both = edit(
      sources,
      "lifecycle.yaml",
      "entry:",
      "a:\n  {account: keys, key: ledger__ebs, owner: x, reason: TODO, replaced: 2026-12-01}\nb:\n  {account: keys, key: ledger__ebs_2, owner: x, reason: It goes on, replaced: 2026-12-01}\nentry:",
    );
    expect(problemsOf(both).map((line) => line.split(":")[0])).toEqual(["a.reason", "entry.decommission.scheduled"]);
  });
});

describe("a rotation on demand", () => {
  const rotated = (count: number): string[] => [
    "rotated:",
    ...Array.from(
      { length: count },
      (_, index) =>
        `  - {day: 2026-01-${String(index + 1).padStart(2, "0")}, by: role/KeyAdministrator, reason: It leaked somewhere}`,
    ).reverse(),
  ];

  test("is in the plan, by day", () => {
    const { rotatedOnDemand } = keyOf(planOf(withEntry(rotated(25))), "ledger");
    expect(rotatedOnDemand).toHaveLength(25);
    expect(rotatedOnDemand[0]).toEqual({
      day: "2026-01-01",
      by: "role/KeyAdministrator",
      reason: "It leaked somewhere",
    });
  });

  test("is refused after the last that AWS KMS does", () => {
    expect(problemsOf(withEntry(rotated(26)))).toEqual([
      "entry.rotated: has 26 rotations on demand, and AWS KMS does at most 25 in a key's life; replace the key (replaced: DAY)",
    ]);
  });

  test("is refused for keys that AWS KMS does not rotate", () => {
    const { map } = planOf(withEntry(rotated(1)));
    const withKind = (kind: object) =>
      keysInMap({
        ...map,
        workloads: map.workloads.map((each) => ({ ...each, dataClass: { ...each.dataClass, kind } as never })),
      }).problems.map(({ message }) => message.split(":")[0]);
    expect(withKind({ spec: "SYMMETRIC_DEFAULT", origin: "EXTERNAL" })).toEqual([]);
    expect(withKind({ spec: "RSA_2048", origin: "AWS_KMS" })).toEqual(["is not possible"]);
    expect(withKind({ spec: "SYMMETRIC_DEFAULT", origin: "AWS_CLOUDHSM" })).toEqual(["is not possible"]);
  });
});

describe("what explain shows", () => {
  test("has the next step of a key, by its alias or its identity", () => {
    const { map, plan } = planOf(withEntry([disabled], { account: "clinic", key: "records_prod" }));
    for (const subject of ["records-prod", "records_prod"]) {
      expect(explain(map, plan, subject)?.findings.map(({ id }) => id)).toEqual(["key-disabled"]);
    }
    expect(explain(map, plan, "ledger")?.findings).toEqual([]);
  });
});
