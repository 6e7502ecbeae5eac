import { join } from "node:path";
import {
  ActivateOrganizationsAccessCommand,
  type Capability,
  type CloudFormationClient,
  CreateStackCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeEventBusCommand, DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { MoveAccountCommand, RegisterDelegatedAdministratorCommand } from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Account, Organization } from "../../modules/organization/organization-map";
import type { InstancesReport } from "../../modules/report/instances-report";
import { expectedInstances } from "../../modules/rollouts/expected-instances";
import type { PlannedStackSet, RolloutPlan } from "../../modules/rollouts/rollout-plan";
import type { TemplateDocument } from "../../modules/rollouts/template";
import type { LoadedPlan } from "../../stacks/load-plan";
import type { AccountClients, Environment } from "./emulator";
import { inParallel } from "./in-parallel";
import { type DriftEnd, orgkeysDrift, paste, told } from "./live-drift";
import { type LiveOrganization, startOrganization } from "./organization";
import { editMap, makeAccount, makeOrganizations, type OrganizationClients } from "./organization-in-aws";
import { startOrgkeys } from "./orgkeys-process";
import { instancesOf, operationStatus, operationsEnded, stackStatus } from "./stack-set-operations";
import { init, showPlanJson, TERRAFORM_AT_ONCE } from "./terraform";

/** The accounts whose own stacks are applied. */
const APPLIED = ["gov-key-management", "hipaa-log-archive", "payments-prod", "pci-key-management", "shop-prod"];
/** Each has a process and four more accounts under way. */
const DRIFTS_AT_ONCE = 2;
const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";

let live: LiveOrganization;
let config: string;
let loaded: LoadedPlan;
let clients: OrganizationClients;
/** Of each zone's pipeline, by the zone's name. */
const pipelines = new Map<string, Environment>();

beforeAll(async () => {
  live = await startOrganization("rollouts", { strictRoles: true, rolesAreThere: false });
  config = join(live.folder, "config");
  clients = await makeOrganizations(live.emulator, "config", config, { accounts: true });
  loaded = await live.load(config);
  for (const zone of loaded.map.zones) {
    const [pipeline] = zone.pipelines?.deploy ?? [];
    if (pipeline === undefined) throw new Error(`zone ${zone.name} has no pipeline`);
    const { id: accountId, organization } = pipeline.account;
    const role = pipeline.name.replace("role/", "");
    const target = { accountId, role, region: organization.homeRegion, partition: organization.partition };
    pipelines.set(zone.name, { ...live.environment, ...(await live.emulator.environmentAs(target)) });
  }
});
afterAll(() => live?.stop());

describe("from nothing", () => {
  test("no pipeline gets anywhere before the bootstrap", async () => {
    const [plan] = loaded.rollouts.zones;
    const stack = plan?.stack ?? "";
    await expect(live.apply([stack], undefined, environmentOf(plan?.administrator))).rejects.toThrow(
      "Cannot assume IAM Role",
    );
  });

  test("the bootstrap makes the roles where no StackSet can bring them", async () => {
    for (const organization of loaded.map.organizations) {
      const management = await clientsOf(accountNamed(organization.managementAccount));
      await management.cloudFormation.send(new ActivateOrganizationsAccessCommand({}));
      const { delegatedAdministrator } = organization;
      if (delegatedAdministrator === undefined) continue;
      const AccountId = accountNamed(delegatedAdministrator).id;
      const register = new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: STACK_SETS });
      await management.organizations.send(register);
    }
    for (const { account, stacks } of loaded.rollouts.direct) {
      for (const { name, region, template, tags, bootstrapped } of stacks) {
        if (!bootstrapped) continue;
        const { cloudFormation } = await clientsOf(account, region);
        const create = new CreateStackCommand({
          StackName: name,
          TemplateBody: JSON.stringify(template.document),
          Capabilities: ["CAPABILITY_NAMED_IAM"],
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        });
        await cloudFormation.send(create);
        expect([name, await stackStatus(cloudFormation, name)]).toEqual([name, "CREATE_COMPLETE"]);
      }
    }
  });

  test("the StackSets of each zone reach the accounts and Regions that they should, and no others", async () => {
    await inParallel(loaded.rollouts.zones, TERRAFORM_AT_ONCE, async ({ stack, administrator }) => {
      await live.apply([stack], undefined, environmentOf(administrator));
      await live.expectNoChanges([stack], environmentOf(administrator));
    });
    await expectInstances();
  });

  test("Terraform takes over what the bootstrap made, and adds the rest", async () => {
    await inParallel(loaded.rollouts.direct, TERRAFORM_AT_ONCE, async ({ stack, account }) => {
      await live.apply([stack], undefined, environmentOf(account));
      await live.expectNoChanges([stack], environmentOf(account));
    });
    for (const { account, stacks } of loaded.rollouts.direct) {
      for (const { name, region } of stacks) {
        const { cloudFormation } = await clientsOf(account, region);
        const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
        expect([name, Stacks[0]?.StackStatus]).toEqual([name, expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/)]);
      }
    }
  });

  test("the roles, keys, bus and rules are in those accounts", async () => {
    for (const stackSet of stackSets()) {
      for (const account of stackSet.reaches) {
        for (const region of stackSet.regions) await expectContent(stackSet, account, region);
      }
    }
  });

  test("the accounts' own stacks apply through those very roles", async () => {
    const stacks = loaded.accounts.filter(({ account }) => APPLIED.includes(account.name));
    expect(stacks).toHaveLength(APPLIED.length);
    await inParallel(stacks, TERRAFORM_AT_ONCE, async ({ stack, zone }) => {
      await live.apply([stack], undefined, pipelines.get(zone.name));
      await live.expectNoChanges([stack], pipelines.get(zone.name));
    });
  });
});

