import { setTimeout as sleep } from "node:timers/promises";
import {
  ActivateOrganizationsAccessCommand,
  CreateStackCommand,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DescribeStacksCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeKeyCommand, GetKeyRotationStatusCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AccountClients, type Emulator, startEmulator } from "./emulator";
import { instancesOf, operationStatus, stackStatus } from "./stack-set-operations";

const MANAGEMENT = "444444444444";
const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";
const managed = { PermissionModel: "SERVICE_MANAGED" } as const;

let emulator: Emulator;
let management: AccountClients;
let root: string;
/** `A`, `A/B`, `A/B/C`, and `D` beside. */
const ous = new Map<string, string>();
const accounts = new Map<string, string>();

beforeAll(async () => {
  emulator = await startEmulator({ name: "emulator-stack-sets" });
  management = await inAccount(MANAGEMENT);
  await management.organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots = [] } = await management.organizations.send(new ListRootsCommand({}));
  root = Roots[0]?.Id ?? "";
  for (const path of ["A", "A/B", "A/B/C", "D"]) {
    const [parent, name] = [path.slice(0, -2), path.slice(-1)];
    const command = new CreateOrganizationalUnitCommand({ ParentId: ous.get(parent) ?? root, Name: name });
    ous.set(path, (await management.organizations.send(command)).OrganizationalUnit?.Id ?? "");
  }
  for (const [name, ou] of [
    ["one", "A"],
    ["two", "A/B"],
    ["three", "A/B/C"],
    ["outside", "D"],
  ] as const) {
    await createAccount(name, ou);
  }
  await management.cloudFormation.send(new ActivateOrganizationsAccessCommand({}));
});
afterAll(() => emulator?.stop());

const inAccount = (accountId: string, region = "us-east-1") => emulator.clientsFor({ accountId, region });
const idOf = (name: string): string => accounts.get(name) ?? "";
const ouOf = (path: string): string => ous.get(path) ?? "";

