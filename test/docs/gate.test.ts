import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gateIds, unallowableGateIds } from "../../modules/findings/gate-ids";
import { allRules } from "../../modules/gate/all-rules";
import { holdGeneratedPart } from "./generated-part";

const page = join(__dirname, "../../docs/gate.md");

const allowances = {
  "command line": "`--allow`, exceptions.yaml",
  exception: "exceptions.yaml",
  nobody: "nothing",
} as const;

describe("the page on the gate", () => {
  test("has every rule as the code has it; UPDATE_DOCS=1 writes them anew", () => {
    holdGeneratedPart(page, "gate", [
      "| finding | severity | allowed by | what has to hold |",
      "|---|---|---|---|",
      ...allRules.map(
        ({ id, severity, allowedBy, requirement }) =>
          `| [\`${id}\`](#${id}) | ${severity} | ${allowances[allowedBy]} | ${requirement} |`,
      ),
      "",
      ...allRules.flatMap(({ id, requirement, reason, fix }) => [
        `### ${id}`,
        "",
        `${requirement} ${reason}`,
        "",
        `**To do**: ${fix}.`,
        "",
      ]),
    ]);
  });
});

describe("every rule of the gate", () => {
  test.each(allRules.map((rule) => [rule.id, rule] as const))("%s says what, why and what to do", (_, rule) => {
    expect(rule.requirement).toMatch(/^[A-Z].*\.$/);
    expect(rule.reason).toMatch(/^[A-Z].*\.$/);
    expect(rule.fix).toMatch(/^[a-z].*[^.]$/);
  });

  test("is there, and what nobody can answer for is so in the map as well", () => {
    expect(allRules.map(({ id }) => id)).toEqual([...gateIds]);
    expect(allRules.filter(({ allowedBy }) => allowedBy === "nobody").map(({ id }) => id)).toEqual(unallowableGateIds);
  });
});
