import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { allRules } from "../../modules/gate/all-rules";
import { gate } from "../../modules/gate/gate";
import { keyTypes, replicaTypes } from "../../modules/gate/resource-types";
import type { Json } from "../checks/sample-output";
import { small } from "../checks/small-output";
import { gateRules, lines } from "./gated";
import { simulatedInput } from "./simulated-plan";

const stacks = [...small.texts];
const keys = stacks.flatMap(([stack, text]) =>
  Object.entries<Json>(JSON.parse(text).resource ?? {}).flatMap(([type, resources]) =>
    keyTypes.has(type) || replicaTypes.has(type)
      ? Object.keys(resources).map((id) => ({ stack, address: `${type}.${id}` }))
      : [],
  ),
);

const aStack = fc.constantFrom(...stacks);
const aKey = fc.constantFrom(...keys);
const tag = fc.tuple(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), fc.stringMatching(/^[a-z ]{1,12}$/));

describe("any plan", () => {
  test("that destroys nothing, replaces nothing and changes no policy passes", async () => {
    const change = fc.record({
      stack: aStack,
      first: fc.boolean(),
      tags: fc.dictionary(
        tag.map(([name]) => `X${name}`),
        tag.map(([, value]) => value),
        { maxKeys: 4 },
      ),
      days: fc.integer({ min: 90, max: 2560 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ stack: [name, text], first, tags, days }) => {
        const json: Json = JSON.parse(text);
        for (const resources of Object.values<Json>(json.resource ?? {})) {
          for (const fields of Object.values<Json>(resources)) {
            if (fields.tags !== undefined) Object.assign(fields.tags, tags);
            if (fields.rotation_period_in_days !== undefined) fields.rotation_period_in_days = days;
          }
        }
        const input = simulatedInput(name, first ? undefined : text, JSON.stringify(json));
        expect(lines(await gate([input], gateRules()))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("that deletes or replaces a key or a replica is stopped, whatever else it does", async () => {
    const others = fc.subarray(keys, { maxLength: 3 });
    const actions = fc.constantFrom<readonly string[]>(
      ["delete"],
      ["delete", "create"],
      ["create", "delete"],
      ["create", "forget"],
      ["forget"],
    );
    await fc.assert(
      fc.asyncProperty(aKey, actions, others, async ({ stack, address }, how, alsoTouched) => {
        const text = small.texts.get(stack) ?? "";
        const input: Json = structuredClone(simulatedInput(stack, text, text));
        for (const { address: each, change } of input.plan.resource_changes) {
          if (each === address) change.actions = how;
          else if (alsoTouched.some((other) => other.address === each)) change.actions = ["update"];
        }
        const report = await gate([input], gateRules());
        const ids = report.findings.filter((finding) => finding.address === address).map(({ id }) => id);
        expect(ids.filter((id) => /^(key-destroyed|key-replaced|replica-destroyed)$/.test(id))).toHaveLength(1);
        expect(report.open).toBe(report.findings.length);
      }),
      { numRuns: 40 },
    );
  });

  test("that is cut to pieces makes no rule throw", async () => {
    const broken = fc.constantFrom<Json>(null, 0, "x", [], {}, { actions: [] }, undefined);
    const actions = fc.constantFrom(["no-op"], ["create"], ["update"], ["delete"], ["delete", "create"]);
    const place = fc.constantFrom("before", "after", "after_unknown", "actions", "importing", "replace_paths");
    await fc.assert(
      fc.asyncProperty(aStack, fc.nat(), actions, place, broken, async ([name, text], at, how, where, value) => {
        const input: Json = structuredClone(simulatedInput(name, text, text));
        const changes = input.plan.resource_changes;
        if (changes.length === 0) return;
        const { change } = changes[at % changes.length];
        Object.assign(change, { actions: how, [where]: value });
        await gate([input], gateRules());
      }),
      { numRuns: 100 },
    );
  });
});

test("rules have one id each", () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
});
