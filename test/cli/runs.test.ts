import { EventEmitter } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runExitCode } from "../../modules/cli/run-exit-code";
import { stopOnSignals } from "../../modules/cli/stop-on-signals";
import { lockFile } from "../../modules/terraform/run/run-lock";
import type { RunReport, StackReport } from "../../modules/terraform/run/run-report";
import { AUDIT_OVERRIDE_FILE, auditOverride } from "../../modules/terraform/steps/audit-override";
import type { StepFailure } from "../../modules/terraform/steps/step";
import { orgkeys, orgkeysLater, type Recorded } from "./recorded-terminal";

const config = join(__dirname, "../fixtures/small");
let folder: string;
let out: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-runs-"));
  out = join(folder, "cdktf.out");
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]): Promise<Recorded> =>
  orgkeysLater(...words, "--config", config, "--out", out, "--runs", join(folder, "runs"));

/** A Terraform of which only the version is real. */
function fakeTerraform(version: string): string {
  const program = join(folder, `terraform-${version}`);
  writeFileSync(program, `#!/bin/sh\necho '{"terraform_version": "${version}"}'\n`);
  chmodSync(program, 0o755);
  return program;
}

describe("a mistake on the command line of a run", () => {
  test.each([
    [["plan", "--concurrency", "0"], "It must be a number from 1 on."],
    [["plan", "--concurrency", "two"], "It must be a number from 1 on."],
    [["plan", "--max-changes", "-1"], "It must be a number from 0 on."],
    [["plan", "--shard", "5/4"], "It must be as in 1/4"],
    [["plan", "--allow", "aws_kms_key.a"], "an address of the report, and a reason of two words at least"],
    [["plan", "--canary", "1"], "unknown option '--canary'"],
    [["apply", "--audit", "--auto-approve"], "unknown option '--audit'"],
    [["plan", "--format", "junit"], "Allowed choices are text, json, markdown."],
    [["plan", "--dry-run", "--format", "markdown"], "the list comes as text or json"],
    [["plan", "--zone", "helth"], "--zone helth: neither in the map nor in the output; did you mean health?"],
    [["plan", "acme.workload.*"], "acme.workload.*: matches no stack"],
    [["plan", "--resume", "20270131T120000Z-0001"], "is not there, or no report of a run"],
    [["plan", "--resume", "20270131T120000Z-0001", "--zone", "health"], "the run has its stacks; drop --zone health"],
    [["apply"], "apply: nobody is here to say yes; give --auto-approve"],
    [["plan", "--terraform", "/no/such/terraform"], "/no/such/terraform"],
  ])("orgkeys %j says what to do", async (words, message) => {
    const { code, noted, printed } = await run(...words);
    expect([code, printed]).toEqual([1, ""]);
    expect(noted).toContain(message);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });

  test("comes with all the others", async () => {
    const { noted } = await run("apply", "--resume", "x", "--zone", "health", "--dry-run", "--format", "markdown");
    expect(noted.split("\n").filter((line) => line !== "")).toEqual([
      "--resume x: the run has its stacks; drop --zone health",
      "--resume x: --dry-run lists stacks of a new run; drop one",
      "--dry-run --format markdown: the list comes as text or json",
      "Nothing was applied.",
    ]);
  });

  test("is a variable that changes what Terraform does", async () => {
    process.env.TF_WORKSPACE = "other";
    try {
      const { code, noted } = await run("plan", "--terraform", fakeTerraform("1.11.4"));
      expect([code, noted]).toEqual([1, expect.stringContaining("unset TF_WORKSPACE")]);
    } finally {
      delete process.env.TF_WORKSPACE;
    }
  });

  test("is a Terraform that the stacks do not take", async () => {
    const { code, noted } = await run("plan", "--terraform", fakeTerraform("1.5.0"));
    expect([code, noted]).toEqual([1, expect.stringContaining("1.5.0")]);
  });
});

