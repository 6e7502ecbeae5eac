import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { first, hold } from "./faulty-proxy";
import { ended, eventually, keysNotOnce, type LiveRuns, processesBelow, startRuns } from "./live-runs";
import type { OrgkeysProcess } from "./orgkeys-process";

const KEYS = "100000000001";
const CLINIC = "310000000001";
const keys = "acme.security.keys";

let runs: LiveRuns;

beforeAll(async () => {
  runs = await startRuns("runs-recovery", "test/fixtures/plan-and-apply");
  await runs.edit();
});
afterAll(() => runs?.stop());
afterEach(() => runs.proxy.use());

const apply = (...words: string[]): OrgkeysProcess => runs.start(["apply", "--auto-approve", ...words]);
const resume = (): OrgkeysProcess => apply("--resume", runs.ids().at(-1) ?? "");

/** Kills Terraform while AWS carries out the call; the emulator has done it. */
async function killedIn(action: string, process: () => OrgkeysProcess): Promise<void> {
  const { fault, letGo } = hold((call) => call.action === action);
  runs.proxy.forget();
  runs.proxy.use(fault);
  const running = process();
  await eventually(action, () => runs.proxy.faults.length > 0);
  // The call is on its way to the emulator.
  await new Promise((go) => setTimeout(go, 500));
  for (const { pid } of processesBelow(running.pid)) global.process.kill(pid, "SIGKILL");
  letGo();
  await ended(1, running);
  runs.proxy.use();
}

const stack = () => runs.report().stacks.find((each) => each.stack === keys);

describe("Terraform is killed", () => {
  test("while it makes a replica, and then while it makes an alias: --resume takes both over", async () => {
    await killedIn("ReplicateKey", () => apply(keys));
    expect(stack()?.failure).toMatchObject({ uncertain: true });
    await killedIn("CreateAlias", resume);
    expect(stack()?.imported).toEqual([expect.stringContaining("aws_kms_replica_key.")]);
    await ended(0, resume());
    expect(stack()?.imported.join(" ")).toContain("aws_kms_alias.");
    await ended(0, runs.start(["plan", keys]));
    expect(await runs.keysIn(KEYS)).toHaveLength(3);
    expect(await keysNotOnce(runs, KEYS)).toEqual([]);
  });
});

describe("the answer to CreateKey is lost", () => {
  test("the key that is there twice fails the run with both ids, and a resumed one as long as it is there", async () => {
    expect(await runs.keysIn(CLINIC)).toEqual([]);
    runs.proxy.use(first(1, "lose-answer", ({ action }) => action === "CreateKey"));
    await ended(1, apply("acme.health.clinic"));
    runs.proxy.use();
    const { failure } = runs.report().stacks[0] ?? {};
    expect(failure).toMatchObject({ cause: "key-made-twice" });
    const there = await runs.keysIn(CLINIC);
    expect(there).toHaveLength(2);
    for (const { keyId } of there) expect(failure?.message).toContain(keyId);
    const twin = there.find(({ aliases }) => aliases.length === 0);
    expect(failure?.message).toContain(`${twin?.keyId} is in no state`);
    await ended(1, resume());
    expect(runs.report().stacks[0]?.failure).toMatchObject({ cause: "key-made-twice" });
  });
});
