import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Environment } from "./emulator";
import { every, hold, locked } from "./faulty-proxy";
import {
  ended,
  eventually,
  isChange,
  keysNotOnce,
  type LiveRuns,
  processesBelow,
  startRuns,
  statuses,
} from "./live-runs";
import { type Edit, replace, write } from "./living-map";
import type { OrgkeysProcess } from "./orgkeys-process";
import { init, terraform } from "./terraform";

const CLINIC = "310000000001";
const KEYS = "100000000001";
const SHOP_TEST = "220000000001";
const clinic = "acme.health.clinic";
const books = "acme.workloads.prod.books-prod";
const shopTest = "acme.workloads.test.shop-test";
/** Cheap ones: an IAM policy and its attachment each, and no key. */
const users = [books, shopTest];

let runs: LiveRuns;

beforeAll(async () => {
  runs = await startRuns("runs-faults", "test/fixtures/plan-and-apply");
  await runs.edit();
});
afterAll(() => runs?.stop());
afterEach(() => {
  runs.proxy.use();
  runs.proxy.forget();
});

const apply = (...words: string[]): OrgkeysProcess => runs.start(["apply", "--auto-approve", ...words]);
const resume = (): OrgkeysProcess => apply("--resume", runs.ids().at(-1) ?? "");

function failureOf(stack: string) {
  return runs.report().stacks.find((one) => one.stack === stack)?.failure;
}

/** A workload more in account clinic, and so a key more. */
const anotherKey = (name: string) =>
  write(
    `workloads/${name}.yaml`,
    `${name}:\n  owner: clinic\n  dataClass: regulated\n  environments:\n    prod:\n      account: clinic\n` +
      "      use:\n        - {principal: role/records, operations: [encrypt, decrypt]}\n",
  );

/** Another tag: an update of every consumer policy and every key of the zone, and nothing new. */
let revision = 0;
const anotherTag = (): Edit => {
  revision += 1;
  const tags = (number: number): string => (number === 0 ? "" : `\n  tags: {Revision: r${number}}`);
  return replace("zones.yaml", `owner: platform${tags(revision - 1)}`, `owner: platform${tags(revision)}`);
};

function terraformsBelow(pid: number, program = /(^|\/)terraform (plan|apply)/) {
  return processesBelow(pid).filter(({ command }) => program.test(command));
}

describe("what is missing from the start", () => {
  test("no Terraform: 1, and how to get it", async () => {
    const bin = join(runs.live.folder, "empty");
    mkdirSync(bin);
    const environment = { ...runs.environment, PATH: bin };
    const { printed } = await ended(1, runs.start(["plan", clinic], { environment }));
    expect(printed).toContain("terraform");
    expect(printed).toContain("https://");
    expect(runs.proxy.calls).toEqual([]);
  });

  test("a wrong version: 1, with the one that is there and the one that is asked for", async () => {
    const old = join(runs.live.folder, "terraform-old");
    writeFileSync(old, '#!/bin/sh\necho \'{"terraform_version": "0.12.31", "platform": "linux_amd64"}\'\n');
    chmodSync(old, 0o755);
    const { printed } = await ended(1, runs.start(["plan", clinic, "--terraform", old]));
    expect(printed).toContain("0.12.31");
    expect(printed).toContain(">= 1.");
    expect(runs.proxy.calls).toEqual([]);
  });

  test("variables that change what is planned, or where the state is: 1, and nothing begins", async () => {
    const names = ["TF_CLI_ARGS_plan", "TF_DATA_DIR", "TF_WORKSPACE"];
    const set = Object.fromEntries(names.map((name) => [name, "elsewhere"]));
    const { printed } = await ended(1, runs.start(["plan", clinic], { environment: { ...runs.environment, ...set } }));
    for (const name of names) expect(printed).toContain(name);
    expect(runs.proxy.calls).toEqual([]);
  });

  test("no credentials: 1, the cause in each stack, and nothing changes", async () => {
    const {
      AWS_ACCESS_KEY_ID: _,
      AWS_SECRET_ACCESS_KEY: __,
      AWS_SESSION_TOKEN: ___,
      ...environment
    } = runs.environment;
    await ended(1, runs.start(["plan", clinic, shopTest, "--keep-going"], { environment: environment as Environment }));
    expect(failureOf(clinic)).toMatchObject({ cause: "no-credentials", transient: false, uncertain: false });
    expect(failureOf(shopTest)?.cause).toBe("no-credentials");
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
  });
});

describe("a role that cannot be assumed in one account", () => {
  test("the others are applied, and the account's failure says whose role it is", async () => {
    runs.proxy.use(locked(SHOP_TEST));
    await ended(1, apply(...users, "--keep-going"));
    expect(statuses(runs.report())).toEqual({
      "workloads.prod.books-prod": "applied",
      "workloads.test.shop-test": "failed",
    });
    expect(failureOf(shopTest)).toMatchObject({ cause: "role-not-assumed", transient: false });
    expect(failureOf(shopTest)?.message).toContain(SHOP_TEST);
  });

  test("--resume applies what was left, and nothing else runs", async () => {
    runs.proxy.forget();
    await ended(0, resume());
    expect(new Set(Object.values(statuses(runs.report())))).toEqual(new Set(["applied"]));
    const changed = new Set(runs.proxy.calls.filter(isChange).map(({ accountId }) => accountId));
    expect([...changed]).toEqual([SHOP_TEST]);
  });
});

