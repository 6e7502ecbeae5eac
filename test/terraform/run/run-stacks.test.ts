import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PlanJson, ResourceChange } from "../../../modules/terraform/plan-json";
import type { GateVerdict } from "../../../modules/terraform/run/run-parts";
import type { RunReport } from "../../../modules/terraform/run/run-report";
import { type FakeRunOptions, type FakeStack, FakeWorld, failure, fakeRun, hasPlan, statusesOf } from "./fake-run";

const worlds: FakeWorld[] = [];
function worldOf(...stacks: readonly FakeStack[]): FakeWorld {
  const world = new FakeWorld(stacks);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});

/** rollouts ← owner ← user ← guardrails, and one that needs none of them. */
const five: readonly FakeStack[] = [
  { name: "rollouts", kind: "rollouts" },
  { name: "owner", needs: ["rollouts"] },
  { name: "other" },
  { name: "user", hardNeeds: ["owner"] },
  { name: "guardrails", kind: "guardrails", needs: ["rollouts", "owner", "other", "user"] },
];
const allApplied = { rollouts: "applied", owner: "applied", other: "applied", user: "applied", guardrails: "applied" };

describe("a plan", () => {
  test("applies nothing, and keeps the plans that have something to do", async () => {
    const world = worldOf(...five);
    world.applied.add("other");
    const report = await fakeRun(world, { request: { command: "plan" } });
    expect(statusesOf(report)).toEqual({ ...mapOf(five, "planned"), other: "unchanged" });
    expect([report.status, world.applies()]).toEqual(["done", []]);
    expect([hasPlan(world, "owner"), hasPlan(world, "other")]).toEqual([true, false]);
    expect(report.stacks[0]?.changes).toEqual({ actions: { create: 1 }, types: { aws_kms_key: { create: 1 } } });
  });

  test("tells what cannot be planned before something else is applied", async () => {
    const world = worldOf(...five);
    const behave: FakeRunOptions["behave"] = (step, stack) =>
      step === "plan" && stack === "user" ? failure("plan", "role-not-assumed") : undefined;
    const report = await fakeRun(world, { request: { command: "plan" }, behave });
    expect([report.status, statusesOf(report).user]).toEqual(["done", "deferred"]);
    expect(report.stacks.find(({ stack }) => stack === "user")?.note).toBe(
      "waits for owner, which is to be applied first: its role cannot be assumed yet",
    );
  });

  test("tells a failure as one where what the stack needs has nothing to do", async () => {
    const world = worldOf(...five);
    world.applied.add("owner");
    const behave: FakeRunOptions["behave"] = (step, stack) =>
      step === "plan" && stack === "user" ? failure("plan", "role-not-assumed") : undefined;
    const report = await fakeRun(world, { request: { command: "plan" }, behave });
    expect([report.status, statusesOf(report).user]).toEqual(["failed", "failed"]);
  });

  test("is not made of a JSON that is not the proved one", async () => {
    const world = worldOf({ name: "a" });
    const report = await fakeRun(world, { request: { command: "plan" }, unproved: "a" });
    expect(report.stacks[0]).toMatchObject({ status: "failed", failure: { cause: "json-changed" } });
    expect(world.begun.filter((step) => step.startsWith("plan "))).toEqual([]);
  });

  test("may load what somebody answered for, of each stack its own", async () => {
    const world = worldOf({ name: "a" }, { name: "b" });
    await fakeRun(world, { request: { command: "plan" } });
    expect([...world.beside]).toEqual([
      ["a", ["accepted-a.tf"]],
      ["b", ["accepted-b.tf"]],
    ]);
  });

  test("of which the JSON changes meanwhile fails", async () => {
    const world = worldOf({ name: "a" });
    const behave: FakeRunOptions["behave"] = (step) => {
      if (step === "plan") world.texts.set("a", "{}");
      return undefined;
    };
    const report = await fakeRun(world, { request: { command: "plan" }, behave });
    expect(report.stacks[0]).toMatchObject({ status: "failed", failure: { cause: "json-changed" } });
    expect(hasPlan(world, "a")).toBe(false);
  });
});

