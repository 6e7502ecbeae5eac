import { describe, expect, test } from "@jest/globals";
import { driftIds, exactlyIgnoredDriftIds } from "../../modules/findings/drift-ids";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { baseMap, baseMapWith, type Change, sourcesOf } from "./base-map";

function readWith(rules: string, ...changes: Change[]) {
  return readOrganizationMap(sourcesOf(new Map([...baseMapWith(...changes), ["drift.yaml", rules]])), "config");
}

function rulesOf(rules: string) {
  const read = readWith(rules);
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  return read.map.driftIgnores;
}

function linesFor(rules: string, ...changes: Change[]): string[] {
  const read = readWith(rules, ...changes);
  return "problems" in read ? read.problems.map(formatProblem) : [];
}

const rule = (name: string, drift: string, scope = "") =>
  `${name}: {drift: ${drift}, ${scope}owner: platform, reason: Nobody needs it any more., expires: 2027-01-31}\n`;

describe("rules of a map that ignore drift", () => {
  test("are sorted by name, name accounts by their names, and know their place", () => {
    const scope = 'accounts: ["210000000002", shop-prod], zones: [corporate], resource: "alias/old-?", ';
    expect(rulesOf(`${rule("zulu", "tags-changed")}${rule("alpha", "alias-unmanaged", scope)}`)).toEqual([
      {
        name: "alpha",
        critical: false,
        drift: "alias-unmanaged",
        accounts: ["billing-prod", "shop-prod"],
        zones: ["corporate"],
        resource: "alias/old-?",
        owner: "platform",
        reason: "Nobody needs it any more.",
        expires: "2027-01-31",
        source: "drift.yaml alpha",
      },
      expect.objectContaining({ name: "zulu", accounts: undefined, zones: undefined, resource: undefined }),
    ]);
  });

  test("are none when the file has none, or is not there", () => {
    expect(rulesOf("# none\n")).toEqual([]);
    const texts = baseMap();
    texts.delete("drift.yaml");
    expect(readOrganizationMap(sourcesOf(texts), "config")).toMatchObject({ map: { driftIgnores: [] } });
  });

  test("lead back to their line", () => {
    const read = readWith(`# first\n${rule("alpha", "tags-changed")}`);
    if ("problems" in read) throw new Error("this map has no problems");
    const { file, line, column } = read.problemAt("drift.yaml alpha", "", "");
    expect([file, line, column]).toEqual(["config/drift.yaml", 2, 1]);
  });

  test.each(driftIds)("for %s may be for everything, or have to be exact", (id) => {
    const exact = exactlyIgnoredDriftIds.includes(id);
    expect(linesFor(rule("alpha", id))).toHaveLength(exact ? 2 : 0);
    expect(linesFor(rule("alpha", id, "accounts: [shop-prod], "))).toHaveLength(exact ? 1 : 0);
    expect(linesFor(rule("alpha", id, "accounts: [shop-prod], resource: alias/old-*, "))).toHaveLength(exact ? 1 : 0);
    expect(linesFor(rule("alpha", id, "accounts: [shop-prod], resource: alias/old, "))).toEqual([]);
  });

  test("name accounts and zones that have mistakes of their own without a word more", () => {
    const scope = "accounts: [shop-prod, payments-prod], zones: [pci, corporate], ";
    const wrong: Change = ["zones.yaml", "topology: centralized", "topology: central"];
    expect(linesFor(rule("alpha", "tags-changed", scope), wrong)).toEqual([expect.stringMatching(/^config\/zones/)]);
    const account: Change = ["organizations/acme.yaml", '"210000000001"', "210000000001"];
    expect(linesFor(rule("alpha", "tags-changed", scope), account)).toEqual([
      expect.stringMatching(/^config\/organizations/),
    ]);
  });

  test("may be many, and say each mistake of many", () => {
    const names = Array.from({ length: 2000 }, (_, index) => `rule-${index}`);
    const scope = (name: string) => `accounts: [shop-prod], resource: ${name}, `;
    expect(rulesOf(names.map((name) => rule(name, "tags-changed", scope(name))).join(""))).toHaveLength(2000);
    expect(linesFor(names.map((name) => rule(name, "everything", scope(name))).join(""))).toHaveLength(2000);
    const same = linesFor(names.map((name) => rule(name, "tags-changed", scope("one"))).join(""));
    expect(same).toHaveLength(1999);
    expect(same.at(-1)).toMatch(/rule-1999\.drift: is already ignored by rule-0, in the same places/);
  });
});
