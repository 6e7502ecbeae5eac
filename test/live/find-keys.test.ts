import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { runDoubleKeys } from "../../modules/cli/run-gate";
import { wantedKeys } from "../../modules/gate/wanted-keys";
import { findKeysLike } from "../../modules/live/find-keys-like";
import { findMadeKeys } from "../../modules/live/find-made-keys";
import { sessionIn } from "../../modules/live/stack-session";
import { records, small } from "../checks/small-output";
import { inputsBetween } from "../gate/gated";
import { simulatedInput } from "../gate/simulated-plan";
import { FakeAws, type FakeKey } from "./fake-aws";

const text = small.texts.get(records.stack) ?? "";
const deploy = "arn:aws:iam::310000000001:role/OrgKeysDeploy";
const audit = "arn:aws:iam::310000000001:role/OrgKeysAudit";
const auditRole = () => "role/OrgKeysAudit";
const tags = {
  DataClass: "regulated",
  Environment: "prod",
  ManagedBy: "orgkeys",
  Owner: "clinic",
  Workload: "records",
  Zone: "health",
};
const wanted = { region: "us-east-1", tags, description: "records prod" };

function key(id: string, change: Partial<FakeKey> = {}): FakeKey {
  return { id, description: wanted.description, state: "Enabled", created: 1_767_225_600, tags, ...change };
}

let aws: FakeAws;
const before = { ...process.env };

beforeAll(() => {
  // The SDK reads the environment alone: nothing of this machine's own may get in.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
});
afterAll(() => {
  process.env = before;
});
beforeEach(async () => {
  await aws?.stop();
  aws = new FakeAws();
  process.env.AWS_ENDPOINT_URL = await aws.start();
  process.env.AWS_ACCESS_KEY_ID = "pipeline";
  process.env.AWS_SECRET_ACCESS_KEY = "secret";
  process.env.AWS_EC2_METADATA_DISABLED = "true";
});
afterAll(() => aws?.stop());

async function idsOf(found: ReturnType<ReturnType<typeof findKeysLike>>): Promise<readonly string[] | string> {
  const keys = await found;
  return "unread" in keys ? keys.unread : keys.map(({ keyId }) => keyId);
}

describe("keys that are the same as one to be made", () => {
  test("have its description and the tags that say what it is for", async () => {
    aws.keys = [
      key("same"),
      key("same-of-another-owner", { tags: { ...tags, Owner: "another", Extra: "tag" } }),
      key("leaving", { state: "PendingDeletion" }),
      key("of-another-zone", { tags: { ...tags, Zone: "corporate" } }),
      key("of-nobody", { tags: {} }),
      key("described-otherwise", { description: "records test" }),
      key("aws-managed", { manager: "AWS" }),
    ];
    const found = await findKeysLike({ auditRole })({ text }, wanted);
    expect(found).toEqual([
      expect.objectContaining({ keyId: "same", state: "Enabled", createdAt: "2026-01-01T00:00:00.000Z" }),
      expect.objectContaining({ keyId: "same-of-another-owner" }),
      expect.objectContaining({ keyId: "leaving", state: "PendingDeletion", deletedAt: "2026-01-31T00:00:00.000Z" }),
    ]);
    expect(aws.calls.filter((call) => call === "ListKeys")).toHaveLength(4);
    expect(aws.calls.filter((call) => call.startsWith("AssumeRole"))).toEqual([`AssumeRole ${audit}`]);
  });

  test("are read once for all keys of an account and Region", async () => {
    aws.keys = [key("same")];
    const find = findKeysLike({ auditRole });
    expect(await idsOf(find({ text }, wanted))).toEqual(["same"]);
    const calls = aws.calls.length;
    expect(await idsOf(find({ text }, { ...wanted, description: "another" }))).toEqual([]);
    expect(aws.calls).toHaveLength(calls);
  });

  test("are read as the stack's provider does: with its session's name, external id and tags", async () => {
    const json = JSON.parse(text);
    json.provider.aws[0].assume_role[0].tags = { zone: "health$${x}" };
    await findKeysLike({ auditRole: () => undefined })({ text: JSON.stringify(json) }, wanted);
    const [form] = aws.sessions;
    expect(form?.get("RoleArn")).toBe(deploy);
    expect(form?.get("RoleSessionName")).toBe("orgkeys");
    expect(form?.get("ExternalId")).toBe("orgkeys-acme");
    expect(form?.get("Tags.member.1.Value")).toBe("health${x}");
  });

  test.each([
    ["cannot be assumed", () => aws.refused.add(audit)],
    ["may not list", () => aws.denied.add("OrgKeysAudit ListKeys")],
    ["may not read tags", () => aws.denied.add("OrgKeysAudit ListResourceTags")],
  ])("are read with the deploy role when the audit role %s", async (_, deny) => {
    aws.keys = [key("same")];
    deny();
    expect(await idsOf(findKeysLike({ auditRole })({ text }, wanted))).toEqual(["same"]);
    expect(aws.calls).toContain(`AssumeRole ${deploy}`);
  });

  test("are unread when neither role may, with what each was told", async () => {
    aws.refused.add(audit).add(deploy);
    const found = await idsOf(findKeysLike({ auditRole })({ text }, wanted));
    expect(found).toBe(`as ${audit}: AccessDenied: not ${audit}; as ${deploy}: AccessDenied: not ${deploy}`);
  });

  test("are unread in a Region for which the stack has no provider", async () => {
    const found = await idsOf(findKeysLike({ auditRole })({ text }, { ...wanted, region: "eu-west-1" }));
    expect(found).toBe("the stack has no provider in eu-west-1");
    expect(aws.calls).toEqual([]);
  });
});