describe("an apply", () => {
  test("goes in the order of needs, and deletes each plan", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world);
    expect([report.status, statusesOf(report)]).toEqual(["done", allApplied]);
    const applies = world.applies();
    for (const [first, second] of [
      ["rollouts", "owner"],
      ["owner", "user"],
      ["user", "guardrails"],
      ["other", "guardrails"],
    ] as const) {
      expect(applies.indexOf(first)).toBeLessThan(applies.indexOf(second));
    }
    expect(five.filter(({ name }) => hasPlan(world, name))).toEqual([]);
    expect(world.reportOnDisk()).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test("begins when every plan is made and judged", async () => {
    const world = worldOf(...five);
    let judged: readonly string[] = [];
    await fakeRun(world, {
      gate: (plans) => {
        judged = plans.map(({ node }) => node.name);
        expect(world.applies()).toEqual([]);
        return { findings: [], open: 0, mistakes: [] };
      },
    });
    expect([...judged].sort()).toEqual(five.map(({ name }) => name).sort());
  });

  test("plans what was deferred when what it waits for is there, and judges it on its own", async () => {
    const world = worldOf(...five);
    const rounds: string[][] = [];
    const report = await fakeRun(world, {
      behave: (step, stack) =>
        step === "plan" && stack === "user" && !world.applied.has("owner")
          ? failure("plan", "role-not-assumed")
          : undefined,
      gate: (plans) => {
        rounds.push(plans.map(({ node }) => node.name).sort());
        return { findings: [], open: 0, mistakes: [] };
      },
    });
    expect([report.status, statusesOf(report)]).toEqual(["done", allApplied]);
    expect(rounds).toEqual([["guardrails", "other", "owner", "rollouts"], ["user"]]);
    expect(world.applies().slice(-2)).toEqual(["user", "guardrails"]);
  });

  test("does not try again what a plan deferred before something is applied", async () => {
    const world = worldOf(...five);
    const behave: FakeRunOptions["behave"] = (step, stack) =>
      step === "plan" && stack === "user" && !world.applied.has("owner")
        ? failure("plan", "role-not-assumed")
        : undefined;
    const planned = await fakeRun(world, { request: { command: "plan" }, behave });
    expect(statusesOf(planned).user).toBe("deferred");
    world.begun.splice(0);
    const applied = await fakeRun(world, { resume: world.reportOnDisk(), behave });
    expect([applied.status, statusesOf(applied)]).toEqual(["done", allApplied]);
    expect(world.begun.filter((step) => step === "plan user")).toHaveLength(1);
    expect(world.begun.indexOf("plan user")).toBeGreaterThan(world.begun.indexOf("apply owner"));
  });

  test("asks again before it applies what was deferred", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      request: { autoApprove: false },
      answer: (question) => question.kind === "apply" && question.deferred === 1,
      behave: (step, stack) =>
        step === "plan" && stack === "user" && !world.applied.has("owner")
          ? failure("plan", "role-not-assumed")
          : undefined,
    });
    expect([report.status, world.questions.length, statusesOf(report).user]).toEqual(["declined", 2, "planned"]);
  });

  test("is not begun where somebody says no", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, { request: { autoApprove: false }, answer: false });
    expect([report.status, world.applies()]).toEqual(["declined", []]);
    expect(world.questions).toEqual([{ kind: "apply", stacks: 5, changes: 5, deferred: 0 }]);
    expect(hasPlan(world, "owner")).toBe(true);
  });

  test("is not begun where nobody can be asked", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, { request: { autoApprove: false } });
    expect([report.status, world.applies()]).toEqual(["declined", []]);
  });

  test("asks nobody where there is nothing to do", async () => {
    const world = worldOf({ name: "a" });
    world.applied.add("a");
    const report = await fakeRun(world, { request: { autoApprove: false }, answer: false });
    expect([report.status, world.questions]).toEqual(["done", []]);
  });

  test("does not apply a JSON that changed after its plan", async () => {
    const world = worldOf({ name: "a" }, { name: "b", needs: ["a"] });
    const report = await fakeRun(world, {
      behave: (step, stack) => {
        if (step === "apply" && stack === "a") world.texts.set("b", "{}");
        return undefined;
      },
    });
    expect(world.applies()).toEqual(["a"]);
    expect(report.stacks[1]).toMatchObject({ status: "failed", failure: { cause: "json-changed" } });
    expect(hasPlan(world, "b")).toBe(false);
  });

  test("is on record before it begins", async () => {
    const world = worldOf({ name: "a" });
    let seen: RunReport | undefined;
    await fakeRun(world, {
      behave: (step) => {
        if (step === "apply") seen = world.reportOnDisk();
        return undefined;
      },
    });
    expect(seen).toMatchObject({
      status: "running",
      stacks: [{ status: "applying", applyStartedAt: expect.any(String) }],
    });
  });

  test("keeps its folder and its report from others", async () => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, { request: { command: "plan" } });
    const modes = ["run", "run/report.json", "run/stacks/a"].map(
      (path) => statSync(join(world.folder, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o700]);
  });
});

