import { describe, expect, test } from "@jest/globals";
import type { DriftReport } from "../../modules/drift/drift-report";
import { driftJunit } from "../../modules/report/drift-junit";
import { drifted, floodedDrift, hostileDrift, narrowedDrift, undrifted, widened } from "./drift-reports";
import { golden, template } from "./golden";
import { hostileTexts } from "./outcome";
import { countedAndThere, elementsOf, named } from "./xml-elements";

const xml = (report: DriftReport): string => driftJunit(report, template("junit.xml.hbs"));
const names = (report: DriftReport): (string | undefined)[] =>
  named(elementsOf(xml(report)), "testcase").map(({ attributes }) => attributes.name);

describe("drift as JUnit XML", () => {
  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
  ])("%s reads as its golden file", (name, report) => {
    expect(xml(report)).toBe(golden(`drift-${name}.xml`, xml(report)));
  });

  test("an account that was read in part passes no test, found in or not", () => {
    const elements = elementsOf(xml(drifted));
    expect(names(drifted)).toEqual([
      "billing-prod: not checked",
      "shop-prod",
      "shop-prod: not checked",
      "old-prod",
      "tags-changed: shop-prod us-east-1 alias/shop-prod tag Owner",
      "payments-prod",
    ]);
    expect(named(elements, "error").map(({ attributes }) => attributes.message)).toEqual([
      "nothing was read",
      "read in part",
    ]);
    expect(named(elements, "testsuites")[0]?.attributes).toMatchObject({
      tests: "6",
      failures: "2",
      errors: "2",
      skipped: "2",
    });
  });

  test("a finding in an account that is not listed is not lost", () => {
    const elsewhere = { ...widened, place: { ...widened.place, account: "org-management", accountId: "100000000001" } };
    expect(names({ ...undrifted, findings: [elsewhere] })).toEqual(["shop-prod", "payments-prod", "org-management"]);
  });

  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
    ["narrowed", narrowedDrift],
    ["flooded", floodedDrift(200)],
  ])("the counts of %s are those of its elements", (_, report) => {
    for (const [counted, there] of countedAndThere(xml(report))) expect(counted).toEqual(there);
  });

  test.each(hostileTexts)("%j is well-formed and adds no element", (text) => {
    const elements = elementsOf(xml(hostileDrift(text)));
    expect(elements.map(({ name }) => name)).toEqual(elementsOf(xml(hostileDrift("harmless"))).map(({ name }) => name));
  });

  test("10,000 findings are all there", () => {
    const findings = Array.from({ length: 10_000 }, (_, number) => ({ ...widened, where: `finding ${number}` }));
    const [failure] = named(elementsOf(xml({ ...undrifted, findings })), "failure");
    expect(failure?.attributes.message).toBe("10000 critical findings");
    expect(failure?.text).toContain("finding 9999\n");
  });
});
