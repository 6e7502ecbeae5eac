import { allKeyActions } from "../aws/kms-actions";
import { nameOrder } from "../aws/name-order";
import { serviceProfile, serviceProfiles } from "../aws/service-profiles";
import { viaServices } from "../aws/via-services";
import { unknownPlaceholders } from "./alias-pattern";
import type { MapFile, MapPath } from "./map-file";
import type {
  Account,
  DataClass,
  ExtraStatement,
  GrantRequest,
  Principal,
  ServiceUse,
  Use,
  Workload,
  WorkloadEnvironment,
  Zone,
} from "./organization-map";
import { type PrincipalContext, resolvePrincipal } from "./principal";
import { listNames, type Problem, suggestName } from "./problem";
import type {
  EnvironmentFile,
  GrantFile,
  ServiceFile,
  StatementFile,
  UseFile,
  WorkloadFile,
} from "./schema/workloads-schema";

/** What a workload can refer to. An undefined collection could not be read, so that nothing is said about its names. */
export interface WorkloadContext {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly allAccountsKnown: boolean;
  readonly zones: ReadonlyMap<string, Zone>;
  readonly dataClasses: ReadonlyMap<string, DataClass | undefined>;
  readonly allDataClassesKnown: boolean;
}

const serviceWords = [...new Set([...Object.keys(viaServices), ...serviceProfiles.map((profile) => profile.name)])];

