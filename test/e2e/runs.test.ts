import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isChange, type LiveRuns, SECRETS, startRuns, statuses } from "./live-runs";
import { replace } from "./living-map";
import type { OrgkeysEnd } from "./orgkeys-process";

const stacks = {
  keys: "acme.security.keys",
  books: "acme.workloads.prod.books-prod",
  shopProd: "acme.workloads.prod.shop-prod",
  shopTest: "acme.workloads.test.shop-test",
  clinic: "acme.health.clinic",
  corporate: "acme.guardrails.corporate",
  health: "acme.guardrails.health",
} as const;
const KEYS = "100000000001";
const CLINIC = "310000000001";

let runs: LiveRuns;
/** Everything that any command printed. */
let printed = "";

beforeAll(async () => {
  runs = await startRuns("runs", "test/fixtures/plan-and-apply");
  await runs.edit();
});
afterAll(() => runs?.stop());

async function orgkeys(...words: string[]): Promise<OrgkeysEnd> {
  runs.proxy.forget();
  const end = await runs.orgkeys(...words);
  printed += end.stdout + end.stderr;
  return end;
}

const ended = async (code: number, ...words: string[]): Promise<OrgkeysEnd> => {
  const end = await orgkeys(...words);
  if (end.code !== code)
    throw new Error(`orgkeys ${words.join(" ")} ended with ${end.code}\n${end.stdout}${end.stderr}`);
  return end;
};

/** When the first and the last change of an account or zone came, as AWS saw it. */
function changesOf(accountId: string): { first: number; last: number; count: number } {
  const at = runs.proxy.calls.flatMap((call, index) => (isChange(call) && call.accountId === accountId ? [index] : []));
  return { first: at[0] ?? Number.NaN, last: at.at(-1) ?? Number.NaN, count: at.length };
}

const accountIds = { books: "210000000001", shopProd: "210000000002", shopTest: "220000000001", org: "000000000001" };

describe("before anything is there", () => {
  test("--dry-run lists stacks in their order with the reason, and asks neither Terraform nor AWS", async () => {
    const { stdout } = await ended(0, "plan", "--dry-run");
    const places = [stacks.keys, stacks.shopProd, stacks.corporate].map((stack) => stdout.indexOf(stack));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(runs.proxy.calls).toEqual([]);
    expect(existsSync(runs.runs)).toBe(false);
  });

  test("a name that selects nothing is an error that suggests another", async () => {
    const { stderr, stdout } = await ended(1, "plan", "--ou", "Workloads/Prot");
    expect(stdout + stderr).toContain("Workloads/Prod");
  });

  test("apply asks for a word that nobody can give without a terminal, before it begins", async () => {
    const { stderr, stdout } = await ended(1, "apply");
    expect(stdout + stderr).toContain("--auto-approve");
    expect(runs.proxy.calls).toEqual([]);
  });
});

describe("an OU", () => {
  test("plan: 2, and nothing changes in AWS", async () => {
    await ended(2, "plan", "--ou", "Workloads/Prod");
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    expect(statuses(runs.report())).toEqual({
      "workloads.prod.books-prod": "planned",
      "workloads.prod.shop-prod": "planned",
    });
    expect(runs.report()).toMatchObject({ command: "plan", status: "done" });
  });

  test("apply: 0, and only its accounts change", async () => {
    await ended(0, "apply", "--ou", "Workloads/Prod", "--auto-approve");
    const changed = new Set(runs.proxy.calls.filter(isChange).map(({ accountId }) => accountId));
    expect([...changed].sort()).toEqual([accountIds.books, accountIds.shopProd]);
    expect(statuses(runs.report())).toEqual({
      "workloads.prod.books-prod": "applied",
      "workloads.prod.shop-prod": "applied",
    });
  });
});