describe("an emulator that drops every tenth request", () => {
  test("converges, and every key is there once", async () => {
    runs.proxy.use(every(10, "drop"));
    let end = await apply("acme.security.*", "acme.health.*").ended;
    for (let attempt = 0; end.code !== 0 && attempt < 3; attempt += 1) end = await resume().ended;
    expect(`${end.code} ${end.code === 0 ? "" : end.stdout + end.stderr}`).toBe("0 ");
    expect(runs.proxy.faults.length).toBeGreaterThan(3);
    expect(await runs.keysIn(KEYS)).toHaveLength(3);
    expect(await runs.keysIn(CLINIC)).toHaveLength(1);
  });
});

describe("Terraform is killed while it makes a key", () => {
  test("the stack's end is uncertain, and the next steps say --resume", async () => {
    await runs.edit(anotherKey("wards"));
    const held = hold(({ action }) => action === "CreateKey");
    runs.proxy.use(held.fault);
    const asked = runs.proxy.next(({ action }) => action === "CreateKey");
    const process = apply(clinic);
    await asked;
    await eventually("the emulator makes the key", () => runs.proxy.faults.length > 0);
    for (const { pid } of processesBelow(process.pid)) global.process.kill(pid, "SIGKILL");
    const { printed } = await ended(1, process);
    held.letGo();
    expect(failureOf(clinic)).toMatchObject({ uncertain: true });
    expect(printed).toContain("--resume");
    expect(await runs.keysIn(CLINIC)).toHaveLength(2);
  });

  test("a new run is stopped by the gate: the key would be made twice", async () => {
    const id = runs.ids().at(-1) ?? "";
    await ended(1, apply(clinic));
    expect(runs.report().gate?.findings.map((finding) => finding.id)).toEqual(["key-exists"]);
    expect(await runs.keysIn(CLINIC)).toHaveLength(2);
    // The run that was cut knows when it began to make keys.
    await ended(0, apply("--resume", id));
    const report = JSON.parse(readFileSync(join(runs.runs, id, "report.json"), "utf8"));
    expect(report.stacks[0].imported).toEqual(["aws_kms_key.wards_prod_us-east-1"]);
    expect(await runs.keysIn(CLINIC)).toHaveLength(2);
    expect(await keysNotOnce(runs, CLINIC)).toEqual([]);
  });
});

describe("orgkeys is killed in the middle of an apply", () => {
  test("Terraform finishes by itself, and --resume finds everything done", async () => {
    await runs.edit(anotherKey("surgery"));
    const held = hold(({ action }) => action === "CreateKey");
    runs.proxy.use(held.fault);
    const asked = runs.proxy.next(({ action }) => action === "CreateKey");
    const process = apply(clinic);
    await asked;
    const running = terraformsBelow(process.pid);
    expect(running).not.toEqual([]);
    process.kill("SIGKILL");
    await process.ended;
    expect(runs.report()).toMatchObject({ status: "running" });
    held.letGo();
    await ended(0, resume());
    expect(runs.report()).toMatchObject({ status: "done" });
    expect(await runs.keysIn(CLINIC)).toHaveLength(3);
    expect(await keysNotOnce(runs, CLINIC)).toEqual([]);
  });
});

describe("Ctrl-C", () => {
  /** Holds the first change of an apply, one stack after another, and asks for the end as soon as it is held. */
  async function heldApply(words: readonly string[]) {
    const held = hold(({ service, action }) => service === "iam" && isChange({ service, action }));
    runs.proxy.use(held.fault);
    runs.proxy.forget();
    const process = apply(...words, "--concurrency", "1");
    await eventually("the first change", () => runs.proxy.faults.length > 0);
    process.kill("SIGINT");
    await eventually("it says that it ends", () => process.printed().includes("Ending:"));
    return { process, letGo: held.letGo };
  }
  const applied = (): string[] =>
    runs.report().stacks.flatMap(({ stack, status }) => (status === "applied" ? [stack] : []));

  test("once: running applies finish, nothing more starts, 2", async () => {
    await runs.edit(anotherTag());
    const { process, letGo } = await heldApply(users);
    letGo();
    await ended(2, process);
    expect(runs.report().status).toBe("stopped");
    expect(applied()).toHaveLength(1);
  });

  test("twice: Terraform is interrupted and writes its state, 1; --resume does the rest", async () => {
    const [first] = applied();
    const { process, letGo } = await heldApply(["--resume", runs.ids().at(-1) ?? ""]);
    // Twice within half a second is once: npm passes the signal on.
    await new Promise((go) => setTimeout(go, 600));
    process.kill("SIGINT");
    await ended(1, process);
    letGo();
    expect(process.printed()).toContain("Interrupting:");
    expect(applied()).toEqual([first]);
    expect(Object.values(statuses(runs.report())).filter((status) => status === "interrupted")).toHaveLength(1);
    runs.proxy.use();
    await ended(0, resume());
    // AWS has done what was interrupted.
    expect(statuses(runs.report())).toEqual({
      "workloads.prod.books-prod": "applied",
      "workloads.test.shop-test": "unchanged",
    });
  });
});

