import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import type { Problem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { planSources } from "../../stacks/load-plan";
import { baseMap, baseMapInYaml, sourcesOf } from "./base-map";
import { changedAt, placesIn, type Value } from "./value-places";

const base = baseMap();
const paths = [...base.keys()];
const yamlPaths = [...baseMapInYaml().keys()];

/** Values that are wrong in many places, and names that mean something to JavaScript. */
const strangeValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    null,
    true,
    0,
    -1,
    90.5,
    1e21,
    "",
    " ",
    "*",
    "aws",
    "acme",
    "shop-prod",
    "role/x",
    "2027-01-31",
  ),
  fc.constantFrom<Value>(
    [],
    {},
    [[]],
    [null],
    { "": {} },
    { constructor: { prototype: {} } },
    { toString: 1, valueOf: 2 },
  ),
  fc.string({ maxLength: 20 }),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Value),
);

/** One change of a value: a part taken away, replaced, doubled into a list, or put below another name. */
const change: fc.Arbitrary<(inner: Value) => Value | undefined> = fc.oneof(
  fc.constant(() => undefined),
  strangeValue.map((value) => () => value),
  fc.constant((inner: Value) => [inner, inner]),
  fc.string({ maxLength: 12 }).map((name) => (inner: Value) => ({ [name]: inner })),
);

const changedFiles = fc
  .array(fc.tuple(fc.nat(yamlPaths.length - 1), fc.nat(), change), { minLength: 1, maxLength: 4 })
  .map((changes) => {
    const texts = new Map<string, string | Uint8Array>(base);
    for (const [file, place, apply] of changes) {
      const path = yamlPaths[file] ?? "";
      const value = parse(String(texts.get(path))) as Value;
      const places = placesIn(value);
      const now = changedAt(value, places[place % places.length] ?? [], apply);
      texts.set(path, now === undefined ? "" : stringify(now));
    }
    return texts;
  });

const damagedFiles = fc
  .tuple(fc.nat(paths.length - 1), fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 12 }))
  .map(([file, at, length, bytes]) => {
    const path = paths[file] ?? "";
    const whole = Buffer.from(base.get(path) ?? "");
    const from = at % (whole.length + 1);
    const damaged = Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(from + length)]);
    return new Map<string, string | Uint8Array>([...base, [path, damaged]]);
  });

/** YAML's own characters, put anywhere. */
const scribbledFiles = fc
  .array(
    fc.tuple(
      fc.nat(paths.length - 1),
      fc.nat(),
      fc.constantFrom(
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "&a ",
        "*a",
        "!x ",
        "| ",
        "> ",
        "# ",
        "? ",
        "<<: ",
        "\n",
        "\t",
        "---\n",
        "%",
        "@",
        "`",
        "\u0000",
        "\uFEFF",
        "\r",
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((marks) => {
    const texts = new Map<string, string | Uint8Array>(base);
    for (const [file, at, mark] of marks) {
      const path = paths[file] ?? "";
      const text = String(texts.get(path));
      const from = at % (text.length + 1);
      texts.set(path, text.slice(0, from) + mark + text.slice(from));
    }
    return texts;
  });

function expectInside(problem: Problem, texts: ReadonlyMap<string, string | Uint8Array>): void {
  const text = texts.get(problem.file.replace(/^config\//, ""));
  expect(problem.message).not.toBe("");
  expect(problem.fix ?? "").not.toBe("");
  if (text === undefined) {
    expect([problem.line, problem.column]).toEqual([1, 1]);
    return;
  }
  const lines = (typeof text === "string" ? text : new TextDecoder().decode(text)).split("\n");
  expect(problem.line).toBeGreaterThanOrEqual(1);
  expect(problem.line).toBeLessThanOrEqual(lines.length);
  expect(problem.column).toBeGreaterThanOrEqual(1);
  expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1]?.length ?? 0) + 1);
}

/** Reading never throws, finds places inside the files, and hands out a map only when there is nothing wrong with it. */
function expectProblemsOrMap(texts: ReadonlyMap<string, string | Uint8Array>): void {
  const read = readOrganizationMap(sourcesOf(texts), "config");
  if ("problems" in read) {
    expect(read.problems).not.toEqual([]);
    for (const problem of read.problems) expectInside(problem, texts);
    return;
  }
  for (const account of read.map.accounts) {
    expect(account.zone).not.toBe("");
    expect(account.id).not.toBe("000000000000");
  }
  expect(JSON.stringify(read.map)).not.toMatch(/"unknown"|no-where-0|ou-0000-00000000/);
  const planned = planSources(sourcesOf(texts), "config");
  if ("problems" in planned) for (const problem of planned.problems) expectInside(problem, texts);
}

const runs = { numRuns: 150 };

test("parts taken away, replaced or moved never make reading throw or point outside a file", () => {
  fc.assert(fc.property(changedFiles, expectProblemsOrMap), runs);
});

test("random bytes never make reading throw or point outside a file", () => {
  fc.assert(fc.property(damagedFiles, expectProblemsOrMap), runs);
});

test("YAML's own characters anywhere never make reading throw or point outside a file", () => {
  fc.assert(fc.property(scribbledFiles, expectProblemsOrMap), runs);
});
