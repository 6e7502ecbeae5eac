import { describe, expect, test } from "@jest/globals";
import {
  locateAccepted,
  locateFindings,
  type PlacedFinding,
  type TextSources,
} from "../../modules/report/locate-findings";

const text = `{
  "locals": {
    "a-policy": {"Statement": [
      {"Sid": "One"},
      {"Sid": "Two", "Principal": {"AWS": ["x", "y"]}}
    ]}
  },
  "a/b~c": [1, 2]
}`;

function finding(path: string, document = "acme.a", sources: readonly string[] = []): PlacedFinding {
  return { id: "x", severity: "high", where: "a", why: "b", whatToDo: "c", place: { document, path }, sources };
}

class Asked implements TextSources {
  readonly stacks: string[] = [];
  readonly sources: string[] = [];
  readonly #text: string;

  constructor(stackText: string) {
    this.#text = stackText;
  }

  stackText(stack: string): { file: string; text: string } | undefined {
    this.stacks.push(stack);
    return stack.startsWith("acme.") ? { file: `out/${stack}`, text: this.#text } : undefined;
  }

  mapPlace(source: string): ReturnType<TextSources["mapPlace"]> {
    this.sources.push(source);
    return { file: source.split(" ")[0] ?? "", line: 2, column: 3, path: source.split(" ")[1] ?? "" };
  }
}

function positionOf(pointer: string, stackText = text): string | undefined {
  const [located] = locateFindings([finding(pointer)], new Asked(stackText));
  return located?.output === undefined ? undefined : `${located.output.line}:${located.output.column}`;
}

describe("locating findings", () => {
  test.each([
    ["/locals/a-policy/Statement/1", "5:7"],
    ["/locals/a-policy/Statement/1/Principal/AWS/1", "5:49"],
    ["/locals/a-policy", "3:5"],
    ["/a~1b~0c/1", "8:16"],
    ["", "1:1"],
  ])("%s stands at %s", (pointer, position) => {
    expect(positionOf(pointer)).toBe(position);
  });

  test.each([
    ["/locals/a-policy/Statement/1/Condition/StringEquals", "5:7"],
    ["/locals/a-policy/Statement/7", "3:18"],
    ["/locals/other", "2:3"],
    ["/nothing/at/all", "1:1"],
    ["no pointer", "1:1"],
  ])("%s leads nowhere, and its nearest parent stands at %s", (pointer, position) => {
    expect(positionOf(pointer)).toBe(position);
  });

  test.each(["", "{", "{'a': 1}", '{"a" "b"}', '{"a\\q": 1}'])(
    "in %j, which is no JSON, everything stands at the top",
    (broken) => {
      expect(positionOf("/locals/a-policy", broken)).toBe("1:1");
    },
  );

  test("keeps the pointer that was meant", () => {
    const [located] = locateFindings([finding("/locals/other")], new Asked(text));
    expect(located?.output).toMatchObject({ stack: "acme.a", pointer: "/locals/other", file: "out/acme.a" });
  });

  test("reads each stack and each source once, and only where there is a finding", () => {
    const asked = new Asked(text);
    const source = "workloads/a.yaml a.environments.prod";
    const findings = Array.from({ length: 1000 }, (_, number) =>
      finding(`/locals/${number}`, `acme.${number % 2}`, [source]),
    );
    expect(locateFindings(findings, asked)).toHaveLength(1000);
    expect(asked.stacks.sort()).toEqual(["acme.0", "acme.1"]);
    expect(asked.sources).toEqual([source]);
    const nothing = new Asked(text);
    expect(locateFindings([], nothing)).toEqual([]);
    expect(nothing.stacks).toEqual([]);
  });

  test("what has no place in a stack has none", () => {
    expect(locateFindings([finding("/x", "AWS")], new Asked(text))[0]?.output).toBeUndefined();
    expect(locateFindings([{ ...finding(""), place: undefined }], new Asked(text))[0]?.output).toBeUndefined();
  });

  test("an exception stays with its finding", () => {
    const exception = { name: "n", owner: "o", reason: "r", expires: "2027-01-31" };
    const accepted = [finding("/locals"), finding("/a~1b~0c")].map((each, index) => ({
      finding: each,
      exception: { ...exception, name: `n${index}` },
    }));
    expect(
      locateAccepted(accepted, new Asked(text)).map(({ finding: { output }, exception: { name } }) => [
        name,
        output?.line,
      ]),
    ).toEqual([
      ["n0", 2],
      ["n1", 8],
    ]);
  });

  test("10,000 findings in one file take no time worth speaking of", () => {
    const big = JSON.stringify({ list: Array.from({ length: 10_000 }, (_, number) => ({ number })) }, null, 2);
    const findings = Array.from({ length: 10_000 }, (_, number) => finding(`/list/${number}/number/deeper/still`));
    const began = performance.now();
    const located = locateFindings(findings, new Asked(big));
    expect(performance.now() - began).toBeLessThan(5000);
    expect(located.at(-1)?.output).toMatchObject({ line: 3 + 9999 * 3 + 1 });
  });
});
