import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import { guardrailRequest } from "../keys/plan-guardrails";
import type { Account, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { Principal } from "../organization/workload";
import { rolesBoundary } from "../policies/roles-boundary";
import { baselinePointer } from "./baseline-keys";
import { keyEventsBoundaryName, keyEventsBusAccount, keyEventsBusArn, keyEventsRoles } from "./key-events";
import { managingRoles } from "./managing-roles";

/**
 * AWS KMS makes them with an account's first multi-Region key and its first key store in AWS CloudHSM.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/authorize-kms.html
 */
const serviceLinkedRoles = ["cks.kms.amazonaws.com", "mrk.kms.amazonaws.com"];

/** What templates/access-roles.yaml.hbs is filled with. ARNs have `${AWS::Partition}` in them, for Fn::Sub. */
export interface AccessRolesData {
  readonly description: string;
  readonly zone: string;
  readonly boundaryName: string;
  readonly eventsBoundaryName: string;
  /** Of the deploy role's policies in the management account and where StackSets are kept. */
  readonly policyNames: Readonly<Record<"guardrails" | "directStacks" | "stackSets", string>>;
  readonly organizationId: string;
  /** Empty for an organization without one. */
  readonly externalId: string;
  readonly arns: Readonly<Record<keyof ReturnType<typeof arnsOf>, string>>;
  /** Patterns of everybody whom a grant to the roles themselves would reach. */
  readonly ownPrincipals: readonly string[];
  /** Patterns of what the roles and their boundaries are. */
  readonly own: readonly string[];
  /** Patterns of everybody who must not get what the deploy role writes. */
  readonly managers: readonly string[];
  readonly serviceLinkedRoles: readonly string[];
  readonly roles: readonly AccessRoleData[];
  /** Condition keys with what each session has to bring. */
  readonly sessionTags: readonly { readonly key: string; readonly value: string }[];
  readonly sessionTagNames: readonly string[];
  /** What tells the zone's keys from others, one statement each. */
  readonly extents: readonly ExtentData[];
  /** Whether the zone has keys in key stores. */
  readonly keyStores: boolean;
  /** Whether the template has conditions at all. */
  readonly conditions: boolean;
  readonly management: ManagementData | false;
  readonly direct: DirectData;
  readonly keepsStackSets: boolean;
  /** The only account that keeps StackSets; empty for none or several. */
  readonly administrator: string;
  /** Several of them; empty otherwise. */
  readonly administrators: readonly string[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

interface AccessRoleData {
  /** In the template. */
  readonly id: "Deploy" | "Audit";
  readonly name: string;
  readonly description: string;
  readonly deploys: boolean;
  /** The accounts of the pipelines, as their roots. */
  readonly accounts: readonly string[];
  readonly pipelines: readonly string[];
}

interface ExtentData {
  readonly findsSid: string;
  readonly grantsSid: string;
  readonly readsSid: string;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

interface ManagementData {
  readonly accountId: string;
  /** Patterns of the guardrails' ARNs. */
  readonly policies: readonly string[];
  /** One pattern of all of them. */
  readonly anyPolicy: string;
  /** Patterns of what they are attached to. */
  readonly targets: readonly string[];
}

/** What stacks of other rollouts make in the management account. */
interface DirectData {
  readonly stacks: boolean;
  readonly keys: boolean;
  /** Regions of the keys' replicas. */
  readonly replicas: readonly string[];
  readonly secrets: boolean;
  readonly events: boolean;
  /** Empty without events. */
  readonly busArn: string;
  /** Whether the bus itself is there. */
  readonly bus: boolean;
}

/**
 * One template for all accounts of the zone. What the management account and the account that keeps StackSets have more is
 * there only in their own zone, and behind a condition.
 */
export function accessRolesData(_rollout: Rollout, zone: Zone, map: OrganizationMap): AccessRolesData {
  const { organization } = zone;
  const { deploy, audit } = organization.roles;
  const management = managementData(zone, map);
  const direct = directData(zone, management === false ? [] : rolloutsInManagement(zone, map));
  const keepers = administratorsIn(zone, map);
  const sessionTags = inNameOrder(zone.pipelines?.sessionTags ?? {});
  return {
    description: `The roles with which orgkeys deploys and reads zone ${zone.name}, and the boundary of both`,
    zone: zone.name,
    boundaryName: rolesBoundary,
    eventsBoundaryName: keyEventsBoundaryName,
    // Consumer policies have names with `orgkeys-`.
    policyNames: {
      guardrails: `${deploy}-guardrails`,
      directStacks: `${deploy}-direct-stacks`,
      stackSets: `${deploy}-stack-sets`,
    },
    organizationId: organization.id,
    externalId: organization.externalId ?? "",
    arns: arnsOf(zone),
    ownPrincipals: [deploy, audit].flatMap((name) => [
      `arn:\${AWS::Partition}:iam::*:role/${name}`,
      `arn:\${AWS::Partition}:sts::*:assumed-role/${name}/*`,
    ]),
    managers: managingRoles(zone).map(everywhere),
    own: [
      `policy/${rolesBoundary}`,
      ...(direct.events ? [`policy/${keyEventsBoundaryName}`] : []),
      `role/${audit}`,
      `role/${deploy}`,
    ].map(everywhere),
    serviceLinkedRoles,
    roles: [
      {
        id: "Deploy",
        name: deploy,
        description: "Terraform of orgkeys manages keys with it, and uses none",
        deploys: true,
        ...trusted(zone.pipelines?.deploy ?? []),
      },
      {
        id: "Audit",
        name: audit,
        description: "Drift detection of orgkeys reads with it",
        deploys: false,
        ...trusted(zone.pipelines?.audit ?? []),
      },
    ],
    sessionTags: sessionTags.map(([name, value]) => ({ key: `aws:RequestTag/${name}`, value })),
    sessionTagNames: sessionTags.map(([name]) => name),
    extents: extentsOf(zone, map),
    keyStores: zone.keyStores.length > 0,
    conditions: management !== false || keepers.length > 0,
    management,
    direct,
    keepsStackSets: keepers.length > 0,
    administrator: keepers.length === 1 ? (keepers[0] ?? "") : "",
    administrators: keepers.length === 1 ? [] : keepers,
    tags: tagsOf(zone),
  };
}

/** Patterns, each as text for Fn::Sub. */
function arnsOf({ name, organization }: Zone) {
  const { deploy, audit } = organization.roles;
  const regional = (service: string, resource: string): string =>
    `arn:\${AWS::Partition}:${service}:*:\${AWS::AccountId}:${resource}`;
  return {
    boundary: inAccount(`policy/${rolesBoundary}`),
    eventsBoundary: inAccount(`policy/${keyEventsBoundaryName}`),
    deploy: inAccount(`role/${deploy}`),
    audit: inAccount(`role/${audit}`),
    eventsRoles: inAccount(keyEventsRoles),
    consumerPolicies: inAccount("policy/orgkeys/orgkeys-*"),
    pointer: regional("secretsmanager", `secret:${baselinePointer}*`),
    stacks: regional("cloudformation", `stack/orgkeys-${name}-*/*`),
    ownStack: regional("cloudformation", `stack/orgkeys-${name}-access-roles/*`),
  };
}

/** As text for Fn::Sub. */
function inAccount(resource: string): string {
  return `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource}`;
}

/** For a Deny, which may well say more than it has to: shorter than the account's own ARN. */
function everywhere(resource: string): string {
  return `arn:*:iam::*:${resource}`;
}

function trusted(pipelines: readonly Principal[]): Pick<AccessRoleData, "accounts" | "pipelines"> {
  const partitionless = (accountId: string, resource: string): string =>
    `arn:\${AWS::Partition}:iam::${accountId}:${resource}`;
  return {
    accounts: uniqueNames(pipelines.map(({ account }) => partitionless(account.id, "root"))),
    pipelines: uniqueNames(pipelines.map(({ account, name }) => partitionless(account.id, name))),
  };
}

function extentsOf(zone: Zone, map: OrganizationMap): ExtentData[] {
  const { organizationPaths, accountIds } = guardrailRequest(zone, map);
  const extent = (what: string, operator: string, key: string, values: readonly string[]): ExtentData[] =>
    values.length === 0
      ? []
      : [
          {
            findsSid: `FindsKeysIn${what}`,
            grantsSid: `GrantsOnKeysIn${what}`,
            readsSid: `ReadsKeysIn${what}`,
            operator,
            key,
            values: uniqueNames(values),
          },
        ];
  return [
    ...extent("Ous", "ForAnyValue:StringLike", "aws:ResourceOrgPaths", organizationPaths),
    ...extent("Accounts", "StringEquals", "aws:ResourceAccount", accountIds),
  ];
}

function managementData(zone: Zone, map: OrganizationMap): ManagementData | false {
  const account = managementAccountIn(zone, map);
  if (account === undefined) return false;
  // The organization's own resources are all in its management account.
  const owned = (type: string): string => `arn:\${AWS::Partition}:organizations::${account.id}:${type}`;
  const { id } = zone.organization;
  return {
    accountId: account.id,
    policies: [owned(`policy/${id}/resource_control_policy/*`), owned(`policy/${id}/service_control_policy/*`)],
    anyPolicy: owned(`policy/${id}/*_control_policy/*`),
    targets: [owned(`account/${id}/*`), owned(`ou/${id}/*`)],
  };
}

function managementAccountIn(zone: Zone, map: OrganizationMap): Account | undefined {
  return map.accounts.find(({ name, zone: of }) => of === zone.name && name === zone.organization.managementAccount);
}

/** Whose templates become stacks of Terraform's own there. The bus is where the map says, whoever else is left out. */
function rolloutsInManagement(zone: Zone, map: OrganizationMap): Rollout[] {
  return map.rollouts.filter(
    (rollout) =>
      rollout.zone === zone.name &&
      rollout.template !== "access-roles" &&
      (!rollout.excluded.some(({ name }) => name === zone.organization.managementAccount) ||
        hasItsBusThere(rollout, zone)),
  );
}

function hasItsBusThere(rollout: Rollout, zone: Zone): boolean {
  return (
    rollout.template === "key-events" && keyEventsBusAccount(rollout, zone).name === zone.organization.managementAccount
  );
}

function directData(zone: Zone, rollouts: readonly Rollout[]): DirectData {
  const baseline = rollouts.find(({ template }) => template === "baseline-keys");
  const events = rollouts.find(({ template }) => template === "key-events");
  const replicas = baseline?.replicas ?? [];
  return {
    stacks: rollouts.length > 0,
    keys: baseline !== undefined,
    replicas: uniqueNames(replicas),
    secrets: replicas.length > 0,
    events: events !== undefined,
    busArn: events === undefined ? "" : keyEventsBusArn(events, zone),
    bus: events !== undefined && hasItsBusThere(events, zone),
  };
}

/** Ids of the zone's accounts that keep StackSets, of whatever zone. */
function administratorsIn(zone: Zone, map: OrganizationMap): string[] {
  const keepers = map.rollouts
    .map(({ administrator }) => administrator)
    .filter((account) => account.zone === zone.name);
  return uniqueNames(keepers.map(({ id }) => id)).sort(nameOrder);
}

function tagsOf(zone: Zone): { key: string; value: string }[] {
  const tags = { ...zone.organization.tags, ...zone.tags, ManagedBy: "orgkeys", Owner: zone.owner, Zone: zone.name };
  return inNameOrder(tags).map(([key, value]) => ({ key, value }));
}
