import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { callBudget } from "../../modules/live/call-budget";
import type { LiveKey, LiveRegion, Reading, UnreadKey } from "../../modules/live/live-account";
import { readAccount } from "../../modules/live/read-account";
import {
  type AwsFields,
  json,
  type KmsCall,
  type KmsStandIn,
  kmsError,
  nothing,
  type StandInAnswer,
  type StandInKey,
  type StandInRegion,
  startKmsStandIn,
} from "./kms-stand-in";

const accountId = "310000000001";
const here = `${accountId} us-east-1`;

let aws: KmsStandIn;
beforeEach(async () => {
  aws = await startKmsStandIn();
});
afterEach(() => aws.stop());

function key(id: string, change: Omit<Partial<StandInKey>, "metadata"> & { metadata?: AwsFields } = {}): StandInKey {
  const metadata = {
    AWSAccountId: accountId,
    KeyId: id,
    Arn: `arn:aws:kms:us-east-1:${accountId}:key/${id}`,
    CreationDate: 1_767_225_600.5,
    Description: "records prod",
    Enabled: true,
    KeyManager: "CUSTOMER",
    KeySpec: "SYMMETRIC_DEFAULT",
    KeyState: "Enabled",
    KeyUsage: "ENCRYPT_DECRYPT",
    MultiRegion: false,
    Origin: "AWS_KMS",
  };
  return {
    policy: '{"Version":"2012-10-17","Statement":[]}',
    rotation: { KeyRotationEnabled: true, RotationPeriodInDays: 180 },
    tags: { Owner: "clinic", Zone: "health" },
    grants: [],
    ...change,
    metadata: { ...metadata, ...change.metadata },
  };
}

function grant(id: string, change: AwsFields = {}): AwsFields {
  return {
    GrantId: id,
    Name: "batch",
    CreationDate: 1_767_225_600,
    GranteePrincipal: `arn:aws:iam::${accountId}:role/batch`,
    IssuingAccount: `arn:aws:iam::${accountId}:root`,
    Operations: ["Decrypt"],
    ...change,
  };
}

function has(region: Partial<StandInRegion>, where = here): void {
  aws.regions.set(where, { ...nothing, ...region });
}

async function read(change: { stores?: boolean; attempts?: number; budget?: ReturnType<typeof callBudget> } = {}) {
  const { stores = false, attempts = 3, budget = callBudget(64) } = change;
  const settings = { ...aws.settings(accountId), maxAttempts: attempts };
  const keyStoresIn = new Set(stores ? ["us-east-1"] : []);
  const { regions } = await readAccount(settings, { accountId, regions: ["us-east-1"], keyStoresIn }, budget);
  return regions[0] as LiveRegion;
}

function told<Value>(reading: Reading<Value> | undefined): Value {
  if (reading === undefined || "unread" in reading) throw new Error(JSON.stringify(reading));
  return reading.value;
}

function onlyKey(region: LiveRegion): LiveKey {
  const [only] = told(region.keys);
  if (only === undefined || "unread" in only) throw new Error(JSON.stringify(only));
  return only;
}

function callsOf(action: string): KmsCall[] {
  return aws.calls.filter((call) => call.action === action);
}

function fail(action: string, answer: StandInAnswer, keyId?: string): void {
  aws.answer = (call) =>
    call.action === action && (keyId ?? call.input.KeyId) === call.input.KeyId ? answer : undefined;
}

const denied = kmsError("AccessDeniedException", "User: audit is not authorized to do this");
const toldDenied = "AccessDeniedException: User: audit is not authorized to do this";