describe("what rollouts have brought, held against AWS", () => {
  test("is as reviewed, key by key, in every account", async () => {
    const ends = await inParallel(["corporate", "hipaa", "pci", "govcloud"], DRIFTS_AT_ONCE, async (zone) => {
      const end = await drift(zone, "--exclude", "*.guardrails.*");
      const accounts = loaded.accounts.filter((each) => each.zone.name === zone && each.account.status === "active");
      const waiting = accounts.filter(({ account }) => !APPLIED.includes(account.name)).map(({ stack }) => stack);
      const { findings, accounts: read } = end.report;
      const notThere = findings.filter(({ id }) => id === "stack-not-applied").map(({ place }) => place.stack);
      expect(notThere.sort()).toEqual(waiting.sort());
      expect([zone, differences(end)]).toEqual([zone, []]);
      for (const { account, status, coverage } of read.filter((each) => each.status !== "inactive")) {
        const { keys, aliases } = coverage;
        expect([account, status, keys.managed, aliases.managed]).toEqual([account, "read", keys.total, aliases.total]);
      }
      return read;
    });
    const keysIn = (name: string): number | undefined =>
      ends.flat().find(({ account }) => account === name)?.coverage.keys.total;
    expect(["shop-dev", "org-management", "patient-portal-prod"].map(keysIn)).toEqual([2, 2, 1]);
  });

  test("is told where somebody changes it by hand, and healed by the next steps", async () => {
    const keeper = accountNamed("security-tooling");
    const management = accountNamed("org-management");
    const { cloudFormation } = await clientsOf(management);
    const stack = "orgkeys-corporate-key-events";
    const eu = (await clientsOf(management, "eu-west-1")).cloudFormation;
    const portal = accountNamed("patient-portal-prod");
    const { kms } = await clientsOf(portal);
    const [alias = ""] = stackSets()
      .filter(({ name }) => name === "orgkeys-hipaa-baseline-keys")
      .flatMap(({ template }) => template.creates.filter(({ type }) => type === "AWS::KMS::Alias"))
      .map(({ name }) => name);

    await Promise.all([
      deleteInstances(cloudFormation, stack, ["shop-dev"], ["eu-west-1"]),
      change(cloudFormation, "orgkeys-hipaa-baseline-keys", (text) =>
        text.replaceAll('"DeletionPolicy":"Retain"', '"DeletionPolicy":"Delete"'),
      ),
      change(cloudFormation, "orgkeys-pci-access-roles", (text) => text, { AutoDeployment: { Enabled: false } }),
      deleteInstances(
        cloudFormation,
        "orgkeys-pci-key-events",
        ["payments-prod", "payments-test", "pci-key-management"],
        ["us-east-1", "us-west-2"],
      ).then(() => cloudFormation.send(new DeleteStackSetCommand({ StackSetName: "orgkeys-pci-key-events" }))),
      cloudFormation.send(
        new CreateStackSetCommand({
          StackSetName: "orgkeys-pci-stray",
          TemplateBody: '{"Resources":{"Bus":{"Type":"AWS::Events::EventBus","Properties":{"Name":"stray"}}}}',
          PermissionModel: "SERVICE_MANAGED",
          AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
        }),
      ),
      eu.send(new GetTemplateCommand({ StackName: stack })).then(async ({ TemplateBody = "" }) => {
        const template = JSON.parse(TemplateBody);
        const other = { ...template, Outputs: { Note: { Value: "by hand" } } };
        const Capabilities: Capability[] = ["CAPABILITY_NAMED_IAM"];
        await eu.send(new UpdateStackCommand({ StackName: stack, TemplateBody: JSON.stringify(other), Capabilities }));
        expect(await stackStatus(eu, stack)).toBe("UPDATE_COMPLETE");
      }),
    ]);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    const KeyId = KeyMetadata?.KeyId ?? "";
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    const outsider = `arn:aws:iam::${accountNamed("shop-dev").id}:root`;
    const door = { Sid: "Door", Effect: "Allow", Principal: { AWS: outsider }, Action: "kms:Decrypt", Resource: "*" };
    const policy = JSON.parse(Policy);
    const widened = JSON.stringify({ ...policy, Statement: [...policy.Statement, door] });
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: widened }));
    await kms.send(new DisableKeyRotationCommand({ KeyId }));
    await kms.send(new DeleteAliasCommand({ AliasName: alias }));

    const [ofCorporate, ofHipaa] = await Promise.all([drift("corporate", "*.rollouts.*"), drift("hipaa")]);
    const at = "security-tooling";
    expect([ofCorporate.code, differences(ofCorporate)]).toEqual([
      2,
      [
        `critical rollout-changed ${at} StackSet orgkeys-hipaa-baseline-keys, Resources.KeyAccountDefault`,
        `critical rollout-extra ${at} StackSet orgkeys-pci-stray`,
        `high direct-stack-changed org-management eu-west-1 stack ${stack}, Outputs.Note`,
        `high rollout-changed ${at} StackSet orgkeys-pci-access-roles, automatic deployment`,
        `high rollout-missing ${at} StackSet orgkeys-pci-key-events`,
        `high rollout-missing ${at} eu-west-1 StackSet ${stack}, instance ${accountNamed("shop-dev").id} eu-west-1`,
      ],
    ]);
    const in_ = "patient-portal-prod us-east-1";
    expect([ofHipaa.code, differences(ofHipaa)]).toEqual([
      2,
      [
        `critical policy-widened ${in_} ${alias}, statement Door`,
        `high alias-missing ${in_} ${alias}`,
        `high rotation-off ${in_} ${alias}`,
      ],
    ]);
    for (const { place } of ofHipaa.report.findings.filter((each) => each.id !== "stack-not-applied")) {
      expect(place).toMatchObject({ account: portal.name, zone: "hipaa", stack: "commercial.rollouts.hipaa" });
    }

    const asAdministrator = async ({ id, organization: { partition, homeRegion: region } }: Account) => ({
      ...live.environment,
      ...(await live.emulator.environmentAs({ accountId: id, region, partition, role: "Administrator" })),
    });
    for (const finding of ofHipaa.report.findings.filter((each) => each.id !== "stack-not-applied")) {
      await paste(live, finding, await asAdministrator(portal));
    }
    const toApply = new Set<string>();
    for (const finding of ofCorporate.report.findings.filter((each) => each.id !== "stack-not-applied")) {
      const { place, detail, commands } = finding;
      if (place.resource === "StackSet orgkeys-pci-stray" || detail.some((each) => each.startsWith("instance "))) {
        await paste(live, finding, await asAdministrator(keeper));
      } else {
        expect(commands).toEqual([expect.stringContaining(`orgkeys -- apply ${place.stack} --config`)]);
        toApply.add(place.stack ?? "");
      }
    }
    await operationsEnded(cloudFormation, stack);
    await cloudFormation.send(new DeleteStackSetCommand({ StackSetName: "orgkeys-pci-stray" }));
    expect([...toApply].sort()).toEqual([
      "commercial.rollouts.corporate.org-management",
      "commercial.rollouts.hipaa",
      "commercial.rollouts.pci",
    ]);
    await live.apply([...toApply], undefined, environmentOf(keeper));
    const healed = await Promise.all([drift("corporate", "*.rollouts.*"), drift("hipaa")]);
    expect(healed.map(differences)).toEqual([[], []]);
  });

  /** As the zone's own pipeline that looks for drift. */
  async function drift(zone: string, ...words: string[]): Promise<DriftEnd> {
    const found = loaded.map.zones.find(({ name }) => name === zone);
    const [reader] = found?.pipelines?.audit ?? [];
    if (found === undefined || reader === undefined) throw new Error(`nobody may read in zone ${zone}`);
    const { partition, homeRegion: region } = found.organization;
    const target = { accountId: reader.account.id, role: reader.name.replace("role/", ""), region, partition };
    const as = { ...live.environment, ...(await live.emulator.environmentAs(target)) };
    return orgkeysDrift(live, config, [...words, "--within", zone], as);
  }

  /** All but the stacks that nobody has applied here. */
  function differences(end: DriftEnd): string[] {
    return told(end)
      .filter((each) => !each.includes(" stack-not-applied "))
      .sort();
  }

  async function deleteInstances(
    client: CloudFormationClient,
    StackSetName: string,
    accounts: readonly string[],
    Regions: string[],
  ): Promise<void> {
    const stackSet = stackSets().find(({ name }) => name === StackSetName);
    const DeploymentTargets = {
      OrganizationalUnitIds: [...(stackSet?.targets.ous ?? [])],
      Accounts: accounts.map((name) => accountNamed(name).id),
      AccountFilterType: "INTERSECTION" as const,
    };
    const command = { StackSetName, DeploymentTargets, Regions, RetainStacks: false };
    const { OperationId } = await client.send(new DeleteStackInstancesCommand(command));
    expect(await operationStatus(client, StackSetName, OperationId)).toBe("SUCCEEDED");
  }

  async function change(
    client: CloudFormationClient,
    StackSetName: string,
    edit: (text: string) => string,
    other: { readonly AutoDeployment?: { readonly Enabled: boolean } } = {},
  ): Promise<void> {
    const { StackSet } = await client.send(new DescribeStackSetCommand({ StackSetName }));
    const { Parameters, Capabilities, Tags, TemplateBody = "" } = StackSet ?? {};
    const kept = { StackSetName, Parameters, Capabilities, Tags };
    const TemplateBodyByHand = edit(JSON.stringify(JSON.parse(TemplateBody)));
    await client.send(new UpdateStackSetCommand({ ...kept, ...other, TemplateBody: TemplateBodyByHand }));
    await operationsEnded(client, StackSetName);
  }
});