async function createAccount(name: string, ou: string): Promise<void> {
  const command = new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` });
  const { CreateAccountStatus } = await management.organizations.send(command);
  accounts.set(name, CreateAccountStatus?.AccountId ?? "");
  await move(name, root, ouOf(ou));
}

async function move(name: string, SourceParentId: string, DestinationParentId: string): Promise<void> {
  const command = new MoveAccountCommand({ AccountId: idOf(name), SourceParentId, DestinationParentId });
  await management.organizations.send(command);
}

const accountRoot = { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } };

function keyTemplate(Description: string, aliasName = "alias/default"): string {
  return JSON.stringify({
    Resources: {
      Key: {
        Type: "AWS::KMS::Key",
        DeletionPolicy: "Retain",
        Properties: {
          Description,
          EnableKeyRotation: true,
          RotationPeriodInDays: 180,
          MultiRegion: true,
          Tags: [{ Key: "Owner", Value: "platform" }],
          KeyPolicy: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: accountRoot, Action: "kms:*", Resource: "*" }],
          },
        },
      },
      Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: aliasName, TargetKeyId: { Ref: "Key" } } },
    },
  });
}

async function createSet(
  name: string,
  template: string,
  AutoDeployment: { Enabled: boolean; RetainStacksOnAccountRemoval?: boolean } = { Enabled: false },
): Promise<void> {
  const command = new CreateStackSetCommand({
    StackSetName: name,
    TemplateBody: template,
    AutoDeployment,
    ...managed,
  });
  await management.cloudFormation.send(command);
}

async function createInstances(
  StackSetName: string,
  DeploymentTargets: CreateStackInstancesCommand["input"]["DeploymentTargets"],
  Regions = ["us-east-1"],
): Promise<string> {
  const command = new CreateStackInstancesCommand({ StackSetName, DeploymentTargets, Regions });
  const { OperationId } = await management.cloudFormation.send(command);
  return operationStatus(management.cloudFormation, StackSetName, OperationId);
}

async function namesReached(StackSetName: string): Promise<string[]> {
  const names = new Map([...accounts].map(([name, id]) => [id, name]));
  const instances = await instancesOf(management.cloudFormation, StackSetName);
  return instances.map(({ Account = "", Status }) => `${names.get(Account)} ${Status}`).sort();
}

async function keyOf(name: string, alias = "alias/default") {
  const { kms } = await inAccount(idOf(name));
  return (await kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata;
}

test("a StackSet reaches the accounts of an OU at any depth, with everything that the template says", async () => {
  await createSet("keys", keyTemplate("first"), { Enabled: true, RetainStacksOnAccountRemoval: true });
  expect(await createInstances("keys", { OrganizationalUnitIds: [ouOf("A")] })).toBe("SUCCEEDED");
  expect(await namesReached("keys")).toEqual(["one CURRENT", "three CURRENT", "two CURRENT"]);
  const { kms } = await inAccount(idOf("three"));
  const key = await keyOf("three");
  expect(key).toMatchObject({ Description: "first", MultiRegion: true, AWSAccountId: idOf("three") });
  expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId: key?.KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 180,
  });
  expect((await kms.send(new ListResourceTagsCommand({ KeyId: key?.KeyId }))).Tags).toEqual([
    { TagKey: "Owner", TagValue: "platform" },
  ]);
});

test("an update reaches every instance, and keeps each key", async () => {
  const before = await keyOf("two");
  const command = new UpdateStackSetCommand({ StackSetName: "keys", TemplateBody: keyTemplate("second") });
  const { OperationId } = await management.cloudFormation.send(command);
  expect(await operationStatus(management.cloudFormation, "keys", OperationId)).toBe("SUCCEEDED");
  expect(await keyOf("two")).toMatchObject({ KeyId: before?.KeyId, Description: "second" });
});

test("an account that comes gets its stack by itself, and one that goes keeps what is retained", async () => {
  await createAccount("four", "A/B/C");
  const arrived = "four CURRENT,one CURRENT,three CURRENT,two CURRENT";
  for (let polls = 0; polls < 50 && (await namesReached("keys")).join() !== arrived; polls += 1) await sleep(200);
  expect((await namesReached("keys")).join()).toBe(arrived);
  await move("four", ouOf("A/B/C"), ouOf("D"));
  const left = "one CURRENT,three CURRENT,two CURRENT";
  for (let polls = 0; polls < 50 && (await namesReached("keys")).join() !== left; polls += 1) await sleep(200);
  expect((await namesReached("keys")).join()).toBe(left);
  expect(await keyOf("four")).toMatchObject({ KeyState: "Enabled" });
});

test("the root with a filter reaches those accounts alone, and never the management account", async () => {
  await createSet("single", keyTemplate("single", "alias/single"));
  const filter = { AccountFilterType: "INTERSECTION" as const, Accounts: [idOf("outside"), idOf("one"), MANAGEMENT] };
  expect(await createInstances("single", { OrganizationalUnitIds: [root], ...filter })).toBe("SUCCEEDED");
  expect(await namesReached("single")).toEqual(["one CURRENT", "outside CURRENT"]);
});

test("what cannot be made fails with its reason, and the rest is given up", async () => {
  await createSet("again", keyTemplate("again", "alias/single"));
  const targets = { OrganizationalUnitIds: [ouOf("A")] };
  expect(await createInstances("again", targets)).toBe("FAILED");
  const instances = await instancesOf(management.cloudFormation, "again");
  expect(instances).toContainEqual(
    expect.objectContaining({
      Account: idOf("one"),
      Status: "OUTDATED",
      StatusReason: expect.stringContaining("already exists"),
    }),
  );
});

test("a stack with a type that nobody knows here is rolled back", async () => {
  const TemplateBody = JSON.stringify({ Resources: { Odd: { Type: "AWS::Foo::Bar" } } });
  await management.cloudFormation.send(new CreateStackCommand({ StackName: "odd", TemplateBody }));
  expect(await stackStatus(management.cloudFormation, "odd")).toBe("ROLLBACK_COMPLETE");
  const { Stacks = [] } = await management.cloudFormation.send(new DescribeStacksCommand({ StackName: "odd" }));
  expect(Stacks[0]?.StackStatusReason).toContain("AWS::Foo::Bar is not known here");
});

test("a delegated administrator works on the organization's StackSets, and nobody else does", async () => {
  const administrator = await inAccount(idOf("outside"));
  await expect(instancesOf(administrator.cloudFormation, "keys", "DELEGATED_ADMIN")).rejects.toThrow(
    "not a delegated administrator",
  );
  const register = new RegisterDelegatedAdministratorCommand({
    AccountId: idOf("outside"),
    ServicePrincipal: STACK_SETS,
  });
  await management.organizations.send(register);
  expect(await instancesOf(administrator.cloudFormation, "keys", "DELEGATED_ADMIN")).toHaveLength(3);
  await expect(instancesOf(administrator.cloudFormation, "keys")).rejects.toThrow("delegated admin");
});

test("instances that are deleted leave what is retained", async () => {
  const targets = { OrganizationalUnitIds: [ouOf("A")] };
  const command = new DeleteStackInstancesCommand({
    StackSetName: "keys",
    DeploymentTargets: targets,
    Regions: ["us-east-1"],
    RetainStacks: false,
  });
  const { OperationId } = await management.cloudFormation.send(command);
  expect(await operationStatus(management.cloudFormation, "keys", OperationId)).toBe("SUCCEEDED");
  expect(await namesReached("keys")).toEqual([]);
  // The alias had no policy to retain it; the key had.
  await expect(keyOf("one")).rejects.toThrow();
});
