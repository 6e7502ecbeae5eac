import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { expectedInstances } from "../../modules/rollouts/expected-instances";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { type AwsStandIn, type StandInAccount, startStandIn } from "../live/aws-stand-in";
import { orgkeys, orgkeysLater, type Recorded } from "./recorded-terminal";

// Each reads the whole sample organization, and the SDK waits before it asks again.
jest.setTimeout(120_000);

const config = join(__dirname, "../../config");
/** Account security-tooling, which keeps the StackSets. */
const administrator = "100000000002";
const environment = { ...process.env };

let aws: AwsStandIn;
let folder: string;
let out: string;
let loaded: LoadedPlan;
let keepers: Map<string, StandInAccount>;
beforeAll(async () => {
  aws = await startStandIn();
  folder = mkdtempSync(join(tmpdir(), "orgkeys-drift-"));
  out = join(folder, "cdktf.out");
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
  const plan = loadPlan(config);
  if ("problems" in plan) throw new Error("the sample is not valid");
  loaded = plan;
  const { zones } = loaded.rollouts;
  keepers = new Map(
    zones.map(({ administrator: keeper }) => {
      const kept = zones.filter((each) => each.administrator === keeper);
      const stackSets = kept.flatMap((each) => each.stackSets.map(({ name }) => name));
      const instances = expectedInstances({ zones: kept, direct: [] }).map(({ account: _, ...each }) => {
        return { ...each, ouId: undefined, status: "CURRENT", detailedStatus: "SUCCEEDED", statusReason: undefined };
      });
      return [keeper.id, { stackSets, instances }];
    }),
  );
});
afterAll(async () => {
  process.env = environment;
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  aws.calls.length = 0;
  aws.accounts.clear();
  for (const [id, account] of keepers) aws.accounts.set(id, account);
  process.env = { ...environment, ...aws.environment };
});

const drift = (...words: string[]): Promise<Recorded> =>
  orgkeysLater("drift", "--config", config, "--out", out, "--today", "2026-11-22", ...words);

interface Read {
  readonly code: number;
  readonly noted: string;
  readonly accounts: readonly AccountDrift[];
  readonly findings: readonly DriftFinding[];
}

async function driftJson(...words: string[]): Promise<Read> {
  const { code, printed, noted } = await drift(...words, "--format", "json");
  const { accounts, findings } = JSON.parse(printed);
  return { code, noted, accounts, findings };
}

/** Nothing is in AWS, which is told as well. */
const uncheckedIn = (findings: readonly DriftFinding[]): DriftFinding[] =>
  findings.filter(({ id }) => id === "unchecked");
const namesOf = (accounts: readonly AccountDrift[]): string[] => accounts.map(({ account }) => account).sort();
const asked = (): string[] => aws.calls.flatMap(({ RoleArn }) => RoleArn?.split(":")[4] ?? []);
const fails = (id: string, action: string, code: string): void => {
  const account = aws.accounts.get(id) ?? { stackSets: [], instances: [] };
  aws.accounts.set(id, { ...account, fails: { action, code, times: Number.POSITIVE_INFINITY } });
};

describe("drift", () => {
  test("reads every active account of the map once, as its audit role, and shows the others", async () => {
    const { accounts } = await driftJson();
    expect(namesOf(accounts)).toEqual(loaded.map.accounts.map(({ name }) => name).sort());
    const active = loaded.map.accounts.filter(({ status }) => status === "active").map(({ id }) => id);
    expect(asked().sort()).toEqual([...active].sort());
    const inactive = accounts.filter(({ status }) => status === "inactive");
    expect(namesOf(inactive)).toEqual(
      loaded.map.accounts
        .filter(({ status }) => status !== "active")
        .map(({ name }) => name)
        .sort(),
    );
    expect(aws.calls.filter(({ Action }) => Action === "AssumeRole").map(({ RoleArn }) => RoleArn)).toContain(
      "arn:aws:iam::210000000001:role/OrgKeysAudit",
    );
  });
});

