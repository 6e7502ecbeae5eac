import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { outputsOfRun } from "../../modules/cli/outputs-of-run";
import { RUN_SCHEMA } from "../../modules/terraform/run/run-report";
import { sha256 } from "../../modules/terraform/run/sha256";
import type { Json } from "../checks/sample-output";
import { consumer, ledger, records } from "../checks/small-output";
import { simulatedPlan } from "../gate/simulated-plan";
import { orgkeys } from "./recorded-terminal";

const id = "20270131T120000Z-0001";
const noted: string[] = [];
const terminal: Json = { note: (...lines: string[]) => noted.push(...lines), progress: () => undefined };
let folder: string;
let out: string;
let terraform: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-run-outputs-"));
  out = join(folder, "cdktf.out");
  expect(orgkeys("synth", "--config", join(__dirname, "../fixtures/small"), "--out", out).code).toBe(0);
  terraform = join(folder, "terraform");
  // Only the version is real; a plan is what lies beside it.
  writeFileSync(
    terraform,
    `#!/bin/sh\nif [ "$1" = show ]; then cat "$(dirname "$4")/plan.json"; else echo '{"terraform_version": "1.11.4"}'; fi\n`,
  );
  chmodSync(terraform, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (stack: string): string => readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8");

/** A run as `plan` leaves it: one stack is planned, one has nothing to do, one waits. */
function writeRun(changes: Json = {}): string {
  const run = mkdtempSync(join(folder, "run-"));
  const text = textOf(records.stack);
  const before: Json = JSON.parse(text);
  before.resource.aws_kms_key[records.key].description = "as it was";
  const stacks: Json[] = [
    { stack: records.stack, status: "planned", jsonSha256: sha256(text) },
    { stack: ledger.stack, status: "unchanged", jsonSha256: sha256(textOf(ledger.stack)) },
    { stack: consumer.stack, status: "deferred", note: "waits for acme.security.keys, which is to be applied first" },
  ].map((stack) => ({ providers: 1, durations: {}, ...stack, ...changes[stack.stack] }));
  writeFileSync(join(run, "report.json"), JSON.stringify({ schema: RUN_SCHEMA, id, out, stacks }));
  const own = join(run, "stacks", records.stack);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "plan.tfplan"), "saved", { mode: 0o600 });
  writeFileSync(join(own, "plan.json"), JSON.stringify(simulatedPlan(JSON.stringify(before), text)));
  return run;
}

const outputs = (run: string, flags: Json = {}) =>
  outputsOfRun(run, { out, runs: join(folder, "runs"), terraform, ...flags }, terminal);

describe("a run that is reviewed", () => {
  test("is what AWS has, and what its JSON says", async () => {
    const found = await outputs(writeRun());
    expect(found?.base.name).toBe(`before run ${id}`);
    expect(found?.base.stacks).toEqual([records.stack, ledger.stack]);
    const descriptions = [found?.base, found?.head].map(
      (side) =>
        readSynthesizedStack(records.stack, side?.textOf(records.stack) ?? "").keys.find(({ address }) =>
          address.endsWith(records.key),
        )?.arguments.description,
    );
    expect(descriptions[0]).toBe("as it was");
    expect(descriptions[1]).not.toBe("as it was");
    expect(found?.base.textOf(ledger.stack)).toBe(found?.head.textOf(ledger.stack));
  });

  test("tells a stack that has no plan yet", async () => {
    expect((await outputs(writeRun()))?.remarks).toEqual([
      {
        id: "stack-unreadable",
        stack: consumer.stack,
        address: undefined,
        what: "has no plan yet: it waits for acme.security.keys, which is to be applied first",
        whatToDo: "plan it, and review that plan as well",
      },
    ]);
  });

  test.each([
    ["failed", { status: "failed", failure: { message: "no credentials" } }, "has no plan: no credentials"],
    ["applied", { status: "applied" }, "is applied: what that did is in no plan any more"],
    ["skipped", { status: "skipped", note: "not planned: a failed" }, "has no plan: not planned: a failed"],
    ["waiting", { status: "waiting" }, "has no plan: it is waiting"],
    ["planned", { jsonSha256: "0" }, "has another cdk.tf.json than when it was planned"],
  ])("leaves out of both sides a stack that is %s and cannot be told", async (_, changes, why) => {
    const found = await outputs(writeRun({ [records.stack]: changes }));
    expect(found?.head.stacks).toEqual([ledger.stack]);
    expect(found?.remarks.find(({ stack }) => stack === records.stack)?.what).toBe(why);
  });

  test("tells a plan that is gone", async () => {
    const run = writeRun();
    rmSync(join(run, "stacks", records.stack, "plan.tfplan"));
    const found = await outputs(run);
    expect(found?.remarks[0]?.what).toContain("has a plan that cannot be read: there is no saved plan");
  });

  test("says what is wrong with what was asked for", async () => {
    noted.length = 0;
    expect(await outputs(id)).toBeUndefined();
    expect(await outputs(writeRun(), { out: join(folder, "other") })).toBeUndefined();
    expect(await outputs(writeRun(), { terraform: "/no/such/terraform" })).toBeUndefined();
    const text = noted.join("\n");
    expect(text).toContain("has no report of a run; name a run's id or its folder");
    expect(text).toContain(`it is a run of the output ${out}; give --out ${out}`);
    expect(text).toContain("/no/such/terraform");
  });
});