describe("a key is read", () => {
  test("with everything that belongs to it", async () => {
    has({
      keys: [
        key("1", {
          grants: [
            grant("b", {
              RetiringPrincipal: `arn:aws:iam::${accountId}:role/owner`,
              Constraints: { EncryptionContextSubset: { app: "records" }, EncryptionContextEquals: { a: "b" } },
            }),
            grant("a", {
              Name: undefined,
              GranteePrincipal: undefined,
              GranteeServicePrincipal: "rds.amazonaws.com",
              RetiringServicePrincipal: "rds.amazonaws.com",
              Constraints: { SourceArn: "arn:aws:rds:us-east-1:310000000001:db:records" },
            }),
          ],
        }),
      ],
      aliases: [
        { AliasName: "alias/records-prod", TargetKeyId: "1" },
        { AliasName: "alias/left", AliasArn: "…" },
      ],
    });
    expect(await read()).toEqual({
      region: "us-east-1",
      keys: {
        value: [
          {
            keyId: "1",
            arn: `arn:aws:kms:us-east-1:${accountId}:key/1`,
            state: "Enabled",
            createdAt: "2026-01-01T00:00:00.500Z",
            deletedAt: undefined,
            description: "records prod",
            spec: "SYMMETRIC_DEFAULT",
            usage: "ENCRYPT_DECRYPT",
            origin: "AWS_KMS",
            multiRegion: undefined,
            keyStoreId: undefined,
            materialExpiresAt: undefined,
            policy: { value: '{"Version":"2012-10-17","Statement":[]}' },
            rotation: { value: { enabled: true, periodDays: 180 } },
            tags: { value: { Owner: "clinic", Zone: "health" } },
            grants: {
              value: [
                {
                  id: "a",
                  name: "",
                  grantee: "rds.amazonaws.com",
                  retiring: "rds.amazonaws.com",
                  namesService: true,
                  sourceArn: "arn:aws:rds:us-east-1:310000000001:db:records",
                  issuingAccount: `arn:aws:iam::${accountId}:root`,
                  operations: ["Decrypt"],
                  equals: undefined,
                  subset: undefined,
                  createdAt: "2026-01-01T00:00:00.000Z",
                },
                {
                  id: "b",
                  name: "batch",
                  grantee: `arn:aws:iam::${accountId}:role/batch`,
                  retiring: `arn:aws:iam::${accountId}:role/owner`,
                  namesService: false,
                  sourceArn: undefined,
                  issuingAccount: `arn:aws:iam::${accountId}:root`,
                  operations: ["Decrypt"],
                  equals: { a: "b" },
                  subset: { app: "records" },
                  createdAt: "2026-01-01T00:00:00.000Z",
                },
              ],
            },
          },
        ],
      },
      aliases: {
        value: [
          { name: "alias/left", keyId: undefined },
          { name: "alias/records-prod", keyId: "1" },
        ],
      },
      keyStores: undefined,
    });
  });

  test("with the day of its deletion, and the end of its material", async () => {
    has({
      keys: [
        key("leaving", { metadata: { KeyState: "PendingDeletion", DeletionDate: 1_769_817_600 } }),
        key("imported", { metadata: { Origin: "EXTERNAL", ValidTo: 1_800_000_000 } }),
      ],
    });
    const [imported, leaving] = told((await read()).keys);
    expect(leaving).toMatchObject({ state: "PendingDeletion", deletedAt: "2026-01-31T00:00:00.000Z" });
    expect(imported).toMatchObject({ origin: "EXTERNAL", materialExpiresAt: "2027-01-15T08:00:00.000Z" });
  });

  test("with its primary and its replicas", async () => {
    const related = (kind: string): AwsFields => ({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: kind,
        PrimaryKey: { Arn: "…", Region: "us-east-1" },
        ReplicaKeys: [
          { Arn: "…", Region: "us-west-2" },
          { Arn: "…", Region: "eu-west-1" },
        ],
      },
    });
    has({ keys: [key("mrk-1", { metadata: related("PRIMARY") }), key("mrk-2", { metadata: related("REPLICA") })] });
    const replicas = ["eu-west-1", "us-west-2"];
    expect(told((await read()).keys)).toEqual([
      expect.objectContaining({ multiRegion: { kind: "primary", primaryRegion: "us-east-1", replicas } }),
      expect.objectContaining({ multiRegion: { kind: "replica", primaryRegion: "us-east-1", replicas } }),
    ]);
  });

  test.each([
    ["of one Region, by its id", "1", undefined],
    ["with what is missing, by its id", "mrk-1", "AWS answered with multi-Region key mrk-1 without its other Regions"],
  ])("%s, where AWS does not say", async (_, id, unread) => {
    has({ keys: [key(id, { metadata: { MultiRegion: undefined } })] });
    const [only] = told((await read()).keys);
    expect(only).toMatchObject(unread === undefined ? { multiRegion: undefined } : { keyId: id, unread });
  });

  test("in every Region of its account, in the Regions' own order", async () => {
    const west = key("2", { metadata: { Arn: `arn:aws:kms:us-west-2:${accountId}:key/2` } });
    has({ keys: [key("1")] });
    has({ keys: [west] }, `${accountId} us-west-2`);
    const target = { accountId, regions: ["us-west-2", "us-east-1"], keyStoresIn: new Set<string>() };
    const { regions } = await readAccount(aws.settings(accountId), target, callBudget(64));
    expect(regions.map(({ region, keys }) => [region, told(keys).map(({ keyId }) => keyId)])).toEqual([
      ["us-west-2", ["2"]],
      ["us-east-1", ["1"]],
    ]);
  });

  test("with every page of everything", async () => {
    aws.pageSize = 1;
    has({
      keys: ["3", "1", "2"].map((id) => key(id, { grants: [grant("z"), grant("y")] })),
      aliases: [{ AliasName: "alias/b" }, { AliasName: "alias/a" }],
      keyStores: [store("cks-2"), store("cks-1")],
    });
    const region = await read({ stores: true });
    const keys = told(region.keys) as readonly LiveKey[];
    expect(keys.map(({ keyId }) => keyId)).toEqual(["1", "2", "3"]);
    expect(keys.map(({ tags }) => tags)).toEqual(Array(3).fill({ value: { Owner: "clinic", Zone: "health" } }));
    expect(keys.map(({ grants }) => told(grants).map(({ id }) => id))).toEqual(Array(3).fill(["y", "z"]));
    expect(told(region.aliases).map(({ name }) => name)).toEqual(["alias/a", "alias/b"]);
    expect(told(region.keyStores).map(({ id }) => id)).toEqual(["cks-1", "cks-2"]);
  });

  test("once, also where pages move while they are read", async () => {
    has({ keys: [key("1")] });
    aws.answer = ({ action, input }) =>
      action === "ListKeys" && input.Marker === undefined
        ? json({ Keys: [{ KeyId: "1" }], Truncated: true, NextMarker: "0" })
        : undefined;
    expect(told((await read()).keys)).toHaveLength(1);
    expect(callsOf("DescribeKey")).toHaveLength(1);
  });

  test("with 10,000 grants, by the hundred", async () => {
    has({ keys: [key("1", { grants: Array.from({ length: 10_000 }, (_, index) => grant(String(index))) })] });
    expect(told(onlyKey(await read()).grants)).toHaveLength(10_000);
    expect(callsOf("ListGrants")).toHaveLength(100);
  });
});

