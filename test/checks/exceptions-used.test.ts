import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { indexStacks } from "../../modules/access/access-index";
import { check } from "../../modules/checks/exceptions-used";
import { check as zoneKeyAccess } from "../../modules/checks/zone-key-access";
import { exceptionsSchema } from "../../modules/organization/schema/exceptions-schema";
import { breached, exception, sample, subject } from "./legacy-reports";

describe("exceptions-used", () => {
  test("is content with an exception that accepts a finding", () => {
    expect(breached.withRules({ exceptions: [exception] }).check([zoneKeyAccess, check], "2026-06-01")).toEqual([]);
  });

  test("finds one whose finding is gone", () => {
    expect(sample.withRules({ exceptions: [exception] }).check([zoneKeyAccess, check])).toMatchObject([
      {
        id: "exceptions-used",
        severity: "medium",
        where: "legacy-reports",
        why: `accepts nothing: zone-key-access has no finding ${subject}`,
        whatToDo: "delete it",
        place: undefined,
        sources: ["exceptions.yaml legacy-reports"],
      },
    ]);
  });

  test.each([
    ["a misspelled account", subject.replace("pci-key", "pci-keys")],
    ["another statement", subject.replace("LegacyReports", "LegacyReport")],
    ["another letter case", subject.replace("LegacyReports", "legacyreports")],
    ["no account", subject.replace("pci-key-management ", "")],
    ["two blanks", subject.replace(" statement", "  statement")],
  ])("names the finding that is meant for %s", (_, wrong) => {
    const found = breached.withRules({ exceptions: [{ ...exception, subject: wrong }] }).check([zoneKeyAccess, check]);
    expect(found).toMatchObject([
      { id: "zone-key-access", where: subject },
      {
        why: `accepts nothing: zone-key-access has no finding ${wrong}`,
        whatToDo: `delete it, or write subject: ${subject} if that is what it means`,
      },
    ]);
  });

  test("names no finding that another exception accepts", () => {
    const misspelled = { ...exception, name: "second", subject: subject.replace("Legacy", "Legacies") };
    const found = breached.withRules({ exceptions: [exception, misspelled] }).check([zoneKeyAccess, check]);
    expect(found.map(({ where, whatToDo }) => [where, whatToDo])).toEqual([["second", "delete it"]]);
  });

  test("names no finding of another check", () => {
    const quiet = { ...zoneKeyAccess, id: "readable" as const, inKey: () => [] };
    const other = { ...exception, check: "readable" as const };
    const found = breached.withRules({ exceptions: [other] }).check([zoneKeyAccess, quiet, check]);
    expect(found.map(({ where, whatToDo }) => [where, whatToDo])).toEqual([
      [subject, zoneKeyAccess.fix],
      ["legacy-reports", "delete it"],
    ]);
  });

  test("says nothing about an exception from a check that did not run", () => {
    expect(sample.withRules({ exceptions: [exception] }).check([check])).toEqual([]);
  });

  test("leaves one that has ended to exceptions-in-force", () => {
    const rules = { exceptions: [exception] };
    expect(sample.withRules(rules).check([zoneKeyAccess, check], "2027-03-30")).toHaveLength(1);
    expect(sample.withRules(rules).check([zoneKeyAccess, check], "2027-03-31")).toEqual([]);
  });

  // The folder is the sample's, which a user replaces.
  (existsSync("config/exceptions.yaml") ? test : test.skip)("the sample's example accepts what it says", () => {
    const lines = readFileSync("config/exceptions.yaml", "utf8").split("\n");
    const start = lines.findIndex((line) => line.endsWith("The form:"));
    const example = lines.slice(start + 1).map((line) => line.replace(/^# ?/, ""));
    const [[name, entry] = ["", undefined]] = Object.entries(exceptionsSchema.parse(parse(example.join("\n"))));
    expect(entry).toMatchObject({ check: "zone-key-access", subject });
    expect(name).not.toBe("");
  });

  test("of 1,000 exceptions among 10,000 findings takes a moment", () => {
    const subjects = Array.from({ length: 10_000 }, (_, index) => `keys aws_kms_key.workload-${index}_us-east-1`);
    const exceptions = subjects.slice(0, 1000).map((each, index) => ({
      ...exception,
      name: `exception-${index}`,
      subject: `${each}x`,
    }));
    const open = subjects.map((where) => ({
      id: "zone-key-access",
      severity: "high" as const,
      where,
      why: "",
      whatToDo: "",
    }));
    const output = { ...sample.rules, index: indexStacks([]), exceptions, today: undefined };
    const started = performance.now();
    const found = check.inExceptions?.(output, { matched: new Set(), open, ran: new Set(["zone-key-access"]) });
    expect(found?.map(({ fix }) => fix)).toEqual(
      subjects.slice(0, 1000).map((meant) => `delete it, or write subject: ${meant} if that is what it means`),
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
