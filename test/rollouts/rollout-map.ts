import type { Finding } from "../../modules/findings/finding";
import type { AccountPlan } from "../../modules/keys/account-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import type { Account, OrganizationalUnit, OrganizationMap } from "../../modules/organization/organization-map";
import type { Rollout, RolloutWave } from "../../modules/organization/rollout";
import { createdNames, createdProperty } from "../../modules/rollouts/created-names";
import { planRollouts } from "../../modules/rollouts/plan-rollouts";
import type { RenderRollout } from "../../modules/rollouts/render-rollout";
import type { PlannedStackSet, RolloutPlans } from "../../modules/rollouts/rollout-plan";
import type { RenderedTemplate, TemplateDocument, TemplateResource } from "../../modules/rollouts/template";
import { planOf } from "../stacks/small-organization";
import { plainRollout } from "./plain-rollout";

const organization = `id: o-a1b2c3d4e5
rootId: r-ab12
partition: aws
homeRegion: us-east-1
regions: [us-east-1, us-west-2]
managementAccount: management
delegatedAdministrator: tooling
roles: {deploy: OrgKeysDeploy, audit: OrgKeysAudit}
tags: {Company: Acme}
accounts: {management: "000000000001"}
ous:
  Security:
    id: ou-ab12-10000000
    accounts: {keys: "100000000001", tooling: "100000000002"}
  Sandbox:
    id: ou-ab12-20000000
    accounts: {box: "200000000001"}
  Workloads:
    id: ou-ab12-30000000
    ous:
      Dev:
        id: ou-ab12-31000000
        accounts: {dev: "310000000001", dev-new: {id: "310000000002", status: pending}}
      Prod:
        id: ou-ab12-32000000
        accounts: {old: {id: "320000000009", status: suspended}, shop: "320000000001", web: "320000000002"}
  Regulated:
    id: ou-ab12-40000000
    accounts: {vault: "400000000001", vault-new: {id: "400000000002", status: pending}}
    ous:
      PCI:
        id: ou-ab12-41000000
        accounts: {cards: "410000000001", pci-keys: "410000000002"}
`;
const zones = `corporate:
  organization: acme
  ous: [Security, Sandbox, Workloads, Regulated]
  accounts: [management]
  owner: platform
  keyManagementAccount: keys
  topology: centralized
  administrators: [role/Admin]
  breakGlass: role/BreakGlass
  regions: [us-east-1, us-west-2]
pci:
  organization: acme
  ous: [Regulated/PCI]
  owner: payments
  keyManagementAccount: pci-keys
  topology: centralized
  administrators: [role/Admin]
  breakGlass: role/BreakGlass
  regions: [us-west-2]
`;

/** Zone corporate with another zone's OU inside of it, accounts of every status, and the management account. */
export function rolloutSources(): SourceFile[] {
  const file = (path: string, text: string): SourceFile => ({
    name: `config/${path}`,
    path,
    bytes: new TextEncoder().encode(text),
  });
  return [
    file("organizations/acme.yaml", organization),
    file("zones.yaml", zones),
    file("data-classes.yaml", "public: {key: aws-owned}\n"),
  ];
}

export function rolloutMap(): OrganizationMap {
  return planOf(rolloutSources()).map;
}

/** A rollout with every default. */
export function rolloutOf(
  map: OrganizationMap,
  zoneName: string,
  template: string,
  given: Partial<Rollout> = {},
): Rollout {
  const zone = map.zones.find(({ name }) => name === zoneName);
  if (zone === undefined) throw new Error(`there is no zone ${zoneName}`);
  const { organization: its } = zone;
  return plainRollout({
    zone: zoneName,
    template,
    administrator: given.administrator ?? accountOf(map, its.delegatedAdministrator ?? its.managementAccount),
    regions: [zone.regions[0] ?? its.homeRegion],
    busAccount: template === "key-events" ? zone.keyManagementAccount : undefined,
    ...given,
  });
}

export function accountOf(map: OrganizationMap, name: string): Account {
  const account = map.accounts.find((each) => each.name === name);
  if (account === undefined) throw new Error(`there is no account ${name}`);
  return account;
}

