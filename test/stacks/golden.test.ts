import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { writeStacks } from "../../stacks/synthesize";
import { planOf, smallSources } from "./small-organization";

const golden = join(__dirname, "golden");
const output = mkdtempSync(join(tmpdir(), "orgkeys-golden-"));
afterAll(() => rmSync(output, { recursive: true }));

writeStacks(planOf(smallSources()).stacks, output);
const stacks = readdirSync(join(output, "stacks")).sort();

// UPDATE_GOLDEN=1 npm test writes the files anew; then read the difference as a reviewer would.
if (process.env.UPDATE_GOLDEN === "1") {
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(golden);
  for (const stack of stacks) writeFileSync(join(golden, `${stack}.json`), synthesized(stack));
}

function synthesized(stack: string): string {
  return readFileSync(join(output, "stacks", stack, "cdk.tf.json"), "utf8");
}

test("the small organization has a stack for each account that needs one, and one for each zone's guardrails", () => {
  expect(stacks).toEqual([
    "acme.guardrails.corporate",
    "acme.guardrails.health",
    "acme.health.clinic",
    "acme.security.keys",
    "acme.workloads.prod.shop-prod",
    "acme.workloads.test.shop-test",
  ]);
});

test.each(stacks)("the stack %s is what was reviewed", (stack) => {
  const path = join(golden, `${stack}.json`);
  expect(existsSync(path)).toBe(true);
  expect(synthesized(stack)).toBe(readFileSync(path, "utf8"));
});
