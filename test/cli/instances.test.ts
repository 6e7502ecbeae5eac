import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { expectedInstances } from "../../modules/rollouts/expected-instances";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { type AwsStandIn, type StandInAccount, startStandIn } from "../live/aws-stand-in";
import { orgkeysLater, type Recorded } from "./recorded-terminal";

// Each reads the whole sample organization, and the SDK waits before it asks again.
jest.setTimeout(60_000);

const config = join(__dirname, "../../config");
/** Account security-tooling, which keeps the StackSets. */
const commercial = "100000000002";
const environment = { ...process.env };

let aws: AwsStandIn;
let loaded: LoadedPlan;
let keepers: Map<string, StandInAccount>;
beforeAll(async () => {
  aws = await startStandIn();
  const plan = loadPlan(config);
  if ("problems" in plan) throw new Error("the sample is not valid");
  loaded = plan;
  const { zones } = loaded.rollouts;
  keepers = new Map(
    zones.map(({ administrator }) => {
      const kept = zones.filter((plan) => plan.administrator === administrator);
      const stackSets = kept.flatMap((plan) => plan.stackSets.map(({ name }) => name));
      const instances = expectedInstances({ zones: kept, direct: [] }).map(({ account: _, ...each }) => {
        return { ...each, ouId: undefined, status: "CURRENT", detailedStatus: "SUCCEEDED", statusReason: undefined };
      });
      return [administrator.id, { stackSets: ["somebody-elses", ...stackSets], instances }];
    }),
  );
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.calls.length = 0;
  aws.accounts.clear();
  for (const [id, account] of keepers) aws.accounts.set(id, account);
  process.env = { ...environment, ...aws.environment };
});
afterAll(() => {
  process.env = environment;
});

const instances = (...words: string[]): Promise<Recorded> => orgkeysLater("instances", "--config", config, ...words);
function change(id: string, edit: (account: StandInAccount) => Partial<StandInAccount>): void {
  const account = keepers.get(id);
  if (account === undefined) throw new Error(`${id} keeps no StackSets`);
  aws.accounts.set(id, { ...account, ...edit(account) });
}