describe("a failure", () => {
  const applyOf =
    (failing: string): FakeRunOptions["behave"] =>
    (step, stack) =>
      step === "apply" && stack === failing ? failure("apply", "access-denied") : undefined;

  test("lets running applies end, and starts nothing more", async () => {
    const world = worldOf({ name: "a" }, { name: "b" }, { name: "c" }, { name: "d", needs: ["a"] });
    const report = await fakeRun(world, {
      stacksAtOnce: 2,
      behave: applyOf("a"),
      turns: (_, stack) => (stack === "b" ? 9 : 1),
    });
    expect([report.status, world.applies()]).toEqual(["failed", ["a", "b"]]);
    expect(statusesOf(report)).toEqual({ a: "failed", b: "applied", c: "planned", d: "skipped" });
    expect(report.stacks.find(({ stack }) => stack === "c")?.note).toContain("a failed");
  });

  test("of a plan begins no apply at all", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      behave: (step, stack) => (step === "plan" && stack === "other" ? failure("plan", "no-credentials") : undefined),
    });
    expect([report.status, world.applies()]).toEqual(["failed", []]);
  });

  test("with --keep-going leaves out exactly what is behind it", async () => {
    const world = worldOf(...five, { name: "last", needs: ["other"] });
    const report = await fakeRun(world, { request: { keepGoing: true }, behave: applyOf("owner") });
    expect(report.status).toBe("failed");
    expect(statusesOf(report)).toEqual({
      rollouts: "applied",
      owner: "failed",
      other: "applied",
      user: "skipped",
      guardrails: "skipped",
      last: "applied",
    });
    expect(report.stacks.find(({ stack }) => stack === "guardrails")?.note).toBe("needs owner, which failed");
  });

  test("of a plan with --keep-going leaves out what is behind it", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      request: { keepGoing: true },
      behave: (step, stack) => (step === "init" && stack === "owner" ? failure("init", "no-credentials") : undefined),
    });
    expect(statusesOf(report)).toEqual({
      rollouts: "applied",
      owner: "failed",
      other: "applied",
      user: "skipped",
      guardrails: "skipped",
    });
  });

  test("skips a deferred stack that then can never be planned", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      request: { keepGoing: true },
      behave: (step, stack) =>
        step === "plan" && stack === "user"
          ? failure("plan", "role-not-assumed")
          : step === "apply" && stack === "owner"
            ? failure("apply", "access-denied")
            : undefined,
    });
    expect(statusesOf(report)).toMatchObject({
      owner: "failed",
      user: "skipped",
      guardrails: "skipped",
      other: "applied",
    });
  });
});

/** One finding that nobody allows. */
function stops(stack: string): GateVerdict {
  return {
    findings: [
      {
        id: "key-destroyed",
        severity: "critical",
        where: `${stack} aws_kms_key.orders_us-east-1`,
        why: "the key would be destroyed",
        whatToDo: "keep it",
        stack,
        address: "aws_kms_key.orders_us-east-1",
        allowed: undefined,
      },
    ],
    open: 1,
    mistakes: [],
  };
}

describe("the gate", () => {
  test("stops everything before the first apply, and keeps the plans", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, { gate: () => stops("owner") });
    expect([report.status, world.applies()]).toEqual(["held", []]);
    expect(statusesOf(report)).toEqual({ ...mapOf(five, "planned"), owner: "held" });
    expect(report.gate).toMatchObject({ open: 1, findings: [{ id: "key-destroyed" }] });
    expect(hasPlan(world, "owner")).toBe(true);
  });

  test("stops on an allowance that is a mistake", async () => {
    const world = worldOf({ name: "a" });
    const report = await fakeRun(world, {
      gate: () => ({ findings: [], open: 0, mistakes: ["--allow x allows nothing"] }),
    });
    expect([report.status, world.applies(), report.gate?.mistakes]).toEqual(["held", [], ["--allow x allows nothing"]]);
  });

  test.each([
    ["of which another plan failed", failure("plan", "access-denied")],
    ["that was ended before it", failure("plan", "interrupted")],
  ])("judges in a resumed run what had nothing to do in one %s", async (_, cut) => {
    const world = worldOf({ name: "a" }, { name: "b" });
    world.applied.add("a");
    const first = await fakeRun(world, {
      stacksAtOnce: 1,
      behave: (step, stack) => {
        if (step !== "plan" || stack !== "b") return undefined;
        if (cut.cause === "interrupted") world.raise(1);
        return cut;
      },
    });
    expect([statusesOf(first).a, hasPlan(world, "a")]).toEqual(["unchanged", true]);
    world.level = 0;
    const from = world.begun.length;
    const held = await fakeRun(world, { resume: world.reportOnDisk(), gate: () => stops("a") });
    expect([held.status, statusesOf(held), world.applies()]).toEqual(["held", { a: "held", b: "planned" }, []]);
    expect(world.begun.slice(from).filter((step) => step.startsWith("plan "))).toEqual(["plan b"]);
  });

  test("keeps no plan that has nothing to do and of which it finds nothing, and reads it once", async () => {
    const world = worldOf({ name: "a" }, { name: "b" });
    world.applied.add("a");
    const held = await fakeRun(world, { gate: () => stops("b") });
    expect([statusesOf(held), hasPlan(world, "a")]).toEqual([{ a: "unchanged", b: "held" }, false]);
    let judged: readonly string[] = [];
    const report = await fakeRun(world, {
      resume: world.reportOnDisk(),
      gate: (plans) => {
        judged = plans.map(({ node }) => node.name);
        return { findings: [], open: 0, mistakes: [] };
      },
    });
    expect([statusesOf(report), judged]).toEqual([{ a: "unchanged", b: "applied" }, ["b"]]);
  });

  test("judges again, in the next run too, what it found in a stack that has nothing to do and somebody allows", async () => {
    const world = worldOf({ name: "a" }, { name: "b" });
    world.applied.add("a");
    const allowed = { by: "command line", reason: "it is meant" } as const;
    const found = [...stops("a").findings.map((finding) => ({ ...finding, allowed })), ...stops("b").findings];
    await fakeRun(world, { gate: () => ({ findings: found, open: 1, mistakes: [] }) });
    const judged: string[] = [];
    const report = await fakeRun(world, {
      resume: world.reportOnDisk(),
      gate: (plans) => {
        judged.push(...plans.map(({ node }) => node.name).sort());
        return { findings: [], open: 0, mistakes: [] };
      },
    });
    expect([statusesOf(report), judged, hasPlan(world, "a")]).toEqual([
      { a: "unchanged", b: "applied" },
      ["a", "b"],
      false,
    ]);
  });

  test("lets the same plans pass in a resumed run, once they are allowed", async () => {
    const world = worldOf(...five);
    await fakeRun(world, { gate: () => stops("owner") });
    const planned = world.begun.filter((step) => step.startsWith("plan ")).length;
    const report = await fakeRun(world, { resume: world.reportOnDisk() });
    expect([report.status, statusesOf(report)]).toEqual(["done", allApplied]);
    expect(world.begun.filter((step) => step.startsWith("plan "))).toHaveLength(planned);
  });
});

