import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { GetKeyPolicyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Ajv from "ajv/dist/2020";
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

/** When the first and the last change of an account came, as AWS saw it; of those that are about that. */
function changesOf(accountId: string, about = ""): { first: number; last: number } {
  const at = runs.proxy.calls.flatMap((call, index) =>
    isChange(call) && call.accountId === accountId && call.body.includes(about) ? [index] : [],
  );
  return { first: at[0] ?? Number.NaN, last: at.at(-1) ?? Number.NaN };
}

/** What runs have left, but for the provider. */
const filesOfRuns = (): string[] =>
  readdirSync(runs.runs, { recursive: true, encoding: "utf8" }).filter((path) => !path.startsWith("plugin-cache"));

/** Folders that are not 700, files that are not 600. */
const openToOthers = (): string[] =>
  filesOfRuns().filter((path) => {
    const found = statSync(join(runs.runs, path));
    return (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600);
  });

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
    expect(filesOfRuns().filter((path) => path.endsWith("plan.tfplan"))).toHaveLength(2);
    expect(openToOthers()).toEqual([]);
  });

  test("apply of that very run: 0, and only its accounts change", async () => {
    await ended(0, "apply", "--resume", runs.ids().at(-1) ?? "", "--auto-approve");
    expect(runs.ids()).toHaveLength(1);
    const changed = new Set(runs.proxy.calls.filter(isChange).map(({ accountId }) => accountId));
    expect([...changed].sort()).toEqual([accountIds.books, accountIds.shopProd]);
    expect(statuses(runs.report())).toEqual({
      "workloads.prod.books-prod": "applied",
      "workloads.prod.shop-prod": "applied",
    });
  });
});

describe("everything", () => {
  test("apply: 0, owners before users, a canary before other accounts, guardrails last, as AWS saw it", async () => {
    await ended(0, "apply", "--auto-approve", "--canary", "1");
    const report = runs.report();
    expect(report.status).toBe("done");
    // The one account that is not production, with the owner of its key.
    expect(report.canaries).toEqual({ stacks: [stacks.shopTest], passed: true });
    expect(changesOf(accountIds.shopTest).last).toBeLessThan(changesOf(CLINIC).first);
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
    // Guardrails come when everything of their zone is there.
    expect(changesOf(accountIds.shopTest).last).toBeLessThan(changesOf(accountIds.org, "corporate").first);
    expect(changesOf(CLINIC).last).toBeLessThan(changesOf(accountIds.org, "health").first);
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

  test("accounts, by name and by id, again: 0, and nothing changes", async () => {
    await ended(0, "apply", "--account", "keys", CLINIC, "--auto-approve");
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    expect(statuses(runs.report())).toEqual({ "health.clinic": "unchanged", "security.keys": "unchanged" });
  });
});

describe("what a change touches", () => {
  test("--affected applies that alone", async () => {
    const base = join(runs.live.folder, "base");
    cpSync(runs.live.out, base, { recursive: true, filter: (path) => !path.includes(".terraform") });
    await runs.edit(replace("workloads/clinic.yaml", "owner: clinic", "owner: clinic-data"));
    await ended(0, "apply", "--affected", base, "--auto-approve");
    expect(statuses(runs.report())).toEqual({ "health.clinic": "applied" });
    const [key] = await runs.keysIn(CLINIC);
    expect(key?.tags.Owner).toBe("clinic-data");
    await ended(0, "plan", "--affected", runs.live.out);
  });
});

describe("a zone", () => {
  test("apply takes its accounts and its guardrails", async () => {
    await runs.edit(replace("zones.yaml", "owner: clinic", "owner: clinic-security"));
    await ended(0, "apply", "--zone", "health", "--auto-approve");
    expect(statuses(runs.report())).toEqual({ "guardrails.health": "applied", "health.clinic": "unchanged" });
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

describe("a review of saved plans", () => {
  const outsider = "arn:aws:iam::210000000002:root";

  test("tells what an apply of them means, what was done by hand included", async () => {
    const { kms } = await runs.live.emulator.clientsFor({ accountId: CLINIC, region: "us-east-1" });
    const [key] = await runs.keysIn(CLINIC);
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId: key?.keyId }));
    const { Statement, ...rest } = JSON.parse(Policy);
    const extra = {
      Sid: "ByHand",
      Effect: "Allow",
      Principal: { AWS: outsider },
      Action: "kms:Decrypt",
      Resource: "*",
    };
    const opened = JSON.stringify({ ...rest, Statement: [...Statement, extra] });
    await kms.send(new PutKeyPolicyCommand({ KeyId: key?.keyId, Policy: opened }));
    await runs.edit(
      replace(
        "workloads/clinic.yaml",
        "- {principal: role/records,",
        "- {principal: role/records-archive, operations: [decrypt]}\n        - {principal: role/records,",
      ),
    );
    await ended(2, "plan", "--account", "clinic");
    const id = runs.ids().at(-1) ?? "";
    const { stdout } = await ended(2, "review", "--run", id);
    expect(stdout).toMatch(/lets role\/records-archive in clinic do Decrypt/);
    expect(stdout).toMatch(
      /no longer lets anyone of shop-prod whom its IAM allows do Decrypt, through statement ByHand, which is gone/,
    );
    expect(stdout).toMatch(/^ {2}keys +1 -> 1$/m);
    const { stderr } = await ended(1, "review", "--run", id, "--fail-on", "widening");
    expect(stderr).toContain("widening");
    await ended(0, "apply", "--resume", id, "--auto-approve");
  });
});

describe("what is left on the disk", () => {
  test("nobody else can read it: folders 700, files 600; no plan outlives its apply", () => {
    expect(openToOthers()).toEqual([]);
    expect(filesOfRuns().some((path) => path.endsWith("report.md"))).toBe(true);
    expect(filesOfRuns().filter((path) => path.endsWith("plan.tfplan"))).toEqual([]);
  });

  test("every report is as its published schema says", () => {
    const schema = JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/run.schema.json"), "utf8"));
    const validate = new Ajv().compile(schema);
    const reports = runs.ids().map((id) => JSON.parse(readFileSync(join(runs.runs, id, "report.json"), "utf8")));
    expect(reports.map((report) => (validate(report) ? [] : validate.errors))).toEqual(reports.map(() => []));
    expect(reports).not.toEqual([]);
  });

  test("no secret is in what it printed and wrote", () => {
    const texts = filesOfRuns()
      .filter((path) => statSync(join(runs.runs, path)).isFile())
      .map((path) => [path, readFileSync(join(runs.runs, path), "latin1")] as const);
    for (const secret of Object.values(SECRETS)) {
      expect(printed).not.toContain(secret);
      expect(texts.filter(([, text]) => text.includes(secret)).map(([path]) => path)).toEqual([]);
    }
  });
});
