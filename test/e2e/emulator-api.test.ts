import { CreateRoleCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "./emulator";
import { type JsonObject, keyPolicy } from "./hand-written-stack";

const OWNER = "111111111111";
const USER = "222222222222";
const API = `arn:aws:iam::${USER}:role/app/api`;
const MISSING = `arn:aws:iam::${USER}:role/missing`;

let emulator: Emulator;
let owner: KMSClient;
let ownerWest: KMSClient;
let user: KMSClient;

beforeAll(async () => {
  emulator = await startEmulator({ name: "emulator-api" });
  await emulator.createRoles([API, API]);
  owner = (await emulator.clientsFor({ accountId: OWNER, region: "us-east-1" })).kms;
  ownerWest = (await emulator.clientsFor({ accountId: OWNER, region: "us-west-2" })).kms;
  user = (await emulator.clientsFor({ accountId: USER, region: "us-east-1" })).kms;
});

afterAll(async () => {
  await emulator?.stop();
});

/** A new multi-Region key of the owner's. */
async function newKey(policy: JsonObject = keyPolicy("aws", OWNER, API)): Promise<{ KeyId: string; Arn: string }> {
  const input = { MultiRegion: true, Policy: JSON.stringify(policy), Tags: [{ TagKey: "Of", TagValue: "primary" }] };
  const { KeyMetadata } = await owner.send(new CreateKeyCommand({ ...input, Description: "primary" }));
  return { KeyId: KeyMetadata?.KeyId ?? "", Arn: KeyMetadata?.Arn ?? "" };
}

test("it does not share accounts' things, and an assumed role is of its account", async () => {
  const { sts } = await emulator.clientsFor({ accountId: USER, region: "us-east-1", role: "OrgKeysAudit" });
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(`arn:aws:sts::${USER}:assumed-role/OrgKeysAudit/e2e`);
  const { KeyId } = await newKey();
  await expect(user.send(new DescribeKeyCommand({ KeyId }))).rejects.toThrow("does not exist");
});

test("it hands Terraform no variable that could lead to AWS", () => {
  process.env.AWS_PROFILE = "production";
  process.env.AWS_ENDPOINT_URL_KMS = "https://kms.us-east-1.amazonaws.com";
  const names = Object.keys(emulator.environment()).filter((name) => /^(AWS|TF)_/.test(name));
  delete process.env.AWS_PROFILE;
  delete process.env.AWS_ENDPOINT_URL_KMS;
  expect(names.sort()).toEqual([
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "AWS_MAX_ATTEMPTS",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SHARED_CREDENTIALS_FILE",
  ]);
});

test("it ends when the one who started it does not need it any more", async () => {
  const other = await startEmulator({ name: "emulator-stopped" });
  expect(() => process.kill(other.processId, 0)).not.toThrow();
  await other.stop();
  expect(() => process.kill(other.processId, 0)).toThrow("ESRCH");
});

test("it refuses the role of another partition", async () => {
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  const sts = new STSClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials });
  const RoleArn = `arn:aws-us-gov:iam::${OWNER}:role/OrgKeysDeploy`;
  await expect(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "e2e" }))).rejects.toThrow(
    "another partition",
  );
});

