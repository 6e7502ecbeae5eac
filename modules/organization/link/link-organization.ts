import { nameOrder } from "../../aws/name-order";
import { regionNames } from "../../aws/partition";
import type { MapFile, MapPath } from "../map-file";
import type { Organization, OrganizationalUnit } from "../organization-map";
import { likelyNames, listNames, suggestName } from "../problem";
import { UNKNOWN_ACCOUNT_ID } from "../schema/fields";
import type { AccountFile, OrganizationalUnitFile, OrganizationFile } from "../schema/organization-schema";
import type { LinkedOrganizations } from "./link-organizations";

/** One organization's file, far enough sound to be linked. */
export interface SoundOrganization {
  readonly name: string;
  readonly file: MapFile;
  readonly value: OrganizationFile;
}

/** What an account or OU inherits from the OUs above it. */
interface Above {
  /** `Workloads/Prod`; empty for the root. */
  readonly ouPath: string;
  readonly idPath: string;
  readonly environment: string | undefined;
}

/** One organization while it is linked. */
interface Linking extends SoundOrganization {
  readonly organization: Organization;
  readonly organizationalUnits: OrganizationalUnit[];
  readonly linked: LinkedOrganizations;
  /** Who has which id, over all organizations. */
  readonly owners: Map<string, string>;
}

/** Words that stand before a colon in a principal. */
const reservedAccountNames = new Set(["arn", "account", "ou"]);

/**
 * Adds one organization, its OUs and its accounts to what is linked already.
 *
 * @param owners who has which id, over all organizations
 */
export function linkOrganization(
  sound: SoundOrganization,
  linked: LinkedOrganizations,
  owners: Map<string, string>,
): void {
  const { name, value } = sound;
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
  const linking: Linking = { ...sound, organization, organizationalUnits, linked, owners };
  claimId(["id"], value.id, `organization ${name}`, linking);
  claimId(["rootId"], value.rootId, `the root of organization ${name}`, linking);
  const root: Above = { ouPath: "", idPath: `${value.id}/${value.rootId}/`, environment: undefined };
  for (const [accountName, account] of Object.entries(value.accounts ?? {})) {
    addAccount(["accounts", accountName], accountName, account, root, linking);
  }
  addOus(value.ous, ["ous"], root, linking);
  organizationalUnits.sort((a, b) => nameOrder(a.path, b.path));
}

function addOus(
  ous: Readonly<Record<string, OrganizationalUnitFile>>,
  at: MapPath,
  above: Above,
  linking: Linking,
): void {
  for (const [ouName, ou] of Object.entries(ous)) {
    const here: MapPath = [...at, ouName];
    const ouPath = above.ouPath === "" ? ouName : `${above.ouPath}/${ouName}`;
    const own = { ouPath, idPath: `${above.idPath}${ou.id}/`, environment: ou.environment ?? above.environment };
    claimId([...here, "id"], ou.id, `OU ${linking.name}/${ouPath}`, linking);
    linking.organizationalUnits.push({ path: ouPath, id: ou.id, idPath: own.idPath });
    for (const [accountName, account] of Object.entries(ou.accounts ?? {})) {
      addAccount([...here, "accounts", accountName], accountName, account, own, linking);
    }
    addOus(ou.ous ?? {}, [...here, "ous"], own, linking);
  }
}

function addAccount(path: MapPath, name: string, account: AccountFile, above: Above, linking: Linking): void {
  const { file, value, linked, organization } = linking;
  const entry = typeof account === "string" ? { id: account } : account;
  if (reservedAccountNames.has(name)) {
    const fix = "choose another name";
    linked.problems.push(file.problem(path, "is a word that principals begin with", { atKey: true, fix }));
  }
  const twin = linked.accounts.get(name);
  if (twin !== undefined) {
    const place = twin.ouPath === "" ? twin.organization.name : `${twin.organization.name}/${twin.ouPath}`;
    const fix = "an account is in one OU, and its name is unique over all organizations: rename one";
    linked.problems.push(file.problem(path, `is already an account in ${place}`, { atKey: true, fix }));
    linked.ambiguous.add(name);
    return;
  }
  claimId(typeof account === "string" ? path : [...path, "id"], entry.id, `account ${name}`, linking);
  for (const [index, region] of (entry.regions ?? []).entries()) {
    if (value.regions.includes(region)) continue;
    const message = `must be a Region of organization ${linking.name} (${listNames(value.regions)})`;
    const fix = suggestName(region, value.regions, "add it there or drop it here");
    linked.problems.push(file.problem([...path, "regions", index], message, { fix }));
  }
  linked.accounts.set(name, {
    name,
    id: entry.id,
    status: entry.status ?? "active",
    organization,
    ouPath: above.ouPath,
    environment: above.environment,
    regions: [...(entry.regions ?? value.regions)].sort(nameOrder),
    tags: entry.tags ?? {},
  });
  linked.accountPlaces.set(name, { file, path });
}

function claimId(path: MapPath, id: string, owner: string, { file, linked, owners }: Linking): void {
  if (id === UNKNOWN_ACCOUNT_ID) {
    // Said of a stand-in this only follows from what is wrong with the id, and goes unsaid.
    const fix = "copy the id from AWS Organizations";
    linked.problems.push(file.problem(path, "is nobody's account id", { fix }));
    return;
  }
  const other = owners.get(id);
  if (other === undefined) {
    owners.set(id, owner);
    return;
  }
  const fix = "each has an id of its own: copy it from AWS Organizations";
  linked.problems.push(file.problem(path, `is already the id of ${other}`, { fix }));
}