describe("everything", () => {
  test("apply: 0, owners before users, guardrails last, each in AWS's own order", async () => {
    await ended(0, "apply", "--auto-approve");
    const report = runs.report();
    expect(report.status).toBe("done");
    expect(statuses(report)).toEqual({
      "guardrails.corporate": "applied",
      "guardrails.health": "applied",
      "health.clinic": "applied",
      "security.keys": "applied",
      "workloads.prod.books-prod": "unchanged",
      "workloads.prod.shop-prod": "unchanged",
      "workloads.test.shop-test": "applied",
    });
    expect(changesOf(KEYS).last).toBeLessThan(changesOf(accountIds.shopTest).first);
    expect(changesOf(accountIds.shopTest).last).toBeLessThan(changesOf(accountIds.org).last);
    expect(changesOf(CLINIC).last).toBeLessThan(changesOf(accountIds.org).first);
    const order = report.stacks.map(({ stack }) => stack);
    expect(order.indexOf(stacks.keys)).toBeLessThan(order.indexOf(stacks.shopTest));
    expect(order.indexOf(stacks.clinic)).toBeLessThan(order.indexOf(stacks.health));
    expect(order.at(-1)).toBe(stacks.corporate);
    expect((await runs.keysIn(KEYS)).flatMap(({ aliases }) => aliases).sort()).toEqual([
      "alias/shared-prod-key",
      "alias/shared-prod-key",
      "alias/shared-test-key",
    ]);
    expect(await runs.keysIn(CLINIC)).toHaveLength(1);
  });

  test("the report tells changes by action and kind, durations, and the very JSON that was planned", () => {
    const report = runs.report();
    expect(report.schema).toBe("orgkeys/run/v1");
    const keys = report.stacks.find(({ stack }) => stack === stacks.keys);
    expect(keys).toMatchObject({ ou: "Security", zone: "corporate", account: "keys", accountId: KEYS });
    expect(keys?.changes?.actions).toEqual({ create: 6 });
    expect(keys?.changes?.types.aws_kms_key).toEqual({ create: 2 });
    expect(keys?.jsonSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(keys?.durations.applyMs).toBeGreaterThan(0);
    expect(report.gate).toMatchObject({ open: 0 });
  });

  test("apply again: 0, and nothing changes", async () => {
    await ended(0, "apply", "--auto-approve");
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    expect(new Set(Object.values(statuses(runs.report())))).toEqual(new Set(["unchanged"]));
  });

  test("plan: 0", async () => {
    await ended(0, "plan");
  });
});

describe("what a change touches", () => {
  test("--affected plans and applies that alone", async () => {
    const base = join(runs.live.folder, "base");
    cpSync(runs.live.out, base, { recursive: true, filter: (path) => !path.includes(".terraform") });
    await runs.edit(replace("workloads/clinic.yaml", "owner: clinic", "owner: clinic-data"));
    await ended(2, "plan", "--affected", base);
    expect(statuses(runs.report())).toEqual({ "health.clinic": "planned" });
    await ended(0, "apply", "--affected", base, "--auto-approve");
    expect(statuses(runs.report())).toEqual({ "health.clinic": "applied" });
    const [key] = await runs.keysIn(CLINIC);
    expect(key?.tags.Owner).toBe("clinic-data");
    await ended(0, "plan", "--affected", runs.live.out);
  });
});

describe("a zone", () => {
  test("plan and apply take its accounts and its guardrails", async () => {
    await runs.edit(replace("zones.yaml", "owner: clinic", "owner: clinic-security"));
    await ended(0, "apply", "--zone", "health", "--auto-approve");
    expect(Object.keys(statuses(runs.report())).sort()).toEqual(["guardrails.health", "health.clinic"]);
  });

  test("a stack glob and --exclude choose together with it", async () => {
    const { stdout } = await ended(
      0,
      "plan",
      "acme.*",
      "--zone",
      "corporate",
      "--exclude",
      "*.guardrails.*",
      "--dry-run",
    );
    expect(stdout).toContain(stacks.shopTest);
    expect(stdout).not.toContain(stacks.clinic);
    expect(stdout).not.toContain(stacks.corporate);
  });
});

describe("canaries", () => {
  test("--canary applies so many accounts and goes on without asking when it is told so", async () => {
    await runs.edit(replace("workloads/commerce.yaml", "operations: [encrypt, decrypt]", "operations: [decrypt]"));
    await ended(0, "apply", "--ou", "Workloads", "--canary", "1", "--auto-approve");
    // Not production first.
    expect(changesOf(accountIds.shopTest).last).toBeLessThan(changesOf(accountIds.shopProd).first);
  });
});

describe("what is left on the disk", () => {
  const filesOf = (): string[] =>
    readdirSync(runs.runs, { recursive: true, encoding: "utf8" }).filter((path) => !path.startsWith("plugin-cache"));

  test("nobody else can read it: folders 700, files 600", () => {
    const wrong = filesOf().filter((path) => {
      const found = statSync(join(runs.runs, path));
      return (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600);
    });
    expect(wrong).toEqual([]);
    expect(filesOf().some((path) => path.endsWith("plan.tfplan"))).toBe(true);
    expect(filesOf().some((path) => path.endsWith("report.md"))).toBe(true);
  });

  test("no secret is in what it printed and wrote", () => {
    const texts = filesOf()
      .filter((path) => statSync(join(runs.runs, path)).isFile())
      .map((path) => [path, readFileSync(join(runs.runs, path), "latin1")] as const);
    for (const secret of Object.values(SECRETS)) {
      expect(printed).not.toContain(secret);
      expect(texts.filter(([, text]) => text.includes(secret)).map(([path]) => path)).toEqual([]);
    }
  });
});
