import { describe, expect, test } from "@jest/globals";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { baseMapWith, type Change, sourcesOf, withoutRollouts } from "./base-map";

function mapWith(...changes: Change[]) {
  const read = readOrganizationMap(sourcesOf(withoutRollouts(baseMapWith(...changes))), "config");
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  return read.map;
}

/** Account names by zone. */
function accountsByZone(...changes: Change[]): Record<string, readonly string[]> {
  return Object.fromEntries(mapWith(...changes).zones.map(({ name, accounts }) => [name, accounts]));
}

describe("a zone", () => {
  test("owns its OUs with everything below, and the accounts it names", () => {
    expect(accountsByZone()).toEqual({
      corporate: [
        "billing-prod",
        "key-management",
        "old-prod",
        "org-management",
        "security-tooling",
        "shop-dev",
        "shop-next",
        "shop-prod",
      ],
      government: ["gov-management", "permits-prod"],
      pci: ["payments-prod", "pci-key-management"],
    });
  });

  test("loses an OU to the zone that names it deeper", () => {
    const zones = accountsByZone(
      ["zones.yaml", "ous: [Regulated]", "ous: [Regulated, Workloads/Prod]"],
      ["workloads/shop.yaml", "dataClass: internal", "dataClass: confidential"],
    );
    expect(zones.pci).toEqual(["billing-prod", "payments-prod", "pci-key-management", "shop-prod"]);
    expect(zones.corporate).toContain("shop-dev");
    expect(zones.corporate).not.toContain("shop-prod");
  });

  test("that names an account beats every OU above it", () => {
    const zones = accountsByZone(
      ["zones.yaml", "  ous: [Regulated]\n", "  ous: [Regulated, Workloads/Prod]\n"],
      ["zones.yaml", "accounts: [org-management]", "accounts: [org-management, shop-prod, billing-prod]"],
    );
    expect(zones.corporate).toEqual(expect.arrayContaining(["billing-prod", "shop-prod"]));
    expect(zones.pci).toEqual(["payments-prod", "pci-key-management"]);
  });

  test("does not own an OU whose name only begins like its own", () => {
    const zones = accountsByZone(
      [
        "organizations/acme.yaml",
        "  Regulated:\n",
        '  Regulated-Archive:\n    id: ou-ab12-40000000\n    accounts: {archive: "410000000001"}\n  Regulated:\n',
      ],
      ["zones.yaml", "[Security, Workloads, Suspended]", "[Security, Workloads, Suspended, Regulated-Archive]"],
    );
    expect(zones.corporate).toContain("archive");
    expect(zones.pci).not.toContain("archive");
  });

  test("has defaults for all that its file leaves out", () => {
    const government = mapWith().zones.find(({ name }) => name === "government");
    expect(government).toMatchObject({
      keyManagementAccount: undefined,
      centralize: [],
      frameworks: [],
      floor: { rotationDays: undefined, deletionWindowDays: undefined, customerManaged: false },
      state: { kind: "local" },
      tags: {},
    });
  });
});

describe("an account", () => {
  test("has the environment of its nearest OU, the organization's Regions and active status unless it says other", () => {
    const { accounts } = mapWith();
    const account = (wanted: string) => accounts.find(({ name }) => name === wanted);
    expect(account("shop-prod")).toMatchObject({
      id: "210000000001",
      environment: "prod",
      ouPath: "Workloads/Prod",
      regions: ["eu-west-1", "us-east-1", "us-west-2"],
      status: "active",
      zone: "corporate",
    });
    expect(account("billing-prod")).toMatchObject({ regions: ["us-east-1", "us-west-2"] });
    expect(account("shop-next")).toMatchObject({ status: "pending" });
    expect(account("security-tooling")).toMatchObject({ environment: undefined });
    expect(account("org-management")).toMatchObject({ ouPath: "", zone: "corporate" });
  });

  test("has the environment of an inner OU rather than of an outer one", () => {
    const { accounts } = mapWith([
      "organizations/acme.yaml",
      "  Regulated:\n    id: ou-ab12-30000000\n",
      '  Regulated:\n    id: ou-ab12-30000000\n    environment: test\n    accounts: {lab: "300000000001"}\n',
    ]);
    expect(accounts.find(({ name }) => name === "lab")?.environment).toBe("test");
    expect(accounts.find(({ name }) => name === "payments-prod")?.environment).toBe("prod");
  });
});

describe("an organizational unit", () => {
  test("has the path of ids that aws:PrincipalOrgPaths carries", () => {
    const acme = mapWith().organizations.find(({ name }) => name === "acme");
    expect(acme?.organizationalUnits.find(({ path }) => path === "Regulated/PCI")).toEqual({
      path: "Regulated/PCI",
      id: "ou-ab12-31000000",
      idPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/",
    });
  });
});

describe("the order of files", () => {
  test("changes nothing in the map", () => {
    const texts = [...baseMapWith()];
    const forwards = readOrganizationMap(sourcesOf(new Map(texts)), "config");
    const backwards = readOrganizationMap(sourcesOf(new Map(texts.reverse())), "config");
    if ("problems" in forwards || "problems" in backwards) throw new Error("the base map is valid");
    expect(JSON.stringify(backwards.map)).toBe(JSON.stringify(forwards.map));
  });
});
