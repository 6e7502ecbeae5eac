import { describe, expect, test } from "@jest/globals";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { rulesOf } from "../../stacks/rules";
import { baseMap, sourcesOf } from "./base-map";

function readWith(exceptions: string) {
  return readOrganizationMap(sourcesOf(new Map([...baseMap(), ["exceptions.yaml", exceptions]])), "config");
}

function mapWith(exceptions: string): OrganizationMap {
  const read = readWith(exceptions);
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  return read.map;
}

function linesFor(exceptions: string): string[] {
  const read = readWith(exceptions);
  return "problems" in read ? read.problems.map(formatProblem) : [];
}

const entry = (name: string, subject: string, expires = "2027-01-31") =>
  `${name}: {check: rotation, subject: ${subject}, owner: platform, reason: Rotated by hand until then., expires: ${expires}}\n`;

describe("exceptions of a map", () => {
  test("are sorted by name, and know their place", () => {
    expect(mapWith(`${entry("zulu", "shop-prod a")}${entry("alpha", "shop-prod b")}`).exceptions).toEqual([
      {
        name: "alpha",
        check: "rotation",
        subject: "shop-prod b",
        owner: "platform",
        reason: "Rotated by hand until then.",
        expires: "2027-01-31",
        source: "exceptions.yaml alpha",
      },
      expect.objectContaining({ name: "zulu", source: "exceptions.yaml zulu" }),
    ]);
  });

  test("are none when the file has none", () => {
    expect(mapWith("# none\n").exceptions).toEqual([]);
  });

  test("reach the checks as they are", () => {
    const map = mapWith(entry("alpha", "shop-prod b"));
    expect(rulesOf(map).exceptions).toEqual(map.exceptions);
  });

  test("lead back to their line", () => {
    const read = readWith(`# first\n${entry("alpha", "shop-prod b")}`);
    if ("problems" in read) throw new Error("this map has no problems");
    const { file, line, column } = read.problemAt("exceptions.yaml alpha", "", "");
    expect([file, line, column]).toEqual(["config/exceptions.yaml", 2, 1]);
  });

  test("may be many, and say each mistake of many", () => {
    const names = Array.from({ length: 2000 }, (_, index) => `exception-${index}`);
    expect(mapWith(names.map((name) => entry(name, `shop-prod ${name}`)).join("")).exceptions).toHaveLength(2000);
    expect(linesFor(names.map((name) => entry(name, name, "never")).join(""))).toHaveLength(2000);
    const same = linesFor(names.map((name) => entry(name, "shop-prod")).join(""));
    expect(same).toHaveLength(1999);
    expect(same.at(-1)).toMatch(/exception-1999\.subject: is already accepted by exception-0, for the same check/);
  });

  test.each([
    ["a subject of a million letters", `"${"a".repeat(1_000_000)} "`, "must be one line without blanks around it"],
    ["a subject of a million blanks", `"a${" ".repeat(1_000_000)}"`, "must be one line without blanks around it"],
  ])("with %s are refused at once", (_, subject, message) => {
    expect(linesFor(entry("alpha", subject))).toEqual([expect.stringContaining(message)]);
  });

  test("with a reason of a million letters and no word are refused at once", () => {
    const text = entry("alpha", "shop-prod").replace("Rotated by hand until then.", "a".repeat(1_000_000));
    const [first] = linesFor(text);
    expect(first).toContain("alpha.reason: must be ");
  });
});

describe("what a data class asks of grants", () => {
  const asks = (grants: string) => {
    const texts = baseMap();
    const classes = texts.get("data-classes.yaml") ?? "";
    texts.set("data-classes.yaml", `${classes}strict: {key: customer-managed, per: workload${grants}}\n`);
    const read = readOrganizationMap(sourcesOf(texts), "config");
    if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
    const { grantsNeedConstraint, grantsNeedExpiry } = rulesOf(read.map).dataClasses.get("strict") ?? {};
    return { grantsNeedConstraint, grantsNeedExpiry };
  };

  test.each([
    ["", false, false],
    [", grants: {}", false, false],
    [", grants: {encryptionContext: optional, expires: optional}", false, false],
    [", grants: {encryptionContext: required}", true, false],
    [", grants: {expires: required}", false, true],
    [", grants: {encryptionContext: required, expires: required}", true, true],
  ])("reaches the checks: '%s'", (grants, grantsNeedConstraint, grantsNeedExpiry) => {
    expect(asks(grants)).toEqual({ grantsNeedConstraint, grantsNeedExpiry });
  });
});
