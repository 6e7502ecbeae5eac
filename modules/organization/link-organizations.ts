import { nameOrder } from "../aws/name-order";
import { partitionOfRegion, regionNames } from "../aws/partition";
import type { MapFile, MapPath } from "./map-file";
import type { Account, Organization, OrganizationalUnit } from "./organization-map";
import { listNames, type Problem, suggestName } from "./problem";
import type { AccountFile, OrganizationalUnitFile, OrganizationFile } from "./schema/organization-schema";

/** An account before its zone is known, with its place for later problems. */
export type UnzonedAccount = Omit<Account, "zone">;

export interface LinkedOrganizations {
  readonly organizations: Map<string, Organization>;
  /** Account names are unique over all organizations, so that a workload can name one without its organization. */
  readonly accounts: Map<string, UnzonedAccount>;
  readonly accountPlaces: Map<string, { file: MapFile; path: MapPath }>;
  readonly problems: Problem[];
}

const reservedAccountNames = new Set(["arn", "account", "ou"]);

export function linkOrganizations(
  files: readonly { file: MapFile; name: string; value: OrganizationFile }[],
): LinkedOrganizations {
  const linked: LinkedOrganizations = {
    organizations: new Map(),
    accounts: new Map(),
    accountPlaces: new Map(),
    problems: [],
  };
  const seenIds = new Map<string, string>();
  const claimId = (file: MapFile, path: MapPath, id: string, what: string): void => {
    const other = seenIds.get(id);
    if (other === undefined) seenIds.set(id, what);
    else linked.problems.push(file.problem(path, `is already the id of ${other}`, { fix: "each id belongs to one" }));
  };
  for (const { file, name, value } of files) {
    claimId(file, ["id"], value.id, `organization ${name}`);
    claimId(file, ["rootId"], value.rootId, `the root of organization ${name}`);
    linked.problems.push(...checkRegions(file, value));
    const organizationalUnits: OrganizationalUnit[] = [];
    const organization: Organization = {
      name,
      id: value.id,
      rootId: value.rootId,
      partition: value.partition,
      homeRegion: value.homeRegion,
      regions: [...value.regions].sort(nameOrder),
      managementAccount: value.managementAccount,
      delegatedAdministrator: value.delegatedAdministrator,
      roles: value.roles,
      externalId: value.externalId,
      tags: value.tags ?? {},
      organizationalUnits,
    };
    linked.organizations.set(name, organization);

    const addAccount = (
      path: MapPath,
      accountName: string,
      account: AccountFile,
      ouPath: string,
      environment: string | undefined,
    ): void => {
      const entry = typeof account === "string" ? { id: account } : account;
      if (reservedAccountNames.has(accountName)) {
        const fix = "choose another name";
        linked.problems.push(file.problem(path, "is a word that principals use", { atKey: true, fix }));
      }
      const twin = linked.accounts.get(accountName);
      if (twin !== undefined) {
        const place = twin.ouPath === "" ? twin.organization.name : `${twin.organization.name}/${twin.ouPath}`;
        const fix = "an account is in one OU, and its name is unique over all organizations";
        linked.problems.push(file.problem(path, `is already an account in ${place}`, { atKey: true, fix }));
        return;
      }
      claimId(file, typeof account === "string" ? path : [...path, "id"], entry.id, `account ${accountName}`);
      for (const [index, region] of (entry.regions ?? []).entries()) {
        if (!value.regions.includes(region)) {
          const allowed = `must be a Region of organization ${name} (${listNames(value.regions)})`;
          linked.problems.push(
            file.problem([...path, "regions", index], allowed, { fix: "add it there or drop it here" }),
          );
        }
      }
      linked.accounts.set(accountName, {
        name: accountName,
        id: entry.id,
        status: entry.status ?? "active",
        organization,
        ouPath,
        environment,
        regions: [...(entry.regions ?? value.regions)].sort(nameOrder),
        tags: entry.tags ?? {},
      });
      linked.accountPlaces.set(accountName, { file, path });
    };

    const walk = (
      ous: Record<string, OrganizationalUnitFile>,
      at: MapPath,
      parent: { path: string; idPath: string; environment: string | undefined },
    ): void => {
      for (const [ouName, ou] of Object.entries(ous)) {
        const here: MapPath = [...at, ouName];
        const path = parent.path === "" ? ouName : `${parent.path}/${ouName}`;
        const idPath = `${parent.idPath}${ou.id}/`;
        const environment = ou.environment ?? parent.environment;
        claimId(file, [...here, "id"], ou.id, `OU ${name}/${path}`);
        organizationalUnits.push({ path, id: ou.id, idPath });
        for (const [accountName, account] of Object.entries(ou.accounts ?? {})) {
          addAccount([...here, "accounts", accountName], accountName, account, path, environment);
        }
        walk(ou.ous ?? {}, [...here, "ous"], { path, idPath, environment });
      }
    };
    for (const [accountName, account] of Object.entries(value.accounts ?? {})) {
      addAccount(["accounts", accountName], accountName, account, "", undefined);
    }
    walk(value.ous, ["ous"], { path: "", idPath: `${value.id}/${value.rootId}/`, environment: undefined });
    organizationalUnits.sort((a, b) => nameOrder(a.path, b.path));
    linked.problems.push(...checkStackNames(file, organization));
  }
  for (const { file, name, value } of files) {
    for (const field of ["managementAccount", "delegatedAdministrator"] as const) {
      const accountName = value[field];
      if (accountName === undefined) continue;
      if (linked.accounts.get(accountName)?.organization.name === name) continue;
      const own = [...linked.accounts.values()].filter((account) => account.organization.name === name);
      const fix = suggestName(
        accountName,
        own.map((account) => account.name),
        "add the account below an OU or accounts",
      );
      linked.problems.push(file.problem([field], `must be an account of organization ${name}`, { fix }));
    }
  }
  return linked;
}

function checkRegions(file: MapFile, value: OrganizationFile): Problem[] {
  const problems: Problem[] = [];
  const known = regionNames(value.partition);
  for (const [index, region] of value.regions.entries()) {
    if (known.includes(region)) continue;
    const elsewhere = partitionOfRegion(region);
    const message =
      elsewhere === undefined
        ? `must be a Region of partition ${value.partition}`
        : `is a Region of partition ${elsewhere}, and this organization is in ${value.partition}`;
    problems.push(
      file.problem(["regions", index], message, { fix: suggestName(region, known, `Regions are ${listNames(known)}`) }),
    );
  }
  if (!value.regions.includes(value.homeRegion)) {
    const message = `must be one of the organization's regions (${listNames(value.regions)})`;
    const fix = suggestName(value.homeRegion, value.regions, "add it to regions");
    problems.push(file.problem(["homeRegion"], message, { fix }));
  }
  return problems;
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
    const at: MapPath = path.split("/").flatMap((part) => ["ous", part]);
    problems.push(
      file.problem(at, `gives the same stack name as OU ${other} (${slug})`, {
        atKey: true,
        fix: "rename one of them",
      }),
    );
  }
  return problems;
}

/** `Workloads/Pre Prod` as part of a stack's name: `workloads.pre-prod`. */
export function stackNamePart(ouPath: string): string {
  return ouPath
    .split("/")
    .map((part) => part.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "-"))
    .join(".");
}
