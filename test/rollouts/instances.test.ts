import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../modules/organization/organization-map";
import { compareInstances, type LiveInstance, type LiveRollouts } from "../../modules/rollouts/compare-instances";
import { expectedInstances } from "../../modules/rollouts/expected-instances";
import type { PlannedStackSet, RolloutPlan } from "../../modules/rollouts/rollout-plan";

function stackSet(name: string, regions: readonly string[], ...accounts: readonly (readonly [string, string])[]) {
  const reaches = accounts.map(([account, id]) => ({ name: account, id }) as Account);
  return { name, regions, reaches, leavesEmpty: [] } as unknown as PlannedStackSet;
}

const pay = ["payments", "310000000002"] as const;
const ledger = ["ledger", "310000000001"] as const;
const plan = {
  stackSets: [
    stackSet("orgkeys-pci-keys", ["us-west-2", "us-east-1"], pay, ledger),
    stackSet("orgkeys-pci-access-roles", ["us-east-1"], pay),
    stackSet("orgkeys-pci-empty", ["us-east-1"]),
  ],
} as unknown as RolloutPlan;
const expected = expectedInstances({ zones: [plan], direct: [] });

test("expected is each account that is reached, in each Region, in one order", () => {
  expect(expected.map(({ stackSet: name, accountId, region }) => `${name} ${accountId} ${region}`)).toEqual([
    "orgkeys-pci-access-roles 310000000002 us-east-1",
    "orgkeys-pci-keys 310000000001 us-east-1",
    "orgkeys-pci-keys 310000000001 us-west-2",
    "orgkeys-pci-keys 310000000002 us-east-1",
    "orgkeys-pci-keys 310000000002 us-west-2",
  ]);
  expect(expected[0]?.account).toBe("payments");
});

test("expected is an instance in each account that the template leaves out, too", () => {
  const [reaching] = [stackSet("orgkeys-pci-keys", ["us-east-1"], pay)];
  const leavesEmpty = [{ name: ledger[0], id: ledger[1] } as Account];
  const { stackSets: _, ...rest } = plan;
  const zone = { ...rest, stackSets: [{ ...reaching, leavesEmpty } as PlannedStackSet] };
  expect(expectedInstances({ zones: [zone], direct: [] }).map(({ account }) => account)).toEqual([
    "ledger",
    "payments",
  ]);
});

const current = (each: Pick<LiveInstance, "stackSet" | "accountId" | "region">): LiveInstance => ({
  stackSet: each.stackSet,
  accountId: each.accountId,
  region: each.region,
  status: "CURRENT",
  detailedStatus: "SUCCEEDED",
  statusReason: undefined,
});
const good: LiveRollouts = {
  stackSets: new Set(["orgkeys-pci-access-roles", "orgkeys-pci-keys", "somebody-elses"]),
  instances: expected.map(current),
  stacks: undefined,
};
const [first = current(expected[0] ?? { stackSet: "", accountId: "", region: "" }), ...others] = good.instances;
const found = (live: Partial<LiveRollouts>) =>
  compareInstances(expected, { ...good, ...live }).map(({ id, severity, where }) => `${severity} ${id} ${where}`);
const where = "orgkeys-pci-access-roles 310000000002 us-east-1";
const uuid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";

describe("live instances", () => {
  test("that are all there and current are nothing to tell", () => {
    expect(found({})).toEqual([]);
  });

  test.each<[name: string, live: Partial<LiveRollouts>, findings: string[]]>([
    ["one is missing in one Region", { instances: others }, [`high rollout-missing ${where}`]],
    [
      "the StackSet is gone, which is said once",
      { stackSets: new Set(["orgkeys-pci-keys"]), instances: others },
      ["high rollout-missing orgkeys-pci-access-roles"],
    ],
    [
      "one is in an account of which the map knows nothing",
      { instances: [...good.instances, { ...first, accountId: "999999999999" }] },
      ["critical rollout-extra orgkeys-pci-access-roles 999999999999 us-east-1"],
    ],
    [
      "one is in a Region too many",
      { instances: [...good.instances, { ...first, region: "eu-west-1" }] },
      ["critical rollout-extra orgkeys-pci-access-roles 310000000002 eu-west-1"],
    ],
    [
      "somebody else's StackSet has some",
      { instances: [...good.instances, { ...first, stackSet: "somebody-elses", status: "OUTDATED" }] },
      [],
    ],
    [
      "one is outdated",
      { instances: [{ ...first, status: "OUTDATED", detailedStatus: "FAILED" }, ...others] },
      [`high rollout-outdated ${where}`],
    ],
    ["one is being made", { instances: [{ ...first, status: "OUTDATED", detailedStatus: "RUNNING" }, ...others] }, []],
    [
      "one is outdated, and nobody says why",
      { instances: [{ ...first, status: "OUTDATED", detailedStatus: undefined }, ...others] },
      [`high rollout-outdated ${where}`],
    ],
    [
      "one is inoperable",
      { instances: [{ ...first, status: "INOPERABLE" }, ...others] },
      [`critical rollout-inoperable ${where}`],
    ],
    [
      "one has a status that nobody knows",
      { instances: [{ ...first, status: "SLEEPING" }, ...others] },
      [`high rollout-inoperable ${where}`],
    ],
    [
      "a stack was left behind",
      { stacks: [{ accountId: "320000000002", region: "us-east-1", name: `StackSet-orgkeys-pci-keys-${uuid}` }] },
      [`medium rollout-left-behind StackSet-orgkeys-pci-keys-${uuid} 320000000002 us-east-1`],
    ],
    [
      "a stack was left behind by a StackSet that is no more",
      { stacks: [{ accountId: "310000000002", region: "us-east-1", name: `StackSet-orgkeys-pci-old-${uuid}` }] },
      [`medium rollout-left-behind StackSet-orgkeys-pci-old-${uuid} 310000000002 us-east-1`],
    ],
    [
      "stacks are those of the instances, or of somebody else",
      {
        stacks: [
          { accountId: "310000000002", region: "us-east-1", name: `StackSet-orgkeys-pci-keys-${uuid}` },
          { accountId: "310000000002", region: "us-east-1", name: `StackSet-somebody-elses-${uuid}` },
          { accountId: "310000000002", region: "us-east-1", name: "orgkeys-pci-keys" },
        ],
      },
      [],
    ],
  ])("when %s", (_name, live, findings) => {
    expect(found(live)).toEqual(findings);
  });

  test("say why they are not current, and whose account lacks one", () => {
    const statusReason = "ResourceLogicalId:Alias already exists";
    const [outdated] = compareInstances(expected, {
      ...good,
      instances: [{ ...first, status: "OUTDATED", statusReason }, ...others],
    });
    expect(outdated?.why).toBe(`has an older template than its StackSet: ${statusReason}`);
    const [missing] = compareInstances(expected, { ...good, instances: others });
    expect(missing?.why).toContain("account payments has no instance in us-east-1");
  });
});