describe("an organization that goes on", () => {
  test("an account that joins an OU is reached, and nothing else changes", async () => {
    const before = await revisions();
    const commercial = loaded.map.organizations.find(({ name }) => name === "commercial");
    const client = clients.get("commercial");
    const ou = commercial?.organizationalUnits.find(({ path }) => path === "Regulated/PCI");
    if (client === undefined || ou === undefined) throw new Error("the sample has no OU Regulated/PCI");
    const id = await makeAccount(client, "card-vault", commercial?.rootId ?? "", ou.id);
    editMap(config, "organizations/commercial.yaml", "payments-prod:", `card-vault: "${id}"\n          payments-prod:`);
    loaded = await live.load(config);
    for (const plan of loaded.rollouts.zones.filter(({ zone }) => zone.name === "pci")) {
      expect(await changes(plan.stack, environmentOf(plan.administrator))).toEqual({});
      await live.apply([plan.stack], undefined, environmentOf(plan.administrator));
    }
    await expectInstances();
    expect(await revisions()).toEqual(before);
  });

  test("an account that moves to another OU of its zone keeps its keys", async () => {
    const from = loaded.map.organizations.flatMap(({ organizationalUnits }) => organizationalUnits);
    const ouId = (path: string): string => from.find((ou) => ou.path === path)?.id ?? "";
    const account = accountNamed("shop-dev");
    const { kms } = await clientsOf(account);
    const before = await baselineKeyIds(account);
    expect(before).toHaveLength(1);
    await clients.get("commercial")?.send(
      new MoveAccountCommand({
        AccountId: account.id,
        SourceParentId: ouId(account.ouPath),
        DestinationParentId: ouId("Workloads/Test"),
      }),
    );
    const { cloudFormation } = await clientsOf(accountNamed(account.organization.managementAccount));
    const its = stackSets().filter(({ reaches }) => reaches.includes(account));
    for (const { name } of its) await operationsEnded(cloudFormation, name);
    expect(await baselineKeyIds(account)).toEqual(before);
    for (const id of before) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
      expect(KeyMetadata?.KeyState).toBe("Enabled");
    }
    // What it kept is in the way of its new instances, whose aliases are there.
    const outdated = its
      .filter(({ rollout }) => rollout.template === "baseline-keys")
      .flatMap(({ name, regions }) => regions.map((region) => `high rollout-outdated ${name} ${account.id} ${region}`));
    const { code, report } = await instances(account.organization, ["corporate"]);
    expect([code, report.findings.map(({ severity, id, where }) => `${severity} ${id} ${where}`)]).toEqual([
      2,
      outdated,
    ]);
  });

  test("an instance that somebody deletes is in no plan, and found all the same", async () => {
    const [plan] = loaded.rollouts.zones.filter(({ zone }) => zone.name === "pci");
    const stackSet = plan?.stackSets.find(({ rollout, targets }) => {
      return rollout.template === "access-roles" && targets.filter === "NONE";
    });
    if (plan === undefined || stackSet === undefined) throw new Error("zone pci has no roles");
    const account = accountNamed("payments-prod");
    const { organization } = account;
    const { cloudFormation } = await clientsOf(accountNamed(organization.managementAccount));
    const command = new DeleteStackInstancesCommand({
      StackSetName: stackSet.name,
      DeploymentTargets: {
        OrganizationalUnitIds: [...stackSet.targets.ous],
        Accounts: [account.id],
        AccountFilterType: "INTERSECTION",
      },
      Regions: [organization.homeRegion],
      RetainStacks: true,
    });
    const { OperationId } = await cloudFormation.send(command);
    expect(await operationStatus(cloudFormation, stackSet.name, OperationId)).toBe("SUCCEEDED");
    expect(await changes(plan.stack, environmentOf(plan.administrator))).toEqual({});
    const { code, report } = await instances(organization, ["pci"]);
    expect([code, report.findings.map(({ severity, id, where }) => `${severity} ${id} ${where}`)]).toEqual([
      2,
      [`high rollout-missing ${stackSet.name} ${account.id} ${organization.homeRegion}`],
    ]);
  });
});