describe("a state that somebody else has locked", () => {
  test("is waited for, and applied when it is free; meanwhile another run on this output is refused", async () => {
    await runs.edit(anotherTag());
    const folder = runs.live.stackFolder(shopTest);
    await init(folder, runs.environment);
    const held = hold(({ action }) => action === "AssumeRole");
    runs.proxy.use(held.fault);
    const other = terraform(folder, ["plan", "-input=false", "-no-color"], runs.environment);
    await eventually("the other Terraform", () => runs.proxy.faults.length > 0);
    runs.proxy.use();
    runs.proxy.forget();
    const process = apply(shopTest);
    await eventually("its plan", () => terraformsBelow(process.pid, /terraform plan/).length > 0);
    const { printed } = await ended(1, runs.start(["plan", shopTest]));
    expect(printed).toContain(String(process.pid));
    expect(runs.proxy.calls).toEqual([]);
    held.letGo();
    expect((await other).code).toBe(0);
    await ended(0, process);
    expect(statuses(runs.report())).toEqual({ "workloads.test.shop-test": "applied" });
  });
});

describe("a plan that is stale", () => {
  test("is told and not applied; --resume plans it again", async () => {
    await runs.edit(anotherTag());
    await ended(2, runs.start(["plan", shopTest]));
    const byHand = ["apply", "-input=false", "-auto-approve"];
    expect((await terraform(runs.live.stackFolder(shopTest), byHand, runs.environment)).code).toBe(0);
    runs.proxy.forget();
    await ended(1, resume());
    expect(failureOf(shopTest)).toMatchObject({ cause: "stale-plan", uncertain: false });
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    await ended(0, resume());
    expect(statuses(runs.report())).toEqual({ "workloads.test.shop-test": "unchanged" });
  });
});

describe("a provider that crashes", () => {
  test("fails its stack, says so, and the others are applied; --resume converges", async () => {
    await runs.edit(anotherTag());
    const held = hold(({ service, action, accountId }) => accountId === SHOP_TEST && isChange({ service, action }));
    runs.proxy.use(held.fault);
    runs.proxy.forget();
    const process = apply(...users, "--keep-going");
    await eventually("the apply", () => runs.proxy.faults.length > 0);
    const applies = terraformsBelow(process.pid, /terraform apply.*shop-test/);
    const providers = applies.flatMap(({ pid }) => terraformsBelow(pid, /terraform-provider-aws/));
    expect(providers).not.toEqual([]);
    for (const { pid } of providers) global.process.kill(pid, "SIGKILL");
    held.letGo();
    await ended(1, process);
    expect(failureOf(shopTest)).toMatchObject({ cause: "provider-crashed" });
    expect(statuses(runs.report())).toMatchObject({ "workloads.prod.books-prod": "applied" });
    runs.proxy.use();
    await ended(0, resume());
  });
});

/** A disk of its own, as small as that, in place of the folder of runs. */
const smallDisk = (size: string, folder: string): string =>
  `exec unshare -rm bash -c 'mkdir -p ${folder} && mount -t tmpfs -o size=${size} tmpfs ${folder} && exec "$@"' bash "$@"`;

describe("a full disk", () => {
  test("ends the run with 1 and says so; nothing changes in AWS, and the next run converges", async () => {
    await runs.edit(anotherTag());
    runs.proxy.forget();
    const full = join(runs.live.folder, "full");
    const words = ["apply", "--auto-approve", shopTest, "--runs", full];
    const { printed } = await ended(1, runs.start(words, { shell: smallDisk("24k", full) }));
    expect(printed).toMatch(/no space left on device/i);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    // The tag is new in each of them.
    await ended(0, apply(...users));
  });
});

test("in the end accounts are as their JSON says, and each key is there once", async () => {
  await ended(0, runs.start(["plan", ...users, clinic]));
  expect(await keysNotOnce(runs, CLINIC)).toEqual([]);
  expect(await keysNotOnce(runs, KEYS)).toEqual([]);
});

test("no process is left behind", () => {
  const below = processesBelow(process.pid).filter(({ command }) => /terraform|orgkeys\.cjs/.test(command));
  // Those whose parent was killed are no longer below.
  const elsewhere = processesBelow(0).filter(({ command }) => command.includes(runs.live.folder));
  expect([...below, ...elsewhere]).toEqual([]);
});
