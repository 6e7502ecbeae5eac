import { describe, expect, test } from "@jest/globals";
import { checkJunit } from "../../modules/report/check-junit";
import type { CheckOutcome } from "../../modules/report/check-outcome";
import { golden, template } from "./golden";
import { breached, clean, flooded, hostile, hostileTexts, narrowed } from "./outcome";
import { countedAndThere, elementsOf, named } from "./xml-elements";

const xml = (outcome: CheckOutcome): string => checkJunit(outcome, template("junit.xml.hbs"));

describe("findings as JUnit XML", () => {
  test.each([
    ["breached", breached],
    ["clean", clean],
  ])("%s reads as its golden file", (name, outcome) => {
    const text = xml(outcome);
    expect(text).toBe(golden(`check-${name}.xml`, text));
  });

  test("each check is a test, each accepted finding a skipped one", () => {
    const elements = elementsOf(xml(breached));
    expect(named(elements, "testcase").map(({ attributes }) => attributes.name)).toEqual([
      "zone-key-access",
      "zone-state",
      "rotation",
      "rotation: payments-prod aws_kms_key.legacy_us-east-1",
    ]);
    expect(named(elements, "skipped").map(({ attributes }) => attributes.message)).toEqual([
      "accepted, legacy-rotation: payments-platform until 2027-01-31: the HSM vendor rotates it by hand",
    ]);
    expect(named(elements, "testsuites")[0]?.attributes).toMatchObject({ tests: "4", failures: "3", skipped: "1" });
  });

  test.each([
    ["breached", breached],
    ["clean", clean],
    ["narrowed", narrowed],
  ])("the counts of %s are those of its elements", (_, outcome) => {
    for (const [counted, there] of countedAndThere(xml(outcome))) expect(counted).toEqual(there);
  });

  test.each(hostileTexts)("%j is well-formed and adds no element", (text) => {
    const elements = elementsOf(xml(hostile(text)));
    expect(elements.map(({ name }) => name)).toEqual(elementsOf(xml(hostile("harmless"))).map(({ name }) => name));
  });

  test("values come through as they are", () => {
    const [failure] = named(elementsOf(xml(hostile(`a=b <c> & "d" 'e' \`f\``))), "failure");
    expect(failure?.text).toContain(`    a=b <c> & "d" 'e' \`f\`\n`);
  });

  test("10,000 findings are all there", () => {
    const [failure] = named(elementsOf(xml(flooded())), "failure");
    expect(failure?.attributes.message).toBe("10000 critical findings");
    expect(failure?.text).toContain(" 9999\n");
  });
});
