import { describe, expect, test } from "@jest/globals";
import { edit, planOf, smallSources } from "../stacks/small-organization";

type Extent = readonly [wholeOus: string[], ownOus: string[], accounts: string[]];

const cases: readonly (readonly [
  name: string,
  edits: readonly (readonly [string, string])[],
  Record<string, Extent>,
])[] = [
  [
    "OUs of its own, and an account below the root",
    [],
    { corporate: [["Security", "Workloads"], [], ["management"]], health: [["Health"], [], []] },
  ],
  [
    "an OU below another zone's",
    [["ous: [Health]", "ous: [Health, Workloads/Test]"]],
    {
      corporate: [["Security", "Workloads/Prod"], ["Workloads"], ["management"]],
      health: [["Health", "Workloads/Test"], [], []],
    },
  ],
  [
    "an OU with everything below named twice",
    [["ous: [Security, Workloads]", "ous: [Security, Workloads, Workloads/Prod]"]],
    { corporate: [["Security", "Workloads"], [], ["management"]], health: [["Health"], [], []] },
  ],
  [
    "an account in another zone's OU",
    [["ous: [Health]", "ous: [Health]\n  accounts: [shop-new]"]],
    {
      corporate: [["Security", "Workloads/Prod"], ["Workloads"], ["management", "shop-test"]],
      health: [["Health"], [], ["shop-new"]],
    },
  ],
];

const withoutWorkloads = smallSources().filter(({ path }) => !path.startsWith("workloads/"));

describe("the extent of a zone", () => {
  test.each(cases)("%s", (_name, edits, expected) => {
    const sources = edits.reduce((all, [from, to]) => edit(all, "zones.yaml", from, to), withoutWorkloads);
    const found = planOf(sources).map.zones.map(({ name, extent }): [string, Extent] => [
      name,
      [
        extent.wholeOus.map((ou) => ou.path),
        extent.ownOus.map((ou) => ou.path),
        extent.accounts.map((account) => account.name),
      ],
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