describe("canaries", () => {
  const accounts: readonly FakeStack[] = [
    { name: "rollouts", kind: "rollouts" },
    { name: "a-prod", production: true, needs: ["rollouts"] },
    { name: "b-dev", needs: ["rollouts"] },
    { name: "c-dev", needs: ["rollouts"] },
  ];

  test("are of no production first, with what they need, and planned again", async () => {
    const world = worldOf(...accounts);
    const report = await fakeRun(world, { request: { canary: 1, autoApprove: false } });
    expect([report.status, world.applies(), report.canaries]).toEqual([
      "waiting",
      ["rollouts", "b-dev"],
      { stacks: ["b-dev"], passed: true },
    ]);
    expect(world.begun.filter((step) => step === "plan b-dev")).toHaveLength(2);
    const resumed = await fakeRun(world, { resume: world.reportOnDisk() });
    expect([resumed.status, [...world.applies()].sort()]).toEqual(["done", ["a-prod", "b-dev", "c-dev", "rollouts"]]);
  });

  test("are not forgotten by a run that the gate held before them", async () => {
    const world = worldOf(...accounts);
    await fakeRun(world, { request: { canary: 1 }, gate: () => stops("a-prod") });
    expect(world.applies()).toEqual([]);
    const resumed = await fakeRun(world, { resume: world.reportOnDisk() });
    expect([resumed.status, resumed.canaries]).toEqual(["done", { stacks: ["b-dev"], passed: true }]);
    expect(world.applies().slice(0, 2)).toEqual(["rollouts", "b-dev"]);
  });

  test("go on by themselves with --auto-approve", async () => {
    const world = worldOf(...accounts);
    const report = await fakeRun(world, { request: { canary: 2 } });
    expect([report.status, report.canaries?.stacks]).toEqual(["done", ["b-dev", "c-dev"]]);
    expect(world.applies().at(-1)).toBe("a-prod");
  });

  test("wait for a word of whoever is there", async () => {
    const world = worldOf(...accounts);
    const report = await fakeRun(world, {
      request: { canary: 1, autoApprove: false },
      answer: ({ kind }) => kind === "canaries",
    });
    expect([report.status, world.questions.map(({ kind }) => kind)]).toEqual(["declined", ["canaries", "go-on"]]);
    expect(world.applies()).toEqual(["rollouts", "b-dev"]);
  });

  test("that are not as their JSON says stop everything, also with --keep-going", async () => {
    const world = worldOf(...accounts);
    const report = await fakeRun(world, {
      request: { canary: 1, keepGoing: true },
      behave: (step, stack) => {
        if (step === "plan" && stack === "b-dev") world.applied.delete(stack);
        return undefined;
      },
    });
    expect([report.status, world.applies()]).toEqual(["failed", ["rollouts", "b-dev"]]);
    expect(report.stacks.find(({ stack }) => stack === "b-dev")?.failure?.cause).toBe("changes-after-apply");
  });
});

