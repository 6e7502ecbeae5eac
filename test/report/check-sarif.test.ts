import { describe, expect, test } from "@jest/globals";
import type { Log, Result } from "sarif";
import type { CheckOutcome } from "../../modules/report/check-outcome";
import { checkSarif } from "../../modules/report/check-sarif";
import { golden } from "./golden";
import { isSarif } from "./is-sarif";
import { breached, clean, flooded, foreignRole, hostile, hostileTexts } from "./outcome";

function resultsOf(outcome: CheckOutcome): Result[] {
  const log: Log = JSON.parse(checkSarif(outcome, "1.2.3"));
  return log.runs[0]?.results ?? [];
}

const fingerprintOf = (outcome: CheckOutcome): string | undefined =>
  resultsOf(outcome)[0]?.partialFingerprints?.["orgkeysSubject/v1"];

describe("findings as SARIF", () => {
  test("reads as its golden file", () => {
    const text = checkSarif(breached, "1.2.3");
    expect(text).toBe(golden("check-breached.sarif", text));
  });

  test.each([
    ["breached", breached],
    ["clean", clean],
    ["flooded", flooded(1000)],
    ["without a place", { ...breached, findings: [{ ...foreignRole, output: undefined, map: [] }] }],
    ["from elsewhere", { ...breached, findings: [{ ...foreignRole, id: "not-a-check" }] }],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostile(text.replaceAll(/\p{Cs}/gu, ""))] as const),
  ])("%s is valid SARIF 2.1.0", (_, outcome) => {
    isSarif(JSON.parse(checkSarif(outcome, "1.2.3")));
    expect(isSarif.errors).toBeNull();
  });

  test("the schema refuses what is no SARIF", () => {
    const log = JSON.parse(checkSarif(breached, "1.2.3"));
    log.runs[0].results[0].level = "critical";
    expect(isSarif(log)).toBe(false);
  });

  test.each([
    ["critical", "error", "9.5"],
    ["high", "error", "8.0"],
    ["medium", "warning", "5.5"],
    ["low", "note", "2.0"],
    ["information", "note", "0.1"],
  ] as const)("%s is level %s and security-severity %s", (severity, level, score) => {
    const [check] = breached.checks;
    if (check === undefined) throw new Error("no check");
    const outcome = { ...breached, checks: [{ ...check, severity }], findings: [{ ...foreignRole, severity }] };
    const log: Log = JSON.parse(checkSarif(outcome, "1.2.3"));
    const [run] = log.runs;
    expect(run?.results?.[0]).toMatchObject({ level, ruleIndex: 0, properties: { severity } });
    expect(run?.tool.driver.rules?.[0]).toMatchObject({
      defaultConfiguration: { level },
      properties: { "security-severity": score },
    });
  });

  test("a fingerprint stays when the line moves, and differs for another subject or check", () => {
    const only = (change: Partial<typeof foreignRole>): CheckOutcome => ({
      ...breached,
      findings: [{ ...foreignRole, ...change }],
    });
    const output = foreignRole.output === undefined ? undefined : { ...foreignRole.output, line: 999, pointer: "/x" };
    const first = fingerprintOf(only({}));
    expect(first).toMatch(/^[0-9a-f]{32}:1$/);
    expect(fingerprintOf(only({ output, map: [], why: "other words", severity: "low" }))).toBe(first);
    expect(fingerprintOf(only({ where: `${foreignRole.where}2` }))).not.toBe(first);
    expect(fingerprintOf(only({ id: "rotation" }))).not.toBe(first);
  });

  test("two findings of one subject stay two", () => {
    const twice = { ...breached, findings: [foreignRole, { ...foreignRole, why: "another reason" }], accepted: [] };
    const prints = resultsOf(twice).map(({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash);
    expect(prints.map((print) => print?.split(":")[1])).toEqual(["1", "2"]);
    expect(new Set(prints.map((print) => print?.split(":")[0])).size).toBe(1);
  });

  test.each([
    ["cdktf.out/stacks/a b/cdk.tf.json", { uri: "cdktf.out/stacks/a%20b/cdk.tf.json", uriBaseId: "%SRCROOT%" }],
    ["/somewhere/out/ä/cdk.tf.json", { uri: "file:///somewhere/out/%C3%A4/cdk.tf.json" }],
    ["D:/out/cdk.tf.json", { uri: "file:///D:/out/cdk.tf.json" }],
  ])("names the file %s so that it is found", (file, location) => {
    const output = { file, line: 1, column: 1, stack: "a", pointer: "" };
    const [result] = resultsOf({ ...breached, findings: [{ ...foreignRole, output }] });
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual(location);
  });

  test("what is accepted is a suppressed result that says why", () => {
    const suppressed = resultsOf(breached).filter(({ suppressions }) => suppressions !== undefined);
    expect(suppressed.map(({ suppressions }) => suppressions)).toEqual([
      [
        {
          kind: "external",
          status: "accepted",
          justification:
            "the HSM vendor rotates it by hand (exception legacy-rotation: payments-platform answers for it, until 2027-01-31)",
        },
      ],
    ]);
  });

  test("a message leads to the lines of the map", () => {
    const [first, second] = resultsOf(breached);
    expect(first?.message.text).toMatch(/ In the map: \[payments\.environments\.prod\]\(1\)\.$/);
    expect(first?.relatedLocations?.map(({ id }) => id)).toEqual([1]);
    expect(second?.message.text).toMatch(/ In the map: \[corporate\.state\]\(1\)\.$/);
  });

  test("a key that many workloads share leads to no more places than GitHub takes", () => {
    const [place] = foreignRole.map;
    const map = Array.from({ length: 5000 }, () => place ?? []).flat();
    const [result] = resultsOf({ ...breached, findings: [{ ...foreignRole, map }] });
    expect(result?.relatedLocations).toHaveLength(99);
  });

  test("brackets in a message make no link", () => {
    const [result] = resultsOf(hostile("[text](https://example.com)"));
    expect(result?.message.text).toContain("\\[text\\](https://example.com)");
  });
});
