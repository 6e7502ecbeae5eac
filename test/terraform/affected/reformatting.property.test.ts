import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../checks/sample-output";
import { affected, textsAfter } from "./affected-small";

const base = textsAfter();
const stacks = [...base.keys()];
const readJson = (stack: string): Json => JSON.parse(base.get(stack) ?? "");

type Path = readonly (string | number)[];

/** Every place in a value outside of comments. */
function places(value: Json, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [
    ...(at.length === 0 ? [] : [at]),
    ...Object.entries(value)
      .filter(([name]) => name !== "//")
      .flatMap(([name, inner]) => places(inner, [...at, Array.isArray(value) ? Number(name) : name])),
  ];
}

const placesOf = new Map(stacks.map((stack) => [stack, places(readJson(stack))]));

const place = fc
  .constantFrom(...stacks)
  .chain((stack) => fc.tuple(fc.constant(stack), fc.constantFrom(...(placesOf.get(stack) ?? []))));

/** Another value in one place of a stack. */
function mutate(json: Json, path: Path, how: "another" | "more" | "gone"): void {
  const last = path.at(-1) ?? "";
  const parent = path.slice(0, -1).reduce((value: Json, name) => value[name], json);
  const value = parent[last];
  if (how === "gone") {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  } else if (Array.isArray(value)) value.push(how === "more" ? "more" : { more: true });
  else if (typeof value === "object" && value !== null) value["zz-more"] = how === "more" ? null : "more";
  else if (typeof value === "number") parent[last] = value + 1;
  else if (typeof value === "boolean") parent[last] = !value;
  else parent[last] = how === "more" ? `${value} ` : { [value]: value };
}

/** Lists in which the order has no meaning, in the policies of keys and users. */
const unordered = new Set(["Statement", "Action", "NotAction", "Resource", "AWS", "Service"]);

/** The same JSON with its fields in another order, other comments, and other lists of IAM. */
function reformatted(value: Json, random: () => number, inPolicy = false, name = ""): Json {
  const shuffled = <Item>(items: readonly Item[]): Item[] =>
    items
      .map((item) => [random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  if (Array.isArray(value)) {
    const items = value.map((item) => reformatted(item, random, inPolicy));
    const isOne = items.length === 1 && typeof items[0] === "string" && name !== "Statement";
    if (inPolicy && unordered.has(name)) return isOne && random() < 0.5 ? items[0] : shuffled(items);
    return items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    shuffled(Object.entries(value)).map(([field, inner]) => [
      field,
      field === "//" ? { changed: random() < 0.5 } : reformatted(inner, random, inPolicy, field),
    ]),
  );
}

function withPolicies(json: Json, random: () => number): Json {
  const policies = new Set(
    ["aws_kms_key", "aws_kms_replica_key", "aws_iam_policy"].flatMap((type) =>
      Object.values<Json>(json.resource[type] ?? {}).map(({ policy }) => /local\.([\w-]+)/.exec(policy)?.[1]),
    ),
  );
  const result = reformatted(json, random);
  for (const [name, local] of Object.entries(json.locals ?? {})) {
    if (policies.has(name)) result.locals[name] = reformatted(local, random, true);
  }
  return result;
}

describe("the comparison of two stacks", () => {
  test("tells every other value, wherever it stands", () => {
    fc.assert(
      fc.property(
        place,
        fc.constantFrom("another" as const, "more" as const, "gone" as const),
        ([stack, path], how) => {
          const json = readJson(stack);
          mutate(json, path, how);
          const found = affected(base, new Map([...base, [stack, JSON.stringify(json)]]));
          expect(found.some((each) => each.stack === stack || each.before === stack)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("tells nothing of another form", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...stacks),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.nat(8),
        (stack, stream, indent) => {
          const random = (): number => stream.next().value;
          const text = JSON.stringify(withPolicies(readJson(stack), random), null, indent);
          expect(affected(base, new Map([...base, [stack, text]]))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
