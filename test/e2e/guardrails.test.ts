import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AttachPolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesForTargetCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  MoveAccountCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ControlPolicyKind, controlPolicyTypes } from "../../modules/aws/organizations";
import type { GuardrailPlan } from "../../modules/keys/guardrail-plan";
import type { LoadedPlan } from "../../stacks/load-plan";
import { orgkeysDrift, paste, told } from "./live-drift";
import { type LiveOrganization, startOrganization } from "./organization";
import { editMap, makeAccount, makeOrganizations, type OrganizationClients } from "./organization-in-aws";
import { startOrgkeys } from "./orgkeys-process";
import { init, showPlanJson, type TerraformRun, terraform } from "./terraform";

let live: LiveOrganization;
let config: string;
let loaded: LoadedPlan;
let clients: OrganizationClients;

beforeAll(async () => {
  live = await startOrganization("guardrails");
  config = join(live.folder, "config");
  clients = await makeOrganizations(live.emulator, "config", config, { accounts: false });
  loaded = await live.load(config);
});
afterAll(() => live?.stop());

const plans = (): readonly GuardrailPlan[] => loaded.guardrails;
const stacks = (): readonly string[] => plans().map(({ stack }) => stack);

describe("the guardrails of the sample organization", () => {
  test("apply in both partitions, and the plan after it shows no changes", async () => {
    expect(stacks()).toEqual([
      "commercial.guardrails.corporate",
      "commercial.guardrails.hipaa",
      "commercial.guardrails.pci",
      "govcloud.guardrails.govcloud",
    ]);
    await live.apply(stacks());
    await live.expectNoChanges(stacks());
  });

  test("are in AWS as planned: each on its targets, and on nothing else", expectPlanned);
});

describe("guardrails that somebody changes by hand", () => {
  const drift = () => orgkeysDrift(live, config, ["*.guardrails.*"]);

  test("are no drift before", async () => {
    const before = await drift();
    expect([before.code, told(before)]).toEqual([0, []]);
    expect(before.report.accounts.map(({ account, status }) => `${account} ${status}`).sort()).toEqual([
      "gov-management read",
      "org-management read",
    ]);
  });

  test("are told by what they deny no more, and are healed by the next steps", async () => {
    const changed = {
      weakened: await inAws("corporate", "resource-control"),
      stricter: await inAws("hipaa", "service-control"),
      detached: await inAws("pci", "resource-control"),
      attached: await inAws("pci", "service-control"),
      deleted: await inAws("govcloud", "resource-control"),
    };
    const [weakened, stricter, detached, attached, deleted] = Object.values(changed);
    if (!weakened || !stricter || !detached || !attached || !deleted) throw new Error("there are too few");
    const sandbox = ouId("Sandbox");
    const [less, ...kept] = weakened.statements;
    const more = { Sid: "NobodyTags", Effect: "Deny", Action: "kms:TagResource", Resource: "*" };
    await rewrite(weakened, kept);
    await rewrite(stricter, [...stricter.statements, more]);
    const [target = ""] = detached.targets;
    await detached.client.send(new DetachPolicyCommand({ PolicyId: detached.id, TargetId: target }));
    await attached.client.send(new AttachPolicyCommand({ PolicyId: attached.id, TargetId: sandbox }));
    for (const TargetId of deleted.targets)
      await deleted.client.send(new DetachPolicyCommand({ PolicyId: deleted.id, TargetId }));
    await deleted.client.send(new DeletePolicyCommand({ PolicyId: deleted.id }));

    const found = await drift();
    expect(found.code).toBe(2);
    const in_ = (organization: string, kind: string, name: string): string => `${organization} ${kind} policy ${name}`;
    expect(told(found).sort()).toEqual(
      [
        `critical guardrail-changed ${in_("org-management", "resource control", weakened.name)}, statement ${less?.Sid}`,
        `high guardrail-changed ${in_("org-management", "service control", stricter.name)}, statement NobodyTags`,
        `critical guardrail-detached ${in_("org-management", "resource control", detached.name)}, ${target}`,
        `medium guardrail-attached ${in_("org-management", "service control", attached.name)}, ${sandbox}`,
        `critical guardrail-missing ${in_("gov-management", "resource control", deleted.name)}`,
      ].sort(),
    );
    expect(found.report.findings.map(({ id, place }) => [id, place.zone, place.stack]).sort()).toEqual([
      ["guardrail-attached", "pci", "commercial.guardrails.pci"],
      ["guardrail-changed", "corporate", "commercial.guardrails.corporate"],
      ["guardrail-changed", "hipaa", "commercial.guardrails.hipaa"],
      ["guardrail-detached", "pci", "commercial.guardrails.pci"],
      ["guardrail-missing", "govcloud", "govcloud.guardrails.govcloud"],
    ]);
    const stray = found.report.findings.find(({ id }) => id === "guardrail-attached");
    const management = loaded.map.accounts.find(({ name }) => name === "org-management");
    if (stray === undefined || management === undefined) throw new Error("nothing is attached elsewhere");
    await paste(live, stray, {
      ...live.environment,
      ...(await live.emulator.environmentAs({ accountId: management.id, region: "us-east-1" })),
    });
    const applied = found.report.findings.filter(({ id }) => id !== "guardrail-attached");
    for (const { commands, place } of applied) {
      expect(commands).toEqual([expect.stringContaining(`orgkeys -- apply ${place.stack} --config`)]);
    }
    const heal = ["apply", ...new Set(applied.map(({ place }) => place.stack ?? "")), "--auto-approve"];
    const folders = ["--config", config, "--out", live.out, "--runs", join(live.folder, "runs")];
    const end = await startOrgkeys([...heal, ...folders], live.environment).ended;
    expect([end.code, end.stderr]).toEqual([0, expect.anything()]);
    const after = await drift();
    expect([after.code, told(after)]).toEqual([0, []]);
  });

  interface GuardrailInAws {
    readonly client: OrganizationsClient;
    readonly id: string;
    readonly name: string;
    readonly statements: readonly { readonly Sid?: string }[];
    readonly targets: readonly string[];
  }

  async function inAws(zone: string, kind: ControlPolicyKind): Promise<GuardrailInAws> {
    const plan = plans().find((each) => each.zone.name === zone);
    const guardrail = plan?.guardrails.find((each) => each.kind === kind);
    if (plan === undefined || guardrail === undefined) throw new Error(`zone ${zone} has no such guardrail`);
    const client = clientNamed(plan.zone.organization.name);
    const targets = guardrail.targets.map(({ id }) => id);
    const id = (await policiesOn(client, targets[0] ?? "", controlPolicyTypes[kind])).get(guardrail.name) ?? "";
    const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: id }));
    return { client, id, name: guardrail.name, statements: JSON.parse(Policy?.Content ?? "").Statement, targets };
  }

  async function rewrite({ client, id }: GuardrailInAws, Statement: readonly object[]): Promise<void> {
    const Content = JSON.stringify({ Version: "2012-10-17", Statement });
    await client.send(new UpdatePolicyCommand({ PolicyId: id, Content }));
  }
});

