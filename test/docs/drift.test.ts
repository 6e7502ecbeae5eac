import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { driftKinds } from "../../modules/drift/drift-kinds";
import { driftIds } from "../../modules/findings/drift-ids";
import { severities } from "../../modules/findings/finding";
import { holdGeneratedPart } from "./generated-part";

const page = join(__dirname, "../../docs/drift.md");

/** Most severe first, and by name. */
const listed = severities.flatMap((severity) => driftKinds.filter((kind) => kind.severity === severity));

describe("the page on drift", () => {
  test("has every kind as the code has it; UPDATE_DOCS=1 writes them anew", () => {
    holdGeneratedPart(page, "drift kinds", [
      "| finding | severity | unless | what is not as reviewed |",
      "|---|---|---|---|",
      ...listed.map(
        ({ id, severity, unless, means }) => `| [\`${id}\`](#${id}) | ${severity} | ${unless} | ${means} |`,
      ),
      "",
      ...driftKinds.flatMap(({ id, means, fix }) => [`### ${id}`, "", means, "", `**To do**: ${fix}.`, ""]),
    ]);
  });
});

describe("every kind of drift", () => {
  test("is there, in name order", () => {
    expect(driftKinds.map(({ id }) => id)).toEqual([...driftIds]);
  });

  test.each(driftKinds.map((kind) => [kind.id, kind] as const))("%s says what it is and what to do", (_, kind) => {
    expect(kind.means).toMatch(/^[A-Z].*\.$/);
    expect(kind.fix).toMatch(/^[a-z].*[^.]$/);
    expect(kind.unless).toMatch(/^$|^(critical|high|medium|low|information) (when|for) .*[^.]$/);
  });

  test("is not said to become as severe as it is by itself", () => {
    expect(
      driftKinds.filter(({ severity, unless }) => unless.split("; ").some((each) => each.startsWith(severity))),
    ).toEqual([]);
  });
});
