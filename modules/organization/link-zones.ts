import { nameOrder } from "../aws/name-order";
import type { LinkedOrganizations, UnzonedAccount } from "./link-organizations";
import type { MapFile } from "./map-file";
import type { Account, Zone } from "./organization-map";
import { listNames, type Problem, suggestName } from "./problem";
import type { ZoneFile } from "./schema/zones-schema";

export interface LinkedZones {
  /** A zone that the file names but that cannot be trusted is known by name alone. */
  readonly zones: Map<string, Zone>;
  readonly accounts: Map<string, Account>;
  readonly problems: Problem[];
}

/**
 * Gives every account its zone. A zone owns its OUs with everything below; the deepest OU wins, and an account that a
 * zone names itself is deeper than any OU.
 */
export function linkZones(
  file: MapFile,
  entries: ReadonlyMap<string, ZoneFile>,
  linked: LinkedOrganizations,
  dataClassNames: ReadonlySet<string> | undefined,
  allEntriesKnown: boolean,
): LinkedZones {
  const problems: Problem[] = [];
  const owners = new Map<string, { zone: string; depth: number }[]>();
  const claimedOus = new Map<string, string>();
  for (const [name, zone] of entries) {
    const organization = linked.organizations.get(zone.organization);
    if (organization === undefined) {
      const fix = suggestName(
        zone.organization,
        linked.organizations.keys(),
        `there are ${listNames(linked.organizations.keys())}`,
      );
      problems.push(file.problem([name, "organization"], "is not an organization of this map", { fix }));
      continue;
    }
    const own = [...linked.accounts.values()].filter((account) => account.organization === organization);
    if ((zone.ous ?? []).length + (zone.accounts ?? []).length === 0) {
      problems.push(file.problem([name], "owns nothing", { atKey: true, fix: "name its OUs in ous, or accounts" }));
    }
    for (const [index, ouPath] of (zone.ous ?? []).entries()) {
      const at = [name, "ous", index];
      const paths = organization.organizationalUnits.map((ou) => ou.path);
      if (!paths.includes(ouPath)) {
        const fix = suggestName(ouPath, paths, `OU paths are ${listNames(paths)}`);
        problems.push(file.problem(at, `is not an OU of organization ${organization.name}`, { fix }));
        continue;
      }
      const ouKey = `${organization.name}/${ouPath}`;
      const other = claimedOus.get(ouKey);
      if (other !== undefined) {
        problems.push(file.problem(at, `already belongs to zone ${other}`, { fix: "an OU belongs to one zone" }));
        continue;
      }
      claimedOus.set(ouKey, name);
      for (const account of own) {
        if (account.ouPath === ouPath || account.ouPath.startsWith(`${ouPath}/`)) {
          push(owners, account.name, { zone: name, depth: ouPath.split("/").length });
        }
      }
    }
    for (const [index, accountName] of (zone.accounts ?? []).entries()) {
      if (own.some((account) => account.name === accountName)) {
        push(owners, accountName, { zone: name, depth: Number.POSITIVE_INFINITY });
        continue;
      }
      const fix = suggestName(
        accountName,
        own.map((account) => account.name),
        "add it to the organization's file",
      );
      problems.push(
        file.problem([name, "accounts", index], `is not an account of organization ${organization.name}`, { fix }),
      );
    }
  }

  const accounts = new Map<string, Account>();
  for (const account of linked.accounts.values()) {
    const claims = owners.get(account.name) ?? [];
    const depth = Math.max(...claims.map((claim) => claim.depth));
    const zones = claims.filter((claim) => claim.depth === depth).map((claim) => claim.zone);
    const [zone, second] = zones;
    const place = linked.accountPlaces.get(account.name);
    if (zone !== undefined && second === undefined) {
      accounts.set(account.name, { ...account, zone });
    } else if (place !== undefined && zone === undefined && allEntriesKnown) {
      const message = "is in no zone";
      const fix = `add ${account.ouPath === "" ? "the account" : `OU ${account.ouPath} or the account`} to a zone in ${file.name}`;
      problems.push(place.file.problem(place.path, message, { atKey: true, fix }));
    } else if (place !== undefined && second !== undefined) {
      const message = `is in zones ${zones.sort(nameOrder).join(" and ")}`;
      problems.push(place.file.problem(place.path, message, { atKey: true, fix: "an account is in exactly one zone" }));
    }
  }

  const zones = new Map<string, Zone>();
  const keyManagers = new Map<string, string>();
  const buckets = new Map<string, string>();
  for (const [name, entry] of entries) {
    const organization = linked.organizations.get(entry.organization);
    if (organization === undefined) continue;
    const keyManagementAccount = findKeyManagementAccount(name, entry);
    checkTopology(name, entry, keyManagementAccount);
    checkRoles(name, entry, organization.roles);
    for (const [index, region] of entry.regions.entries()) {
      if (organization.regions.includes(region)) continue;
      const message = `must be a Region of organization ${organization.name} (${listNames(organization.regions)})`;
      const fix = suggestName(region, organization.regions, "add it there or drop it here");
      problems.push(file.problem([name, "regions", index], message, { fix }));
    }
    const s3 = entry.state?.s3;
    if (s3 !== undefined) {
      const other = buckets.get(s3.bucket);
      if (other !== undefined) {
        const fix = "state names keys and policies: each zone keeps its own in a bucket of its own";
        problems.push(
          file.problem([name, "state", "s3", "bucket"], `is already the state bucket of zone ${other}`, { fix }),
        );
      }
      buckets.set(s3.bucket, name);
      if (!organization.regions.includes(s3.region)) {
        const message = `must be a Region of organization ${organization.name} (${listNames(organization.regions)})`;
        problems.push(file.problem([name, "state", "s3", "region"], message));
      }
    }
    zones.set(name, {
      name,
      organization,
      owner: entry.owner,
      accounts: [...accounts.values()]
        .filter((account) => account.zone === name)
        .map((account) => account.name)
        .sort(nameOrder),
      keyManagementAccount,
      topology: entry.topology,
      centralize: (entry.centralize ?? []).map((rule) => ({
        environments: rule.environments,
        dataClasses: rule.dataClasses,
      })),
      administrators: [...entry.administrators].sort(nameOrder),
      breakGlass: entry.breakGlass,
      regions: [...entry.regions].sort(nameOrder),
      frameworks: [...(entry.frameworks ?? [])].sort(nameOrder),
      floor: {
        rotationDays: entry.floor?.rotationDays,
        deletionWindowDays: entry.floor?.deletionWindowDays,
        customerManaged: entry.floor?.key === "customer-managed",
      },
      state:
        s3 === undefined
          ? { kind: "local" }
          : { kind: "s3", bucket: s3.bucket, region: s3.region, kmsKeyId: s3.kmsKeyId, role: s3.role },
      tags: entry.tags ?? {},
    });
  }
  return { zones, accounts, problems };

  function findKeyManagementAccount(name: string, entry: ZoneFile): Account | undefined {
    const accountName = entry.keyManagementAccount;
    if (accountName === undefined) return undefined;
    const at = [name, "keyManagementAccount"];
    const account: UnzonedAccount | undefined = linked.accounts.get(accountName);
    if (account === undefined) {
      const fix = suggestName(accountName, linked.accounts.keys(), "add it to the organization's file");
      problems.push(file.problem(at, "is not an account of this map", { fix }));
      return undefined;
    }
    const other = keyManagers.get(accountName);
    if (other !== undefined) {
      const fix = "independent key domains need a key management account each";
      problems.push(file.problem(at, `already manages the keys of zone ${other}`, { fix }));
    }
    keyManagers.set(accountName, name);
    const zoned = accounts.get(accountName);
    if (zoned === undefined) return undefined;
    if (zoned.zone !== name) {
      const fix = `name an account of zone ${name}, or move this one into it`;
      problems.push(file.problem(at, `is in zone ${zoned.zone}, not in zone ${name}`, { fix }));
      return undefined;
    }
    return zoned;
  }

  function checkTopology(name: string, entry: ZoneFile, keyManagementAccount: Account | undefined): void {
    if (entry.topology !== "decentralized" && entry.keyManagementAccount === undefined) {
      const fix = "name the account that owns the zone's central keys";
      problems.push(file.problem([name, "topology"], `needs a keyManagementAccount`, { fix }));
    }
    if (entry.topology === "hybrid" && entry.centralize === undefined) {
      const fix = "add centralize: [{environments: […]}, {dataClasses: […]}]";
      problems.push(file.problem([name, "topology"], "needs centralize: which keys are central", { fix }));
    }
    if (entry.topology !== "hybrid" && entry.centralize !== undefined) {
      const fix = `leave it out, or make the topology hybrid`;
      problems.push(file.problem([name, "centralize"], "has a meaning for topology hybrid only", { atKey: true, fix }));
    }
    for (const [index, rule] of (entry.centralize ?? []).entries()) {
      if (rule.environments === undefined && rule.dataClasses === undefined) {
        const fix = "name environments, dataClasses or both";
        problems.push(file.problem([name, "centralize", index], "is a rule without a condition", { fix }));
      }
      for (const [position, dataClass] of (rule.dataClasses ?? []).entries()) {
        if (dataClassNames === undefined || dataClassNames.has(dataClass)) continue;
        const fix = suggestName(dataClass, dataClassNames, `data classes are ${listNames(dataClassNames)}`);
        problems.push(
          file.problem([name, "centralize", index, "dataClasses", position], "is not a data class", { fix }),
        );
      }
    }
    if (keyManagementAccount?.status === "suspended" && entry.topology !== "decentralized") {
      const fix = "name an active account";
      problems.push(file.problem([name, "keyManagementAccount"], "is suspended", { fix }));
    }
  }

  /** One role in two duties is no separation of duties. */
  function checkRoles(name: string, entry: ZoneFile, roles: { deploy: string; audit: string }): void {
    if (entry.administrators.includes(entry.breakGlass)) {
      const fix = "who manages keys every day must not be able to destroy them";
      problems.push(file.problem([name, "breakGlass"], "is also an administrator", { fix }));
    }
    const duties = { deploy: `role/${roles.deploy}`, audit: `role/${roles.audit}` };
    for (const [duty, role] of Object.entries(duties)) {
      if (entry.breakGlass === role) {
        const fix = "use a role of its own";
        problems.push(file.problem([name, "breakGlass"], `is also the organization's ${duty} role`, { fix }));
      }
      for (const [index, administrator] of entry.administrators.entries()) {
        if (administrator !== role) continue;
        const fix = "use a role of its own";
        problems.push(
          file.problem([name, "administrators", index], `is also the organization's ${duty} role`, { fix }),
        );
      }
    }
  }
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