describe("keys that AWS manages are left out", () => {
  const managed = key("aws", { metadata: { KeyManager: "AWS" } });

  test("without a look at those that have an alias of AWS", async () => {
    has({ keys: [key("1"), managed], aliases: [{ AliasName: "alias/aws/s3", TargetKeyId: "aws" }] });
    const { keys, aliases } = await read();
    expect(told(keys).map(({ keyId }) => keyId)).toEqual(["1"]);
    expect(aliases).toEqual({ value: [] });
    expect(callsOf("DescribeKey").map(({ input }) => input.KeyId)).toEqual(["1"]);
  });

  test("also where nobody may list aliases", async () => {
    has({ keys: [key("1"), managed], aliases: [{ AliasName: "alias/aws/s3", TargetKeyId: "aws" }] });
    fail("ListAliases", denied);
    const { keys, aliases } = await read();
    expect(told(keys).map(({ keyId }) => keyId)).toEqual(["1"]);
    expect(aliases).toMatchObject({ unread: toldDenied });
    expect(callsOf("GetKeyPolicy")).toHaveLength(1);
  });
});

describe("rotation is asked for", () => {
  test.each<[string, boolean, AwsFields]>([
    ["of a symmetric key", true, {}],
    ["of a disabled one", true, { KeyState: "Disabled" }],
    ["not of an asymmetric one", false, { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }],
    ["not of one for codes", false, { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }],
    ["not of imported material", false, { Origin: "EXTERNAL" }],
    ["not of material in a custom key store", false, { Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1" }],
    ["not of one that waits for its deletion", false, { KeyState: "PendingDeletion" }],
    ["not of a primary that waits for its replicas' deletion", false, { KeyState: "PendingReplicaDeletion" }],
  ])("%s", async (_, asked, metadata) => {
    has({ keys: [key("1", { metadata })] });
    const rotation = asked ? { enabled: true, periodDays: 180 } : undefined;
    expect(onlyKey(await read()).rotation).toEqual({ value: rotation });
    expect(callsOf("GetKeyRotationStatus")).toHaveLength(asked ? 1 : 0);
  });

  test("and has no period where it is off", async () => {
    has({ keys: [key("1", { rotation: { KeyRotationEnabled: false } })] });
    expect(onlyKey(await read()).rotation).toEqual({ value: { enabled: false, periodDays: undefined } });
  });
});

function store(id: string, change: AwsFields = {}): AwsFields {
  return {
    CustomKeyStoreId: id,
    CustomKeyStoreName: `name of ${id}`,
    CustomKeyStoreType: "AWS_CLOUDHSM",
    ConnectionState: "CONNECTED",
    CloudHsmClusterId: "cluster-1",
    ...change,
  };
}

describe("custom key stores are read", () => {
  const external = store("cks-2", {
    CustomKeyStoreType: "EXTERNAL_KEY_STORE",
    CloudHsmClusterId: undefined,
    ConnectionState: "FAILED",
    ConnectionErrorCode: "XKS_PROXY_NOT_REACHABLE",
    XksProxyConfiguration: {
      AccessKeyId: "ABCD1234",
      Connectivity: "PUBLIC_ENDPOINT",
      UriEndpoint: "https://xks.example.com",
      UriPath: "/prod/kms/xks/v1",
    },
  });
  const cloudHsm = {
    id: "cks-1",
    name: "name of cks-1",
    type: "AWS_CLOUDHSM",
    connectionState: "CONNECTED",
    connectionError: undefined,
    cloudHsmClusterId: "cluster-1",
    proxy: {},
  };

  test("where somebody asks for them, with what they are connected to", async () => {
    has({ keyStores: [external, store("cks-1")] });
    expect((await read({ stores: true })).keyStores).toEqual({
      value: [
        cloudHsm,
        {
          ...cloudHsm,
          id: "cks-2",
          name: "name of cks-2",
          type: "EXTERNAL_KEY_STORE",
          connectionState: "FAILED",
          connectionError: "XKS_PROXY_NOT_REACHABLE",
          cloudHsmClusterId: undefined,
          proxy: {
            Connectivity: "PUBLIC_ENDPOINT",
            UriEndpoint: "https://xks.example.com",
            UriPath: "/prod/kms/xks/v1",
          },
        },
      ],
    });
  });

  test("where a key is in one", async () => {
    has({
      keys: [key("1", { metadata: { Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1" } })],
      keyStores: [store("cks-1")],
    });
    const { keys, keyStores } = await read();
    expect(told(keys)).toEqual([expect.objectContaining({ keyStoreId: "cks-1" })]);
    expect(keyStores).toEqual({ value: [cloudHsm] });
  });

  test("nowhere else", async () => {
    has({ keys: [key("1")], keyStores: [store("cks-1")] });
    expect((await read()).keyStores).toBeUndefined();
    expect(callsOf("DescribeCustomKeyStores")).toEqual([]);
  });
});

describe("a key that AWS deletes while it is read is none", () => {
  const gone = kmsError("NotFoundException", "Key does not exist");
  test.each(["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "ListGrants"])(
    "as %s says",
    async (action) => {
      has({ keys: [key("1"), key("gone")] });
      fail(action, gone, "gone");
      expect(told((await read()).keys)).toEqual([expect.objectContaining({ keyId: "1" })]);
    },
  );
});

describe("what is denied is unread in its own place, and keeps nothing else back:", () => {
  const parts = [
    ["GetKeyPolicy", "policy"],
    ["GetKeyRotationStatus", "rotation"],
    ["ListResourceTags", "tags"],
    ["ListGrants", "grants"],
  ] as const;

  test.each(parts)("%s of one key", async (action, part) => {
    has({ keys: [key("1"), key("2")] });
    fail(action, denied, "2");
    const [one, two] = told((await read()).keys) as readonly LiveKey[];
    expect(two?.[part]).toEqual({
      unread: toldDenied,
      whatToDo: `let the audit role call kms:${action}, as rollout access-roles does; where it comes by that, look for the key's policy, a boundary or an organization's policy that keeps it from it (docs/rollouts.md#access-roles)`,
    });
    for (const [, other] of parts) {
      if (other !== part) expect(two?.[other]).toEqual({ value: expect.anything() });
      expect(one?.[other]).toEqual({ value: expect.anything() });
    }
  });

  test("DescribeKey of one key", async () => {
    has({ keys: [key("1"), key("2")] });
    fail("DescribeKey", denied, "2");
    expect(told((await read()).keys)).toEqual([
      expect.objectContaining({ keyId: "1", state: "Enabled" }),
      { keyId: "2", unread: toldDenied, whatToDo: expect.stringContaining("kms:DescribeKey") },
    ]);
    expect(callsOf("GetKeyPolicy")).toHaveLength(1);
  });

  test("the list of keys", async () => {
    has({ keys: [key("1")], aliases: [{ AliasName: "alias/a" }] });
    fail("ListKeys", denied);
    const { keys, aliases } = await read();
    expect(keys).toEqual({
      unread: toldDenied,
      whatToDo:
        "let the audit role call kms:ListKeys, as rollout access-roles does; where it comes by that, look for a boundary or an organization's policy that keeps it from it (docs/rollouts.md#access-roles)",
    });
    expect(told(aliases)).toHaveLength(1);
  });

  test("everything", async () => {
    has({ keys: [key("1")] });
    aws.answer = () => denied;
    expect(await read({ stores: true })).toEqual({
      region: "us-east-1",
      keys: expect.objectContaining({ unread: toldDenied }),
      aliases: expect.objectContaining({ unread: toldDenied }),
      keyStores: expect.objectContaining({ unread: toldDenied }),
    });
    expect(aws.calls).toHaveLength(3);
  });

  test("half of the accounts", async () => {
    const accounts = Array.from({ length: 10 }, (_, index) => String(310_000_000_000 + index));
    aws.answer = (call) => (Number(call.accountId) % 2 === 0 ? denied : undefined);
    const reads = accounts.map((each) =>
      readAccount(
        aws.settings(each),
        { accountId: each, regions: ["us-east-1"], keyStoresIn: new Set() },
        callBudget(4),
      ),
    );
    const unread = (await Promise.all(reads)).map(({ regions }) => regions.map(({ keys }) => "unread" in keys));
    expect(unread).toEqual(accounts.map((_, index) => [index % 2 === 0]));
  });
});

test.each([
  ["UnrecognizedClientException", "switch the Region on in that account"],
  ["ExpiredTokenException", "run the command again: the role's session has ended"],
  ["KMSInvalidStateException", "mend what it says, and run the command again"],
])("%s says what to do about it", async (code, whatToDo) => {
  aws.answer = () => kmsError(code, "no");
  const { keys } = await read();
  expect(keys).toEqual({ unread: `${code}: no`, whatToDo: expect.stringContaining(whatToDo) });
});

describe("AWS that is slow", () => {
  test("is asked again, at its pace", async () => {
    has({ keys: [key("1")] });
    aws.answer = ({ action }, times) =>
      action === "GetKeyPolicy" && times === 1 ? kmsError("ThrottlingException", "Rate exceeded") : undefined;
    const budget = callBudget(64);
    expect(onlyKey(await read({ budget })).policy).toEqual({ value: expect.any(String) });
    expect(callsOf("GetKeyPolicy")).toHaveLength(2);
    expect(budget.calls).toBe(aws.calls.length);
  });

  test("is unread when it throttles for ever", async () => {
    has({ keys: [key("1")] });
    fail("ListGrants", kmsError("ThrottlingException", "Rate exceeded"));
    expect(onlyKey(await read({ attempts: 2 })).grants).toEqual({
      unread: "ThrottlingException: Rate exceeded",
      whatToDo: "run the command again later, or with a smaller --calls",
    });
    expect(callsOf("ListGrants")).toHaveLength(2);
  });

  test("is asked again where it breaks the connection", async () => {
    has({ keys: [key("1")] });
    aws.answer = (_, times) => (times === 1 ? "cut" : undefined);
    expect(onlyKey(await read()).state).toBe("Enabled");
  });

  test.each<[string, StandInAnswer]>([
    ["never answers", "never"],
    ["begins an answer and does not end it", "half"],
  ])("is unread where it %s, and not asked for the keys that are left", async (_, answer) => {
    has({ keys: Array.from({ length: 20 }, (_each, index) => key(`key-${index + 10}`)) });
    fail("DescribeKey", answer);
    const keys = told((await read({ attempts: 2 })).keys);
    expect(keys).toHaveLength(20);
    for (const each of keys as readonly UnreadKey[]) {
      expect(each.unread).toMatch(/^TimeoutError: /);
      expect(each.whatToDo).toMatch(/^look whether this machine reaches AWS KMS in that Region/);
    }
    expect(callsOf("DescribeKey").length).toBeLessThanOrEqual(8);
  });
});

describe("an answer that makes no sense is unread:", () => {
  const notAws = "look whether a proxy answers in place of AWS KMS, and run the command again";
  const whole: readonly (readonly [string, string, StandInAnswer, string])[] = [
    ["no list", "ListKeys", json({}), "AWS answered without its list of keys"],
    ["a key without its id", "ListKeys", json({ Keys: [{}] }), "AWS answered with a key without its id"],
    [
      "more that is nowhere",
      "ListKeys",
      json({ Keys: [], Truncated: true }),
      "AWS answered with a page of keys that leads to no other",
    ],
    [
      "pages that go round",
      "ListKeys",
      json({ Keys: [], Truncated: true, NextMarker: "0" }),
      "AWS answered a list of keys without an end",
    ],
    ["nothing", "ListKeys", { status: 200, body: "" }, "AWS answered without its list of keys"],
  ];
  test.each(whole)("%s", async (_, action, answer, unread) => {
    has({ keys: [key("1")] });
    fail(action, answer);
    expect((await read()).keys).toEqual({ unread, whatToDo: notAws });
  });

  test.each<[string, StandInAnswer, RegExp]>([
    ["a page of a proxy", { status: 200, body: "<html>Sign in</html>" }, /^SyntaxError: [^\n]*is not valid JSON$/],
    ["half of a text", { status: 200, body: '{"Keys": [' }, /^SyntaxError: Unexpected end of JSON input$/],
    ["an error of a proxy", { status: 502, body: "<html>Bad Gateway</html>" }, /^SyntaxError: /],
    ["a text for a list", json({ Keys: "" }), /^AWS answered without its list of keys$/],
    ["an object for a list", json({ Keys: { KeyId: "1" } }), /\S/],
  ])("%s", async (_, answer, unread) => {
    fail("ListKeys", answer);
    const { keys } = await read({ attempts: 1 });
    expect(keys).toEqual({ unread: expect.stringMatching(unread), whatToDo: notAws });
  });

  const ofKey = (change: AwsFields): StandInAnswer => json({ KeyMetadata: { ...key("1").metadata, ...change } });
  test.each<[string, StandInAnswer, string | RegExp]>([
    ["no metadata", json({}), "AWS answered with a key without its metadata"],
    ["another key", ofKey({ KeyId: "2" }), "AWS answered with another key than 1"],
    ["no ARN", ofKey({ Arn: undefined }), "AWS answered with key 1 without its ARN"],
    [
      "a key of another account",
      ofKey({ Arn: "arn:aws:kms:us-east-1:310000000002:key/1" }),
      "AWS answered with arn:aws:kms:us-east-1:310000000002:key/1, which is not in us-east-1 of 310000000001",
    ],
    ["no state", ofKey({ KeyState: undefined }), "AWS answered with key 1 without its state"],
    ["no manager", ofKey({ KeyManager: undefined }), "AWS answered with key 1 without its manager"],
    ["no spec", ofKey({ KeySpec: undefined }), "AWS answered with key 1 without its spec"],
    ["no usage", ofKey({ KeyUsage: undefined }), "AWS answered with key 1 without its usage"],
    ["no origin", ofKey({ Origin: undefined }), "AWS answered with key 1 without its origin"],
    ["no date", ofKey({ CreationDate: undefined }), "AWS answered with key 1 without its date of creation"],
    ["a date that is none", ofKey({ CreationDate: "yesterday" }), /\S/],
    [
      "a multi-Region key by itself",
      ofKey({ MultiRegion: true }),
      "AWS answered with multi-Region key 1 without its other Regions",
    ],
  ])("a key, %s", async (_, answer, unread) => {
    has({ keys: [key("1")] });
    fail("DescribeKey", answer);
    expect(told((await read()).keys)).toEqual([
      {
        keyId: "1",
        unread: typeof unread === "string" ? unread : expect.stringMatching(unread),
        whatToDo: notAws,
      },
    ]);
  });

  test.each<[string, keyof LiveKey, StandInAnswer, string]>([
    ["GetKeyPolicy", "policy", json({}), "AWS answered with a key policy without its text"],
    ["GetKeyPolicy", "policy", json({ Policy: "{" }), "AWS answered with a key policy that is no JSON"],
    ["GetKeyRotationStatus", "rotation", json({}), "AWS answered with a rotation of key 1 that is neither on nor off"],
    ["ListResourceTags", "tags", json({}), "AWS answered without its list of tags"],
    ["ListResourceTags", "tags", json({ Tags: [{ TagValue: "a" }] }), "AWS answered with a tag without its key"],
    ["ListResourceTags", "tags", json({ Tags: [{ TagKey: "a" }] }), "AWS answered with a tag without its value"],
    ["ListGrants", "grants", json({}), "AWS answered without its list of grants"],
    [
      "ListGrants",
      "grants",
      json({ Grants: [grant("a", { GranteePrincipal: undefined })] }),
      "AWS answered with grant a of key 1 without its grantee",
    ],
    [
      "ListGrants",
      "grants",
      json({ Grants: [grant("a", { Operations: undefined })] }),
      "AWS answered with grant a of key 1 without its operations",
    ],
  ])("%s, %s", async (action, part, answer, unread) => {
    has({ keys: [key("1")] });
    fail(action, answer);
    expect(onlyKey(await read())[part]).toEqual({ unread, whatToDo: notAws });
  });
});
