import { expect, test } from "@jest/globals";
import { loadPlan } from "../../stacks/load-plan";

test.each(["config", "test/fixtures/features", "test/fixtures/small", "test/fixtures/users"])(
  "stacks of %s have the same names and findings whether templates are rendered or not",
  (config) => {
    const [whole, names] = [loadPlan(config), loadPlan(config, { namesOnly: true })];
    if ("problems" in whole || "problems" in names) throw new Error(`${config} has problems`);
    expect(names.stacks.map(({ name, state }) => ({ name, state }))).toEqual(
      whole.stacks.map(({ name, state }) => ({ name, state })),
    );
    expect(names.findings).toEqual(whole.findings);
  },
);