describe("before any Terraform", () => {
  test("--dry-run lists the stacks and writes nothing", async () => {
    const { code, printed } = await run("apply", "--dry-run");
    expect(code).toBe(0);
    expect(printed).toContain("layer 1");
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });

  test("a run on the same output is refused, with who has it", async () => {
    writeFileSync(
      lockFile(out),
      JSON.stringify({ pid: 1, started: "x", host: "elsewhere", run: "20270131T120000Z-0001" }),
    );
    try {
      const { code, noted } = await run("plan", "--terraform", fakeTerraform("1.11.4"));
      expect([code, noted]).toEqual([1, expect.stringContaining("process 1 on elsewhere, run 20270131T120000Z-0001")]);
    } finally {
      rmSync(lockFile(out));
    }
  });

  test("what a killed plan --audit has left is taken away, and anything else in its place refused", async () => {
    const folder = join(out, "stacks", "acme.health.clinic");
    const file = join(folder, AUDIT_OVERRIDE_FILE);
    const ours = auditOverride(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")), "OrgKeysAudit");
    try {
      writeFileSync(file, JSON.stringify({ ...ours, resource: {} }));
      const refused = await run("plan", "--terraform", fakeTerraform("1.5.0"));
      expect([refused.code, refused.noted]).toEqual([1, expect.stringContaining(`look at it, then: rm ${file}`)]);

      writeFileSync(file, JSON.stringify(ours));
      writeFileSync(
        lockFile(out),
        JSON.stringify({ pid: 1, started: "x", host: "elsewhere", run: "20270131T120000Z-0001" }),
      );
      const busy = await run("plan", "--terraform", fakeTerraform("1.5.0"));
      expect([busy.noted, existsSync(file)]).toEqual([expect.stringContaining("has a run already"), true]);

      rmSync(lockFile(out));
      const { noted } = await run("plan", "--terraform", fakeTerraform("1.5.0"));
      expect([noted, existsSync(file)]).toEqual([expect.stringContaining("1.5.0"), false]);
      expect(existsSync(lockFile(out))).toBe(false);
    } finally {
      rmSync(lockFile(out), { force: true });
      rmSync(file, { force: true });
    }
  });

  test("a run is of one role from its beginning to its end", async () => {
    const runs = mkdtempSync(join(tmpdir(), "orgkeys-audit-"));
    const write = (audit: object): void =>
      writeFileSync(
        join(runs, "report.json"),
        JSON.stringify({
          ...{ schema: "orgkeys/run/v1", id: "20270131T120000Z-0001", out, selection: ["--ou", "Health"] },
          ...audit,
          stacks: [{ stack: "acme.health.clinic", status: "planned", why: "in OU Health" }],
        }),
      );
    try {
      write({ audit: true });
      const { code, noted } = await run("apply", "--resume", runs, "--auto-approve");
      expect([code, noted]).toEqual([
        1,
        expect.stringContaining(`plan and apply anew: npm run -s orgkeys -- apply --ou Health --out ${out}`),
      ]);
      write({});
      const other = await run("plan", "--audit", "--resume", runs);
      expect([other.code, other.noted]).toEqual([1, expect.stringContaining("drop --audit")]);
    } finally {
      rmSync(runs, { recursive: true, force: true });
    }
  });

  test("a breach of the zone proof ends the run, whatever is selected", async () => {
    const other = mkdtempSync(join(tmpdir(), "orgkeys-breach-"));
    const broken = join(other, "cdktf.out");
    orgkeys("synth", "--config", config, "--out", broken);
    const stacks = readdirSync(join(broken, "stacks"));
    const path = stacks
      .map((stack) => join(broken, "stacks", stack, "cdk.tf.json"))
      .find((file) => readFileSync(file, "utf8").includes('"aws_kms_key"'));
    const stack = JSON.parse(readFileSync(path ?? "", "utf8"));
    const [policy] = Object.keys(stack.locals);
    stack.locals[policy ?? ""].Statement.push({
      Sid: "Extra",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999999999999:root" },
      Action: "kms:Decrypt",
      Resource: "*",
    });
    writeFileSync(path ?? "", JSON.stringify(stack));
    try {
      const { code, noted } = await orgkeysLater(
        "plan",
        "--config",
        config,
        "--out",
        broken,
        "--runs",
        join(other, "runs"),
      );
      expect([code, existsSync(join(other, "runs"))]).toEqual([1, false]);
      expect(noted).toContain("999999999999");
      expect(noted).toContain("The zone proof does not hold: nothing was planned.");
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  test("a report that is none is no run", async () => {
    const runs = mkdtempSync(join(tmpdir(), "orgkeys-report-"));
    mkdirSync(join(runs, "one"));
    writeFileSync(join(runs, "one", "report.json"), '{"schema": "orgkeys/run/v2"}');
    try {
      const { code, noted } = await run("plan", "--resume", join(runs, "one"));
      expect([code, noted]).toEqual([1, expect.stringContaining("no report of a run")]);
    } finally {
      rmSync(runs, { recursive: true, force: true });
    }
  });
});

describe("the exit code of a run", () => {
  const reportOf = (command: RunReport["command"], status: RunReport["status"], ...stacks: Partial<StackReport>[]) =>
    ({ command, status, stacks }) as unknown as RunReport;
  const interruptedIn = (step: StepFailure["step"]) => ({ step, cause: "interrupted" }) as StepFailure;
  test.each([
    [0, reportOf("plan", "done", { status: "unchanged" })],
    [2, reportOf("plan", "done", { status: "unchanged" }, { status: "planned" })],
    [2, reportOf("plan", "done", { status: "deferred" })],
    [1, reportOf("plan", "failed", { status: "failed" })],
    [1, reportOf("plan", "held", { status: "held" })],
    [1, reportOf("plan", "stopped", { status: "interrupted" })],
    [0, reportOf("apply", "done", { status: "applied" })],
    [1, reportOf("apply", "failed", { status: "failed" })],
    [1, reportOf("apply", "held", { status: "held" })],
    [2, reportOf("apply", "declined", { status: "planned" })],
    [2, reportOf("apply", "waiting", { status: "planned" })],
    [2, reportOf("apply", "stopped", { status: "applied" }, { status: "planned" })],
    [1, reportOf("apply", "stopped", { status: "interrupted", applyStartedAt: "2027-01-31T12:00:00.000Z" })],
    [2, reportOf("apply", "stopped", { status: "interrupted", failure: interruptedIn("plan") })],
    [1, reportOf("apply", "stopped", { status: "interrupted", failure: interruptedIn("apply") })],
    [1, reportOf("apply", "stopped", { status: "failed" })],
  ])("is %d for %j", (code, report) => {
    expect(runExitCode(report)).toBe(code);
  });
});

describe("signals", () => {
  test("raise the level, and one that npm passes on as well counts once", () => {
    const source = new EventEmitter();
    const told: string[] = [];
    const levels: number[] = [];
    let now = 0;
    const { stop, release } = stopOnSignals(
      source,
      () => now,
      (line) => told.push(line),
    );
    stop.onChange((level) => levels.push(level));
    for (const [at, signal] of [
      [0, "SIGINT"],
      [20, "SIGINT"],
      [3000, "SIGTERM"],
      [6000, "SIGINT"],
      [9000, "SIGINT"],
    ] as const) {
      now = at;
      source.emit(signal);
    }
    expect([levels, stop.level, told.length]).toEqual([[1, 2, 3], 3, 3]);
    release();
    expect(source.listenerCount("SIGHUP") + source.listenerCount("SIGINT") + source.listenerCount("SIGTERM")).toBe(0);
  });
});
