import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type AuditOf, auditSteps } from "../../../modules/terraform/run/audit-steps";
import type { RunSteps } from "../../../modules/terraform/run/run-parts";
import { AUDIT_OVERRIDE_FILE } from "../../../modules/terraform/steps/audit-override";
import { clearLeftOverride } from "../../../modules/terraform/steps/left-override";
import type { StepContext } from "../../../modules/terraform/steps/step";

const text = JSON.stringify({
  provider: {
    aws: [
      { alias: "us-east-1", assume_role: [{ role_arn: "arn:aws:iam::310000000001:role/Deploy", external_id: "x" }] },
    ],
  },
});
const written =
  '{"provider":{"aws":[{"alias":"us-east-1","assume_role":[{"role_arn":"arn:aws:iam::310000000001:role/Audit","external_id":"x"}]}]}}';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orgkeys-audit-"));
  file = join(directory, AUDIT_OVERRIDE_FILE);
  writeFileSync(join(directory, "cdk.tf.json"), text);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Seen {
  readonly step: string;
  readonly override: string;
  readonly locks: boolean | undefined;
  readonly beside: readonly string[] | undefined;
}

function audited(of: Partial<AuditOf> = {}): { steps: RunSteps; seen: Seen[]; context: StepContext } {
  const seen: Seen[] = [];
  const good = { ok: true, durationMs: 1, attempts: 1, changes: true } as const;
  const look = (step: string) => async (context: StepContext) => {
    seen.push({ step, override: readFileSync(file, "utf8"), locks: context.locks, beside: context.beside });
    return good;
  };
  const never = () => Promise.reject(new Error("not here"));
  const steps = {
    warmCache: never,
    init: look("init"),
    plan: look("plan"),
    show: never,
    apply: never,
    importResource: never,
    forgetResource: never,
  };
  const context: StepContext = {
    tool: { name: "terraform", program: "terraform", version: "1.11.4" },
    stack: "acme.health.clinic",
    directory,
    folder: directory,
    environment: {},
    beside: ["accepted.tf"],
    stop: { level: 0, onChange: () => () => undefined },
    clock: { now: () => 0, wait: async () => undefined, random: () => 0 },
    onEvent: () => undefined,
  };
  return { steps: auditSteps(steps, { textOf: () => text, roleOf: () => "Audit", ...of }), seen, context };
}

describe("a run with the audit role", () => {
  test("has the override beside the JSON while it initializes and plans, and locks nothing", async () => {
    const { steps, seen, context } = audited();
    expect(await steps.init(context)).toMatchObject({ ok: true });
    expect(existsSync(file)).toBe(false);
    expect(await steps.plan(context)).toMatchObject({ ok: true, changes: true });
    expect(existsSync(file)).toBe(false);
    expect(seen).toEqual([
      { step: "init", override: written, locks: undefined, beside: ["accepted.tf", AUDIT_OVERRIDE_FILE] },
      { step: "plan", override: written, locks: false, beside: ["accepted.tf", AUDIT_OVERRIDE_FILE] },
    ]);
  });

  test("can neither apply nor import, whoever asks", () => {
    const { steps, context } = audited();
    expect(() => steps.apply(context, "")).toThrow("changes nothing");
    expect(() => steps.importResource(context, "", "")).toThrow("changes nothing");
  });

  test.each([
    ["a provider that becomes no role", { textOf: () => '{"provider": {"aws": [{"alias": "us-east-1"}]}}' }],
    ["an account that the map does not know", { roleOf: () => undefined }],
  ])("fails a stack with %s before any Terraform, and says what to do", async (_, of) => {
    const { steps, seen, context } = audited(of);
    expect(await steps.init(context)).toMatchObject({
      ok: false,
      failure: { cause: "no-audit-role", whatToDo: expect.stringContaining("--exclude acme.health.clinic") },
    });
    expect([seen, existsSync(file)]).toEqual([[], false]);
  });

  test("writes over nobody's file", async () => {
    writeFileSync(file, "{}");
    const { steps, context } = audited();
    expect(await steps.plan(context)).toMatchObject({ ok: false, failure: { cause: "override-there" } });
    expect(readFileSync(file, "utf8")).toBe("{}");
  });

  test("fails a stack whose folder cannot be written", async () => {
    const { steps, context } = audited();
    const gone = { ...context, directory: join(directory, "gone") };
    expect(await steps.plan(gone)).toMatchObject({ ok: false, failure: { step: "plan" } });
  });
});

describe("an override that a killed run has left", () => {
  test.each([
    ["with the map's role", written],
    ["with a role that the map named then", written.replace("Audit", "OldAudit")],
    ["by a process that was killed while it wrote", ""],
  ])("is taken away: %s", (_, left) => {
    writeFileSync(file, left);
    expect([clearLeftOverride(directory), existsSync(file)]).toEqual([undefined, false]);
  });

  test.each([
    ["that changes something else as well", written.replace('"external_id":"x"', '"external_id":"y"')],
    ["with one more block", written.replace(/}$/, ',"resource":{}}')],
    ["that is no JSON", "provider"],
    ["of another stack", written.replace("310000000001", "310000000002")],
  ])("stays where it is not known to be ours: one %s", (_, left) => {
    writeFileSync(file, left);
    expect([clearLeftOverride(directory), readFileSync(file, "utf8")]).toEqual([file, left]);
  });

  test("is nothing where there is none", () => {
    expect(clearLeftOverride(directory)).toBeUndefined();
  });
});