describe("a word to end", () => {
  test("while stacks are planned leaves the rest as it is", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      stacksAtOnce: 1,
      behave: (step, stack) => {
        if (step === "plan" && stack === "rollouts") {
          world.raise(1);
          return failure("plan", "interrupted");
        }
        return undefined;
      },
    });
    expect([report.status, world.applies()]).toEqual(["stopped", []]);
    expect(statusesOf(report)).toEqual({ ...mapOf(five, "waiting"), rollouts: "interrupted" });
  });

  test("before what a stack needs is planned makes its failure none", async () => {
    const world = worldOf({ name: "owner" }, { name: "user", hardNeeds: ["owner"] });
    const report = await fakeRun(world, {
      behave: (step, stack) => {
        if (step !== "plan") return undefined;
        if (stack === "user") return failure("plan", "key-not-found");
        world.raise(1);
        return failure("plan", "interrupted");
      },
    });
    expect([report.status, statusesOf(report)]).toEqual(["stopped", { owner: "interrupted", user: "waiting" }]);
    expect(report.stacks[1]?.failure).toBeUndefined();
  });

  test("while stacks are applied lets them finish and begins no more", async () => {
    const world = worldOf(...five);
    const report = await fakeRun(world, {
      behave: (step, stack) => {
        if (step === "apply" && stack === "rollouts") world.raise(1);
        return undefined;
      },
      turns: (_, stack) => (stack === "other" ? 9 : 1),
    });
    expect([report.status, world.applies()]).toEqual(["stopped", ["rollouts", "other"]]);
    expect(statusesOf(report)).toEqual({ ...mapOf(five, "planned"), rollouts: "applied", other: "applied" });
    world.level = 0;
    const resumed = await fakeRun(world, { resume: world.reportOnDisk() });
    expect([resumed.status, world.applies().slice(2)]).toEqual(["done", ["owner", "user", "guardrails"]]);
  });

  test("that came when everything was applied changes nothing", async () => {
    const world = worldOf({ name: "a" });
    const report = await fakeRun(world, {
      behave: (step) => {
        if (step === "apply") world.raise(1);
        return undefined;
      },
    });
    expect(report.status).toBe("done");
  });

  test("said twice cuts an apply, which the report says", async () => {
    const world = worldOf({ name: "a" }, { name: "b", needs: ["a"] });
    const report = await fakeRun(world, {
      behave: (step, stack) => {
        if (step !== "apply" || stack !== "a") return undefined;
        world.raise(2);
        return failure("apply", "interrupted", { unfinished: ["aws_kms_key.orders_us-east-1"] });
      },
    });
    expect(report.status).toBe("stopped");
    expect(report.stacks[0]).toMatchObject({ status: "interrupted", applyStartedAt: expect.any(String) });
    expect(statusesOf(report).b).toBe("skipped");
  });
});

describe("a key that a single apply made twice", () => {
  const arn = "arn:aws:kms:us-east-1:210000000001:key/mrk-2";
  const double = { address: "aws_kms_key.orders_us-east-1", arn, kept: "mrk-1" };

  test("fails its stack, with both ids and the way out, and what needs it is not begun", async () => {
    const world = worldOf({ name: "a" }, { name: "b", needs: ["a"] });
    const asked: unknown[] = [];
    const report = await fakeRun(world, {
      doubleKeys: (...words) => {
        asked.push(words);
        return [double];
      },
    });
    expect(asked).toEqual([
      ["a", expect.stringMatching(/^2027-01-31T12:/), new Map([["aws_kms_key.orders_us-east-1", "mrk-1"]])],
    ]);
    expect(statusesOf(report)).toEqual({ a: "failed", b: "skipped" });
    const told = report.stacks[0];
    expect(told).toMatchObject({ failure: { cause: "key-made-twice", step: "apply", uncertain: true } });
    expect(told?.failure?.message).toContain(`${arn} is in no state; the state has mrk-1`);
    expect(told?.failure?.whatToDo).toContain("break-glass");
    expect(told?.applyStartedAt).toEqual(expect.any(String));
  });

  test("fails it again as long as it is there, and nothing is applied again", async () => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, { doubleKeys: () => [double] });
    const again = await fakeRun(world, { resume: world.reportOnDisk(), doubleKeys: () => [double] });
    expect(again.stacks[0]).toMatchObject({ status: "failed", failure: { cause: "key-made-twice", step: "plan" } });
    const report = await fakeRun(world, { resume: world.reportOnDisk() });
    expect([statusesOf(report), report.stacks[0]?.applyStartedAt]).toEqual([{ a: "unchanged" }, undefined]);
    expect(world.applies()).toEqual(["a"]);
  });

  test("fails its stack where nobody can tell, and a resumed run looks again", async () => {
    const world = worldOf({ name: "a" });
    const report = await fakeRun(world, { doubleKeys: () => ({ unknown: "access denied" }) });
    expect(report.stacks[0]).toMatchObject({ status: "failed", failure: { cause: "keys-unread", uncertain: true } });
    const asked: unknown[] = [];
    const resumed = await fakeRun(world, {
      resume: world.reportOnDisk(),
      doubleKeys: (_, since, made) => {
        asked.push(since, made);
        return [];
      },
    });
    expect([asked, statusesOf(resumed)]).toEqual([[report.stacks[0]?.applyStartedAt, undefined], { a: "unchanged" }]);
    expect(world.applies()).toEqual(["a"]);
  });

  test("is told beside another failure of the same apply", async () => {
    const world = worldOf({ name: "a" });
    const report = await fakeRun(world, {
      behave: (step) => (step === "apply" ? failure("apply", "access-denied") : undefined),
      doubleKeys: () => [double],
    });
    expect(report.stacks[0]).toMatchObject({
      failure: { cause: "access-denied", message: expect.stringContaining(arn) },
      applyStartedAt: expect.any(String),
    });
  });

  test("is not looked for where no key was made", async () => {
    const world = worldOf({ name: "a" });
    world.applied.add("a");
    const report = await fakeRun(world, { doubleKeys: () => ({ unknown: "nobody asks" }) });
    expect(statusesOf(report)).toEqual({ a: "unchanged" });
  });
});