describe("keys that a cut apply has made", () => {
  test("have exactly the planned tags, are not older than it, and are not in the state", async () => {
    aws.keys = [
      key("made", { created: 1_767_225_660 }),
      key("known", { created: 1_767_225_660 }),
      key("older", { created: 1_767_225_500 }),
      key("leaving", { created: 1_767_225_660, state: "PendingDeletion" }),
      key("with-more-tags", { created: 1_767_225_660, tags: { ...tags, Extra: "tag" } }),
    ];
    const find = findMadeKeys({ auditRole });
    const found = find({ text }, wanted, "2026-01-01T00:00:00.500Z", ({ keyId }) => keyId === "known");
    expect(await idsOf(found)).toEqual(["made"]);
  });
});

describe("keys that one apply made twice", () => {
  const since = "2026-01-01T00:00:30.500Z";
  const [input] = inputsBetween(undefined, small).filter(({ node }) => node.name === records.stack);
  const address = `aws_kms_key.${records.key}`;
  const made = new Map([[address, "kept"]]);
  if (input === undefined) throw new Error("no plan");
  const planned = wantedKeys(input).find((each) => each.address === address);
  if (planned === undefined) throw new Error("no key");
  const same = (id: string, created: number): FakeKey => ({
    ...key(id, { created }),
    tags: planned.tags,
    description: planned.description,
  });

  test("are those beside the one of the state that its apply made", async () => {
    aws.keys = [
      same("kept", 1_767_225_660),
      same("double", 1_767_225_660),
      same("older", 1_767_225_600),
      { ...same("let-go", 1_767_225_660), state: "PendingDeletion" },
      { ...same("another", 1_767_225_660), tags: { ...planned.tags, Workload: "another" } },
    ];
    const arn = "arn:aws:kms:us-east-1:310000000001:key/double";
    expect(await runDoubleKeys(small.rules.zones)(input, since, made)).toEqual([{ address, arn, kept: "kept" }]);
  });

  test("are found by the state alone when nobody knows any more what was made", async () => {
    const [later] = [simulatedInput(records.stack, input.text, input.text)];
    const state = later.plan.resource_changes?.find((each) => each.address === address)?.change.before;
    const kept = String(state?.arn).replace(/^.*\//, "");
    aws.keys = [same(kept, 1_767_225_660), same("double", 1_767_225_660)];
    expect(await runDoubleKeys(small.rules.zones)(later, since, undefined)).toEqual([
      expect.objectContaining({ address, kept }),
    ]);
  });

  test("are unknown when no role may look", async () => {
    aws.refused.add(audit).add(deploy);
    expect(await runDoubleKeys(small.rules.zones)(input, since, made)).toEqual({
      unknown: expect.stringContaining("AccessDenied"),
    });
  });
});

describe("a session", () => {
  const edited = (change: (provider: Record<string, unknown>) => void) => {
    const json = JSON.parse(text);
    change(json.provider.aws[0]);
    return sessionIn(JSON.stringify(json), "us-east-1");
  };
  const unread = {
    unread: "the stack's provider in us-east-1 does not say for certain which role of which account it assumes",
  };

  test.each<[string, (provider: Record<string, unknown>) => void]>([
    ["has no role", (provider) => delete provider.assume_role],
    [
      "has a role of another account",
      (provider) => {
        provider.allowed_account_ids = ["999999999999"];
      },
    ],
    [
      "has an argument that nobody knows",
      (provider) => {
        provider.assume_role = [{ role_arn: deploy, policy: "{}" }];
      },
    ],
    [
      "has an expression for a role",
      (provider) => {
        provider.assume_role = [{ role_arn: "${var.role}" }];
      },
    ],
  ])("is none where the provider %s", (_, change) => {
    expect(edited(change)).toEqual(unread);
  });
});
