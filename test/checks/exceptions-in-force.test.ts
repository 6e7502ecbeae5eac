import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/exceptions-in-force";
import { check as used } from "../../modules/checks/exceptions-used";
import type { AcceptedException, Check } from "../../modules/checks/frame/check";
import { check as zoneKeyAccess } from "../../modules/checks/zone-key-access";
import { breached, exception, subject } from "./legacy-reports";
import { outputOf } from "./sample-output";

const checks = [zoneKeyAccess, used, check];

function findings(today: string | undefined, more: Partial<AcceptedException> = {}, run: readonly Check[] = checks) {
  return breached.withRules({ exceptions: [{ ...exception, ...more }] }).check(run, today);
}

const ended = {
  id: "exceptions-in-force",
  severity: "medium",
  where: "legacy-reports",
  why: `ended on 2027-03-31: zone-key-access no longer accepts ${subject}, for which pci-compliance answered`,
  place: undefined,
  sources: ["exceptions.yaml legacy-reports"],
};

describe("exceptions-in-force", () => {
  test("the sample is clean, and so is the small organization", () => {
    for (const config of ["config", "test/fixtures/small"]) {
      expect(outputOf(config).check([check, used], "2026-06-01")).toEqual([]);
    }
  });

  test("an accepted finding leaves the findings, and comes back on the day its exception ends", () => {
    const accepting = breached.withRules({ exceptions: [exception] });
    const on = (today: string | undefined) => {
      const report = accepting.report([zoneKeyAccess], today);
      return [report.findings.map(({ where }) => where), report.accepted.map((each) => each.exception.name)];
    };
    expect(on(undefined)).toEqual([[], ["legacy-reports"]]);
    expect(on("2026-06-01")).toEqual([[], ["legacy-reports"]]);
    expect(on("2027-03-30")).toEqual([[], ["legacy-reports"]]);
    expect(on("2027-03-31")).toEqual([[subject], []]);
    expect(on("2030-01-01")).toEqual([[subject], []]);
  });

  test("finds one that has ended, beside the finding that is back", () => {
    for (const today of ["2027-03-31", "2027-04-01"]) {
      expect(findings(today)).toMatchObject([{ id: "zone-key-access", where: subject }, ended]);
    }
  });

  test("announces one that ends within 30 days", () => {
    const announced = (days: string) => ({
      ...ended,
      severity: "low",
      why: `ends on 2027-03-31, in ${days}; pci-compliance answers for it`,
    });
    expect(findings("2027-02-28")).toEqual([]);
    expect(findings("2027-03-01")).toMatchObject([announced("30 days")]);
    expect(findings("2027-03-30")).toMatchObject([announced("1 day")]);
  });

  test("says nothing without a day", () => {
    expect(findings(undefined, { expires: "1999-01-01" })).toEqual([]);
  });

  test("says one thing about one that has ended and accepts nothing", () => {
    expect(findings("2027-03-31", { subject: `${subject}-gone` })).toMatchObject([
      { id: "zone-key-access" },
      { ...ended, why: "ended on 2027-03-31, and there is nothing left to accept", whatToDo: "delete it" },
    ]);
  });

  test("leaves one that is about to end and accepts nothing to exceptions-used", () => {
    const found = findings("2027-03-30", { subject: `${subject}-gone` });
    expect(found.map(({ id }) => id)).toEqual(["zone-key-access", "exceptions-used"]);
  });

  test("speaks of an exception from a check that did not run, without saying what that would find", () => {
    expect(findings("2027-03-31", {}, [check])).toMatchObject([{ ...ended, whatToDo: check.fix }]);
    expect(findings("2027-03-30", {}, [check])).toMatchObject([{ severity: "low" }]);
  });

  test("is not accepted by any exception", () => {
    const past = { ...exception, expires: "2026-01-01" };
    const hiding: AcceptedException = {
      ...exception,
      name: "hiding",
      check: "exceptions-in-force",
      subject: "legacy-reports",
      expires: "9999-12-31",
    };
    const found = breached.withRules({ exceptions: [past, hiding] }).report(checks, "2026-06-01");
    expect(found.findings).toContainEqual(
      expect.objectContaining({ id: "exceptions-in-force", where: "legacy-reports" }),
    );
    expect(found.accepted).toEqual([]);
  });
});
