import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { applyStack } from "../../../modules/terraform/steps/apply-stack";
import { AUDIT_OVERRIDE_FILE } from "../../../modules/terraform/steps/audit-override";
import { forgetResource } from "../../../modules/terraform/steps/forget-resource";
import { importResource } from "../../../modules/terraform/steps/import-resource";
import { initStack } from "../../../modules/terraform/steps/init-stack";
import { LogReading } from "../../../modules/terraform/steps/log-reading";
import { planStack } from "../../../modules/terraform/steps/plan-stack";
import { logFile, planFile } from "../../../modules/terraform/steps/private-files";
import { showPlan } from "../../../modules/terraform/steps/show-plan";
import type { StepContext } from "../../../modules/terraform/steps/step";
import { diagnostic, type FakeCall, type FakeStep, fakeStep, hook, PLANNED, PROGRAM } from "./fake-step";

const made: FakeStep[] = [];

function fake(script: Readonly<Record<string, readonly FakeCall[]>>, random?: number): FakeStep {
  const step = fakeStep(script, random);
  made.push(step);
  return step;
}

afterEach(() => {
  for (const step of made.splice(0)) step.remove();
});

const LOCKED = diagnostic(
  "Error acquiring the state lock",
  "Error message: resource temporarily unavailable\nLock Info:\n  ID:        5d8c\n  Path:      x\n  Operation: OperationTypeApply\n  Who:       ci@runner\n  Version:   1.11.4\n  Created:   2026-11-22 13:00:00 UTC\n",
);
const THROTTLED = diagnostic("creating KMS Key: ThrottlingException: Rate exceeded", "", "aws_kms_key.a");

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) throw new Error("it did not come to pass");
    await new Promise((done) => setTimeout(done, 20));
  }
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Plans, so that there is a file to show and apply. */
async function planned(script: Readonly<Record<string, readonly FakeCall[]>>): Promise<FakeStep> {
  const step = fake({ plan: [{ print: [PLANNED], plan: "a plan", exit: 2 }], ...script });
  expect(await planStack(step.context)).toMatchObject({ ok: true });
  return step;
}

describe("a plan", () => {
  test.each([
    [undefined, "-lock-timeout=30s"],
    [false, "-lock=false"],
  ])("with locks: %s asks for the state with %s", async (locks, option) => {
    const step = fake({ plan: [{ print: [PLANNED], plan: "a plan", exit: 2 }] });
    await planStack({ ...step.context, ...(locks === undefined ? {} : { locks }) });
    expect(step.calls().map(({ args }) => args.filter((arg) => arg.startsWith("-lock")))).toEqual([[option]]);
  });

  test.each([
    [0, false],
    [2, true],
  ])("that exits with %s has changes: %s", async (exit, changes) => {
    const step = fake({ plan: [{ print: [PLANNED], plan: "a plan", exit }] });
    expect(await planStack(step.context)).toEqual({ ok: true, durationMs: 1, attempts: 1, changes });
    expect(readFileSync(planFile(step.context), "utf8")).toBe("a plan");
  });

  test("its file, its log and their folder are their owner's alone, before anything is written to them", async () => {
    const step = fake({ plan: [{ print: [PLANNED], forMs: 600 }] });
    const end = planStack(step.context);
    await until(() => existsSync(planFile(step.context)));
    const { context } = step;
    expect([context.folder, planFile(context), logFile(context, "plan")].map(modeOf)).toEqual(["700", "600", "600"]);
    await end;
  });

  test("an exit with 2 of a program that broke down is not one with changes", async () => {
    const step = fake({ plan: [{ error: ["fatal error: out of memory"], plan: "half", exit: 2 }] });
    const end = await planStack(step.context);
    expect(end).toMatchObject({ ok: false, failure: { cause: "tool-crashed", message: "fatal error: out of memory" } });
    expect(existsSync(planFile(step.context))).toBe(false);
  });

  test("that fails leaves no plan of a run before it behind", async () => {
    const step = await planned({ plan: [{ print: [PLANNED], plan: "old", exit: 2 }, { exit: 1 }] });
    expect(await planStack(step.context)).toMatchObject({ ok: false, failure: { cause: "unknown" } });
    expect(existsSync(planFile(step.context))).toBe(false);
  });

  test("is interrupted when the run is ended, and says so", async () => {
    const step = fake({ plan: [{ forMs: 60_000, print: ["here"] }] });
    const end = planStack(step.context);
    await until(() => existsSync(logFile(step.context, "plan")) && step.calls().length === 1);
    await until(() => readFileSync(logFile(step.context, "plan"), "utf8") !== "");
    step.stop(1);
    expect(await end).toMatchObject({ ok: false, failure: { cause: "interrupted", uncertain: false } });
  });
});

