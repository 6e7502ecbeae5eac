import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { orgkeys, orgkeysLater } from "../cli/recorded-terminal";
import { type OrgkeysEnd, type OrgkeysProcess, startOrgkeys } from "./orgkeys-process";
import { type AwsCall, awsError, type ReviewedAws, startReviewedAws } from "./reviewed-aws";

// Each is a process that reads the whole sample organization, and the SDK waits before it asks again.
jest.setTimeout(240_000);

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
beforeEach(() => {
  aws.reset();
  environment = {};
});

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
    ...environment,
  });
}
/** What a test changes of it. */
let environment: Record<string, string> = {};

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
    const { code, accounts, findings } = await driftHere();
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
      const { code, accounts, findings } = await driftHere();
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
    const { code, accounts, findings } = await driftHere();
    expect(code).toBe(1);
    expect(findings.every(({ id }) => id === "unchecked")).toBe(true);
    const asked = new Set(aws.calls.filter((call) => call.service === service).map(({ accountId }) => accountId));
    expect(new Set(findings.map(({ place }) => place.accountId))).toEqual(asked);
    expect(namesOf(accounts, "partly")).toHaveLength(asked.size);
  });
});

/** The same in this process, which is quicker. */
async function driftHere(...more: string[]): Promise<Read> {
  const before = process.env;
  process.env = { PATH: before.PATH ?? "", ...aws.environment, ...environment };
  try {
    const { code, printed, noted } = await orgkeysLater(...words("--format", "json", ...more));
    return readOf({ code, stdout: printed, stderr: noted });
  } finally {
    process.env = before;
  }
}

describe("answers that make no sense", () => {
  const calls = [
    ...[
      "ListKeys",
      "ListAliases",
      "DescribeKey",
      "GetKeyPolicy",
      "GetKeyRotationStatus",
      "ListResourceTags",
      "ListGrants",
    ],
    ...["ListPolicies", "GetPolicyVersion", "ListEntitiesForPolicy", "DescribePolicy", "ListTargetsForPolicy"],
    ...["ListStackSets", "ListStackInstances", "DescribeStackSet", "AssumeRole"],
  ];
  test.each(calls)("of %s are unchecked in each account that was asked, and never clean", async (action) => {
    const bodies = ["{}", "null", "", "[]", "<html>proxy</html>", '{"Keys":"x","Grants":7,"Aliases":{},"Tags":[null]}'];
    const nonsense = (accountId: string): string => bodies[Number(accountId) % bodies.length] ?? "";
    aws.answer = (call) => (call.action === action ? { status: 200, body: nonsense(call.accountId) } : undefined);
    const { code, accounts, findings } = await driftHere();
    const asked = new Set(aws.calls.filter((call) => call.action === action).map(({ accountId }) => accountId));
    const unchecked = new Set(findings.filter(({ id }) => id === "unchecked").map(({ place }) => place.accountId));
    expect([code, asked.size > 0, [...asked].sort()]).toEqual([1, true, [...unchecked].sort()]);
    expect(findings.filter(({ id }) => id !== "unchecked")).toEqual([]);
    expect(accounts.filter(({ accountId, status }) => status === "read" && asked.has(accountId))).toEqual([]);
  });

  test.each([
    ["ListKeys", "Keys"],
    ["ListAliases", "Aliases"],
    ["ListGrants", "Grants"],
    ["ListResourceTags", "Tags"],
  ])("of %s without an end are given up", async (action, field) => {
    aws.answer = (call) => {
      const body = JSON.stringify({ [field]: [], Truncated: true, NextMarker: "again" });
      return call.action === action ? { status: 200, body } : undefined;
    };
    const { code, findings } = await driftHere("--within", "pci");
    expect([code, new Set(findings.map(({ id }) => id))]).toEqual([1, new Set(["unchecked"])]);
    expect(findings[0]?.why).toMatch(/without an end/);
  });

  test("of StackSets and instances without an end are given up", async () => {
    const page =
      "<ListStackInstancesResponse><ListStackInstancesResult><Summaries/><NextToken>again</NextToken></ListStackInstancesResult></ListStackInstancesResponse>";
    aws.answer = ({ action }) => (action === "ListStackInstances" ? { status: 200, body: page } : undefined);
    const { code, findings } = await driftHere("commercial.rollouts.pci");
    expect([code, told(findings)]).toEqual([1, ["unchecked security-tooling instances of StackSets"]]);
  });
});