describe("a key of another account", () => {
  test("is found by its key ARN and its alias ARN", async () => {
    const { KeyId, Arn } = await newKey();
    await owner.send(new CreateAliasCommand({ AliasName: "alias/shared", TargetKeyId: KeyId }));
    for (const id of [Arn, `arn:aws:kms:us-east-1:${OWNER}:alias/shared`]) {
      const { KeyMetadata } = await user.send(new DescribeKeyCommand({ KeyId: id }));
      expect(KeyMetadata).toMatchObject({ Arn, AWSAccountId: OWNER });
    }
  });

  test("takes grants, encrypts and decrypts", async () => {
    const { Arn: KeyId } = await newKey();
    const grant = { KeyId, GranteePrincipal: API, Operations: ["Decrypt" as const] };
    const { GrantId } = await user.send(new CreateGrantCommand(grant));
    const { Grants } = await owner.send(new ListGrantsCommand({ KeyId }));
    expect(Grants).toEqual([{ ...grant, GrantId }]);
    const { CiphertextBlob } = await user.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") }));
    const { Plaintext } = await user.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("text");
    await user.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect((await owner.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
  });

  test("cannot be administered", async () => {
    const { Arn: KeyId } = await newKey();
    const Policy = JSON.stringify(keyPolicy("aws", OWNER));
    await expect(user.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toThrow("another account's");
    const alias = new CreateAliasCommand({ AliasName: "alias/taken", TargetKeyId: KeyId });
    await expect(user.send(alias)).rejects.toThrow("another account's");
  });
});

test("a key ARN of another Region is invalid, as AWS says", async () => {
  const { Arn } = await newKey();
  await expect(ownerWest.send(new DescribeKeyCommand({ KeyId: Arn }))).rejects.toThrow("Invalid arn us-east-1");
});

describe("a key policy", () => {
  test.each([
    ["a role that does not exist", keyPolicy("aws", OWNER, MISSING), `invalid principals: ${MISSING}`],
    ["a role of another partition", keyPolicy("aws", OWNER, API.replace("aws:", "aws-us-gov:")), "invalid principals"],
    ["no statements", { Version: "2012-10-17" }, "no policy document"],
    ["nobody who may change it", keyPolicy("aws", USER), "not allow you to update the key policy"],
  ])("with %s is refused", async (_, policy, message) => {
    await expect(newKey(policy)).rejects.toThrow(message);
    const { KeyId } = await newKey();
    await expect(owner.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(policy) }))).rejects.toThrow(
      message,
    );
  });

  test("over 32,768 bytes is refused", async () => {
    const long = keyPolicy("aws", OWNER, `arn:aws:iam::${USER}:role/${"x".repeat(33_000)}`);
    await expect(newKey(long)).rejects.toThrow("longer than 32768");
  });

  test("with the caller alone as its administrator is taken", async () => {
    const deploy = `arn:aws:iam::${OWNER}:role/OrgKeysDeploy`;
    await emulator.createRoles([deploy]);
    const statement = { Effect: "Allow", Principal: { AWS: deploy }, Action: ["kms:Put*"], Resource: "*" };
    await expect(newKey({ Version: "2012-10-17", Statement: [statement] })).resolves.toBeDefined();
  });

  test("with a Deny for others leaves DescribeKey alone", async () => {
    const allow = { Effect: "Allow", Principal: { AWS: OWNER }, Action: "kms:*", Resource: "*" };
    const outside = { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
    const deny = { Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*", Condition: outside };
    const { KeyId } = await newKey({ Version: "2012-10-17", Statement: [allow, deny] });
    await expect(owner.send(new DescribeKeyCommand({ KeyId }))).resolves.toBeDefined();
  });
});

test("a multi-Region key's id looks like AWS's", async () => {
  const { KeyId } = await newKey();
  expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
  await expect(owner.send(new DescribeKeyCommand({ KeyId: "mrk-0" }))).rejects.toThrow("Invalid keyId");
});

describe("a replica", () => {
  test("gets the default policy, no description and no tags when none are given", async () => {
    const { KeyId, Arn } = await newKey();
    await owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    const { Policy } = await ownerWest.send(new GetKeyPolicyCommand({ KeyId }));
    expect(Policy).not.toContain(API);
    expect((await ownerWest.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([]);
    const { KeyMetadata } = await ownerWest.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      Arn: Arn.replace("us-east-1", "us-west-2"),
      Description: "",
      KeyState: "Enabled",
    });
    const primary = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(primary.KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType).toBe("PRIMARY");
  });

  test("decrypts what its primary encrypted", async () => {
    const { KeyId } = await newKey();
    await owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    const { CiphertextBlob } = await owner.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") }));
    const { Plaintext } = await ownerWest.send(new DecryptCommand({ CiphertextBlob, KeyId }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("text");
  });

  test("is refused twice in a Region, in another partition and of a replica", async () => {
    const { KeyId } = await newKey();
    const to = (ReplicaRegion: string) => new ReplicateKeyCommand({ KeyId, ReplicaRegion });
    await owner.send(to("us-west-2"));
    await expect(owner.send(to("us-west-2"))).rejects.toThrow("has a replica in us-west-2 already");
    await expect(owner.send(to("us-gov-west-1"))).rejects.toThrow("can't be in us-gov-west-1");
    await expect(ownerWest.send(to("eu-west-1"))).rejects.toThrow("not a multi-Region primary key");
  });

  test("takes no rotation of its own and shows its primary's", async () => {
    const { KeyId } = await newKey();
    await owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    await owner.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
    const status = await ownerWest.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });
    await expect(ownerWest.send(new EnableKeyRotationCommand({ KeyId }))).rejects.toThrow("can't be set");
  });

  test("keeps its primary from being deleted", async () => {
    const { KeyId, Arn } = await newKey();
    await owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    const primary = await owner.send(new ScheduleKeyDeletionCommand({ KeyId: Arn, PendingWindowInDays: 30 }));
    expect(primary).toMatchObject({ KeyId: Arn, KeyState: "PendingReplicaDeletion" });
    const replica = await ownerWest.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(replica).toMatchObject({ KeyState: "PendingDeletion", DeletionDate: expect.any(Date) });
  });
});

describe("a grant", () => {
  test("with the same name and content is the same grant", async () => {
    const { KeyId } = await newKey();
    const grant = { KeyId, Name: "batch", GranteePrincipal: API, Operations: ["Decrypt" as const] };
    const first = await owner.send(new CreateGrantCommand(grant));
    const second = await owner.send(new CreateGrantCommand(grant));
    expect(second.GrantId).toBe(first.GrantId);
  });

  test("to a role that does not exist is refused until it does", async () => {
    const { KeyId } = await newKey();
    const GranteePrincipal = `arn:aws:iam::${USER}:role/late`;
    const grant = new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ["Decrypt"] });
    await expect(owner.send(grant)).rejects.toThrow("valid principal");
    const { iam } = await emulator.clientsFor({ accountId: USER, region: "us-east-1" });
    await iam.send(new CreateRoleCommand({ RoleName: "late", AssumeRolePolicyDocument: "{}" }));
    await expect(owner.send(grant)).resolves.toBeDefined();
  });

  test("takes no alias for its key", async () => {
    const { KeyId } = await newKey();
    await owner.send(new CreateAliasCommand({ AliasName: "alias/granted", TargetKeyId: KeyId }));
    const grant = { KeyId: "alias/granted", GranteePrincipal: API, Operations: ["Decrypt" as const] };
    await expect(owner.send(new CreateGrantCommand(grant))).rejects.toThrow("Invalid keyId");
  });
});

test("rotation outside 90 to 2560 days is refused", async () => {
  const { KeyId } = await newKey();
  for (const RotationPeriodInDays of [89, 2561]) {
    await expect(owner.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }))).rejects.toThrow(
      "90 to 2560",
    );
  }
});