describe("what a cut apply made besides keys", () => {
  const alias = "aws_kms_alias.orders_us-east-1";
  const values = { name: "alias/orders", target_key_id: "mrk-1" };
  const planWith = (actions: string[], before: ResourceChange["change"]["before"], after = values): PlanJson => ({
    format_version: "1.2",
    resource_changes: [
      { address: alias, mode: "managed", type: "aws_kms_alias", name: "x", change: { actions, before, after } },
    ],
  });
  const toMake = planWith(["create"], null);
  const text = JSON.stringify({
    provider: { aws: [{ assume_role: [{ role_arn: "arn:aws:iam::210000000001:role/Deploy" }] }] },
  });

  /** One apply, cut while it made the alias, and the run that is resumed. */
  async function resumed(options: FakeRunOptions, begun: readonly string[] = [alias]) {
    const world = worldOf({ name: "a" });
    world.texts.set("a", text);
    await fakeRun(world, {
      plan: () => toMake,
      behave: (step) =>
        step === "apply" ? failure("apply", "already-exists", { uncertain: true, unfinished: [alias] }) : undefined,
    });
    const lines = begun.map((addr) =>
      JSON.stringify({ type: "apply_start", hook: { resource: { addr }, action: "create" } }),
    );
    writeFileSync(join(dirname(world.planFile("a")), "apply.log"), lines.join("\n"));
    const from = world.begun.length;
    const report = await fakeRun(world, { ...options, resume: world.reportOnDisk() });
    return { told: report.stacks[0], begun: world.begun.slice(from), world };
  }
  const hasImported = (world: FakeWorld): boolean => world.begun.some((step) => step.startsWith("import "));

  test("is taken into the state when it is exactly as planned, and planned anew", async () => {
    const { told, begun } = await resumed({
      plan: (_, world) => (hasImported(world) ? planWith(["no-op"], values) : toMake),
    });
    expect(begun.slice(1)).toEqual(["init a", "plan a", `import a ${alias} alias/orders`, "plan a", "apply a"]);
    expect(told).toMatchObject({ imported: [alias], applyStartedAt: undefined });
  });

  test("leaves the state again when it is another's, and nothing is applied", async () => {
    const other = { ...values, target_key_id: "mrk-of-another" };
    const { told, begun } = await resumed({
      plan: (_, world) => (hasImported(world) ? planWith(["update"], other) : toMake),
    });
    expect(begun.slice(-2)).toEqual(["plan a", `forget a ${alias}`]);
    expect(told).toMatchObject({ status: "failed", failure: { cause: "not-ours" }, imported: [] });
    expect(told?.failure?.message).toContain("target_key_id");
    expect(told?.applyStartedAt).toEqual(expect.any(String));
  });

  test("is looked at again by the run after one that was killed between import and plan", async () => {
    const other = { ...values, target_key_id: "mrk-of-another" };
    const { told } = await resumed({
      plan: (_, world) => (hasImported(world) ? planWith(["update"], other) : toMake),
      behave: (step, _stack, world) => {
        if (step === "plan" && hasImported(world)) return failure("plan", "endpoint-unreachable");
        return undefined;
      },
    });
    expect(told).toMatchObject({ status: "failed", imported: [alias], applyStartedAt: expect.any(String) });
  });

  test("is made when it is not there", async () => {
    const { told, begun } = await resumed({
      plan: () => toMake,
      importing: () => failure("import", "not-there"),
    });
    expect(begun.slice(-2)).toEqual([`import a ${alias} alias/orders`, "apply a"]);
    expect(told).toMatchObject({ status: "applied", imported: [] });
  });

  test("is a failure when nobody can tell whether it is there", async () => {
    const { told } = await resumed({ plan: () => toMake, importing: () => failure("import", "access-denied") });
    expect(told).toMatchObject({ status: "failed", failure: { cause: "access-denied" } });
    expect(told?.applyStartedAt).toEqual(expect.any(String));
  });

  test("is not told to be imported when a later run finds that it is not there", async () => {
    const refused = await resumed({ plan: () => toMake, importing: () => failure("import", "access-denied") });
    expect(refused.told?.imported).toEqual([alias]);
    const report = await fakeRun(refused.world, {
      resume: refused.world.reportOnDisk(),
      plan: () => toMake,
      importing: () => failure("import", "not-there"),
    });
    expect(report.stacks[0]).toMatchObject({ status: "applied", imported: [] });
  });

  test.each<[string, FakeRunOptions, readonly string[]]>([
    ["the cut apply had not begun it", { plan: () => toMake }, ["aws_kms_alias.another"]],
    [
      "its key is still to be made",
      { plan: () => planWith(["create"], null, { name: "alias/orders" } as typeof values) },
      [alias],
    ],
  ])("is not tried when %s", async (_, options, log) => {
    const { begun } = await resumed(options, log);
    expect(begun.filter((step) => step.startsWith("import "))).toEqual([]);
  });
});

