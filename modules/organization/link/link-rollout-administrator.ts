import { hasServiceManagedStackSets } from "../../aws/organizations";
import type { CheckedFiles } from "../check-files";
import type { Account, Zone } from "../organization-map";
import type { ZoneRolloutsFile } from "../schema/rollouts-schema";
import { valueAt } from "../schema/schema-at";
import type { ZoneReport } from "./check-zone";
import type { RolloutsSurroundings } from "./link-rollouts";

/**
 * The account in which a zone's StackSets are kept: the delegated administrator where the organization has one, unless the map says
 * other.
 *
 * @returns undefined when there is none to go on with; whatever is wrong has been reported
 */
export function linkRolloutAdministrator(
  zone: Zone,
  { administrator }: ZoneRolloutsFile,
  { accounts, problems }: RolloutsSurroundings,
  { byPath, rollouts }: CheckedFiles,
  report: ZoneReport,
): Account | undefined {
  const { name, partition, managementAccount, delegatedAdministrator } = zone.organization;
  if (!hasServiceManagedStackSets(partition)) {
    const message = `is a zone of partition ${partition}, where StackSets cannot have OUs of an organization as targets`;
    report([], message, "delete the entry: AWS does not offer it there", true);
    return undefined;
  }
  const isGiven =
    administrator !== undefined || valueAt(rollouts?.file.value, [zone.name, "administrator"]) !== undefined;
  const at = isGiven ? ["administrator"] : [];
  const isDelegated = administrator === "delegated-administrator" || (!isGiven && delegatedAdministrator !== undefined);
  const organizationFile = byPath.get(`organizations/${name}.yaml`)?.name;
  if (isDelegated && delegatedAdministrator === undefined) {
    if (!problems.some(({ file }) => file === organizationFile)) {
      const fix = "add delegatedAdministrator to its file, or choose management-account";
      report(at, `needs a delegated administrator, and organization ${name} has none`, fix);
    }
    return undefined;
  }
  const account = accounts.byName.get((isDelegated ? delegatedAdministrator : undefined) ?? managementAccount);
  if (isDelegated && account?.name === managementAccount) {
    const message = "is kept by the delegated administrator, and that is the management account itself";
    report(at, message, "AWS delegates to another account: choose management-account", !isGiven);
  } else if (account !== undefined && account.status !== "active") {
    const message = `needs account ${account.name} to keep its StackSets, and it is ${account.status}`;
    report(at, message, "wait until the account is active, or choose the other administrator", !isGiven);
  }
  return account;
}
