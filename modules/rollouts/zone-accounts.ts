import type { Account, OrganizationMap, Zone } from "../organization/organization-map";

/** The accounts of a zone, sorted by name. */
export type AccountsOfZone = (zone: Zone) => readonly Account[];

/** Goes through the map's accounts once: there may be 10,000 of them, and 100 zones. */
export function accountsOfZones(map: OrganizationMap): AccountsOfZone {
  const byZone = new Map<string, Account[]>();
  for (const account of map.accounts) {
    const own = byZone.get(account.zone);
    if (own === undefined) byZone.set(account.zone, [account]);
    else own.push(account);
  }
  return ({ name }) => byZone.get(name) ?? [];
}

export function isActive({ status }: Account): boolean {
  return status === "active";
}

/** StackSets never reach it: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html */
export function isManagementAccount({ name, organization }: Account): boolean {
  return name === organization.managementAccount;
}