function accountNamed(name: string): Account {
  const account = loaded.map.accounts.find((each) => each.name === name);
  if (account === undefined) throw new Error(`there is no account ${name}`);
  return account;
}

/** Clients of an administrator of the account, who needs nobody's trust. */
function clientsOf({ id, organization }: Account, region = organization.homeRegion): Promise<AccountClients> {
  return live.emulator.clientsFor({ accountId: id, region, partition: organization.partition, role: "Administrator" });
}

/** Of the pipeline of an account's own zone. */
function environmentOf(account: Account | undefined): Environment {
  const environment = pipelines.get(account?.zone ?? "");
  if (environment === undefined) throw new Error(`there is no pipeline for ${account?.name}`);
  return environment;
}

function stackSets(): PlannedStackSet[] {
  return loaded.rollouts.zones.flatMap((plan: RolloutPlan) => [...plan.stackSets]);
}

async function expectInstances(): Promise<void> {
  for (const organization of loaded.map.organizations) {
    const { code, report } = await instances(organization);
    expect([organization.name, code, report.findings]).toEqual([organization.name, 0, []]);
    const zones = loaded.rollouts.zones.filter(({ zone }) => zone.organization === organization);
    const expected = expectedInstances({ zones, direct: [] }).length;
    expect(report.organizations).toMatchObject([{ expected, found: expected }]);
  }
}

