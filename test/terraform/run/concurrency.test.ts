import { expect, test } from "@jest/globals";
import { concurrencyOf } from "../../../modules/terraform/run/concurrency";

const GIB = 1024 ** 3;

test.each([
  ["two cores and much memory", { cores: 2, memoryBytes: 24 * GIB }, { plans: 2, applies: 4, providers: 39 }],
  ["a small runner", { cores: 2, memoryBytes: 4 * GIB }, { plans: 2, applies: 4, providers: 5 }],
  ["memory for nothing", { cores: 8, memoryBytes: GIB / 2 }, { plans: 8, applies: 16, providers: 1 }],
])("bounds a run by %s", (_, machine, { plans, applies, providers }) => {
  expect(concurrencyOf(machine)).toEqual({
    plans: { stacks: plans, providers },
    applies: { stacks: applies, providers },
  });
});

test("takes a number by word", () => {
  const bounds = { stacks: 7, providers: Number.POSITIVE_INFINITY };
  expect(concurrencyOf({ cores: 1, memoryBytes: GIB }, 7)).toEqual({ plans: bounds, applies: bounds });
});
