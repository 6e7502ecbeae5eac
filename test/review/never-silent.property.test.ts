import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../checks/sample-output";
import { small } from "../checks/small-output";
import { affected, textsAfter } from "../terraform/affected/affected-small";
import { linesOf, reviewTexts } from "./reviewed";

/** More: `REVIEW_CASES=2000 npx jest test/review/never-silent`. */
const cases = Number(process.env.REVIEW_CASES ?? 80);

const base = textsAfter();
const zones = small.rules.zones;

type Path = readonly (string | number)[];

/** Every place of a JSON value, with what is inside of it. */
function placesIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [
    ...(path.length === 0 ? [] : [path]),
    ...entries.flatMap(([name, inner]) => placesIn(inner, [...path, name])),
  ];
}

const places = [...base].flatMap(([stack, text]) =>
  placesIn(JSON.parse(text)).map((path) => ({ stack, path, name: `${stack} ${path.join("/")}` })),
);

const mutations = {
  taken: (parent: Json, name: string | number) => {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete parent[name];
  },
  another: (parent: Json, name: string | number) => {
    const value = parent[name];
    parent[name] = typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${String(value)}x`;
  },
  emptied: (parent: Json, name: string | number) => {
    parent[name] = Array.isArray(parent[name]) ? [] : typeof parent[name] === "object" ? {} : "";
  },
  null: (parent: Json, name: string | number) => {
    parent[name] = null;
  },
} as const;

function mutated(stack: string, path: Path, mutation: keyof typeof mutations): ReadonlyMap<string, string> {
  const json: Json = JSON.parse(base.get(stack) ?? "");
  const parent = path.slice(0, -1).reduce((value: Json, name) => value[name], json);
  mutations[mutation](parent, path.at(-1) ?? "");
  return new Map([[stack, JSON.stringify(json, null, 2)]]);
}

describe("any place of any stack", () => {
  test("is never another to Terraform without a word in the review", () => {
    const edit = fc.record({
      place: fc.constantFrom(...places),
      mutation: fc.constantFrom(...(Object.keys(mutations) as (keyof typeof mutations)[])),
      isBase: fc.boolean(),
    });
    fc.assert(
      fc.property(edit, ({ place: { stack, path }, mutation, isBase }) => {
        const other = mutated(stack, path, mutation);
        const whole = new Map([[stack, base.get(stack) ?? ""]]);
        const [before, after] = isBase ? [other, whole] : [whole, other];
        const review = reviewTexts(before, after, zones);
        const told = linesOf(review);
        if (affected(before, after).length > 0) expect(told).not.toEqual([]);
        // What is said to mean the same has nothing to tell.
        expect(review.sameMeaning.length === 0 || told.length === 0).toBe(true);
      }),
      { numRuns: cases },
    );
  }, 600_000);
});