/**
 * The command, as the pipeline that looks for drift in the account that keeps the organization's StackSets.
 *
 * @param selected zones of it @default all of them
 */
async function instances(
  { name, homeRegion: region, partition }: Organization,
  selected?: readonly string[],
): Promise<{ readonly code: number | undefined; readonly report: InstancesReport }> {
  const plans = loaded.rollouts.zones.filter(({ zone }) => zone.organization.name === name);
  const keeper = plans[0]?.administrator;
  const [reader] = loaded.map.zones.find((zone) => zone.name === keeper?.zone)?.pipelines?.audit ?? [];
  if (reader === undefined) throw new Error(`nobody may read in ${keeper?.name}`);
  const role = reader.name.replace("role/", "");
  const target = { accountId: reader.account.id, role, region, partition };
  const environment = { ...live.environment, ...(await live.emulator.environmentAs(target)) };
  const zones = selected ?? plans.map(({ zone }) => zone.name);
  const words = ["instances", "--config", config, "--format", "json", "--zone", ...zones];
  const { code, stdout, stderr } = await startOrgkeys(words, environment).ended;
  if (stdout === "") throw new Error(stderr);
  return { code, report: JSON.parse(stdout) };
}

/** What a plan would do, by address. */
async function changes(stack: string, environment: Environment): Promise<Readonly<Record<string, string>>> {
  await init(live.stackFolder(stack), environment);
  const { resource_changes = [] } = await showPlanJson(live.stackFolder(stack), environment);
  return Object.fromEntries(
    resource_changes
      .map(({ address, change }) => [address, change.actions.join()] as const)
      .filter(([, actions]) => actions !== "no-op"),
  );
}