describe("retries", () => {
  test("come for a lock, later each time, and end with the plan", async () => {
    const locked = { print: [LOCKED], exit: 1 };
    const step = fake({ plan: [locked, locked, { print: [PLANNED], plan: "a plan", exit: 2 }] });
    expect(await planStack(step.context)).toMatchObject({ ok: true, attempts: 3 });
    expect(step.waits).toEqual([1000, 2000]);
    expect(step.events.filter(({ kind }) => kind === "retry")).toEqual([
      { kind: "retry", step: "plan", cause: "state-locked", waitMs: 1000 },
      { kind: "retry", step: "plan", cause: "state-locked", waitMs: 2000 },
    ]);
  });

  test("are spread by chance", async () => {
    const step = fake({ init: [{ print: [LOCKED], exit: 1 }, {}] }, 0.5);
    await initStack(step.context);
    expect(step.waits).toEqual([1500]);
  });

  test("have an end, which names who holds the lock and how it is freed", async () => {
    const step = fake({ plan: [{ print: [LOCKED], exit: 1 }] });
    const end = await planStack({ ...step.context, attempts: 2 });
    expect(end).toMatchObject({ ok: false, attempts: 2, failure: { cause: "state-locked", transient: true } });
    const { directory } = step.context;
    expect(end.ok || end.failure.whatToDo).toContain("ci@runner holds the state since 2026-11-22 13:00:00 UTC");
    expect(end.ok || end.failure.whatToDo).toContain(`-chdir=${directory} force-unlock 5d8c`);
  });

  test("do not come for what waiting does not mend", async () => {
    const step = fake({ plan: [{ print: [diagnostic("Saved plan is stale")], exit: 1 }] });
    expect(await planStack(step.context)).toMatchObject({ attempts: 1, failure: { cause: "stale-plan" } });
    expect(step.waits).toEqual([]);
  });

  test("do not come when one of several failures is not mended by waiting", async () => {
    const denied = diagnostic("creating KMS Key: AccessDeniedException", "", "aws_kms_key.b");
    const step = fake({ plan: [{ print: [THROTTLED, denied], exit: 1 }] });
    expect(await planStack(step.context)).toMatchObject({
      attempts: 1,
      failure: { cause: "access-denied", transient: false },
    });
  });

  test("of an apply come while nothing has changed", async () => {
    const step = await planned({ apply: [{ print: [LOCKED], exit: 1 }, {}] });
    expect(await applyStack(step.context)).toMatchObject({ ok: true, attempts: 2 });
  });

  test("of an apply never come after a change: its plan is stale", async () => {
    const print = [hook("apply_start", "aws_kms_key.a"), hook("apply_errored", "aws_kms_key.a"), THROTTLED];
    const step = await planned({ apply: [{ print, exit: 1 }] });
    expect(await applyStack(step.context)).toMatchObject({ attempts: 1, failure: { cause: "throttled" } });
    expect(step.waits).toEqual([]);
  });
});

