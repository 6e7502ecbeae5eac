import { describe, expect, test } from "@jest/globals";
import { driftJson } from "../../modules/report/drift-json";
import { readFormerDrift } from "../../modules/report/read-former-drift";
import { drifted, hostileDrift, narrowedDrift } from "./drift-reports";
import { hostileTexts } from "./outcome";

const again = "give --since what orgkeys drift --format json has written, unchanged";
const report = driftJson(drifted);
const changed = (change: (document: Record<string, unknown>) => void): string => {
  const document = JSON.parse(report);
  change(document);
  return JSON.stringify(document);
};

describe("a former report", () => {
  test("gives its findings and those that were known to it, and none that was ignored", () => {
    const read = readFormerDrift(driftJson({ ...narrowedDrift, ignored: drifted.ignored }));
    expect(read).toEqual({
      former: {
        findings: [...narrowedDrift.findings, ...narrowedDrift.known].map(({ id, severity, fingerprint, place }) => {
          const { accountId, region, stack } = place;
          return { id, severity, fingerprint, accountId, region, stack };
        }),
      },
    });
  });

  test.each(hostileTexts)("may hold %j", (text) => {
    expect(readFormerDrift(driftJson(hostileDrift(text)))).toHaveProperty("former");
  });

  test("may come from a later version, and with a byte order mark", () => {
    const later = changed((document) => Object.assign(document, { more: 1 })).replace(
      "key-unmanaged",
      "key-of-tomorrow",
    );
    expect(readFormerDrift(`\uFEFF${later}`)).toHaveProperty("former");
  });

  test.each([
    ["empty", "", [`is not JSON, but empty; ${again}`]],
    ["cut off", report.slice(0, -20), [`is not JSON; ${again}`]],
    ["a list", "[]", [`is no report of orgkeys, and orgkeys/drift/v1 is needed; ${again}`]],
    ["null", "null", [`is no report of orgkeys, and orgkeys/drift/v1 is needed; ${again}`]],
    [
      "another report",
      '{"schema": "orgkeys/check/v1"}',
      [`is a report of schema orgkeys/check/v1, and orgkeys/drift/v1 is needed; ${again}`],
    ],
    [
      "hostile",
      JSON.stringify({ schema: `\u001b[31m${"x".repeat(100)}` }),
      [`is a report of schema \\u{1b}[31m${"x".repeat(69)}…, and orgkeys/drift/v1 is needed; ${again}`],
    ],
    [
      "without what was known",
      changed((document) => delete document.known),
      [`known is missing, or not what it has to be; ${again}`],
    ],
    [
      "with a finding that lacks its fingerprint",
      report.replace('"11111111111111111111111111111111"', '""'),
      [`findings[0].fingerprint is missing, or not what it has to be; ${again}`],
    ],
    [
      "with a severity that is none",
      report.replace('"severity": "critical"', '"severity": "severe"'),
      [`findings[0].severity is missing, or not what it has to be; ${again}`],
    ],
    [
      "with many mistakes",
      changed((document) => Object.assign(document, { findings: Array.from({ length: 10 }, () => 1) })),
      [
        ...[0, 1, 2, 3, 4].map((number) => `findings[${number}] is missing, or not what it has to be; ${again}`),
        "and 5 more",
      ],
    ],
  ])("that is %s is refused", (_, text, problems) => {
    expect(readFormerDrift(text)).toEqual({ problems });
  });
});