/** Ids and templates of everything that a change could have touched by mistake. */
async function revisions(): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const { zone, stackSets: sets } of loaded.rollouts.zones) {
    const { cloudFormation } = await clientsOf(accountNamed(zone.organization.managementAccount));
    for (const { name } of sets) {
      const { StackSet } = await cloudFormation.send(new DescribeStackSetCommand({ StackSetName: name }));
      found[name] = [StackSet?.StackSetId, StackSet?.TemplateBody];
      for (const { Account: account, Region: region, StackId } of await instancesOf(cloudFormation, name)) {
        if (loaded.map.accounts.find(({ id }) => id === account)?.name !== "card-vault")
          found[`${name} ${account} ${region}`] = StackId;
      }
    }
  }
  return found;
}

/** Ids of the keys that rollouts have brought to an account. */
async function baselineKeyIds(account: Account): Promise<string[]> {
  const { kms } = await clientsOf(account);
  const aliases = stackSets()
    .filter(({ rollout, reaches }) => rollout.template === "baseline-keys" && reaches.includes(account))
    .flatMap(({ template }) => template.creates.filter(({ type }) => type === "AWS::KMS::Alias"));
  const keys = [...new Set(aliases.map(({ name }) => name))].map((KeyId) =>
    kms.send(new DescribeKeyCommand({ KeyId })),
  );
  return (await Promise.all(keys)).map(({ KeyMetadata }) => KeyMetadata?.KeyId ?? "");
}

/** What a template makes under a name of its own is there, and a key has the template's policy. */
async function expectContent({ template }: PlannedStackSet, account: Account, region: string): Promise<void> {
  const { iam, kms, events } = await clientsOf(account, region);
  const pseudo: Readonly<Record<string, string>> = {
    AccountId: account.id,
    Partition: account.organization.partition,
    Region: region,
  };
  const filled = JSON.stringify(template.document).replaceAll(
    /\$\{AWS::(\w+)\}/g,
    (whole, name: string) => pseudo[name] ?? whole,
  );
  const { Resources }: TemplateDocument = withoutSub(JSON.parse(filled), pseudo);
  for (const { Type, Properties = {}, Condition } of Object.values(Resources)) {
    const name = (property: string): string => String(Properties[property]);
    if (Condition !== undefined && Condition !== "OrgkeysIncluded") continue;
    if (Type === "AWS::IAM::Role") {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: name("RoleName") }));
      expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""))).toEqual(
        Properties.AssumeRolePolicyDocument,
      );
    } else if (Type === "AWS::KMS::Alias") {
      const key = await kms.send(new DescribeKeyCommand({ KeyId: name("AliasName") }));
      const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId: key.KeyMetadata?.KeyId }));
      const target = Properties.TargetKeyId;
      const logicalId = typeof target === "object" && target !== null && "Ref" in target ? String(target.Ref) : "";
      expect(JSON.parse(Policy)).toEqual(Resources[logicalId]?.Properties?.KeyPolicy);
    } else if (Type === "AWS::Events::EventBus") {
      await events.send(new DescribeEventBusCommand({ Name: name("Name") }));
    } else if (Type === "AWS::Events::Rule") {
      const rule = await events.send(new DescribeRuleCommand({ Name: name("Name") }));
      expect(JSON.parse(rule.EventPattern ?? "")).toEqual(Properties.EventPattern);
    }
  }
}

/** `{"Fn::Sub": "text"}` as the text, which has been filled in; of a pseudo parameter `Ref` is the same. */
function withoutSub<Value>(value: Value, pseudo: Readonly<Record<string, string>>): Value {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    const [[name = "", argument] = []] = Object.entries(inner);
    if (name === "Fn::Sub") return argument;
    return name === "Ref" ? (pseudo[String(argument).replace("AWS::", "")] ?? inner) : inner;
  });
  return JSON.parse(text);
}