describe("an apply", () => {
  test("tells the id of what it has made, and of nothing else", () => {
    const reading = new LogReading("apply");
    const line = (type: string, action: string) =>
      JSON.stringify({
        type,
        hook: { resource: { addr: "aws_kms_key.a" }, action, id_key: "id", id_value: "mrk-1" },
      });
    const told = { kind: "resource", step: "apply", address: "aws_kms_key.a", done: true };
    expect(reading.add(line("apply_complete", "create"))).toEqual({ ...told, id: "mrk-1" });
    expect(reading.add(line("apply_complete", "update"))).toEqual(told);
    expect(reading.add(line("apply_errored", "create"))).toEqual(told);
  });

  test("tells of resources as they come, and of nothing twice when its log goes on", async () => {
    const print = [hook("apply_start", "aws_kms_key.a"), hook("apply_complete", "aws_kms_key.a")];
    const step = await planned({ apply: [{ print }] });
    await applyStack(step.context);
    await applyStack(step.context);
    const told = step.events.flatMap((event) => (event.kind === "resource" ? [[event.address, event.done]] : []));
    expect(told).toEqual([
      ["aws_kms_key.a", false],
      ["aws_kms_key.a", true],
      ["aws_kms_key.a", false],
      ["aws_kms_key.a", true],
    ]);
  });

  test("goes on when the run is ended, and is interrupted when it is ended twice", async () => {
    const print = [hook("apply_start", "aws_kms_key.a")];
    const step = await planned({ apply: [{ print, forMs: 60_000 }] });
    const end = applyStack(step.context);
    await until(() => step.events.some(({ kind }) => kind === "resource"));
    step.stop(1);
    const pid = step.calls().at(-1)?.pid ?? 0;
    await new Promise((done) => setTimeout(done, 300));
    expect(alive(pid)).toBe(true);
    step.stop(2);
    expect(await end).toMatchObject({
      ok: false,
      failure: { cause: "interrupted", uncertain: true, unfinished: ["aws_kms_key.a"] },
    });
  });

  test("is killed when the run is ended a third time: whatever it began may be in no state", async () => {
    const print = ["a", "b"].flatMap((key) => [hook("apply_start", `aws_kms_key.${key}`)]);
    const finished = hook("apply_complete", "aws_kms_key.a");
    const step = await planned({ apply: [{ print: [...print, finished], forMs: 60_000, onInterrupt: "ignore" }] });
    const end = applyStack(step.context);
    await until(() => step.events.filter(({ kind }) => kind === "resource").length === 3);
    step.stop(2);
    step.stop(3);
    expect(await end).toMatchObject({
      ok: false,
      failure: { cause: "killed", uncertain: true, unfinished: ["aws_kms_key.a", "aws_kms_key.b"] },
    });
  });

  test("that something else kills is told so", async () => {
    const step = await planned({ apply: [{ print: [hook("apply_start", "aws_kms_key.a")], forMs: 60_000 }] });
    const end = applyStack(step.context);
    await until(() => step.events.some(({ kind }) => kind === "resource"));
    process.kill(step.calls().at(-1)?.pid ?? 0, "SIGKILL");
    expect(await end).toMatchObject({ failure: { cause: "killed", message: "something killed it (SIGKILL)" } });
  });

  test("is not begun once the run is ended", async () => {
    const step = await planned({});
    step.stop(1);
    expect(await applyStack(step.context)).toMatchObject({ ok: false, failure: { cause: "interrupted" } });
    expect(step.calls().map(({ args }) => args[0])).toEqual(["plan"]);
  });

  test("of another plan than the one that was read is refused", async () => {
    const step = await planned({ show: [{ print: ['{"format_version":"1.2"}'] }] });
    const shown = await showPlan(step.context);
    writeFileSync(planFile(step.context), "another plan");
    const end = await applyStack(step.context, shown.ok ? shown.planSha256 : "");
    expect(end).toMatchObject({ ok: false, failure: { cause: "plan-changed", uncertain: false } });
    expect(step.calls().map(({ args }) => args[0])).toEqual(["plan", "show"]);
  });

  test("of a plan that others could read is refused", async () => {
    const step = await planned({});
    chmodSync(planFile(step.context), 0o644);
    expect(await applyStack(step.context)).toMatchObject({ failure: { cause: "plan-changed" } });
  });

  test("without a plan is refused", async () => {
    const step = fake({});
    expect(await applyStack(step.context)).toMatchObject({ failure: { cause: "no-plan" } });
  });

  test("outlives whoever started it, and its log goes on", async () => {
    const touch = "survived";
    const print = [hook("apply_start", "aws_kms_key.a")];
    const step = await planned({ apply: [{ print, forMs: 1500, touch, thenPrint: ["the end"] }] });
    const { clock, onEvent, stop, ...plain } = step.context;
    const starter = spawn(
      process.execPath,
      [require.resolve("tsx/cli"), resolve(__dirname, "start-apply.ts"), JSON.stringify(plain)],
      { stdio: "ignore", detached: true },
    );
    await until(() => step.calls().length === 2);
    process.kill(-(starter.pid ?? 0), "SIGKILL");
    await until(() => existsSync(join(step.context.directory, touch)));
    await until(() => readFileSync(logFile(step.context, "apply"), "utf8").includes("the end"));
  }, 30_000);
});

describe("showing a plan", () => {
  const format = { format_version: "1.2" };

  test("gives it, past what Terraform says of its own configuration", async () => {
    const step = await planned({ show: [{ print: ["Warning: Unable to open CLI configuration file", format] }] });
    expect(await showPlan(step.context)).toMatchObject({ ok: true, plan: format });
    expect(existsSync(logFile(step.context, "show"))).toBe(false);
  });

  test.each<[string, FakeCall]>([
    ["of an unknown format", { print: [{ format_version: "2.0" }] }],
    ["that is cut", { print: ['{"format_version":"1.2", "secret"'] }],
  ])("%s is a failure", async (_, call) => {
    const step = await planned({ show: [call] });
    const end = await showPlan(step.context);
    expect(end).toMatchObject({ ok: false, failure: { cause: "plan-unreadable" } });
    expect(JSON.stringify(end)).not.toContain("secret");
  });

  test("that is larger than can be read is a failure, and ends the process", async () => {
    const step = await planned({ show: [{ print: ["x".repeat(5_000)], forMs: 60_000 }] });
    const end = await showPlan(step.context, 4_000);
    expect(end).toMatchObject({ ok: false, failure: { cause: "plan-unreadable" } });
    expect(alive(step.calls().at(-1)?.pid ?? 0)).toBe(false);
  });
});

