import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { type OrgkeysEnd, type OrgkeysProcess, startOrgkeys } from "../e2e/orgkeys-process";
import { orgkeys } from "./recorded-terminal";
import { awsError, type ReviewedAws, startReviewedAws } from "./reviewed-aws";

// Each is a process that reads the whole sample organization, and the SDK waits before it asks again.
jest.setTimeout(120_000);

const config = join(__dirname, "../../config");
let folder: string;
let out: string;
let loaded: LoadedPlan;
let aws: ReviewedAws;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-faults-"));
  out = join(folder, "cdktf.out");
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
  const plan = loadPlan(config);
  if ("problems" in plan) throw new Error("the sample is not valid");
  loaded = plan;
  aws = await startReviewedAws(plan, out, readdirSync(join(out, "stacks")));
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => aws.reset());

const words = (...more: string[]): string[] => [
  "drift",
  "--config",
  config,
  "--out",
  out,
  "--today",
  "2026-11-22",
  ...more,
];

/** As a process of its own: what it prints, and no stack trace. */
function start(...more: string[]): OrgkeysProcess {
  return startOrgkeys(words(...more), {
    PATH: process.env.PATH ?? "",
    NO_COLOR: "1",
    ...aws.environment,
  });
}

interface Read extends DriftRead {
  readonly noted: string;
}
interface DriftRead {
  readonly code: number | undefined;
  readonly accounts: readonly AccountDrift[];
  readonly findings: readonly DriftFinding[];
  readonly calls: number;
}

const validate = (() => {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(__dirname, "../../docs/schemas/drift.schema.json"), "utf8")));
})();

function readOf({ code, stdout, stderr }: OrgkeysEnd): Read {
  expect(stderr).not.toMatch(stackTrace);
  const report = JSON.parse(stdout);
  expect(validate(report) ? [] : validate.errors).toEqual([]);
  const {
    accounts,
    findings,
    summary: { calls },
  } = report;
  for (const account of accounts) expectHonest(account, findings);
  return { code, accounts, findings, calls, noted: stderr };
}
const stackTrace = /^\s+at .*:\d+:\d+\)?$/m;

/** Nothing unread is clean: whoever was not wholly read has a finding that says so, and the other way round. */
function expectHonest({ account, status, unread, coverage }: AccountDrift, findings: readonly DriftFinding[]): void {
  const own = findings.filter(({ id, place }) => id === "unchecked" && place.account === account);
  if (status === "read" || status === "inactive") expect([account, own, unread]).toEqual([account, [], []]);
  else expect([account, unread.length > 0]).toEqual([account, true]);
  if (status === "unread") expect([account, coverage.keys]).toEqual([account, { managed: 0, total: 0 }]);
}

async function drift(...more: string[]): Promise<Read> {
  return readOf(await start("--format", "json", ...more).ended);
}

const namesOf = (accounts: readonly AccountDrift[], status: AccountDrift["status"]): string[] =>
  accounts.filter((each) => each.status === status).map(({ account }) => account);
const active = (): string[] => loaded.map.accounts.filter(({ status }) => status === "active").map(({ name }) => name);
const idOf = (name: string): string => loaded.map.accounts.find((each) => each.name === name)?.id ?? "";
const told = (findings: readonly DriftFinding[]): string[] => findings.map(({ id, where }) => `${id} ${where}`);

test("all is as reviewed: exit 0, everything covered, and no more calls or accounts at once than it may", async () => {
  aws.delay = 20;
  const { code, accounts, findings, calls } = await drift("--calls", "5", "--concurrency", "3");
  expect([code, findings, namesOf(accounts, "read").sort()]).toEqual([0, [], active().sort()]);
  for (const { coverage } of accounts) {
    expect(coverage.keys.managed).toBe(coverage.keys.total);
    expect(coverage.aliases.managed).toBe(coverage.aliases.total);
    expect(coverage.grants.managed).toBe(coverage.grants.total);
  }
  expect(accounts.reduce((sum, { coverage }) => sum + coverage.keys.total, 0)).toBe(67);
  expect(aws.most).toEqual({ calls: 5, accounts: 3 });
  expect(calls).toBe(aws.calls.length);
});

test("every tenth call is throttled, and a Region for a while: it is asked again, and all is as reviewed", async () => {
  let count = 0;
  const begun = performance.now();
  aws.answer = (call) => {
    count += 1;
    const isForAWhile = call.region === "us-west-2" && performance.now() - begun < 4000;
    return count % 10 === 0 || isForAWhile ? awsError(call, "ThrottlingException", "Rate exceeded") : undefined;
  };
  const { code, findings } = await drift();
  expect([code, findings]).toEqual([0, []]);
});

