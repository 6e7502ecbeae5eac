import { describe, expect, test } from "@jest/globals";
import type { DriftReport } from "../../modules/drift/drift-report";
import { driftIds } from "../../modules/findings/drift-ids";
import { severities } from "../../modules/findings/finding";
import { driftMarkdown } from "../../modules/report/drift-markdown";
import { drifted, floodedDrift, hostileDrift, narrowedDrift, undrifted, widened } from "./drift-reports";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";
import { outsideOfFences } from "./outside-of-fences";

const long = "y".repeat(100_000);
const longer = "y".repeat(1000);
const everyKind = severities.flatMap((severity) =>
  driftIds.flatMap((id) => Array.from({ length: 5 }, () => ({ ...widened, id, severity, where: longer, why: longer }))),
);

describe("drift as Markdown", () => {
  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
    ["narrowed", narrowedDrift],
  ])("%s reads as its golden file", (name, report) => {
    const text = driftMarkdown(report);
    expect(text).toBe(golden(`drift-${name}.md`, text));
  });

  test.each(hostileTexts)("%j stays in its fence, or is text", (hostile) => {
    const marks = /[<>`|*_[\]@#{}&]/g;
    const outside = outsideOfFences(driftMarkdown(hostileDrift(hostile)));
    const without = outside.replaceAll(/&#\d+;|<!-- -->/g, "");
    const harmless = outsideOfFences(driftMarkdown(hostileDrift("harmless")));
    expect(without.match(marks)).toEqual(harmless.replaceAll(/&#\d+;|<!-- -->/g, "").match(marks));
    expect(outside.split("\n")).toHaveLength(harmless.split("\n").length);
  });

  test.each<[string, DriftReport]>([
    ["10,000 of everything", floodedDrift()],
    ["300 of everything", floodedDrift(300)],
    ["one of everything that is endless", hostileDrift(long)],
    ["every kind with every severity", { ...drifted, findings: everyKind }],
    [
      "every kind, of marks alone",
      { ...drifted, findings: everyKind.map((each) => ({ ...each, where: "|".repeat(500) })) },
    ],
  ])("%s fits into a comment", (_, report) => {
    const text = driftMarkdown(report);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/^### orgkeys drift: \d+ (critical )?findings?/);
    expect(text).toContain("| severity | drift | findings | where |");
  });

  test("no half of a command is there to be pasted", () => {
    const command = `aws kms put-key-policy --policy '${"z".repeat(600)}'`;
    const text = driftMarkdown({ ...drifted, findings: [{ ...widened, commands: [command, "aws kms list-keys"] }] });
    expect(text).not.toContain("put-key-policy");
    expect(text).toContain("# this command is too long for a comment; --format text has it");
    expect(text).toContain("aws kms list-keys");
  });

  test("what was left out is said", () => {
    expect(driftMarkdown(floodedDrift(300))).toMatch(/and \d+ more; --format json has all/);
    expect(driftMarkdown(drifted)).not.toContain("more; --format json has all");
  });
});
