import { describe, expect, test } from "@jest/globals";
import type { ReviewReport } from "../../modules/report/review-report";
import { reviewText } from "../../modules/report/review-text";
import type { ReviewChange } from "../../modules/review/review";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";
import { baselineGains, changed, hostileReview, manyPrincipals, outsider, unchanged } from "./review-reports";

function linesOf(changes: readonly ReviewChange[]): string[] {
  return reviewText({ ...changed, review: { ...changed.review, changes } });
}

describe("a review as text", () => {
  test.each<[string, ReviewReport]>([
    ["changed", changed],
    ["unchanged", unchanged],
  ])("%s reads as its golden file", (name, report) => {
    const text = reviewText(report).join("\n");
    expect(text).toBe(golden(`review-${name}.txt`, text));
  });

  test("begins with the verdict, and ends with what was compared", () => {
    const lines = reviewText(changed);
    expect(lines[0]).toBe(changed.verdict.line);
    expect(lines.at(-1)).toContain("from main (merge base 5216dae7bb3a, synthesized) to cdktf.out.");
  });

  test.each<[string, Partial<ReviewChange["place"]>, string]>([
    ["an account", { resource: "account payments-prod", account: "payments-prod" }, "account payments-prod (pci)"],
    ["a stack", { resource: "stack acme.pci", account: undefined, stack: "acme.pci" }, "stack acme.pci (pci)"],
    ["a key of a stack", { account: undefined, stack: "acme.pci" }, "alias/payments-prod in acme.pci (pci)"],
    ["another account", { resource: "account prod", account: "keys" }, "account prod in keys (pci)"],
  ])("names %s once", (_, place, heading) => {
    const lines = linesOf([{ ...outsider, place: { ...outsider.place, regions: [], ...place } }]);
    expect(lines).toContain(`  ${heading}`);
  });

  test("names three hundred keys that gain one statement once", () => {
    const lines = linesOf(baselineGains());
    expect(lines.filter((line) => line.includes("gains DescribeKey"))).toHaveLength(1);
    expect(lines.join("\n")).toContain("high  access-gained  300 changes");
    expect(lines.join("\n")).toContain(
      "and 299 more alike: alias/baseline-1 in member-0001 (corporate), alias/baseline-2 in member-0002 (corporate), ",
    );
  });

  test("names forty principals that gain the same on one key once", () => {
    const lines = linesOf(manyPrincipals());
    expect(lines.filter((line) => line.includes("gains Decrypt, through"))).toHaveLength(1);
    expect(lines.join("\n")).toContain("and 39 more alike: role/reader-1 in payments-prod, role/reader-2 in");
  });

  test.each<[string, Partial<ReviewChange>]>([
    ["what is done", { access: [{ ...firstRow(), actions: ["kms:Encrypt"] }] }],
    ["who is outside", { access: [{ ...firstRow(), outside: undefined }] }],
    ["what has to hold", { access: [{ ...firstRow(), conditions: ["only through s3"] }] }],
    ["the words", { what: "gains something else" }],
    ["the step", { whatToDo: "something else" }],
  ])("keeps apart what differs in %s", (_, other) => {
    const elsewhere = { ...outsider.place, resource: "alias/other", stack: "other" };
    const text = linesOf([outsider, { ...outsider, place: elsewhere, ...other }]).join("\n");
    expect(text).not.toContain("more alike");
    expect(linesOf([outsider, { ...outsider, place: elsewhere }]).join("\n")).toContain(
      "and 1 more alike: alias/other",
    );
  });

  test("never leaves out somebody from outside, whatever the words say", () => {
    const text = linesOf([outsider]).join("\n");
    expect(text).toContain("OUTSIDE THE ZONE: account shop-prod (210000000001) of zone corporate");
    const many = {
      ...outsider,
      access: [
        ...baselineGains(50).flatMap(({ access }) => access.map((row, at) => ({ ...row, actions: [`kms:A${at}`] }))),
        firstRow(),
      ],
    };
    expect(linesOf([many]).join("\n")).toContain("OUTSIDE THE ZONE: account shop-prod");
  });

  test.each(hostileTexts)("%j forges no line", (text) => {
    const hostile = reviewText(hostileReview(text));
    expect(hostile).toHaveLength(reviewText(hostileReview("harmless")).length);
    expect(hostile.filter((line) => /[\p{Cc}\p{Zl}\p{Zp}\u202e]/u.test(line))).toEqual([]);
  });

  test("emphasizes the lines to find", () => {
    const marked = reviewText(unchanged, (text) => `<${text}>`).filter((line) => line.startsWith("<"));
    expect(marked[0]).toBe("<No change of meaning; 1 stack differs in bytes.>");
  });
});

function firstRow() {
  const [row] = outsider.access;
  if (row === undefined) throw new Error("the outsider gains something");
  return row;
}
