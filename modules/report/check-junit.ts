import { groupedBy } from "../aws/grouped-by";
import { type CheckOutcome, countsText, type ReportedCheck } from "./check-outcome";
import { exceptionText, findingLines } from "./finding-lines";
import { junitXml, type TestCase, type TestSuite } from "./junit-xml";
import type { LocatedFinding } from "./locate-findings";
import { oneLine } from "./one-line";

/**
 * JUnit XML: each check is a test that fails with all its findings, each accepted finding is a skipped one.
 *
 * @param template the text of `templates/junit.xml.hbs`
 */
export function checkJunit(outcome: CheckOutcome, template: string): string {
  const suites = (["proof", "hygiene"] as const).map((kind) => suiteOf(kind, outcome));
  return junitXml("orgkeys check", suites, template);
}

function suiteOf(kind: ReportedCheck["kind"], { checks, findings, accepted }: CheckOutcome): TestSuite {
  const byCheck = groupedBy(findings, ({ id }) => id);
  const classname = kind === "proof" ? "zone proof" : "hygiene";
  const ofKind = checks.filter((check) => check.kind === kind);
  const ids = new Set<string>(ofKind.map(({ id }) => id));
  const cases: readonly TestCase[] = [
    ...ofKind.map((check) => ({
      classname,
      name: check.id,
      failure: failureOf(check, byCheck.get(check.id) ?? []),
    })),
    ...accepted
      .filter(({ finding }) => ids.has(finding.id))
      .map(({ finding, exception }) => ({
        classname,
        name: oneLine(`${finding.id}: ${finding.where}`),
        skipped: `accepted, ${exceptionText(exception)}`,
      })),
  ];
  return { name: classname, cases };
}

function failureOf(check: ReportedCheck, findings: readonly LocatedFinding[]): TestCase["failure"] {
  const [worst] = findings;
  if (worst === undefined) return undefined;
  const lines = [check.requirement, ...findings.flatMap((finding) => ["", ...findingLines(finding)])];
  return { type: worst.severity, message: countsText(findings), text: lines.join("\n") };
}