describe("drift of a selection", () => {
  test.each([
    [["--zone", "pci"], ["pci"], []],
    [["--account", "shop-prod"], ["corporate"], ["shop-prod"]],
    [["commercial.regulated.hipaa.*"], ["hipaa"], []],
    [["--within", "pci"], ["pci"], []],
  ])("%j reads accounts of zone %j", async (words, zones, only) => {
    const { accounts } = await driftJson(...words);
    const whole = accounts.filter(({ stacks }) => !stacks.every((stack) => /\.(guardrails|rollouts)\./.test(stack)));
    expect(new Set(whole.map(({ zone }) => zone))).toEqual(new Set(zones));
    if (only.length > 0) expect(namesOf(accounts)).toEqual(only);
  });

  test("by zone has the zone's guardrails and rollouts, where those are; within the zone's accounts it has not", async () => {
    const { accounts } = await driftJson("--zone", "pci");
    const elsewhere = accounts.filter(({ zone }) => zone !== "pci");
    expect(elsewhere.map(({ account, stacks }) => [account, stacks])).toEqual([
      ["org-management", ["commercial.guardrails.pci"]],
      ["security-tooling", ["commercial.rollouts.pci"]],
    ]);
    const { accounts: within } = await driftJson("--within", "corporate");
    const stacks = within.flatMap(({ stacks: each }) => each);
    expect(stacks).toContain("commercial.guardrails.pci");
    expect(stacks).toContain("commercial.rollouts.pci");
    expect(stacks.filter((stack) => stack.startsWith("commercial.regulated."))).toEqual([]);
  });

  test("by the names of stacks leaves out accounts without one, and --exclude those of its stacks", async () => {
    const { accounts } = await driftJson("commercial.workloads.*");
    expect(accounts.every(({ stacks }) => stacks.length > 0)).toBe(true);
    const { accounts: left } = await driftJson("--zone", "pci", "--exclude", "*.payments-prod", "*.guardrails.*");
    expect(namesOf(left)).not.toContain("payments-prod");
    expect(namesOf(left)).not.toContain("org-management");
    expect(namesOf(left)).toContain("pci-key-management");
  });

  test.each([
    [["--zone", "pcii"], "--zone pcii: neither in the map nor in the output; did you mean pci?"],
    [["--within", "pcii"], "--within pcii: not in this map; did you mean pci?"],
    [["nothing.*"], /^nothing\.\*: matches no stack; /],
    [
      ["--output", "drift", "x.json", "x.json"],
      /^--output x\.json: is there twice.*\n--output drift: does not say which format/,
    ],
    [["--output", "a.json", "b.md", "--format", "json"], /^--format json: several files/],
    [["--since", "not-there.json"], /^--since not-there\.json: cannot be read: .*; name a report/],
  ])("%j is refused before anything is read", async (words, why) => {
    const { code, noted } = await drift(...words);
    expect([code, noted.split("\n").slice(0, -2).join("\n")]).toEqual([
      1,
      typeof why === "string" ? why : expect.stringMatching(why),
    ]);
    expect(noted).toMatch(/Nothing was read\.$/);
    expect(aws.calls).toEqual([]);
  });
});

describe("an account that cannot be read", () => {
  test("is unchecked with its own reason and exit 1, and keeps nothing back of the others", async () => {
    fails("310000000002", "AssumeRole", "AccessDenied");
    const { code, accounts, findings, noted } = await driftJson("--within", "pci");
    expect(code).toBe(1);
    expect(accounts.map(({ account, status }) => `${account} ${status}`).sort()).toEqual([
      "payments-prod unread",
      "payments-test read",
      "pci-key-management read",
    ]);
    expect(uncheckedIn(findings)).toMatchObject([
      {
        severity: "high",
        place: { account: "payments-prod", resource: "the account", zone: "pci" },
        why: expect.stringMatching(/role\/OrgKeysAudit cannot be assumed: not 310000000002/),
        whatToDo: expect.stringMatching(/pipelines\.audit/),
      },
    ]);
    expect(noted).toMatch(/\d\/3 {2}payments-prod {2}not read/);
  });

  test("for want of credentials is told once for all, and asked for nobody else", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const { code, accounts, findings } = await driftJson();
    expect(code).toBe(1);
    expect(accounts.filter(({ status }) => status === "read")).toEqual([]);
    expect(findings.map(({ id, where }) => `${id} ${where}`)).toEqual([
      expect.stringMatching(/^unchecked commercial \d+ accounts of commercial$/),
      expect.stringMatching(/^unchecked govcloud \d+ accounts of govcloud$/),
    ]);
    expect(findings[0]?.whatToDo).toMatch(/AWS_PROFILE/);
  });

  test("since its partition has other credentials says so of that organization alone", async () => {
    for (const { id, organization } of loaded.map.accounts) {
      if (organization.name === "govcloud") fails(id, "AssumeRole", "InvalidClientTokenId");
    }
    const { code, accounts, findings } = await driftJson();
    expect([code, uncheckedIn(findings).map(({ where }) => where)]).toEqual([
      1,
      [expect.stringMatching(/^govcloud \d+ accounts/)],
    ]);
    const read = accounts.filter(({ status }) => status === "read");
    expect(new Set(read.map(({ organization }) => organization))).toEqual(new Set(["commercial"]));
    const govcloud = new Set(
      accounts.filter(({ organization }) => organization === "govcloud").map(({ accountId }) => accountId),
    );
    expect(asked().filter((id) => govcloud.has(id))).toHaveLength(1);
  });

  test("is not hidden by --severity: the exit code is of everything", async () => {
    fails("310000000002", "AssumeRole", "AccessDenied");
    expect((await drift("--within", "pci", "--severity", "critical")).code).toBe(1);
  });

  test("when somebody presses Ctrl-C is told with what was read, and exit 1", async () => {
    const reading = driftJson("--concurrency", "1");
    while (new Set(asked()).size < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    process.emit("SIGINT");
    const { code, accounts, findings, noted } = await reading;
    expect(code).toBe(1);
    const of = (status: string): number => accounts.filter((each) => each.status === status).length;
    expect([of("read") > 0, of("unread") > 0]).toEqual([true, true]);
    expect(findings.some(({ why }) => /the command was stopped before/.test(why))).toBe(true);
    expect(noted).toMatch(/^Ending: what was read so far is told\./m);
  });
});

