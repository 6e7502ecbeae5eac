import { nameOrder } from "../../aws/name-order";
import { regionNames } from "../../aws/partition";
import type { MapFile, MapPath } from "../map-file";
import type { Organization, OrganizationalUnit } from "../organization-map";
import { likelyNames, listNames, suggestName } from "../problem";
import { UNKNOWN_ACCOUNT_ID } from "../schema/fields";
import type { AccountFile, OrganizationalUnitFile, OrganizationFile } from "../schema/organization-schema";
import type { LinkedOrganizations } from "./link-organizations";

/** What an account or OU inherits from the OUs above it. */
interface Above {
  /** `Workloads/Prod`; empty for the root. */
  readonly ouPath: string;
  readonly idPath: string;
  readonly environment: string | undefined;
}

/** Words that stand before a colon in a principal. */
const reservedAccountNames = new Set(["arn", "account", "ou"]);

/**
 * Adds one organization, its OUs and its accounts to what is linked already.
 *
 * @param owners who has which id, over all organizations
 */
export function linkOrganization(
  { file, name, value }: { file: MapFile; name: string; value: OrganizationFile },
  linked: LinkedOrganizations,
  owners: Map<string, string>,
): void {
  const organizationalUnits: OrganizationalUnit[] = [];
  const organization: Organization = {
    name,
    id: value.id,
    rootId: value.rootId,
    partition: value.partition,
    homeRegion: value.homeRegion,
    regions: likelyNames(value.regions, regionNames(value.partition)).sort(nameOrder),
    managementAccount: value.managementAccount,
    delegatedAdministrator: value.delegatedAdministrator,
    roles: value.roles,
    externalId: value.externalId,
    tags: value.tags ?? {},
    organizationalUnits,
  };
  linked.organizations.set(name, organization);

  const claimId = (path: MapPath, id: string, owner: string): void => {
    if (id === UNKNOWN_ACCOUNT_ID) {
      // Said of a stand-in this only follows from what is wrong with the id, and goes unsaid.
      const fix = "copy the id from AWS Organizations";
      linked.problems.push(file.problem(path, "is nobody's account id", { fix }));
      return;
    }
    const other = owners.get(id);
    if (other === undefined) owners.set(id, owner);
    else {
      const fix = "each has an id of its own: copy it from AWS Organizations";
      linked.problems.push(file.problem(path, `is already the id of ${other}`, { fix }));
    }
  };

  const addAccount = (path: MapPath, accountName: string, account: AccountFile, above: Above): void => {
    const entry = typeof account === "string" ? { id: account } : account;
    if (reservedAccountNames.has(accountName)) {
      const fix = "choose another name";
      linked.problems.push(file.problem(path, "is a word that principals begin with", { atKey: true, fix }));
    }
    const twin = linked.accounts.get(accountName);
    if (twin !== undefined) {
      const place = twin.ouPath === "" ? twin.organization.name : `${twin.organization.name}/${twin.ouPath}`;
      const fix = "an account is in one OU, and its name is unique over all organizations: rename one";
      linked.problems.push(file.problem(path, `is already an account in ${place}`, { atKey: true, fix }));
      linked.ambiguous.add(accountName);
      return;
    }
    claimId(typeof account === "string" ? path : [...path, "id"], entry.id, `account ${accountName}`);
    for (const [index, region] of (entry.regions ?? []).entries()) {
      if (value.regions.includes(region)) continue;
      const message = `must be a Region of organization ${name} (${listNames(value.regions)})`;
      const fix = suggestName(region, value.regions, "add it there or drop it here");
      linked.problems.push(file.problem([...path, "regions", index], message, { fix }));
    }
    linked.accounts.set(accountName, {
      name: accountName,
      id: entry.id,
      status: entry.status ?? "active",
      organization,
      ouPath: above.ouPath,
      environment: above.environment,
      regions: [...(entry.regions ?? value.regions)].sort(nameOrder),
      tags: entry.tags ?? {},
    });
    linked.accountPlaces.set(accountName, { file, path });
  };

  const walk = (ous: Readonly<Record<string, OrganizationalUnitFile>>, at: MapPath, above: Above): void => {
    for (const [ouName, ou] of Object.entries(ous)) {
      const here: MapPath = [...at, ouName];
      const ouPath = above.ouPath === "" ? ouName : `${above.ouPath}/${ouName}`;
      const own = { ouPath, idPath: `${above.idPath}${ou.id}/`, environment: ou.environment ?? above.environment };
      claimId([...here, "id"], ou.id, `OU ${name}/${ouPath}`);
      organizationalUnits.push({ path: ouPath, id: ou.id, idPath: own.idPath });
      for (const [accountName, account] of Object.entries(ou.accounts ?? {})) {
        addAccount([...here, "accounts", accountName], accountName, account, own);
      }
      walk(ou.ous ?? {}, [...here, "ous"], own);
    }
  };

  claimId(["id"], value.id, `organization ${name}`);
  claimId(["rootId"], value.rootId, `the root of organization ${name}`);
  const root: Above = { ouPath: "", idPath: `${value.id}/${value.rootId}/`, environment: undefined };
  for (const [accountName, account] of Object.entries(value.accounts ?? {})) {
    addAccount(["accounts", accountName], accountName, account, root);
  }
  walk(value.ous, ["ous"], root);
  organizationalUnits.sort((a, b) => nameOrder(a.path, b.path));
}
