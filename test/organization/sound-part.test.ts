import { describe, expect, test } from "@jest/globals";
import { planKeys } from "../../modules/keys/plan-keys";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { baseMapWith, type Change, sourcesOf } from "./base-map";

/** The names of the workloads that are left to look for further mistakes in. */
function soundWorkloads(...changes: Change[]): string[] {
  const read = readOrganizationMap(sourcesOf(baseMapWith(...changes)), "config");
  if (!("problems" in read)) throw new Error("this map should have problems");
  return read.sound.map.workloads.map(({ name }) => name);
}

describe("what is left of a map with problems", () => {
  test("has the workloads that nothing wrong has to do with", () => {
    expect(soundWorkloads(["workloads/shop.yaml", "via: [s3, rds]", "via: [s4]"])).toEqual([
      "payments",
      "permits",
      "shop",
    ]);
  });

  test("has no workload of a zone, data class or organization with problems", () => {
    expect(soundWorkloads(["zones.yaml", "breakGlass: role/PciKeyBreakGlass", "breakGlass: admin"])).toEqual([
      "permits",
      "shop",
      "wiki",
    ]);
    expect(soundWorkloads(["data-classes.yaml", "rotationDays: 180", "rotationDays: 30"])).toEqual(["shop", "wiki"]);
    expect(soundWorkloads(["organizations/acme.yaml", "rootId: r-ab12", "rootId: root"])).toEqual(["permits"]);
  });

  test("has no exception with problems", () => {
    const texts = baseMapWith(["exceptions.yaml", '"2027-01-31"', "someday"]);
    const read = readOrganizationMap(sourcesOf(texts), "config");
    if (!("problems" in read)) throw new Error("this map should have problems");
    expect(read.sound.map.exceptions.map(({ name }) => name)).toEqual(["old-reports"]);
    expect(read.sound.map.workloads).toHaveLength(4);
  });

  test("has no rule of drift with problems, and everything else", () => {
    const texts = baseMapWith(["drift.yaml", "[pci]", "[pcy]"]);
    const read = readOrganizationMap(sourcesOf(texts), "config");
    if (!("problems" in read)) throw new Error("this map should have problems");
    expect(read.sound.map.driftIgnores.map(({ name }) => name)).toEqual(["spare-key"]);
    expect(read.sound.map.lifecycles).not.toEqual([]);
    expect(read.sound.map.workloads).toHaveLength(4);
  });

  test("has no workload at all when no zone could be read", () => {
    expect(soundWorkloads(["zones.yaml", "pci:", "pci"])).toEqual([]);
  });

  test("shows the mistakes of the key plan beside those of the map", () => {
    const texts = baseMapWith(
      ["workloads/permits.yaml", "dataClass: regulated", "dataClass: regulatd"],
      ["workloads/shop.yaml", 'alias: "{workload}-{environment}"', "alias: shop"],
      ["zones.yaml", "[{environments: [prod], dataClasses: [restricted]}]", "[{dataClasses: [restricted]}]"],
    );
    const read = readOrganizationMap(sourcesOf(texts), "config");
    if (!("problems" in read)) throw new Error("this map should have problems");
    expect(read.problems.map(({ path }) => path)).toEqual(["permits.dataClass"]);
    const planned = planKeys(read.sound.map);
    expect("problems" in planned && planned.problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("alias alias/shop in account key-management, us-east-1, belongs to key"),
    );
  });
});
