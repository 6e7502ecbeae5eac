import { describe, expect, test } from "@jest/globals";
import { evaluateCondition, operatorNames, parseOperator } from "../../modules/access/condition/evaluate-condition";
import { type ContextValue, newRequest, type Request } from "../../modules/access/request";
import type { Truth } from "../../modules/access/truth";
import { type ConditionRow, comparisons, sets } from "./condition-cases";
import { keyOf, owner } from "./decide";

function requestWith(context: Record<string, ContextValue>): Request {
  return newRequest({
    principal: { kind: "service", name: "logs.amazonaws.com" },
    action: "kms:Decrypt",
    resource: { accountId: owner, arn: keyOf(owner), open: false },
    context,
    unlisted: "absent",
    encryptionContext: {},
  });
}

function holds(operator: string, values: readonly string[], context: Record<string, ContextValue>, key = "aws:Some") {
  return evaluateCondition({ path: "", operator, key, values }, requestWith(context), true);
}

const title = ([operator, values, actual, expected, why]: ConditionRow): string =>
  `${operator} ${JSON.stringify(values)} with ${JSON.stringify(actual)} is ${expected}${why === undefined ? "" : `: ${why}`}`;

describe("a condition", () => {
  test.each([...comparisons, ...sets].map((row) => [title(row), row] as const))("%s", (_title, row) => {
    const [operator, values, actual, expected] = row;
    expect(holds(operator, values, { "aws:Some": actual })).toBe(expected);
  });

  test("finds its key in any case", () => {
    expect(holds("StringEquals", ["a"], { "AWS:SOME": ["a"] })).toBe(true);
  });

  test("does not know which of two spellings of a key counts", () => {
    expect(holds("StringEquals", ["a"], { "aws:Some": ["a"], "aws:some": ["b"] })).toBe("unknown");
  });

  test("on a multivalued key needs a set operator even for one value", () => {
    expect(holds("StringEquals", ["alias/a"], { "kms:ResourceAliases": ["alias/a"] }, "kms:ResourceAliases")).toBe(
      "unknown",
    );
    expect(
      holds("ForAnyValue:StringEquals", ["alias/a"], { "kms:ResourceAliases": ["alias/a"] }, "kms:ResourceAliases"),
    ).toBe(true);
  });
});

describe.each(operatorNames.filter((name) => name !== "Null"))("%s", (name) => {
  const negated = name.includes("Not");
  /** A row of the table with this operator and a certain outcome. */
  const row = comparisons.find(([operator, , , expected]) => operator === name && expected === true);

  test("is in the table with an outcome of each kind", () => {
    const outcomes = comparisons.filter(([operator]) => operator === name).map(([, , , expected]) => expected);
    expect(outcomes).toContain(true);
    expect(outcomes).toContain(false);
  });

  test.each<[string, ContextValue, Truth]>([
    ["", "absent", negated],
    ["IfExists", "absent", true],
    ["", "unknown", "unknown"],
    ["IfExists", "unknown", "unknown"],
  ])("%s with a key that is %s", (suffix, actual, expected) => {
    expect(holds(`${name}${suffix}`, row?.[1] ?? [], { "aws:Some": actual })).toBe(expected);
  });

  test("over sets of values: ForAllValues holds without the key, ForAnyValue does not", () => {
    expect(holds(`ForAllValues:${name}`, row?.[1] ?? [], {})).toBe(true);
    expect(holds(`ForAnyValue:${name}`, row?.[1] ?? [], {})).toBe(false);
    expect(holds(`ForAllValues:${name}IfExists`, row?.[1] ?? [], {})).toBe(true);
    expect(holds(`ForAnyValue:${name}IfExists`, row?.[1] ?? [], {})).toBe("unknown");
  });

  test("means the same with IfExists when the key is there", () => {
    for (const [operator, values, actual, expected] of comparisons.filter(([operator]) => operator === name)) {
      expect(holds(`${operator}IfExists`, values, { "aws:Some": actual })).toBe(expected);
      expect(parseOperator(`ForAnyValue:${operator}IfExists`)).toEqual({ set: "ForAnyValue", name, ifExists: true });
    }
  });
});

describe("a policy variable", () => {
  const context: Record<string, ContextValue> = {
    "aws:Some": ["team-red"],
    "aws:PrincipalTag/team": ["red"],
    "aws:PrincipalTag/wild": ["*"],
    "aws:PrincipalTag/all": ["red", "blue"],
    "aws:PrincipalTag/who": "unknown",
  };
  test.each<[string, string, Truth]>([
    ["StringEquals", "team-${aws:PrincipalTag/team}", true],
    ["StringEquals", "team-${ aws:principaltag/TEAM }", true],
    ["StringEquals", "team-${aws:PrincipalTag/none}", false],
    ["StringNotEquals", "team-${aws:PrincipalTag/none}", true],
    ["StringEquals", "team-${aws:PrincipalTag/none, 'red'}", true],
    ["StringEquals", "team-${aws:PrincipalTag/team, 'blue'}", true],
    ["StringLike", "${aws:PrincipalTag/wild}", false],
    ["StringLike", "*-${aws:PrincipalTag/team}", true],
    ["StringLike", "team${*}", false],
    ["StringEquals", "${$}{aws:PrincipalTag/team}", false],
    ["StringEquals", "team-${aws:PrincipalTag/all}", "unknown"],
    ["StringEquals", "team-${aws:PrincipalTag/who}", "unknown"],
    ["StringEquals", "team-${aws:PrincipalTag/team", "unknown"],
    ["StringEquals", "team-${aws:PrincipalTag/team, blue}", "unknown"],
  ])("%s %s is %s", (operator, value, expected) => {
    expect(holds(operator, [value], context)).toBe(expected);
  });

  test("is text to an operator that takes no variables", () => {
    const [one, other] = ["${aws:PrincipalTag/number}", "10"];
    const numbers: Record<string, ContextValue> = { "aws:Some": ["10"], "aws:PrincipalTag/number": ["10"] };
    expect(holds("NumericEquals", [one], numbers)).toBe("unknown");
    expect(holds("NumericEquals", [one, other], numbers)).toBe(true);
  });
});