describe("instances", () => {
  test("that are all there are clean, in every partition, page after page", async () => {
    const { code, printed, noted } = await instances();
    expect([code, noted]).toEqual([0, ""]);
    expect(printed.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["organization", "kept in", "zones", "StackSets", "instances", "in AWS"],
      [
        "commercial",
        "security-tooling",
        "corporate, hipaa, pci",
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ],
      ["govcloud", expect.any(String), "govcloud", "1", "3", "3"],
    ]);
    expect(aws.calls.some(({ NextToken }) => NextToken !== undefined)).toBe(true);
  });

  test("are read as the audit role, with what it asks of a session, and as whom the StackSets are kept", async () => {
    await instances();
    for (const { administrator, callAs, sessionTags } of loaded.rollouts.zones) {
      const { partition, externalId, roles } = administrator.organization;
      const its = aws.calls.filter(({ account }) => account === administrator.id);
      expect(its.filter(({ Action }) => Action === "AssumeRole")).toEqual([
        expect.objectContaining({
          RoleArn: `arn:${partition}:iam::${administrator.id}:role/${roles.audit}`,
          RoleSessionName: "orgkeys",
          ...(externalId === undefined ? {} : { ExternalId: externalId }),
        }),
      ]);
      const [assume = {}] = its;
      expect(Object.keys(assume).filter((key) => key.startsWith("Tags."))).toHaveLength(
        2 * Object.keys(sessionTags).length,
      );
      const lists = its.filter(({ Action }) => Action !== "AssumeRole");
      expect(new Set(lists.map(({ Action }) => Action))).toEqual(new Set(["ListStackSets", "ListStackInstances"]));
      expect(new Set(lists.map(({ CallAs }) => CallAs))).toEqual(new Set([callAs]));
      expect(lists.filter(({ StackSetName }) => StackSetName === "somebody-elses")).toEqual([]);
    }
  });

  test("that are missing, outdated or too many are findings, and exit 2", async () => {
    change(commercial, ({ instances: [first, second, third, ...others] }) => {
      if (first === undefined || second === undefined || third === undefined) throw new Error("has too few");
      const statusReason = "Alias already exists";
      return {
        instances: [
          { ...second, status: "OUTDATED", detailedStatus: "FAILED", statusReason },
          { ...third, accountId: "999999999999" },
          third,
          ...others,
        ],
      };
    });
    const { code, printed } = await instances("--format", "json");
    const { schema, organizations, findings } = JSON.parse(printed);
    expect([code, schema]).toEqual([2, "orgkeys/instances/v1"]);
    expect(organizations).toMatchObject([{ organization: "commercial" }, { organization: "govcloud", found: 3 }]);
    expect(findings.map(({ severity, id }: { severity: string; id: string }) => `${severity} ${id}`)).toEqual([
      "critical rollout-extra",
      "high rollout-missing",
      "high rollout-outdated",
    ]);
  });

  test("of the zones that are named are read alone, and the others' StackSets are known all the same", async () => {
    const { code, printed } = await instances("--zone", "pci", "--format", "json");
    expect([code, JSON.parse(printed).organizations.map(({ zones }: { zones: string[] }) => zones)]).toEqual([
      0,
      [["pci"]],
    ]);
    const asked = new Set(aws.calls.flatMap(({ StackSetName }) => StackSetName ?? []));
    expect([...asked].filter((name) => !name.startsWith("orgkeys-pci-"))).toEqual([]);
  });

  test("are read again where AWS throttles", async () => {
    change(commercial, () => ({ fails: { action: "ListStackInstances", code: "Throttling", times: 2 } }));
    expect((await instances("--zone", "pci")).code).toBe(0);
  });

  test.each([
    [
      "the role cannot be assumed",
      "AssumeRole",
      "AccessDenied",
      /role\/OrgKeysAudit cannot be assumed: not \d+\n.*pipelines\.audit/,
    ],
    [
      "the credentials are another partition's",
      "AssumeRole",
      "InvalidClientTokenId",
      /not of partition aws, or are no more/,
    ],
    [
      "StackSets may not be listed",
      "ListStackSets",
      "AccessDenied",
      /AccessDenied: not \d+\n.*let OrgKeysAudit list StackSets/,
    ],
    [
      "instances may not be listed",
      "ListStackInstances",
      "ValidationError",
      /ValidationError: not \d+\n.*run the command again/,
    ],
  ])("of one organization are not known when %s: exit 1, and the others are told", async (_, action, code, why) => {
    change(commercial, () => ({ fails: { action, code, times: Number.POSITIVE_INFINITY } }));
    const told = await instances();
    expect(told.code).toBe(1);
    expect(told.noted).toMatch(/^\ncommercial: nothing is known of its instances: /);
    expect(told.noted).toMatch(why);
    expect(told.printed).toMatch(/^commercial .* not read\ngovcloud .* 3$/m);
  });

  test("of an answer that leaves something out are not known", async () => {
    change(commercial, ({ instances: [first, ...others] }) => ({
      instances: first === undefined ? [] : [{ ...first, status: "" }, ...others],
    }));
    const { code, noted } = await instances();
    expect([code, noted]).toEqual([
      1,
      expect.stringMatching(/AWS answered with an instance of \S+ without its status/),
    ]);
  });

  test("are not known without credentials", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const { code, noted } = await instances("--zone", "pci");
    expect([code, noted]).toEqual([
      1,
      expect.stringMatching(/there are no credentials of AWS to assume .*\n.*AWS_PROFILE/),
    ]);
    expect(aws.calls).toEqual([]);
  });

  test("of a zone that is not there are refused, with the one that was meant", async () => {
    const { code, noted } = await instances("--zone", "pcii");
    expect([code, noted]).toEqual([1, "--zone pcii: not in this map; did you mean pci?"]);
  });
});