describe("a resumed run", () => {
  const cut: FakeRunOptions = {
    behave: (step) =>
      step === "apply"
        ? failure("apply", "interrupted", { uncertain: true, unfinished: ["aws_kms_key.orders_us-east-1"] })
        : undefined,
  };

  test("takes over what a cut apply made, and plans anew", async () => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, cut);
    const asked: string[] = [];
    const report = await fakeRun(world, {
      resume: world.reportOnDisk(),
      strayKeys: (_, since) => {
        asked.push(since);
        return [{ address: "aws_kms_key.orders_us-east-1", id: "mrk-1" }];
      },
    });
    expect(asked).toEqual([expect.stringMatching(/^2027-01-31T12:/)]);
    expect(world.begun.slice(-5)).toEqual([
      "init a",
      "plan a",
      "import a aws_kms_key.orders_us-east-1 mrk-1",
      "plan a",
      "apply a",
    ]);
    expect(report.stacks[0]).toMatchObject({ status: "applied", imported: ["aws_kms_key.orders_us-east-1"] });
    expect(report.stacks[0]?.applyStartedAt).toBeUndefined();
  });

  test("applies nothing where what a cut apply made cannot be told", async () => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, cut);
    const begun = world.applies().length;
    const report = await fakeRun(world, {
      resume: world.reportOnDisk(),
      strayKeys: () => ({ unknown: "access denied" }),
    });
    expect(world.applies()).toHaveLength(begun);
    expect(report.stacks[0]).toMatchObject({
      status: "failed",
      failure: { cause: "keys-unread" },
      applyStartedAt: expect.any(String),
    });
  });

  test("looks for nothing where an apply failed with all told", async () => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, { behave: (step) => (step === "apply" ? failure("apply", "access-denied") : undefined) });
    const report = await fakeRun(world, {
      resume: world.reportOnDisk(),
      strayKeys: () => ({ unknown: "nobody asks" }),
    });
    expect(report.status).toBe("done");
  });

  test("of a killed process takes its stacks for cut", async () => {
    const world = worldOf({ name: "a" }, { name: "b", needs: ["a"] });
    let killed: RunReport | undefined;
    await fakeRun(world, {
      behave: (step, stack) => {
        if (step === "apply" && stack === "a") killed = world.reportOnDisk();
        return undefined;
      },
    });
    world.applied.delete("b");
    const asked: string[] = [];
    const report = await fakeRun(world, {
      ...(killed === undefined ? {} : { resume: killed }),
      strayKeys: (stack) => {
        asked.push(stack);
        return [];
      },
    });
    expect([asked, statusesOf(report), report.resumedAt]).toEqual([
      ["a"],
      { a: "unchanged", b: "applied" },
      ["2027-01-31T13:00:00.000Z"],
    ]);
  });

  test.each([
    ["plans what a Terraform of the run before has ended", false, "planned"],
    ["does not wait for it any more when it is ended itself", true, "interrupted"],
  ])("%s, and no longer says that it waits", async (_, isEnded, status) => {
    const world = worldOf({ name: "a" });
    await fakeRun(world, { request: { command: "plan" } });
    const planned = world.reportOnDisk();
    const former = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
    const ended = once(former, "exit");
    const notes: unknown[] = [];
    const report = await fakeRun(world, {
      request: { command: "plan" },
      resume: {
        ...planned,
        stacks: planned.stacks.map((stack) => ({ ...stack, process: { pid: former.pid ?? 0, started: undefined } })),
      },
      waiting: async () => {
        notes.push(world.noted.get("a"));
        if (isEnded) world.raise(1);
        else {
          former.kill("SIGKILL");
          await ended;
        }
      },
    });
    former.kill("SIGKILL");
    await ended;
    expect(notes).toEqual([`waits for process ${former.pid}, the Terraform of the run before`]);
    expect(report.stacks[0]).toMatchObject({ status, note: undefined });
  });

  test("plans anew what has another JSON", async () => {
    const world = worldOf({ name: "a" }, { name: "b" });
    await fakeRun(world, { request: { command: "plan" } });
    world.texts.set("b", `{"stack": "b", "more": true}`);
    const before = world.begun.length;
    const report = await fakeRun(world, { resume: world.reportOnDisk() });
    expect(report.status).toBe("done");
    expect(world.begun.slice(before).filter((step) => step.startsWith("plan "))).toEqual(["plan b"]);
  });

  test("does exactly what was left, wherever it was cut", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(40), fc.integer({ min: 1, max: 4 }), async (stacks, stopAt, stacksAtOnce) => {
        const world = worldOf(...stacks);
        let steps = 0;
        const first = await fakeRun(world, {
          stacksAtOnce,
          behave: () => {
            steps += 1;
            if (steps === stopAt) world.raise(1);
            return undefined;
          },
        });
        const done = new Set(first.stacks.flatMap(({ stack, status }) => (status === "applied" ? stack : [])));
        const appliesBefore = world.applies().length;
        world.level = 0;
        const second = await fakeRun(world, { stacksAtOnce, resume: world.reportOnDisk() });
        expect(second.status).toBe("done");
        expect(new Set(world.applies().slice(appliesBefore))).toEqual(
          new Set(stacks.map(({ name }) => name).filter((name) => !done.has(name))),
        );
        expect(new Set(world.applies()).size).toBe(world.applies().length);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

/** Stacks that need some of those before them. */
const graphs: fc.Arbitrary<FakeStack[]> = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      hard: fc.boolean(),
      providers: fc.integer({ min: 1, max: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((drawn) =>
    drawn.map(({ needs, hard, providers }, index) => {
      const names = index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))];
      return { name: `s${index}`, providers, ...(hard ? { hardNeeds: names } : { needs: names }) };
    }),
  );

test("no stack is ever applied before what it needs, nor more at once than may be, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.nat(11)),
      fc.boolean(),
      async (stacks, stacksAtOnce, providersAtOnce, failing, keepGoing) => {
        const world = worldOf(...stacks);
        const report = await fakeRun(world, {
          stacksAtOnce,
          providersAtOnce,
          request: { keepGoing },
          behave: (step, stack) =>
            step === "apply" && stack === `s${failing}` ? failure("apply", "access-denied") : undefined,
          turns: (_, stack) => Number(stack.slice(1)) % 3,
        });
        const order = world.ended.filter((step) => step.startsWith("apply "));
        for (const { name, needs = [], hardNeeds = [] } of stacks) {
          for (const need of [...needs, ...hardNeeds]) {
            const begun = world.begun.indexOf(`apply ${name}`);
            if (begun < 0) continue;
            expect(order).toContain(`apply ${need}`);
            expect(world.applied.has(need)).toBe(true);
          }
        }
        expect(world.mostAtOnce).toBeLessThanOrEqual(stacksAtOnce);
        const mostOfOne = Math.max(...stacks.map(({ providers = 1 }) => providers));
        expect(world.mostProviders).toBeLessThanOrEqual(Math.max(providersAtOnce, mostOfOne));
        const isThere = stacks.some(({ name }) => name === `s${failing}`);
        expect(report.status).toBe(isThere ? "failed" : "done");
        if (keepGoing || !isThere) {
          const unapplied = report.stacks.flatMap(({ stack, status }) => (status === "applied" ? [] : stack));
          expect(new Set(unapplied)).toEqual(behindOf(`s${failing}`, stacks));
        }
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

function behindOf(failing: string, stacks: readonly FakeStack[]): Set<string> {
  const found = new Set<string>();
  for (const { name, needs = [], hardNeeds = [] } of stacks) {
    if (name === failing || [...needs, ...hardNeeds].some((need) => found.has(need))) found.add(name);
  }
  return found;
}

function mapOf(stacks: readonly FakeStack[], status: string): Record<string, string> {
  return Object.fromEntries(stacks.map(({ name }) => [name, status]));
}