describe("the guardrails of an edited map", () => {
  test("change in place, come and go with their switches, and follow an account", async () => {
    const commercial = clientNamed("commercial");
    const regulated = ouId("Regulated");
    const rootId = loaded.map.organizations.find(({ name }) => name === "commercial")?.rootId ?? "";
    const account = await makeAccount(commercial, "card-vault", rootId, regulated);
    // Zone pci gets the OU above its own, below which zone hipaa is: what is directly in it is now a target by itself.
    editMap(
      config,
      "zones.yaml",
      "ous: [Regulated/PCI]",
      "ous: [Regulated]\n  guardrails: {resourceControl: {services: false}}",
    );
    editMap(
      config,
      "zones.yaml",
      "ous: [Regulated/HIPAA]",
      "ous: [Regulated/HIPAA]\n  guardrails: {serviceControl: false}",
    );
    const inOu = `id: ${regulated}\n    environment: prod\n    accounts: {card-vault: "${account}"}\n`;
    editMap(config, "organizations/commercial.yaml", `id: ${regulated}\n`, inOu);
    loaded = await live.load(config);

    expect(await changes("commercial.guardrails.corporate")).toEqual({});
    expect(await changes("commercial.guardrails.hipaa")).toEqual({
      "aws_organizations_policy.hipaa_service-control": "delete",
      [`aws_organizations_policy_attachment.hipaa_service-control_${ouId("Regulated/HIPAA")}`]: "delete",
    });
    expect(await changes("commercial.guardrails.pci")).toEqual({
      "aws_organizations_policy.pci_resource-control": "update",
      "aws_organizations_policy.pci_service-control": "update",
      [`aws_organizations_policy_attachment.pci_resource-control_${account}`]: "create",
      [`aws_organizations_policy_attachment.pci_service-control_${account}`]: "create",
    });
    await live.apply(["commercial.guardrails.hipaa", "commercial.guardrails.pci"]);
    await live.expectNoChanges(stacks());
    await expectPlanned();

    // The account moves below the zone's own OU, whose policies it inherits there.
    const move = { SourceParentId: regulated, DestinationParentId: ouId("Regulated/PCI") };
    await commercial.send(new MoveAccountCommand({ AccountId: account, ...move }));
    editMap(config, "organizations/commercial.yaml", inOu, `id: ${regulated}\n`);
    editMap(
      config,
      "organizations/commercial.yaml",
      'payments-prod: "310000000002"',
      `payments-prod: "310000000002"\n          card-vault: "${account}"`,
    );
    loaded = await live.load(config);
    expect(await changes("commercial.guardrails.pci")).toEqual({
      [`aws_organizations_policy_attachment.pci_resource-control_${account}`]: "delete",
      [`aws_organizations_policy_attachment.pci_service-control_${account}`]: "delete",
    });
    await live.apply(["commercial.guardrails.pci"]);
    await live.expectNoChanges(stacks());
    await expectPlanned();
  });
});

