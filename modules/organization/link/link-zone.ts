import { nameOrder } from "../../aws/name-order";
import type { Account, Organization, Zone, ZoneExtent, ZoneGuardrails } from "../organization-map";
import { likelyNames } from "../problem";
import type { ZoneFile } from "../schema/zones-schema";
import { linkKeyStores } from "./link-key-stores";

/** The zone's Regions; all of the organization's where one of them is none, so that no other is called wrong for it. */
function likelyRegions(regions: readonly string[], known: readonly string[]): string[] {
  const likely = likelyNames(regions, known);
  return (likely.every((region) => known.includes(region)) ? likely : [...known]).sort(nameOrder);
}

/** A zone with its defaults filled in. What is wrong with it is `checkZone`'s business. */
export function linkZone(
  name: string,
  entry: ZoneFile,
  organization: Organization,
  accounts: ReadonlyMap<string, Account>,
  members: readonly string[],
  extent: ZoneExtent,
): Zone {
  const { floor } = entry;
  const s3 = entry.state?.s3;
  return {
    name,
    organization,
    owner: entry.owner,
    accounts: [...members].sort(nameOrder),
    extent,
    keyManagementAccount:
      entry.keyManagementAccount === undefined ? undefined : accounts.get(entry.keyManagementAccount),
    topology: entry.topology,
    centralize: (entry.centralize ?? []).map((rule) => ({
      environments: rule.environments,
      dataClasses: rule.dataClasses,
    })),
    administrators: [...entry.administrators].sort(nameOrder),
    breakGlass: entry.breakGlass,
    consumers: entry.consumers ?? "alias",
    regions: likelyRegions(entry.regions, organization.regions),
    frameworks: [...(entry.frameworks ?? [])].sort(nameOrder),
    floor: {
      rotationDays: floor?.rotationDays,
      deletionWindowDays: floor?.deletionWindowDays,
      decommissionDays: floor?.decommissionDays,
      customerManaged: floor?.key === "customer-managed",
    },
    state:
      s3 === undefined
        ? { kind: "local" }
        : { kind: "s3", bucket: s3.bucket, region: s3.region, kmsKeyId: s3.kmsKeyId, role: s3.role },
    guardrails: linkGuardrails(entry.guardrails),
    keyStores: linkKeyStores(name, entry, accounts),
    organizationPaths: entry.organizationPaths ?? false,
    pipelines: undefined,
    tags: entry.tags ?? {},
  };
}

/** Whatever is not switched off is on. */
function linkGuardrails(entry: ZoneFile["guardrails"]): ZoneGuardrails {
  const resourceControl = entry?.resourceControl ?? {};
  const serviceControl = entry?.serviceControl ?? {};
  return {
    resourceControl: {
      principals: resourceControl !== false && (resourceControl.principals ?? true),
      services: resourceControl !== false && (resourceControl.services ?? true),
    },
    serviceControl: {
      ownKeys: serviceControl !== false && (serviceControl.ownKeys ?? true),
      destruction: serviceControl !== false && (serviceControl.destruction ?? true),
      policies: serviceControl !== false && (serviceControl.policies ?? true),
      regions: serviceControl !== false && (serviceControl.regions ?? true),
    },
  };
}
