import { describe, expect, test } from "@jest/globals";
import type { StackInstance } from "../../modules/aws/stack-instance";
import type { Account } from "../../modules/organization/organization-map";
import { compareInstances, type LiveRollouts } from "../../modules/rollouts/compare-instances";
import { expectedInstances, mappedStackSets } from "../../modules/rollouts/expected-instances";
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
const suspended = "310000000009";
const mapped = new Map(plan.stackSets.map(({ name }) => [name, new Set([suspended])]));

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

test("may be there in accounts of the zone that are not active", () => {
  const accounts = [
    { id: "1", zone: "pci", status: "active" },
    { id: "2", zone: "pci", status: "suspended" },
    { id: "3", zone: "pci", status: "pending" },
    { id: "4", zone: "hipaa", status: "suspended" },
  ] as Account[];
  const zones = [{ ...plan, zone: { name: "pci" } as RolloutPlan["zone"] }];
  expect(mappedStackSets({ zones, direct: [] }, accounts)).toEqual(
    new Map(plan.stackSets.map(({ name }) => [name, new Set(["2", "3"])])),
  );
});

const current = (each: Pick<StackInstance, "stackSet" | "accountId" | "region">): StackInstance => ({
  stackSet: each.stackSet,
  accountId: each.accountId,
  region: each.region,
  ouId: undefined,
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
  compareInstances(expected, { ...good, ...live }, mapped).map(
    ({ id, severity, where }) => `${severity} ${id} ${where}`,
  );
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
      "one is in a suspended account, which keeps what it has",
      { instances: [...good.instances, { ...first, accountId: suspended, status: "OUTDATED" }] },
      [],
    ],
    [
      "one is of a StackSet that should have none",
      { instances: [...good.instances, { ...first, stackSet: "orgkeys-pci-empty" }] },
      ["critical rollout-extra orgkeys-pci-empty 310000000002 us-east-1"],
    ],
    [
      "a StackSet of such a name is not in the map",
      { stackSets: new Set([...good.stackSets, "orgkeys-pci-empty", "orgkeys-pci-old"]) },
      ["critical rollout-extra orgkeys-pci-old"],
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
    const instances = [{ ...first, status: "OUTDATED", statusReason }, ...others];
    const [outdated] = compareInstances(expected, { ...good, instances }, mapped);
    expect(outdated?.why).toBe(`has an older template than its StackSet: ${statusReason}`);
    const [missing] = compareInstances(expected, { ...good, instances: others }, mapped);
    expect(missing?.why).toContain("account payments has no instance in us-east-1");
  });
});