describe("accounts that are silent", () => {
  test("hold nobody else up, are given up in time, and are one finding each", async () => {
    const begun = performance.now();
    aws.answer = (call) => {
      if (call.service === "sts") return undefined;
      if (call.accountId === idOf("payments-prod")) return "never";
      return call.accountId === idOf("shop-prod") ? "half" : undefined;
    };
    const { code, accounts, findings, noted } = await drift();
    expect(performance.now() - begun).toBeLessThan(90_000);
    expect([code, namesOf(accounts, "unread").sort()]).toEqual([1, ["payments-prod", "shop-prod"]]);
    expect(told(findings)).toEqual(["unchecked payments-prod the account", "unchecked shop-prod the account"]);
    expect(findings[0]?.whatToDo).toMatch(/look whether this machine reaches AWS/);
    expect(noted.trim().split("\n").slice(-2).sort().join()).toMatch(
      /payments-prod {2}not read.*shop-prod {2}not read/,
    );
  });

  test("for STS alone keep nobody else back, were they asked first", async () => {
    let first: string | undefined;
    aws.answer = (call) => {
      if (call.service !== "sts") return undefined;
      first ??= call.accountId;
      return call.accountId === first ? "never" : undefined;
    };
    const { code, findings, accounts } = await drift("--within", "pci");
    expect([code, namesOf(accounts, "unread").length, findings.length]).toEqual([1, 1, 1]);
  });
});

describe("accounts that are denied", () => {
  const some = (): Set<string> => new Set(active().filter((_, index) => index % 2 === 0));
  const half = (): Set<string> => new Set([...some()].map(idOf));

  test("at AssumeRole are one finding each, summed up in the text with what else it can be; all others are read", async () => {
    aws.answer = (call) =>
      call.service === "sts" && half().has(call.accountId)
        ? awsError(call, "AccessDenied", `User: arn:aws:iam::1:user/x may not sts:AssumeRole on ${call.accountId}`, 403)
        : undefined;
    const { code, accounts, findings } = await drift();
    expect([code, namesOf(accounts, "unread").sort()]).toEqual([1, [...some()].sort()]);
    expect(told(findings).sort()).toEqual([...some()].map((name) => `unchecked ${name} the account`).sort());
    expect(findings[0]?.whatToDo).toMatch(/suspended/);
    const { stdout } = await start().ended;
    expect(stdout.match(/cannot be assumed/g)).toHaveLength(2);
    expect(stdout).toMatch(/and \d+ more accounts/);
  });

  test("everything by an organization's policy are one finding each", async () => {
    aws.answer = (call) =>
      call.service !== "sts" && half().has(call.accountId)
        ? awsError(
            call,
            "AccessDeniedException",
            `${call.accountId} may not ${call.service}:${call.action} with an explicit deny`,
          )
        : undefined;
    const { code, accounts, findings } = await drift();
    expect([code, namesOf(accounts, "unread").sort()]).toEqual([1, [...some()].sort()]);
    expect(told(findings).sort()).toEqual([...some()].map((name) => `unchecked ${name} the account`).sort());
  });

  test.each(["ListGrants", "GetKeyPolicy", "ListResourceTags", "DescribeKey", "ListAliases", "GetKeyRotationStatus"])(
    "%s alone are one finding each, whatever the Regions, and no account is clean by it",
    async (action) => {
      aws.answer = (call) =>
        call.service === "kms" && call.action === action
          ? awsError(
              call,
              "AccessDeniedException",
              `User: arn:aws:sts::${call.accountId}:x is not authorized to perform: kms:${action} on resource: arn:aws:kms:${call.region}:${call.accountId}:key/${call.input.KeyId}`,
            )
          : undefined;
      const { code, accounts, findings } = await drift();
      expect(code).toBe(1);
      const ids = findings.map(({ id, place }) => `${id} ${place.account}`);
      expect(new Set(ids).size).toBe(ids.length);
      expect(findings.every(({ id, whatToDo }) => id === "unchecked" && whatToDo.includes(`kms:${action}`))).toBe(true);
      expect(findings).toHaveLength(namesOf(accounts, "partly").length);
      const asked = new Set(aws.calls.filter((call) => call.action === action).map(({ accountId }) => accountId));
      expect(findings).toHaveLength(asked.size);
      expect(namesOf(accounts, "unread")).toEqual([]);
    },
  );

  test.each([
    ["iam", "OrgKeysAudit"],
    ["organizations", "org-management"],
    ["cloudformation", "StackSets"],
  ])("%s alone are unchecked in that alone", async (service) => {
    aws.answer = (call) =>
      call.service === service ? awsError(call, "AccessDeniedException", `may not ${call.action}`) : undefined;
    const { code, accounts, findings } = await drift();
    expect(code).toBe(1);
    expect(findings.every(({ id }) => id === "unchecked")).toBe(true);
    const asked = new Set(aws.calls.filter((call) => call.service === service).map(({ accountId }) => accountId));
    expect(new Set(findings.map(({ place }) => place.accountId))).toEqual(asked);
    expect(namesOf(accounts, "partly")).toHaveLength(asked.size);
  });
});