describe("what AWS has", () => {
  const place = (): [string, string] => {
    for (const [name, { keys }] of aws.regions) {
      const [key] = keys;
      if (key !== undefined && name.startsWith(idOf("shop-prod"))) return [name, key.metadata.KeyId];
    }
    throw new Error("shop-prod has no key");
  };

  test("and deletes while it is read is no key, and all else is as reviewed", async () => {
    const [, keyId] = place();
    aws.answer = (call) =>
      call.action === "GetKeyPolicy" && call.input.KeyId === keyId
        ? awsError(call, "NotFoundException", keyId)
        : undefined;
    const { code, findings } = await driftHere("--account", "shop-prod");
    expect([code, findings.some(({ id }) => id === "key-missing")]).toEqual([2, true]);
    expect(findings.filter(({ id }) => id === "unchecked")).toEqual([]);
  });

  test("with 10,000 grants on a key is told within seconds", async () => {
    const [name, keyId] = place();
    const region = aws.regions.get(name);
    if (region === undefined) throw new Error(name);
    const grants = Array.from({ length: 10_000 }, (_, index) => ({
      KeyId: keyId,
      GrantId: String(index).padStart(64, "0"),
      GranteePrincipal: `arn:aws:iam::${idOf("shop-prod")}:role/by-hand-${index}`,
      Operations: ["Decrypt"],
      CreationDate: 1_767_225_600,
    }));
    const withGrants = {
      ...region,
      keys: region.keys.map((key) => (key.metadata.KeyId === keyId ? { ...key, grants } : key)),
    };
    aws.regions.set(name, withGrants);
    const begun = performance.now();
    const { code, findings } = await driftHere("--account", "shop-prod");
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect([code, findings.filter(({ id }) => id === "grant-unmanaged").length]).toEqual([2, 10_000]);
  });

  test("no key of a stack any more is as bad as one that is missing", async () => {
    const id = idOf("shop-prod");
    for (const [name, region] of aws.regions) {
      if (name.startsWith(id)) aws.regions.set(name, { ...region, keys: [], aliases: [] });
    }
    aws.answer = (call) =>
      call.accountId === id && call.action === "ListPolicies"
        ? {
            status: 200,
            body: "<ListPoliciesResponse><ListPoliciesResult><IsTruncated>false</IsTruncated><Policies/></ListPoliciesResult></ListPoliciesResponse>",
          }
        : undefined;
    const { code, findings } = await driftHere("--account", "shop-prod");
    const first = findings.find(({ id }) => id === "stack-not-applied");
    expect([code, first?.severity]).toEqual([2, "critical"]);
    expect([first?.why, first?.whatToDo]).toEqual([
      expect.stringMatching(/all data under them is lost/),
      expect.stringMatching(/CloudTrail/),
    ]);
  });

  test("in a Region that is not switched on is unchecked, with how to switch it on", async () => {
    aws.answer = (call) =>
      call.service === "kms" && call.region === "us-west-2" && call.accountId === idOf("shop-prod")
        ? awsError(call, "UnrecognizedClientException", "The security token included in the request is invalid.")
        : undefined;
    const { code, findings } = await driftHere("--account", "shop-prod");
    expect([code, findings.map(({ id }) => id)]).toEqual([1, findings.map(() => "unchecked")]);
    expect(findings[0]?.whatToDo).toMatch(/enable-region/);
  });
});

