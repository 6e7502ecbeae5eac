import { compile } from "handlebars";
import { type CheckOutcome, countsText, type ReportedCheck } from "./check-outcome";
import { exceptionText, findingLines } from "./finding-lines";
import type { LocatedFinding } from "./locate-findings";
import { oneLine } from "./one-line";

/** One test of a pipeline: a check, or a finding that is accepted. */
interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly failure: { readonly type: string; readonly message: string; readonly text: string } | undefined;
  /** Why it is skipped. */
  readonly skipped: string | undefined;
}

interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

/**
 * JUnit XML, for pipelines: each check is a test that fails with all its findings, each accepted finding is a skipped one.
 * The template engine escapes every value; what XML 1.0 cannot hold at all is spelled out.
 *
 * Source: https://github.com/testmoapp/junitxml, which collects what pipelines understand; there is no standard
 *
 * @param template the text of `templates/check-junit.xml.hbs`
 */
export function checkJunit(outcome: CheckOutcome, template: string): string {
  const suites = (["proof", "hygiene"] as const).map((kind) => suiteOf(kind, outcome)).filter(({ tests }) => tests > 0);
  const sum = (field: "tests" | "failures" | "skipped"): number => suites.reduce((all, suite) => all + suite[field], 0);
  const render = compile(template, { strict: true });
  return render({ suites, tests: sum("tests"), failures: sum("failures"), skipped: sum("skipped") }).trimEnd();
}

function suiteOf(kind: ReportedCheck["kind"], { checks, findings, accepted }: CheckOutcome): TestSuite {
  const byCheck = new Map<string, LocatedFinding[]>();
  for (const finding of findings) {
    const list = byCheck.get(finding.id);
    if (list === undefined) byCheck.set(finding.id, [finding]);
    else list.push(finding);
  }
  const classname = kind === "proof" ? "zone proof" : "hygiene";
  const ofKind = checks.filter((check) => check.kind === kind);
  const ids = new Set<string>(ofKind.map(({ id }) => id));
  const cases: readonly TestCase[] = [
    ...ofKind.map((check) => ({
      classname,
      name: check.id,
      failure: failureOf(check, byCheck.get(check.id) ?? []),
      skipped: undefined,
    })),
    ...accepted
      .filter(({ finding }) => ids.has(finding.id))
      .map(({ finding, exception }) => ({
        classname,
        name: oneLine(`${finding.id}: ${finding.where}`),
        failure: undefined,
        skipped: `accepted, ${exceptionText(exception)}`,
      })),
  ];
  return {
    name: classname,
    cases,
    tests: cases.length,
    failures: cases.filter(({ failure }) => failure !== undefined).length,
    skipped: cases.filter(({ skipped }) => skipped !== undefined).length,
  };
}

function failureOf(check: ReportedCheck, findings: readonly LocatedFinding[]): TestCase["failure"] {
  const [worst] = findings;
  if (worst === undefined) return undefined;
  const lines = [check.requirement, ...findings.flatMap((finding) => ["", ...findingLines(finding)])];
  return { type: worst.severity, message: countsText(findings), text: lines.join("\n") };
}
