import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { every } from "./faulty-proxy";
import { eventually, type LiveRuns, processesBelow, startRuns } from "./live-runs";
import type { OrgkeysProcess } from "./orgkeys-process";

const KEYS = "100000000001";
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

async function ended(code: number, process: OrgkeysProcess): Promise<void> {
  const end = await process.ended;
  if (end.code !== code) throw new Error(`ended with ${end.code}, not ${code}\n${end.stdout}${end.stderr}`);
}

/** Kills Terraform while AWS carries out the call; the emulator has done it. */
async function killedIn(action: string, process: () => OrgkeysProcess): Promise<void> {
  let letGo = (): void => undefined;
  const until = new Promise<void>((go) => {
    letGo = go;
  });
  runs.proxy.forget();
  runs.proxy.use(every(1, { until }, (call) => call.action === action));
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
    const there = await runs.keysIn(KEYS);
    const places = there.map(({ keyId, region }) => `${region} ${keyId}`);
    expect(places).toEqual([...new Set(places)]);
    expect(there.filter(({ aliases }) => aliases.length !== 1)).toEqual([]);
  });
});

describe("the answer to CreateKey is lost", () => {
  test("the key that is there twice fails the run with both ids, and a resumed one as long as it is there", async () => {
    runs.proxy.use();
    const before = await runs.keysIn("310000000001");
    expect(before).toEqual([]);
    let lost = 0;
    runs.proxy.use((call) => {
      if (call.action !== "CreateKey" || lost > 0) return undefined;
      lost += 1;
      return "lose-answer";
    });
    const process = apply("acme.health.clinic");
    await ended(1, process);
    runs.proxy.use();
    const { failure } = runs.report().stacks[0] ?? {};
    expect(failure).toMatchObject({ cause: "key-made-twice" });
    const there = await runs.keysIn("310000000001");
    expect(there).toHaveLength(2);
    for (const { keyId } of there) expect(failure?.message).toContain(keyId);
    const twin = there.find(({ aliases }) => aliases.length === 0);
    expect(failure?.message).toContain(`${twin?.keyId} is in no state`);
    await ended(1, resume());
    expect(runs.report().stacks[0]?.failure).toMatchObject({ cause: "key-made-twice" });
  });
});