describe("credentials", () => {
  test("that expire in the middle of the run are told once, with what was read before", async () => {
    let sessions = 0;
    aws.answer = (call) => {
      if (call.service !== "sts") return undefined;
      sessions += 1;
      return sessions > 6
        ? awsError(call, "ExpiredToken", "The security token included in the request is expired", 403)
        : undefined;
    };
    const { code, accounts, findings } = await driftHere("--concurrency", "1");
    expect([code, namesOf(accounts, "read").length, findings.length <= 2]).toEqual([1, 6, true]);
    expect(findings.map(({ whatToDo }) => whatToDo)).toEqual(findings.map(() => "sign in again"));
  });

  test("that are of another partition are told once, and the other partition is read", async () => {
    aws.answer = (call) =>
      call.service === "sts" && call.region.startsWith("us-gov")
        ? awsError(call, "InvalidClientTokenId", "The security token included in the request is invalid", 403)
        : undefined;
    const { code, accounts, findings } = await driftHere();
    expect([code, told(findings), namesOf(accounts, "unread").length]).toEqual([
      1,
      ["unchecked govcloud 4 accounts of govcloud"],
      4,
    ]);
  });

  test.each([
    ["that nobody has", { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }, /AWS_PROFILE/],
    [
      "that nobody looks at, since the connection is refused",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      /reaches AWS STS/,
    ],
  ])("%s are told once for each organization", async (_, changed, whatToDo) => {
    environment = changed;
    const { code, accounts, findings } = await drift();
    expect([code, namesOf(accounts, "read"), findings.length]).toEqual([1, [], 2]);
    for (const finding of findings) expect(finding.whatToDo).toMatch(whatToDo);
  });
});

describe("Ctrl-C", () => {
  test.each([
    ["while nobody answers", () => "never" as const],
    ["while it reads", ({ accountId }: AwsCall) => (Number(accountId) % 2 === 0 ? ("never" as const) : undefined)],
    ["while it waits to ask again", (call: AwsCall) => awsError(call, "ThrottlingException", "Rate exceeded")],
  ])("%s ends within seconds, with what was read", async (_, answer) => {
    aws.answer = answer;
    const running = start("--format", "json");
    while (aws.calls.length < 40 && aws.calls.filter(({ action }) => action === "AssumeRole").length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begun = performance.now();
    running.kill("SIGINT");
    const { code, findings, noted } = readOf(await running.ended);
    expect(performance.now() - begun).toBeLessThan(8_000);
    expect([code, findings.every(({ id }) => id === "unchecked")]).toEqual([1, true]);
    expect(noted).toMatch(/^Ending: what was read so far is told\./m);
  });
});

describe("what is broken before anything is read", () => {
  const broken = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  test.each([
    [
      "--since of another schema",
      () => ["--since", broken("other.json", '{"schema":"orgkeys/plan/v1"}')],
      /--since .*other\.json: /,
    ],
    [
      "--since cut off",
      () => ["--since", broken("cut.json", '{"schema":"orgkeys/drift/v1","accounts":[')],
      /--since .*cut\.json: /,
    ],
    ["--since a folder", () => ["--since", folder], /--since .*: cannot be read: .*; name a report/],
    ["--severity wrong", () => ["--severity", "awful"], /--severity/],
    ["--output into no folder", () => ["--output", join(folder, "none/drift.json")], /its folder does not exist/],
    ["--output a folder", () => ["--output", folder, "--format", "json"], /is a folder/],
    ["no output", () => ["--out", join(folder, "nothing")], /nothing/],
  ])("%s", async (_, more, why) => {
    const before = process.env;
    process.env = { PATH: before.PATH ?? "", ...aws.environment };
    const { code, noted } = await orgkeysLater(...words(...more()));
    process.env = before;
    expect([code, noted]).toEqual([1, expect.stringMatching(why)]);
    expect(noted).not.toMatch(stackTrace);
    expect(aws.calls).toEqual([]);
  });

  test("JSON of a stack that nobody can read", async () => {
    const own = join(folder, "torn");
    cpSync(out, own, { recursive: true });
    const [first = ""] = readdirSync(join(own, "stacks"));
    writeFileSync(join(own, "stacks", first, "cdk.tf.json"), '{"resource": {');
    const { code, noted } = await orgkeysLater(...words("--out", own));
    expect([code, noted]).toEqual([1, expect.stringContaining(first)]);
    expect(noted).not.toMatch(stackTrace);
    expect(aws.calls).toEqual([]);
  });
});

test("a report that the disk has no room for leaves the one before it whole", async () => {
  const file = join(folder, "report.json");
  writeFileSync(file, "the one before");
  const environment = { PATH: process.env.PATH ?? "", ...aws.environment };
  const running = startOrgkeys(words("--output", file), environment, 'ulimit -f 1; exec "$@"');
  const { code, stderr } = await running.ended;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/--output .*report\.json: cannot be written/)]);
  expect(readFileSync(file, "utf8")).toBe("the one before");
  expect(readdirSync(folder).filter((name) => name.startsWith("report.json"))).toEqual(["report.json"]);
});