describe("a file that came beside the stack's JSON after the proof", () => {
  const init = (context: StepContext) => initStack(context);
  const plan = (context: StepContext) => planStack(context);
  const apply = (context: StepContext) => applyStack(context);
  const importKey = (context: StepContext) => importResource(context, "aws_kms_key.a", "mrk-1");
  const forget = (context: StepContext) => forgetResource(context, "aws_kms_key.a");

  test.each([
    ["init", "main.tf", init],
    ["plan", "cdk_override.tf.json", plan],
    ["plan", "main.tofu", plan],
    ["plan", AUDIT_OVERRIDE_FILE, plan],
    ["apply", "main.tf", apply],
    ["import", "main.tofu.json", importKey],
    ["forget", "main.tf", forget],
  ])("fails its %s before any Terraform: %s", async (_, name, run) => {
    const step = await planned({});
    writeFileSync(join(step.context.directory, name), "");
    const end = await run(step.context);
    expect(end).toMatchObject({ ok: false, failure: { cause: "file-beside", transient: false, uncertain: false } });
    expect(end.ok || end.failure.message).toContain(name);
    expect(end.ok || end.failure.whatToDo).toContain(step.context.directory);
    expect(step.calls().map(({ args }) => args[0])).toEqual(["plan"]);
  });

  test("fails the next attempt too", async () => {
    const step = fake({ plan: [{ print: [LOCKED], exit: 1, touch: "main.tf" }] });
    expect(await planStack(step.context)).toMatchObject({ attempts: 2, failure: { cause: "file-beside" } });
    expect(step.calls()).toHaveLength(1);
  });

  test("and while Terraform planned keeps that plan from being read", async () => {
    const step = await planned({ plan: [{ print: [PLANNED], plan: "a plan", exit: 2, touch: "main.tf" }] });
    expect(await showPlan(step.context)).toMatchObject({ ok: false, failure: { cause: "file-beside", step: "show" } });
    expect(step.calls().map(({ args }) => args[0])).toEqual(["plan"]);
  });

  test("is none where Terraform loads it not, or where it may", async () => {
    const step = fake({ init: [{}] });
    const { directory } = step.context;
    for (const name of ["cdk.tf.json", ".terraform.lock.hcl", "terraform.tfstate", "notes.md"]) {
      writeFileSync(join(directory, name), "");
    }
    expect(await initStack(step.context)).toMatchObject({ ok: true });
    writeFileSync(join(directory, AUDIT_OVERRIDE_FILE), "");
    expect(await initStack({ ...step.context, beside: [AUDIT_OVERRIDE_FILE] })).toMatchObject({ ok: true });
    writeFileSync(join(directory, "main.tf"), "");
    const end = await initStack({ ...step.context, beside: [AUDIT_OVERRIDE_FILE] });
    expect(end.ok || end.failure.message).toBe(
      "Terraform would also load main.tf beside cdk.tf.json, which came after the zone proof",
    );
  });
});

test("an import takes its words as they are, whatever they look like", async () => {
  const step = fake({ import: [{}] });
  await importResource(step.context, 'aws_kms_key.a["-x"]', "-mrk");
  expect(step.calls()[0]?.args.slice(-3)).toEqual(["--", 'aws_kms_key.a["-x"]', "-mrk"]);
});

test("a program that is not there is told as such", async () => {
  const step = fake({});
  const tool = { ...step.context.tool, program: `${PROGRAM}.gone` };
  const end = await initStack({ ...step.context, tool });
  expect(end).toMatchObject({ ok: false, failure: { cause: "no-terraform" } });
});

test("a log of the tool's own making is no failure, and what is secret is not told", async () => {
  const environment = { TF_VAR_material: "c2VjcmV0" };
  const print = [
    "2026-11-22T13:00:00.000Z [ERROR] no space left on device",
    diagnostic("Odd", "it has c2VjcmV0 in it"),
  ];
  const step = fake({ init: [{ print, exit: 1 }] });
  const end = await initStack({ ...step.context, environment: { ...step.context.environment, ...environment } });
  expect(end).toMatchObject({
    failure: { cause: "unknown", message: "Odd\nit has [TF_VAR_material] in it" },
  });
});
