import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { hold } from "./faulty-proxy";
import { eventually, isChange, type LiveRuns, startRuns, statuses } from "./live-runs";
import { type OrgkeysTerminal, startAtTerminal } from "./orgkeys-terminal";

const corporate = ["--zone", "corporate"];
const clinic = "acme.health.clinic";

let runs: LiveRuns;

beforeAll(async () => {
  runs = await startRuns("runs-at-terminal", "test/fixtures/plan-and-apply");
  await runs.edit();
});
afterAll(() => runs?.stop());
afterEach(() => {
  runs.proxy.use();
  runs.proxy.forget();
});

function atTerminal(...words: string[]): OrgkeysTerminal {
  const places = ["--config", runs.config, "--out", runs.live.out, "--runs", runs.runs];
  return startAtTerminal([...words, ...places], runs.environment);
}

async function ended(terminal: OrgkeysTerminal, code: number): Promise<void> {
  const found = await terminal.ended;
  if (found !== code) throw new Error(`ended with ${found}, not ${code}\n${terminal.shown()}`);
}

describe("the question before an apply", () => {
  test("takes nothing but yes for a yes: 2, and nothing is changed", async () => {
    const terminal = atTerminal("apply", clinic);
    await terminal.sees("Only yes is a yes:");
    terminal.types("y\n");
    await ended(terminal, 2);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    expect(statuses(runs.report())).toEqual({ "health.clinic": "planned" });
  });

  test("is answered with no by Ctrl-C", async () => {
    const terminal = atTerminal("apply", "--resume", runs.ids().at(-1) ?? "");
    await terminal.sees("Only yes is a yes:");
    terminal.types("\u0003");
    await ended(terminal, 2);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
  });

  test("is answered with no when the window is closed, and no lock is left behind", async () => {
    const terminal = atTerminal("apply", "--resume", runs.ids().at(-1) ?? "");
    await terminal.sees("Only yes is a yes:");
    const lock = join(dirname(runs.live.out), `.${basename(runs.live.out)}.run.lock`);
    expect(existsSync(lock)).toBe(true);
    terminal.closes();
    await eventually("the end of the run", () => !existsSync(lock), 60_000);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    expect(runs.report()).toMatchObject({ status: "declined" });
  });
});

describe("canaries", () => {
  test("are applied after the first yes; a no to the second question keeps all others as they are", async () => {
    const terminal = atTerminal("apply", ...corporate, "--canary", "1");
    await terminal.sees("Apply 1 canary");
    terminal.types("yes\n");
    await terminal.sees("Apply the other");
    terminal.types("no\n");
    await ended(terminal, 2);
    const found = Object.entries(statuses(runs.report()));
    expect(found.filter(([, status]) => status === "applied").map(([stack]) => stack)).toContain(
      "workloads.test.shop-test",
    );
    expect(found.find(([stack]) => stack === "workloads.prod.shop-prod")?.[1]).not.toBe("applied");
    const changed = new Set(runs.proxy.calls.filter(isChange).map(({ accountId }) => accountId));
    expect(changed.has("210000000001")).toBe(false);
    expect(changed.has("210000000002")).toBe(false);
  });

  test("the others are applied when the run goes on", async () => {
    const terminal = atTerminal("apply", "--resume", runs.ids().at(-1) ?? "");
    await terminal.sees("Only yes is a yes:");
    terminal.types("yes\n");
    await ended(terminal, 0);
    expect(new Set(Object.values(statuses(runs.report())))).toEqual(new Set(["applied"]));
  });
});

describe("Ctrl-C at a terminal, which reaches Terraform's group as well", () => {
  test("lets what is being applied end, and says so below the view", async () => {
    const held = hold(({ action }) => action === "CreateAlias");
    runs.proxy.use(held.fault);
    const terminal = atTerminal("apply", clinic);
    await terminal.sees("Only yes is a yes:");
    terminal.types("yes\n");
    while (runs.proxy.faults.length === 0) await new Promise((go) => setTimeout(go, 50));
    terminal.types("\u0003");
    await terminal.sees("what is being applied is finished");
    held.letGo();
    await ended(terminal, 0);
    expect(statuses(runs.report())).toEqual({ "health.clinic": "applied" });
    const keys = await runs.keysIn("310000000001");
    expect(keys.map(({ aliases }) => aliases.length)).toEqual(keys.map(() => 1));
  });
});
