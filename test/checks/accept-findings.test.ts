import { describe, expect, test } from "@jest/globals";
import { acceptFindings } from "../../modules/checks/frame/accept-findings";
import type { AcceptedException } from "../../modules/checks/frame/check";
import type { CheckId } from "../../modules/findings/check-ids";
import type { Finding } from "../../modules/findings/finding";

function finding(where: string, id: CheckId = "rotation"): Finding {
  return { id, severity: "high", where, why: "does not rotate", whatToDo: "let it rotate" };
}

function exception(subject: string, more: Partial<AcceptedException> = {}): AcceptedException {
  const common = { name: "by-hand", owner: "platform", reason: "Rotated by hand.", source: "exceptions.yaml by-hand" };
  return { ...common, check: "rotation", subject, expires: "2027-01-31", ...more };
}

const accepts = (subject: string, more: Partial<AcceptedException>, today?: string) =>
  acceptFindings([finding("shop-prod key")], { exceptions: [exception(subject, more)], today }).accepted.length > 0;

describe("an exception", () => {
  test("accepts the finding with its check and subject until the day before its end", () => {
    expect(accepts("shop-prod key", {})).toBe(true);
    expect(accepts("shop-prod key", {}, "2026-05-05")).toBe(true);
    expect(accepts("shop-prod key", {}, "2027-01-30")).toBe(true);
    expect(accepts("shop-prod key", {}, "2027-01-31")).toBe(false);
    expect(accepts("shop-prod key", {}, "2027-02-01")).toBe(false);
  });

  test.each([
    ["another check", "shop-prod key", { check: "key-enabled" as const }],
    ["the beginning of a subject", "shop-prod", {}],
    ["more than the subject", "shop-prod key 2", {}],
    ["another letter case", "Shop-prod key", {}],
    ["another number of blanks", "shop-prod  key", {}],
    ["a wildcard", "shop-prod *", {}],
    ["nothing", "", {}],
  ])("for %s does not accept it", (_, subject, more) => {
    expect(accepts(subject, more)).toBe(false);
  });

  test("accepts every finding of its check and subject, and no other", () => {
    const found = [finding("a"), finding("a"), finding("b"), finding("a", "key-enabled")];
    const { open, accepted } = acceptFindings(found, { exceptions: [exception("a")], today: undefined });
    expect(accepted.map((each) => each.finding)).toEqual([found[0], found[1]]);
    expect(open).toEqual([found[2], found[3]]);
  });

  test("that has ended is matched all the same, and leaves the finding to one that has not", () => {
    const ended = exception("a", { name: "ended", expires: "2026-01-01" });
    const holds = exception("a", { name: "holds" });
    const other = exception("c", { name: "other" });
    const { accepted, matched } = acceptFindings([finding("a")], {
      exceptions: [ended, holds, other],
      today: "2026-06-01",
    });
    expect(accepted.map((each) => each.exception.name)).toEqual(["holds"]);
    expect([...matched]).toEqual([ended, holds]);
  });

  test("of 1,000 is found for 10,000 findings without comparing each with each", () => {
    let looks = 0;
    const exceptions = Array.from({ length: 1000 }, (_, index) => ({
      ...exception(""),
      get subject() {
        looks += 1;
        return `key ${index}`;
      },
    }));
    const found = Array.from({ length: 10_000 }, (_, index) => finding(`key ${index}`));
    const { accepted } = acceptFindings(found, { exceptions, today: undefined });
    expect(accepted).toHaveLength(1000);
    expect(looks).toBeLessThan(10_000);
  });
});
