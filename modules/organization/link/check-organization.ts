import { partitionOfRegion, regionNames } from "../../aws/partition";
import type { MapFile, MapPath } from "../map-file";
import type { Organization } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { OrganizationFile } from "../schema/organization-schema";
import { stackNamePart } from "../stack-name-part";
import type { LinkedOrganizations } from "./link-organizations";

/** What has to hold within one organization, once all accounts are known. */
export function checkOrganization(
  file: MapFile,
  value: OrganizationFile,
  organization: Organization,
  linked: LinkedOrganizations,
): Problem[] {
  return [
    ...checkRegions(file, value),
    ...checkStackNames(file, organization),
    ...checkSpecialAccounts(file, value, organization, linked),
    ...checkRoles(file, value),
  ];
}

function checkRegions(file: MapFile, value: OrganizationFile): Problem[] {
  const problems: Problem[] = [];
  const known = regionNames(value.partition);
  for (const [index, region] of value.regions.entries()) {
    if (known.includes(region)) continue;
    const elsewhere = partitionOfRegion(region);
    const [message, fix] =
      elsewhere === undefined
        ? [
            `must be a Region of partition ${value.partition}`,
            suggestName(region, known, `Regions are ${listNames(known, 40)}`),
          ]
        : [
            `is a Region of partition ${elsewhere}, and this organization is in ${value.partition}`,
            `drop it: an organization never leaves its partition, and ${elsewhere} takes one of its own`,
          ];
    problems.push(file.problem(["regions", index], message, { fix }));
  }
  if (!value.regions.includes(value.homeRegion)) {
    const message = `must be one of the organization's regions (${listNames(value.regions)})`;
    const fix = suggestName(value.homeRegion, value.regions, "add it to regions");
    problems.push(file.problem(["homeRegion"], message, { fix }));
  }
  return problems;
}

/** Who changes keys is not who looks whether they changed. */
function checkRoles(file: MapFile, { roles }: OrganizationFile): Problem[] {
  if (roles.deploy !== roles.audit) return [];
  return [
    file.problem(["roles", "audit"], "is also the deploy role", { fix: "use a role of its own that only reads" }),
  ];
}

/** OU names become part of a stack's name, where blanks and capitals go: two OUs must stay apart. */
function checkStackNames(file: MapFile, organization: Organization): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const { path } of organization.organizationalUnits) {
    const slug = stackNamePart(path);
    const other = seen.get(slug);
    if (other === undefined) {
      seen.set(slug, path);
      continue;
    }
    // The OUs below two OUs of one name have one name too, and are not worth a word of their own.
    if (other.split("/").at(-1) === path.split("/").at(-1)) continue;
    const at: MapPath = path.split("/").flatMap((part) => ["ous", part]);
    const message = `gives the same stack name as OU ${other} (${slug})`;
    problems.push(file.problem(at, message, { atKey: true, fix: "rename one of them" }));
  }
  return problems;
}

function checkSpecialAccounts(
  file: MapFile,
  value: OrganizationFile,
  organization: Organization,
  linked: LinkedOrganizations,
): Problem[] {
  const problems: Problem[] = [];
  const { accounts: named = new Set<string>(), complete = false } = linked.names.get(organization.name) ?? {};
  if (!complete) return [];
  for (const field of ["managementAccount", "delegatedAdministrator"] as const) {
    const accountName = value[field];
    if (accountName === undefined || named.has(accountName)) continue;
    const fix = suggestName(accountName, named, "add the account below an OU or in accounts");
    problems.push(file.problem([field], `must be an account of organization ${organization.name}`, { fix }));
  }
  return problems;
}