describe("StackSets where they are kept", () => {
  test("are held against the map, instance by instance", async () => {
    const { stackSets, instances } = keepers.get(administrator) ?? { stackSets: [], instances: [] };
    const [first, second, ...others] = instances;
    if (first === undefined || second === undefined) throw new Error("has too few");
    const changed = [
      { ...second, status: "OUTDATED", detailedStatus: "FAILED", statusReason: "Alias exists" },
      ...others,
    ];
    aws.accounts.set(administrator, { stackSets, instances: changed });
    const { code, findings } = await driftJson("*.rollouts.*");
    expect(code).toBe(2);
    const place = { account: "security-tooling", stack: expect.stringMatching(/^commercial\.rollouts\./) };
    const ofInstances = findings.filter(({ detail }) => detail.some((each) => each.startsWith("instance ")));
    expect(ofInstances).toMatchObject([
      { id: "rollout-missing", severity: "high", place: { ...place, resource: `StackSet ${first.stackSet}` } },
      { id: "rollout-outdated", place, detail: [`instance ${second.accountId} ${second.region}`] },
    ]);
  });

  test("that cannot be listed are unchecked", async () => {
    fails(administrator, "ListStackSets", "AccessDenied");
    const { code, accounts, findings } = await driftJson("commercial.rollouts.pci");
    expect([code, accounts.map(({ status }) => status)]).toEqual([1, ["partly"]]);
    expect(uncheckedIn(findings)).toMatchObject([{ place: { resource: "instances of StackSets" } }]);
  });
});

describe("an output that is not what was reviewed", () => {
  let own: string;
  beforeEach(() => {
    own = join(mkdtempSync(join(folder, "own-")), "cdktf.out");
    cpSync(out, own, { recursive: true });
  });
  const edit = (stack: string, change: (text: string) => string): void => {
    const file = join(own, "stacks", stack, "cdk.tf.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };

  test("is told with the breach of its proof, and AWS is held against it all the same", async () => {
    edit("commercial.regulated.pci.pci-key-management", (text) => text.replaceAll("310000000002", "210000000001"));
    const { code, printed, noted } = await drift("--within", "pci", "--format", "json", "--out", own);
    expect(code).toBe(1);
    expect(noted).toMatch(/The zone proof does not hold: AWS is held against it all the same\./);
    expect(JSON.parse(printed).accounts).toHaveLength(3);
  });

  test("is told when it is older than the map", async () => {
    const name = "commercial.regulated.pci.payments-prod";
    rmSync(join(own, "stacks", name), { recursive: true });
    const manifest = join(own, "manifest.json");
    const { stacks, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
    delete stacks[name];
    writeFileSync(manifest, JSON.stringify({ stacks, ...rest }));
    const { code, noted } = await drift("--within", "pci", "--out", own);
    expect(code).toBe(1);
    expect(noted).toContain(`${own}: is older than the map, and does not have ${name}; synthesize again`);
  });
});

describe("the result of drift", () => {
  test("goes to files in the formats of their names, and its last line to the terminal", async () => {
    const files = ["drift.json", "drift.md"].map((name) => join(folder, name));
    const { code, printed, noted } = await drift("--within", "hipaa", "--output", ...files);
    expect([code, printed]).toEqual([2, ""]);
    expect(noted).toContain(`Written to ${files.join(", ")}.`);
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(JSON.parse(readFileSync(files[0] ?? "", "utf8")).schema).toBe("orgkeys/drift/v1");
  });

  test("that cannot be written is an error", async () => {
    const { code, noted } = await drift("--within", "hipaa", "--output", join(folder, "nowhere", "drift.json"));
    expect([code, noted]).toEqual([1, expect.stringMatching(/its folder does not exist/)]);
  });

  test("has a line for each account as soon as it is done", async () => {
    const { noted } = await drift("--within", "pci");
    const lines = noted.split("\n").filter((line) => /^\d\/3 /.test(line));
    expect(lines.map((line) => line.split("  ")[0])).toEqual(["1/3", "2/3", "3/3"]);
  });
});
