import { describe, expect, test } from "@jest/globals";
import type { Selection } from "../../modules/findings/selection";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { selectAccounts } from "../../modules/organization/select-accounts";
import { baseMapWith, sourcesOf } from "./base-map";

const read = readOrganizationMap(
  sourcesOf(
    baseMapWith(
      [
        "organizations/acme.yaml",
        "  Suspended:\n",
        '  Workloads-Old:\n    id: ou-ab12-40000000\n    accounts: {archive: "410000000001"}\n  Suspended:\n',
      ],
      ["zones.yaml", "[Security, Workloads, Suspended]", "[Security, Workloads, Workloads-Old, Suspended]"],
    ),
  ),
  "config",
);
if ("problems" in read) throw new Error("this map is valid");
const { map } = read;

/** The names that a selection gives, or what is wrong with it. */
function select(selection: Partial<Selection>): string[] {
  const selected = selectAccounts(map, { ous: [], zones: [], accounts: [], ...selection });
  return "problems" in selected ? selected.problems : selected.accounts.map(({ name }) => name);
}

describe("selecting accounts", () => {
  test("without any option takes all of them, in name order", () => {
    expect(select({})).toEqual(map.accounts.map(({ name }) => name));
    expect(select({})).toHaveLength(13);
  });

  test("by OU takes everything below it", () => {
    expect(select({ ous: ["Workloads"] })).toEqual(["billing-prod", "shop-dev", "shop-next", "shop-prod"]);
    expect(select({ ous: ["Workloads/Prod"] })).toEqual(["billing-prod", "shop-prod"]);
  });

  test("by OU takes one organization's when its name stands before", () => {
    expect(select({ ous: ["acme-gov/Agencies"] })).toEqual(["permits-prod"]);
    expect(select({ ous: ["acme/Agencies"] })).toEqual([
      "--ou acme/Agencies: not in this map; there are Agencies, Core, Regulated, Regulated/PCI, Security, Suspended, Workloads, Workloads-Old, Workloads/Dev, Workloads/Prod, acme-gov/Agencies, acme-gov/Core and 8 more",
    ]);
  });

  test("by zone, and by account with its name or id", () => {
    expect(select({ zones: ["pci"] })).toEqual(["payments-prod", "pci-key-management"]);
    expect(select({ accounts: ["shop-prod", "310000000002"] })).toEqual(["payments-prod", "shop-prod"]);
  });

  test("by several kinds of option takes what meets all of them", () => {
    expect(
      select({ ous: ["Workloads", "Regulated"], zones: ["corporate"], accounts: ["shop-prod", "payments-prod"] }),
    ).toEqual(["shop-prod"]);
    expect(select({ ous: ["Workloads"], zones: ["pci"] })).toEqual([]);
  });

  test("by a name that selects nothing is a mistake, and each is reported", () => {
    expect(select({ ous: ["Workload"], zones: ["pcl"], accounts: ["999999999999"] })).toEqual([
      "--ou Workload: not in this map; did you mean Workloads?",
      "--zone pcl: not in this map; did you mean pci?",
      expect.stringMatching(
        /^--account 999999999999: not in this map; there are archive, billing-prod, gov-management, /,
      ),
    ]);
  });
});