describe("the guardrails of a zone that is renamed", () => {
  const [before, after] = ["commercial.guardrails.pci", "commercial.guardrails.cards"];

  test("stay the same policies when their state goes along, as the page on guardrails has it", async () => {
    const state = join(live.folder, "pci.tfstate");
    writeFileSync(state, (await ran(before, "state", "pull")).stdout);
    const made = await policyIds(before);
    editMap(config, "zones.yaml", "pci:\n", "cards:\n");
    editMap(config, "rollouts.yaml", "pci:\n", "cards:\n");
    loaded = await live.load(config);
    await init(live.stackFolder(after), live.environment);
    await ran(after, "state", "push", state);
    for (const address of (await ran(after, "state", "list")).stdout.trim().split("\n")) {
      await ran(after, "state", "mv", address, address.replace(".pci_", ".cards_"));
    }
    const planned = await changes(after);
    expect(new Set(Object.values(planned))).toEqual(new Set(["update"]));
    expect(Object.keys(planned).filter((address) => address.includes("attachment"))).toEqual([]);
    await live.apply([after]);
    await live.expectNoChanges([after]);
    expect(await policyIds(after)).toEqual(made);
    await expectPlanned();
  });

  async function ran(stack: string, ...args: string[]): Promise<TerraformRun> {
    const run = await terraform(live.stackFolder(stack), args, live.environment);
    expect([args.join(" "), run.code, run.stderr]).toEqual([args.join(" "), 0, ""]);
    return run;
  }

  /** AWS's ids of the policies in a stack's state. */
  async function policyIds(stack: string): Promise<string[]> {
    const { resources }: { resources: { type: string; instances: { attributes: { id: string } }[] }[] } = JSON.parse(
      (await ran(stack, "state", "pull")).stdout,
    );
    return resources
      .filter(({ type }) => type === "aws_organizations_policy")
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id))
      .sort();
  }
});

/** Holds what AWS Organizations has against the plan: every policy, its text, its tags, and where it is attached. */
async function expectPlanned(): Promise<void> {
  for (const { zone, guardrails } of plans()) {
    const client = clientNamed(zone.organization.name);
    for (const guardrail of guardrails) {
      const type = controlPolicyTypes[guardrail.kind];
      const [target] = guardrail.targets;
      const attached = await policiesOn(client, target?.id ?? "", type);
      const id = attached.get(guardrail.name) ?? "";
      expect([...attached.keys()]).toContain(guardrail.name);
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: id }));
      expect(Policy?.PolicySummary).toMatchObject({ Type: type, Description: guardrail.description });
      expect(JSON.parse(Policy?.Content ?? "")).toEqual(guardrail.document);
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceId: id }));
      expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual(guardrail.tags);
      const { Targets = [] } = await client.send(new ListTargetsForPolicyCommand({ PolicyId: id }));
      expect(Targets.map(({ TargetId }) => TargetId).sort()).toEqual(guardrail.targets.map((each) => each.id));
    }
  }
  await expectNothingElse();
}

/** No root, OU or account of the map has a policy that no zone plans for it. */
async function expectNothingElse(): Promise<void> {
  for (const organization of loaded.map.organizations) {
    const client = clientNamed(organization.name);
    const wanted = plans().filter(({ zone }) => zone.organization.name === organization.name);
    for (const target of [organization.rootId, ...organization.organizationalUnits.map(({ id }) => id)]) {
      for (const [kind, type] of Object.entries(controlPolicyTypes)) {
        const found = [...(await policiesOn(client, target, type)).keys()].filter(
          (name) => !name.includes("FullAWSAccess"),
        );
        const named = wanted
          .flatMap(({ guardrails }) => guardrails)
          .filter((each) => each.kind === kind && each.targets.some(({ id }) => id === target))
          .map(({ name }) => name);
        expect([target, found.sort()]).toEqual([target, named.sort()]);
      }
    }
  }
}

async function policiesOn(client: OrganizationsClient, target: string, type: string): Promise<Map<string, string>> {
  const Filter = type as "RESOURCE_CONTROL_POLICY" | "SERVICE_CONTROL_POLICY";
  const { Policies = [] } = await client.send(new ListPoliciesForTargetCommand({ TargetId: target, Filter }));
  return new Map(Policies.map(({ Name = "", Id = "" }) => [Name, Id]));
}

/** What a plan would do, by address. */
async function changes(stack: string): Promise<Readonly<Record<string, string>>> {
  await init(live.stackFolder(stack), live.environment);
  const { resource_changes = [] } = await showPlanJson(live.stackFolder(stack), live.environment);
  return Object.fromEntries(
    resource_changes
      .map(({ address, change }) => [address, change.actions.join()] as const)
      .filter(([, actions]) => actions !== "no-op"),
  );
}

function clientNamed(organization: string): OrganizationsClient {
  const client = clients.get(organization);
  if (client === undefined) throw new Error(`there is no organization ${organization}`);
  return client;
}

function ouId(path: string): string {
  return (
    loaded.map.organizations.flatMap(({ organizationalUnits }) => organizationalUnits).find((ou) => ou.path === path)
      ?.id ?? ""
  );
}
