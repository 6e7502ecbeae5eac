import { CreateRoleCommand } from "@aws-sdk/client-iam";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateCustomKeyStoreCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "./emulator";
import { type JsonObject, keyPolicy } from "./hand-written-stack";
import { importKeyMaterial } from "./key-material";

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

/** A new key of the owner's, of any kind. */
async function newKeyOf(input: CreateKeyCommandInput): Promise<{ KeyId: string; Arn: string }> {
  const { KeyMetadata } = await owner.send(new CreateKeyCommand(input));
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
  const madeByUser = { CreationDate: expect.any(Date), IssuingAccount: `arn:aws:iam::${USER}:root` };

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
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    const { Grants } = await owner.send(new ListGrantsCommand({ KeyId }));
    expect(Grants).toEqual([{ ...grant, ...madeByUser, GrantId }]);
    const { CiphertextBlob } = await user.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") }));
    const { Plaintext } = await user.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("text");
    await user.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect((await owner.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
  });

  test("shows its grants to their user, who retires them by AWS's ids of 64 digits", async () => {
    const { Arn: KeyId } = await newKey();
    const deploy = `arn:aws:iam::${USER}:role/OrgKeysDeploy`;
    const grant = { KeyId, GranteePrincipal: API, RetiringPrincipal: deploy, Operations: ["Decrypt" as const] };
    await emulator.createRoles([deploy]);
    const { GrantId } = await user.send(new CreateGrantCommand(grant));
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    const { Grants } = await user.send(new ListGrantsCommand({ KeyId }));
    expect(Grants).toEqual([{ ...grant, ...madeByUser, GrantId }]);
    await user.send(new RetireGrantCommand({ KeyId, GrantId }));
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

describe("a grant's content", () => {
  const operation = (KeyId: string, operation: "Decrypt" | "GenerateMac" | "Sign", GranteePrincipal = API) =>
    new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: [operation] });

  test("is for what the key can do", async () => {
    const { KeyId } = await newKeyOf({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    await expect(owner.send(operation(KeyId, "Decrypt"))).rejects.toThrow("not possible on a HMAC_256 key");
    await expect(owner.send(operation(KeyId, "GenerateMac"))).resolves.toBeDefined();
  });

  test("has constraints on symmetric keys alone", async () => {
    const { KeyId } = await newKeyOf({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
    const Constraints = { EncryptionContextEquals: { app: "payments" } };
    const grant = { KeyId, GranteePrincipal: API, Operations: ["Decrypt" as const] };
    await expect(owner.send(new CreateGrantCommand({ ...grant, Constraints }))).rejects.toThrow("not possible");
    await expect(owner.send(new CreateGrantCommand(grant))).resolves.toBeDefined();
  });

  test("may name a service", async () => {
    const { KeyId } = await newKey();
    await expect(owner.send(operation(KeyId, "Decrypt", "dynamodb.us-east-1.amazonaws.com"))).resolves.toBeDefined();
  });
});

describe("a kind of key", () => {
  test.each<[string, CreateKeyCommandInput, string]>([
    ["HMAC to encrypt", { KeySpec: "HMAC_256", KeyUsage: "ENCRYPT_DECRYPT" }, "not compatible with KeySpec HMAC_256"],
    ["a NIST curve to encrypt", { KeySpec: "ECC_NIST_P256", KeyUsage: "ENCRYPT_DECRYPT" }, "not compatible"],
    ["Koblitz's curve to agree", { KeySpec: "ECC_SECG_P256K1", KeyUsage: "KEY_AGREEMENT" }, "not compatible"],
    ["RSA without a usage", { KeySpec: "RSA_2048" }, "must specify a KeyUsage"],
    ["SM2 outside China", { KeySpec: "SM2", KeyUsage: "SIGN_VERIFY" }, "not supported in us-east-1"],
    ["a store that is not there", { Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1" }, "cks-1"],
  ])("that AWS refuses is refused: %s", async (_, input, message) => {
    await expect(newKeyOf(input)).rejects.toThrow(message);
  });

  test("names the algorithms of its one usage", async () => {
    const { KeyId } = await newKeyOf({ KeySpec: "HMAC_384", KeyUsage: "GENERATE_VERIFY_MAC" });
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyUsage: "GENERATE_VERIFY_MAC", MacAlgorithms: ["HMAC_SHA_384"] });
    expect(KeyMetadata).not.toHaveProperty("EncryptionAlgorithms");
    expect(KeyMetadata).not.toHaveProperty("SigningAlgorithms");
  });

  test("that is symmetric needs no usage", async () => {
    const { KeyId } = await newKeyOf({});
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyUsage: "ENCRYPT_DECRYPT", EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] });
  });
});

test("a custom key store is refused at once", async () => {
  const store = new CreateCustomKeyStoreCommand({ CustomKeyStoreName: "hsm" });
  await expect(owner.send(store)).rejects.toThrow("no custom key stores");
  expect((await owner.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores).toEqual([]);
});

describe("imported key material", () => {
  const MATERIAL = Buffer.alloc(32, 1);
  const encrypt = (KeyId: string) => new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") });
  const inTheFuture = (milliseconds: number) => new Date(Date.now() + milliseconds);

  /** A new multi-Region key of the owner's that waits for its material. */
  const newExternalKey = () => newKeyOf({ Origin: "EXTERNAL", MultiRegion: true });

  test("is waited for, and till then the key does nothing", async () => {
    const { KeyId } = await newExternalKey();
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: "PendingImport", Origin: "EXTERNAL" });
    for (const command of [encrypt(KeyId), new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" })]) {
      await expect(owner.send(command as EncryptCommand)).rejects.toThrow("is pending import");
    }
    await expect(owner.send(new EnableKeyCommand({ KeyId }))).rejects.toThrow("is pending import");
  });

  test("makes the key usable, until it is deleted", async () => {
    const { KeyId } = await newExternalKey();
    await importKeyMaterial(owner, KeyId, MATERIAL);
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: "Enabled", ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" });
    const { CiphertextBlob } = await owner.send(encrypt(KeyId));
    await owner.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    await expect(owner.send(new DecryptCommand({ CiphertextBlob }))).rejects.toThrow("is pending import");
    await importKeyMaterial(owner, KeyId, MATERIAL);
    await expect(owner.send(new DecryptCommand({ CiphertextBlob }))).resolves.toBeDefined();
  });

  test("is the same for ever, in every Region, and comes to each by itself", async () => {
    const { KeyId } = await newExternalKey();
    await importKeyMaterial(owner, KeyId, MATERIAL);
    await owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    const { CiphertextBlob } = await owner.send(encrypt(KeyId));
    await expect(ownerWest.send(new DecryptCommand({ CiphertextBlob }))).rejects.toThrow("is pending import");
    await expect(importKeyMaterial(ownerWest, KeyId, Buffer.alloc(32, 2))).rejects.toThrow("not the material");
    await expect(importKeyMaterial(owner, KeyId, Buffer.alloc(32, 2))).rejects.toThrow("not the material");
    await importKeyMaterial(ownerWest, KeyId, MATERIAL);
    const { Plaintext } = await ownerWest.send(new DecryptCommand({ CiphertextBlob, KeyId }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("text");
  });

  test("of another length than 32 bytes is refused", async () => {
    const { KeyId } = await newExternalKey();
    await expect(importKeyMaterial(owner, KeyId, Buffer.alloc(16, 1))).rejects.toThrow("not the material");
  });

  test("ends when it says so", async () => {
    const { KeyId } = await newExternalKey();
    await expect(importKeyMaterial(owner, KeyId, MATERIAL, inTheFuture(-1000))).rejects.toThrow("does not go with");
    await importKeyMaterial(owner, KeyId, MATERIAL, inTheFuture(3_600_000));
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: expect.any(Date) });
    await importKeyMaterial(owner, KeyId, MATERIAL, inTheFuture(1500));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const ended = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(ended.KeyMetadata).toMatchObject({ KeyState: "PendingImport" });
    expect(ended.KeyMetadata).not.toHaveProperty("ValidTo");
  });

  test("is never rotated by KMS, and has no rotation status", async () => {
    const { KeyId } = await newExternalKey();
    await importKeyMaterial(owner, KeyId, MATERIAL);
    await expect(owner.send(new EnableKeyRotationCommand({ KeyId }))).rejects.toThrow("can't be set");
    await expect(owner.send(new GetKeyRotationStatusCommand({ KeyId }))).rejects.toThrow("origin is EXTERNAL");
  });

  test("is not for keys that KMS makes", async () => {
    const { KeyId } = await newKey();
    await expect(importKeyMaterial(owner, KeyId, MATERIAL)).rejects.toThrow("origin is AWS_KMS");
  });
});

describe("a key's state", () => {
  const Tags = [{ TagKey: "Of", TagValue: "state" }];
  const grantOn = (KeyId: string) =>
    new CreateGrantCommand({ KeyId, GranteePrincipal: API, Operations: ["Decrypt" as const] });

  test("when disabled leaves policy and tags open, and use, grants, rotation and replicas closed", async () => {
    const { KeyId } = await newKey();
    await owner.send(new DisableKeyCommand({ KeyId }));
    const closed = "is disabled";
    await expect(owner.send(grantOn(KeyId))).rejects.toThrow(closed);
    await expect(owner.send(new EnableKeyRotationCommand({ KeyId }))).rejects.toThrow(closed);
    await expect(owner.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }))).rejects.toThrow(closed);
    await expect(owner.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") }))).rejects.toThrow(closed);
    const Policy = JSON.stringify(keyPolicy("aws", OWNER));
    await expect(owner.send(new PutKeyPolicyCommand({ KeyId, Policy }))).resolves.toBeDefined();
    await expect(owner.send(new TagResourceCommand({ KeyId, Tags }))).resolves.toBeDefined();
  });

  test("when pending deletion leaves cancelling open, which disables the key", async () => {
    const { KeyId } = await newKey();
    await expect(owner.send(new CancelKeyDeletionCommand({ KeyId }))).rejects.toThrow("is not pending deletion");
    await owner.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    const closed = "is pending deletion";
    await expect(owner.send(grantOn(KeyId))).rejects.toThrow(closed);
    await expect(owner.send(new TagResourceCommand({ KeyId, Tags }))).rejects.toThrow(closed);
    await expect(owner.send(new EnableKeyCommand({ KeyId }))).rejects.toThrow(closed);
    const alias = new CreateAliasCommand({ AliasName: "alias/late", TargetKeyId: KeyId });
    await expect(owner.send(alias)).rejects.toThrow(closed);
    await owner.send(new CancelKeyDeletionCommand({ KeyId }));
    const { KeyMetadata } = await owner.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.KeyState).toBe("Disabled");
  });

  test("counts for a ciphertext that names no key", async () => {
    const { KeyId } = await newKey();
    const { CiphertextBlob } = await owner.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("text") }));
    await owner.send(new DisableKeyCommand({ KeyId }));
    await expect(owner.send(new DecryptCommand({ CiphertextBlob }))).rejects.toThrow("is disabled");
  });
});

test("rotation on demand is for symmetric keys, 25 times", async () => {
  const { KeyId } = await newKey();
  for (let time = 0; time < 25; time++) await owner.send(new RotateKeyOnDemandCommand({ KeyId }));
  await expect(owner.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toThrow("25 times");
  const signing = await newKeyOf({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  await expect(owner.send(new RotateKeyOnDemandCommand(signing))).rejects.toThrow("can't be rotated");
});

test("rotation outside 90 to 2560 days is refused", async () => {
  const { KeyId } = await newKey();
  for (const RotationPeriodInDays of [89, 2561]) {
    await expect(owner.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }))).rejects.toThrow(
      "90 to 2560",
    );
  }
});
