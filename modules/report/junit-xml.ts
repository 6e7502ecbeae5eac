import { compile } from "handlebars";

/** One test of a pipeline. A case is one of these at most; one that is none has passed. */
export interface TestCase {
  readonly classname: string;
  readonly name: string;
  /** Something was found. */
  readonly failure?: TestMessage | undefined;
  /** It could not be looked at. */
  readonly error?: TestMessage | undefined;
  /** Why it is skipped. */
  readonly skipped?: string | undefined;
}

export interface TestMessage {
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

const outcomes = ["failure", "error", "skipped"] as const;

/**
 * JUnit XML, for pipelines. The template engine escapes every value; what XML 1.0 cannot hold at all has to be spelled out before.
 *
 * Source: https://github.com/testmoapp/junitxml, which collects what pipelines understand; there is no standard
 *
 * @param name as in `orgkeys check`
 * @param template the text of `templates/junit.xml.hbs`
 */
export function junitXml(name: string, suites: readonly TestSuite[], template: string): string {
  const render = compile(template, { strict: true });
  const filled = suites.filter(({ cases }) => cases.length > 0);
  const context = {
    name,
    ...countsOf(filled.flatMap(({ cases }) => cases)),
    suites: filled.map((suite) => ({
      name: suite.name,
      ...countsOf(suite.cases),
      // In strict mode the template may ask for no field that is not there.
      cases: suite.cases.map((each) => ({ failure: undefined, error: undefined, skipped: undefined, ...each })),
    })),
  };
  return render(context).trimEnd();
}

function countsOf(cases: readonly TestCase[]): Record<"tests" | "failures" | "errors" | "skipped", number> {
  const [failures = 0, errors = 0, skipped = 0] = outcomes.map(
    (outcome) => cases.filter((each) => each[outcome] !== undefined).length,
  );
  return { tests: cases.length, failures, errors, skipped };
}