export function ouOf(map: OrganizationMap, path: string): OrganizationalUnit {
  const ou = map.organizations.flatMap((each) => each.organizationalUnits).find((each) => each.path === path);
  if (ou === undefined) throw new Error(`there is no OU ${path}`);
  return ou;
}

export function waves(map: OrganizationMap, named: Readonly<Record<string, readonly string[]>>): RolloutWave[] {
  return Object.entries(named).map(([name, paths]) => ({ name, ous: paths.map((path) => ouOf(map, path)) }));
}

/** A template that makes these things, `AWS::IAM::Role OrgKeysDeploy`, or `AWS::KMS::Key` without a name. */
export function template(...things: readonly string[]): RenderedTemplate {
  const resources = things.map((thing, index): [logicalId: string, resource: TemplateResource] => {
    const [Type = "", name] = thing.split(" ");
    const property = createdProperty(Type);
    return [`R${index}`, { Type, ...(property === undefined ? {} : { Properties: { [property]: name } }) }];
  });
  const document: TemplateDocument = { Resources: Object.fromEntries(resources) };
  const creates = createdNames(document, {});
  return { text: things.join("\n"), document, parameters: {}, capabilities: [], creates };
}

/** Templates that make one thing each, as the built-in ones do, without their text. */
export const renderOneThing: RenderRollout = ({ template: name, replicas, zone }) => {
  if (name === "access-roles") return [{ part: "main", template: template("AWS::IAM::Role OrgKeysDeploy") }];
  if (name === "key-events") {
    return [
      { part: "bus", template: template(`AWS::Events::EventBus orgkeys-${zone}-key-events`) },
      { part: "main", template: template("AWS::Events::Rule orgkeys-key-events") },
    ];
  }
  if (name !== "baseline-keys") return [{ part: "main", template: template(`AWS::Backup::BackupVault ${name}`) }];
  const keys = { part: "main", template: template("AWS::KMS::Alias alias/default", "AWS::KMS::Key") } as const;
  return replicas.length === 0
    ? [keys]
    : [keys, { part: "replicas", template: template("AWS::KMS::Alias alias/default") }];
};

export interface Planned {
  readonly plans: RolloutPlans;
  readonly findings: readonly Finding[];
  readonly stackSets: readonly PlannedStackSet[];
  /** `severity id where: why; what to do` */
  readonly told: readonly string[];
}

export function plan(
  map: OrganizationMap,
  rollouts: readonly Rollout[],
  accounts: readonly AccountPlan[] = [],
  render: RenderRollout = renderOneThing,
): Planned {
  const planned = planRollouts({ ...map, rollouts }, accounts, noTemplates, render);
  if ("problems" in planned) throw new Error(JSON.stringify(planned.problems, null, 2));
  return {
    ...planned,
    stackSets: planned.plans.zones.flatMap((each) => each.stackSets),
    told: planned.findings.map(
      ({ severity, id, where, why, whatToDo }) => `${severity} ${id} ${where}: ${why}; ${whatToDo}`,
    ),
  };
}

/** `source  message; fix` of everything that is wrong. */
export function refused(
  map: OrganizationMap,
  rollouts: readonly Rollout[],
  accounts: readonly AccountPlan[] = [],
  render: RenderRollout = renderOneThing,
): string[] {
  const planned = planRollouts({ ...map, rollouts }, accounts, noTemplates, render);
  if (!("problems" in planned)) throw new Error("nothing was refused");
  return planned.problems.map(({ source, message, fix }) => `${source}  ${message}; ${fix}`);
}

/** `id: targets -> accounts` */
export function targetsText({ id, targets, reaches }: PlannedStackSet): string {
  const filter = targets.filter === "NONE" ? "" : ` ${targets.filter} ${targets.accounts.join(" ")}`;
  return `${id}: ${targets.ous.join(" ")}${filter} -> ${reaches.map(({ name }) => name).join(" ")}`;
}

function noTemplates(): never {
  throw new Error("the templates of these rollouts are not read from files");
}
