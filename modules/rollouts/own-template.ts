import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { PlanProblem } from "../keys/plan-problem";
import type { Organization, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { TemplateFlaw } from "./template";

/** What one of the map's own templates may name: plain texts and lists, each text "" where the map has none. */
export interface OwnTemplateData {
  readonly zone: {
    readonly name: string;
    readonly owner: string;
    /** The organization's and the zone's, sorted by key. */
    readonly tags: readonly { readonly key: string; readonly value: string }[];
    /** Where the zone may keep data. */
    readonly regions: readonly string[];
    /** Its id. */
    readonly keyManagementAccount: string;
    /** `role/NAME`, sorted: the same in each account. */
    readonly administrators: readonly string[];
    /** `role/NAME` */
    readonly breakGlass: string;
  };
  readonly organization: {
    readonly name: string;
    readonly id: string;
    readonly partition: string;
    readonly homeRegion: string;
    /** `role/NAME`, each. */
    readonly roles: { readonly deploy: string; readonly audit: string };
  };
  /** The zone's active accounts, sorted by name: those of tomorrow are not among them. */
  readonly accounts: readonly {
    readonly name: string;
    readonly id: string;
    /** `Workloads/Prod` */
    readonly ou: string;
    readonly environment: string;
  }[];
  /** The OUs that are the zone's, sorted by path: with everything below, or else only their own accounts. */
  readonly ous: readonly { readonly path: string; readonly id: string; readonly whole: boolean }[];
  readonly rollout: {
    readonly name: string;
    /** In their order. */
    readonly regions: readonly string[];
  };
  /** Of the rollout, sorted by name; they are also the values of the template's CloudFormation parameters. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** @param zone the rollout's */
export function ownTemplateData(rollout: Rollout, zone: Zone, map: OrganizationMap): OwnTemplateData {
  const { organization, extent } = zone;
  const ous = [
    ...extent.wholeOus.map(({ path, id }) => ({ path, id, whole: true })),
    ...extent.ownOus.map(({ path, id }) => ({ path, id, whole: false })),
  ];
  return {
    zone: {
      name: zone.name,
      owner: zone.owner,
      tags: inNameOrder({ ...organization.tags, ...zone.tags }).map(([key, value]) => ({ key, value })),
      regions: zone.regions,
      keyManagementAccount: zone.keyManagementAccount?.id ?? "",
      administrators: uniqueNames(zone.administrators),
      breakGlass: zone.breakGlass,
    },
    organization: {
      name: organization.name,
      id: organization.id,
      partition: organization.partition,
      homeRegion: organization.homeRegion,
      roles: { deploy: `role/${organization.roles.deploy}`, audit: `role/${organization.roles.audit}` },
    },
    accounts: map.accounts
      .filter((account) => account.zone === zone.name && account.status === "active")
      .map(({ name, id, ouPath, environment }) => ({ name, id, ou: ouPath, environment: environment ?? "" }))
      .sort((a, b) => nameOrder(a.name, b.name)),
    ous: ous.sort((a, b) => nameOrder(a.path, b.path)),
    rollout: { name: rollout.name, regions: rollout.regions },
    parameters: inNameOrder(rollout.parameters).map(([name, value]) => ({ name, value })),
  };
}

/** Names, with `*` for anything, that a template of the map's own leaves alone: keys, guardrails and pipelines trust them. */
export function keptNames({ roles }: Organization): readonly string[] {
  return [roles.deploy, roles.audit, "orgkeys-*", "orgkeys/*"];
}

/** A flaw of one of the map's own templates, at its place in the template's file, or at the value that it is given. */
export function ownTemplateProblem(rollout: Rollout, flaw: TemplateFlaw): PlanProblem {
  const { line, column, path, message, fix, given } = flaw;
  const { source, ownTemplate } = rollout;
  if (ownTemplate === undefined) throw new Error(`${rollout.name} has no template of its own`);
  if (given !== undefined) {
    const from = `rollout ${rollout.name}, ${ownTemplate.path}${line === undefined ? "" : `:${line}`}`;
    const at = `${source}.parameters.${given.parameter}`;
    return { source: at, message: `${given.message} (${from})`, fix: given.fix };
  }
  return { source, message, fix, place: { file: ownTemplate.path, line: line ?? 1, column: column ?? 1, path } };
}