/** Resolves one workload of a team's file. Problems do not stop it: what could be resolved is returned with them. */
export function linkWorkload(
  file: MapFile,
  name: string,
  entry: WorkloadFile,
  context: WorkloadContext,
): { workload?: Workload; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (path: MapPath, message: string, fix?: string, atKey = false): void => {
    problems.push(file.problem([name, ...path], message, { fix, atKey }));
  };

  const dataClass = context.dataClasses.get(entry.dataClass);
  if (dataClass === undefined) {
    if (context.allDataClassesKnown && !context.dataClasses.has(entry.dataClass)) {
      const known = context.dataClasses.keys();
      report(
        ["dataClass"],
        "is not a data class",
        suggestName(entry.dataClass, known, `data classes are ${listNames(known)}`),
      );
    }
  } else {
    checkAgainstDataClass(dataClass);
  }
  for (const [index, service] of (entry.perService ?? []).entries()) {
    if (serviceWords.includes(service)) continue;
    report(
      ["perService", index],
      "is not a service",
      suggestName(service, serviceWords, `services are ${listNames(serviceWords, 60)}`),
    );
  }

  const environments: WorkloadEnvironment[] = [];
  for (const [environmentName, environment] of Object.entries(entry.environments)) {
    const linked = linkEnvironment(environmentName, environment);
    if (linked !== undefined) environments.push(linked);
  }
  if (dataClass === undefined) return { problems };
  const workload: Workload = {
    name,
    owner: entry.owner,
    description: entry.description,
    dataClass,
    perService: [...(entry.perService ?? [])].sort(nameOrder),
    alias: entry.alias,
    rotationDays: entry.rotationDays,
    deletionWindowDays: entry.deletionWindowDays,
    tags: entry.tags ?? {},
    environments: environments.sort((a, b) => nameOrder(a.name, b.name)),
  };
  return { workload, problems };

  function checkAgainstDataClass(known: DataClass): void {
    if (known.key !== "customer-managed") {
      const fix = `leave it out, or use a data class with customer managed keys`;
      const why = `cannot be set: data class ${known.name} uses ${known.key === "aws-owned" ? "AWS owned" : "AWS managed"} keys`;
      for (const field of ["alias", "perService", "rotationDays", "deletionWindowDays"] as const) {
        if (entry[field] !== undefined) report([field], why, fix, true);
      }
      return;
    }
    if (known.per === "environment") {
      const why = `cannot be set: data class ${known.name} shares one key per environment`;
      for (const field of ["alias", "perService", "rotationDays", "deletionWindowDays"] as const) {
        if (entry[field] !== undefined) report([field], why, `set it in the data class, or use another one`, true);
      }
    }
    if (known.per === "service" && entry.perService === undefined) {
      report([], `needs perService: data class ${known.name} gives one key a service`, "name the services", true);
    }
    if (entry.alias !== undefined) {
      const { unknown, allowed } = unknownPlaceholders(entry.alias, known.per, entry.perService !== undefined);
      for (const placeholder of unknown) {
        report(["alias"], `has {${placeholder}}, allowed are ${allowed.map((each) => `{${each}}`).join(", ")}`);
      }
    }
  }

  function linkEnvironment(environmentName: string, environment: EnvironmentFile): WorkloadEnvironment | undefined {
    const at: MapPath = ["environments", environmentName];
    const account = context.accounts.get(environment.account);
    if (account === undefined) {
      if (context.allAccountsKnown) {
        const fix = suggestName(environment.account, context.accounts.keys(), "add it to the organization's file");
        report([...at, "account"], "is not an account of this map", fix);
      }
      return undefined;
    }
    if (account.environment !== undefined && account.environment !== environmentName) {
      report(
        [...at, "account"],
        `is an account of environment ${account.environment} (OU ${account.ouPath})`,
        `put environment ${environmentName} into an account of its own kind`,
      );
    }
    const zone = context.zones.get(account.zone);
    const region = environment.region ?? account.organization.homeRegion;
    checkRegion(environment.region === undefined ? [...at, "account"] : [...at, "region"], region, account, zone);
    for (const [index, replica] of (environment.replicas ?? []).entries()) {
      checkRegion([...at, "replicas", index], replica, account, zone);
      if (replica === region) {
        report(
          [...at, "replicas", index],
          "is the Region of the key itself",
          "a replica is in another Region: drop it",
        );
      }
    }
    if (dataClass !== undefined && dataClass.key === "customer-managed") {
      if (!dataClass.multiRegion && (environment.replicas ?? []).length > 0) {
        const why = `cannot be set: keys of data class ${dataClass.name} are single-Region (multiRegion: false)`;
        report([...at, "replicas"], why, "a key cannot become multi-Region later: use another data class", true);
      }
    } else if (dataClass !== undefined) {
      checkAwsKeyEnvironment(at, environment, account, zone, dataClass);
    }

    const principals: PrincipalContext = {
      account,
      accounts: context.accounts,
      allAccountsKnown: context.allAccountsKnown,
      status: "active",
    };
    const source = `${file.path} ${name}.environments.${environmentName}`;
    return {
      name: environmentName,
      account,
      region,
      replicas: [...(environment.replicas ?? [])].sort(nameOrder),
      use: compact(
        (environment.use ?? []).map((use, index) => linkUse(use, [...at, "use", index], principals, source)),
      ),
      services: compact(
        (environment.services ?? []).map((service, index) =>
          linkService(service, [...at, "services", index], account, source),
        ),
      ),
      grants: compact(
        (environment.grants ?? []).map((grant, index) =>
          linkGrant(grant, [...at, "grants", index], principals, [region, ...(environment.replicas ?? [])], source),
        ),
      ),
      statements: compact(
        (environment.statements ?? []).map((statement, index) =>
          linkStatement(statement, [...at, "statements", index], principals, source),
        ),
      ),
      source,
    };
  }

  function checkRegion(at: MapPath, region: string, account: Account, zone: Zone | undefined): void {
    const { organization } = account;
    if (!organization.regions.includes(region)) {
      const fix = suggestName(region, organization.regions, `Regions are ${listNames(organization.regions)}`);
      report(at, `must be in a Region of organization ${organization.name}: ${region} is not`, fix);
    } else if (zone !== undefined && !zone.regions.includes(region)) {
      const fix = `zone ${zone.name} allows ${listNames(zone.regions)}`;
      report(at, `must stay in the Regions of zone ${zone.name}: ${region} is outside`, fix);
    } else if (!account.regions.includes(region)) {
      const fix = `account ${account.name} has ${listNames(account.regions)}; enable the Region there first`;
      report(at, `must be in a Region that account ${account.name} has enabled: ${region} is not`, fix);
    }
  }

  /** Whom an AWS key serves is AWS's decision: nothing can be shared, granted or narrowed. */
  function checkAwsKeyEnvironment(
    at: MapPath,
    environment: EnvironmentFile,
    account: Account,
    zone: Zone | undefined,
    known: DataClass,
  ): void {
    const kind = known.key === "aws-owned" ? "AWS owned" : "AWS managed";
    if (zone?.floor.customerManaged === true) {
      const message = `is in zone ${zone.name}, whose floor demands customer managed keys: data class ${known.name} uses ${kind} keys`;
      report([...at, "account"], message, `use a data class with customer managed keys`);
    }
    for (const field of ["replicas", "grants", "services", "statements"] as const) {
      if (environment[field] === undefined) continue;
      report(
        [...at, field],
        `cannot be set: data class ${known.name} uses ${kind} keys`,
        "leave it out, or use a data class with customer managed keys",
        true,
      );
    }
    for (const [index, use] of (environment.use ?? []).entries()) {
      const resolved = resolvePrincipal(use.principal, {
        account,
        accounts: context.accounts,
        allAccountsKnown: context.allAccountsKnown,
        status: "active",
      });
      if (!("principals" in resolved) || resolved.principals.every((principal) => principal.account === account))
        continue;
      const message = `is in another account, and ${kind} keys cannot be used across accounts`;
      report([...at, "use", index, "principal"], message, "use a data class with customer managed keys");
    }
  }

  function linkPrincipals(text: string, at: MapPath, principals: PrincipalContext): readonly Principal[] | undefined {
    const resolved = resolvePrincipal(text, principals);
    if ("unknown" in resolved) return undefined;
    if ("message" in resolved) {
      report(at, resolved.message, resolved.fix);
      return undefined;
    }
    for (const principal of resolved.principals) {
      if (principal.account.zone === principals.account.zone) continue;
      const message = `is in zone ${principal.account.zone} (account ${principal.account.name}), and this key is in zone ${principals.account.zone}`;
      report(at, message, "zones are independent key domains: use a key of the principal's own zone");
      return undefined;
    }
    return resolved.principals;
  }

  function checkSelectedService(service: string | undefined, at: MapPath): void {
    const known = entry.perService ?? [];
    if (service !== undefined && !known.includes(service)) {
      const fix =
        known.length === 0
          ? "leave it out: this workload has no perService"
          : suggestName(service, known, "add it to perService");
      report([...at, "service"], `must be one of the workload's perService (${listNames(known)})`, fix);
    }
    if (service === undefined && dataClass?.key === "customer-managed" && dataClass.per === "service") {
      report(at, "does not say which key it is about", `add service: one of ${listNames(known)}`);
    }
  }

  function linkUse(use: UseFile, at: MapPath, context_: PrincipalContext, source: string): Use | undefined {
    const status = use.status ?? "active";
    const principals = linkPrincipals(use.principal, [...at, "principal"], { ...context_, status });
    for (const [index, word] of (use.via ?? []).entries()) {
      if (word in viaServices) continue;
      const known = Object.keys(viaServices);
      report(
        [...at, "via", index],
        "is not a service that uses keys for its callers",
        suggestName(word, known, `services are ${listNames(known, 60)}`),
      );
    }
    if (use.via !== undefined) {
      for (const field of ["sourceVpce", "sourceIp"] as const) {
        if (use[field] === undefined) continue;
        const message =
          "cannot go with via: the request then comes from the AWS service, not from the principal's network";
        report([...at, field], message, "make two entries, or drop one of the two", true);
      }
    }
    if (use.encryptionContext !== undefined && use.operations.every((operation) => operation === "describe")) {
      report(
        [...at, "encryptionContext"],
        "cannot narrow describe: DescribeKey carries no encryption context",
        "leave it out",
        true,
      );
    }
    const viaService = (use.via ?? []).find((word) => entry.perService?.includes(word));
    if (use.service === undefined && viaService === undefined) checkSelectedService(undefined, at);
    else checkSelectedService(use.service ?? viaService, at);
    const { organization } = context_.account;
    let organizationPath: Use["organizationPath"];
    if (use.organizationPath !== undefined) {
      const ou = organization.organizationalUnits.find(({ path }) => path === use.organizationPath);
      if (ou === undefined) {
        const paths = organization.organizationalUnits.map(({ path }) => path);
        const fix = suggestName(use.organizationPath, paths, `OU paths are ${listNames(paths)}`);
        report([...at, "organizationPath"], `is not an OU of organization ${organization.name}`, fix);
      } else {
        organizationPath = { organizationId: organization.id, idPath: ou.idPath };
        for (const principal of principals ?? []) {
          if (principal.account.ouPath === ou.path || principal.account.ouPath.startsWith(`${ou.path}/`)) continue;
          const message = `is not below it: account ${principal.account.name} is in ${principal.account.ouPath || "the root"}`;
          report(
            [...at, "organizationPath"],
            `shuts its own principal out, which ${message}`,
            "name an OU above the account",
          );
        }
      }
    } else if (use.principal.startsWith("ou:")) {
      const ou = organization.organizationalUnits.find(({ path }) => `ou:${path}` === use.principal);
      if (ou !== undefined) organizationPath = { organizationId: organization.id, idPath: ou.idPath };
    }
    if (principals === undefined) return undefined;
    return {
      principals,
      operations: [...use.operations].sort(nameOrder),
      via: [...(use.via ?? [])].sort(nameOrder),
      encryptionContext: use.encryptionContext ?? {},
      sourceVpce: [...(use.sourceVpce ?? [])].sort(nameOrder),
      sourceIp: [...(use.sourceIp ?? [])].sort(nameOrder),
      organizationPath,
      service: use.service ?? viaService,
      source,
    };
  }

  function linkService(service: ServiceFile, at: MapPath, account: Account, source: string): ServiceUse | undefined {
    const profile = serviceProfile(service.profile);
    if (profile === undefined) {
      const known = serviceProfiles.map((each) => each.name);
      report(
        [...at, "profile"],
        "is not a service profile",
        suggestName(service.profile, known, `profiles are ${listNames(known, 40)}`),
      );
      return undefined;
    }
    const { partition } = account.organization;
    if (!profile.partitions.includes(partition)) {
      report([...at, "profile"], `is not available in partition ${partition}`);
    }
    if (service.encryptionContext !== undefined && !profile.carriesEncryptionContext) {
      const message = `cannot be set: ${profile.title} passes no encryption context of its own that a policy can match`;
      report([...at, "encryptionContext"], message, "leave it out: the profile binds the source", true);
    }
    if (service.sourceArns !== undefined && profile.bind.sourceArn === undefined) {
      const message = `cannot be set: ${profile.title} sends no aws:SourceArn`;
      report([...at, "sourceArns"], message, "leave it out: the profile binds the source account", true);
    }
    let sourceAccount = account;
    if (service.account !== undefined) {
      const found = context.accounts.get(service.account);
      if (found === undefined) {
        if (context.allAccountsKnown) {
          const fix = suggestName(service.account, context.accounts.keys(), "add it to the organization's file");
          report([...at, "account"], "is not an account of this map", fix);
        }
        return undefined;
      }
      if (found.zone !== account.zone) {
        const message = `is in zone ${found.zone}, and this key is in zone ${account.zone}`;
        report([...at, "account"], message, "zones are independent key domains: use a key of that account's own zone");
        return undefined;
      }
      sourceAccount = found;
    }
    for (const [index, arn] of (service.sourceArns ?? []).entries()) {
      const [, arnPartition, , , accountId] = arn.split(":");
      if (arnPartition !== partition) {
        report(
          [...at, "sourceArns", index],
          `is in partition ${arnPartition}, and account ${account.name} is in ${partition}`,
        );
      } else if (accountId !== sourceAccount.id) {
        const message = `must be a resource of account ${sourceAccount.name} (${sourceAccount.id})`;
        report([...at, "sourceArns", index], message, "name that account in account:");
      }
    }
    const selected = service.service ?? (entry.perService?.includes(service.profile) ? service.profile : undefined);
    checkSelectedService(selected, at);
    return {
      profile: profile.name,
      sourceAccount,
      sourceArns: [...(service.sourceArns ?? [])].sort(nameOrder),
      encryptionContext: service.encryptionContext ?? {},
      service: selected,
      source,
    };
  }

  function linkGrant(
    grant: GrantFile,
    at: MapPath,
    context_: PrincipalContext,
    keyRegions: readonly string[],
    source: string,
  ): GrantRequest | undefined {
    const status = grant.status ?? "active";
    const one = (text: string, path: MapPath): Principal | undefined => {
      const principals = linkPrincipals(text, path, { ...context_, status });
      if (principals === undefined) return undefined;
      const [principal, second] = principals;
      if (principal === undefined || second !== undefined || principal.kind === "account") {
        report(path, "must be one role or user", "a grant has one grantee: name it, or make one grant each");
        return undefined;
      }
      return principal;
    };
    const grantee = one(grant.grantee, [...at, "grantee"]);
    const retiring = grant.retiring === undefined ? undefined : one(grant.retiring, [...at, "retiring"]);
    for (const [index, region] of (grant.regions ?? []).entries()) {
      if (keyRegions.includes(region)) continue;
      const message = `must be a Region of the key (${listNames(keyRegions)})`;
      report([...at, "regions", index], message, "a grant is for one key or replica: add a replica there first");
    }
    const [kind, pairs] =
      grant.encryptionContext === undefined
        ? []
        : "equals" in grant.encryptionContext
          ? (["equals", grant.encryptionContext.equals] as const)
          : (["subset", grant.encryptionContext.subset] as const);
    if (pairs !== undefined && Object.keys(pairs).length > 8) {
      report([...at, "encryptionContext"], "must have at most 8 pairs", undefined, true);
    }
    checkSelectedService(grant.service, at);
    if (grantee === undefined || (grant.retiring !== undefined && retiring === undefined)) return undefined;
    return {
      grantee,
      retiring,
      operations: [...grant.operations].sort(nameOrder),
      constraint: kind === undefined || pairs === undefined ? undefined : { kind, pairs },
      expires: grant.expires,
      name: grant.name,
      service: grant.service,
      regions: grant.regions === undefined ? undefined : [...grant.regions].sort(nameOrder),
      source,
    };
  }

  function linkStatement(
    statement: StatementFile,
    at: MapPath,
    context_: PrincipalContext,
    source: string,
  ): ExtraStatement | undefined {
    const principals: Principal[] = [];
    let known = true;
    for (const [index, text] of statement.principals.entries()) {
      const found = linkPrincipals(text, [...at, "principals", index], context_);
      if (found === undefined) known = false;
      else principals.push(...found);
    }
    for (const [index, action] of statement.actions.entries()) {
      if (allKeyActions.includes(action)) continue;
      const wildcard = action.includes("*");
      const message = wildcard ? "must not have a wildcard" : "is not an action on KMS keys";
      const fix = wildcard
        ? "name each action"
        : suggestName(action, allKeyActions, "see the KMS API permissions reference");
      report([...at, "actions", index], message, fix);
      known = false;
    }
    checkSelectedService(statement.service, at);
    if (!known) return undefined;
    const conditions: Record<string, Record<string, string[]>> = {};
    for (const [operator, keys] of Object.entries(statement.conditions ?? {})) {
      conditions[operator] = Object.fromEntries(
        Object.entries(keys).map(([key, values]) => [
          key,
          typeof values === "string" ? [values] : [...values].sort(nameOrder),
        ]),
      );
    }
    return {
      sid: statement.sid,
      effect: statement.effect,
      principals,
      actions: [...statement.actions].sort(nameOrder),
      conditions,
      service: statement.service,
      source,
    };
  }
}

function compact<Value>(values: readonly (Value | undefined)[]): Value[] {
  return values.filter((value) => value !== undefined);
}
