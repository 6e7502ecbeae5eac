import { iamPrincipalArn } from "../aws/arn";
import { kmsLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import { serviceProfile } from "../aws/service-profiles";
import { awsManagedKeyAliases } from "../aws/via-services";
import { type Finding, sortFindings } from "../findings/finding";
import type { Account, OrganizationMap, Workload } from "../organization/organization-map";
import { guardKeyPolicy } from "../policies/guard-key-policy";
import { keyPolicy } from "../policies/key-policy";
import type { KeyUse } from "../policies/key-use";
import type { ServiceKeyUse } from "../policies/service-use";
import { cutKeys, type KeyCandidate, type KeyMember } from "./key-identity";
import type { KeyPlan, PlannedAwsKey, PlannedGrant, PlannedKey, PlannedReplica, Reason } from "./key-plan";
import { planConsumerPolicies } from "./plan-consumer-policies";
import { planGrants } from "./plan-grants";
import { standing } from "./standing";

export interface PlanOptions {
  /**
   * The day on which to plan, `2026-11-21`: grants that expire on or before it are left out.
   *
   * @default undefined: no grant is left out, so that the same map gives the same plan on any day
   */
  readonly today?: string | undefined;
}

/** A plan that cannot be: something wrong that only shows when all keys are known. */
export interface PlanProblem {
  /** The place in the map, as in `PlannedKey.sources`. */
  readonly source: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * Makes the key plan of a map: pure, and the same for the same map whatever the order of its files.
 *
 * @returns the plan, or every problem; never a plan with problems
 */
export function planKeys(
  map: OrganizationMap,
  options: PlanOptions = {},
): { plan: KeyPlan } | { problems: PlanProblem[] } {
  const zones = new Map(map.zones.map((zone) => [zone.name, zone]));
  const problems: PlanProblem[] = [];
  const findings: Finding[] = [];
  const candidates = cutKeys(map.workloads, zones);
  const keys = candidates
    .map((candidate) => planKey(candidate, options, findings, problems))
    .sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id) || nameOrder(a.region, b.region));
  problems.push(...aliasCollisions(keys));
  const consumers = planConsumerPolicies(candidates, options);
  problems.push(...consumers.problems);
  findings.push(...heldAccounts(map.accounts, keys));
  if (problems.length > 0) return { problems };
  return {
    plan: {
      schema: "orgkeys/key-plan/v1",
      keys,
      consumerPolicies: consumers.policies,
      awsKeys: map.workloads.flatMap(planAwsKeys),
      findings: sortFindings(uniqueFindings(findings)),
    },
  };
}

function planKey(
  candidate: KeyCandidate,
  options: PlanOptions,
  findings: Finding[],
  problems: PlanProblem[],
): PlannedKey {
  const { id, zone, owner, dataClass, members, region } = candidate;
  const { organization } = zone;
  const [first] = members;
  const sources = uniqueNames(members.map((member) => member.environment.source));
  const workloads = uniqueNames(members.map((member) => member.workload.name));
  const environments = uniqueNames(members.map((member) => member.environment.name));
  const replicaRegions = uniqueNames(members.flatMap((member) => member.environment.replicas)).filter(
    (replica) => replica !== region,
  );
  const shared = dataClass.per === "environment";
  const teamOwner = shared || first === undefined ? zone.owner : first.workload.owner;
  const rotation = rotationDays(candidate);
  const deletion = deletionWindowDays(candidate);
  const why = [...reasons(candidate), ...rotation.why, ...deletion.why];
  const grants = planGrants(candidate, [region, ...replicaRegions], options, findings, problems);

  const inOwner = (name: string): string => iamPrincipalArn(organization.partition, owner.id, name);
  const duties = {
    administrators: zone.administrators.map(inOwner),
    deployRole: inOwner(`role/${organization.roles.deploy}`),
    breakGlass: inOwner(zone.breakGlass),
  };
  const policyIn = (keyRegion: string): PlannedKey["policy"] => {
    const document = keyPolicy({
      partition: organization.partition,
      ownerAccountId: owner.id,
      region: keyRegion,
      rootAccess: dataClass.rootAccess,
      ...duties,
      auditRole: inOwner(`role/${organization.roles.audit}`),
      zoneRegions: zone.regions,
      multiRegion: dataClass.multiRegion,
      uses: usesOf(candidate, findings),
      services: servicesOf(candidate, findings),
      grants: grants.filter((grant) => grant.region === keyRegion),
      statements: members.flatMap((member) =>
        member.environment.statements
          .filter((statement) => statement.service === candidate.service)
          .map((statement) => ({
            ...statement,
            sid: `${shared ? member.workload.name : ""}${statement.sid}`.replaceAll("-", ""),
            principals: standing(statement.principals, member.environment.source, findings).map(
              (principal) => principal.arn,
            ),
          }))
          .filter((statement) => statement.principals.length > 0),
      ),
    });
    for (const flaw of guardKeyPolicy(document, duties)) {
      problems.push({
        source: sources[0] ?? "",
        message: `key ${candidate.alias} in ${keyRegion}: ${flaw.message}`,
        fix: flaw.fix,
      });
    }
    return document;
  };
  if (candidate.alias.length > kmsLimits.aliasLength) {
    const message = `alias ${candidate.alias} has ${candidate.alias.length} characters, and AWS KMS takes at most ${kmsLimits.aliasLength}`;
    problems.push({ source: sources[0] ?? "", message, fix: "shorten the alias pattern" });
  }
  const tags: Record<string, string> = {
    ...organization.tags,
    ...zone.tags,
    ...owner.tags,
    ...(shared ? {} : first?.workload.tags),
    Environment: environments.join(" "),
    DataClass: dataClass.name,
    Owner: teamOwner,
    Workload: shared ? "shared" : workloads.join(" "),
    Zone: zone.name,
    ManagedBy: "orgkeys",
  };
  if (Object.keys(tags).length > kmsLimits.tagsPerKey) {
    const message = `key ${candidate.alias} has ${Object.keys(tags).length} tags, and AWS KMS takes at most ${kmsLimits.tagsPerKey}`;
    problems.push({ source: sources[0] ?? "", message, fix: "drop some of the map's extra tags" });
  }

  return {
    id,
    organization: organization.name,
    partition: organization.partition,
    zone: zone.name,
    account: owner.name,
    accountId: owner.id,
    status: owner.status === "active" ? "planned" : "held",
    scope: dataClass.per,
    dataClass: dataClass.name,
    workloads,
    environments,
    service: candidate.service,
    owner: teamOwner,
    region,
    multiRegion: dataClass.multiRegion,
    alias: candidate.alias,
    description: descriptionOf(candidate, workloads, environments),
    tags: Object.fromEntries(inNameOrder(tags)),
    rotationDays: rotation.days,
    deletionWindowDays: deletion.days,
    policy: policyIn(region),
    replicas: replicaRegions.map(
      (replica): PlannedReplica => ({
        region: replica,
        policy: policyIn(replica),
        why: members
          .filter((member) => member.environment.replicas.includes(replica))
          .map((member) => ({
            reason: `${member.workload.name} ${member.environment.name} asks for a replica in ${replica}`,
            principle: "replicas-on-demand",
          })),
      }),
    ),
    grants: grants.sort((a: PlannedGrant, b: PlannedGrant) => nameOrder(a.id, b.id)),
    why,
    sources,
  };
}

/** The uses that the map declares for this key, without principals that do not exist. */
export function usesOf(candidate: KeyCandidate, findings: Finding[]): (KeyUse & { readonly member: KeyMember })[] {
  return candidate.members.flatMap((member) =>
    member.environment.use
      .filter((use) => use.service === candidate.service)
      .flatMap((use) =>
        standing(use.principals, member.environment.source, findings).map((principal) => ({
          member,
          label: [
            member.workload.name,
            ...(candidate.dataClass.per === "environment" ? [] : [member.environment.name]),
            principal.kind === "account" ? `account-${principal.account.name}` : principal.name.replace(/^role\//, ""),
            ...(principal.kind !== "account" && principal.account !== member.environment.account
              ? [principal.account.name]
              : []),
          ].join("-"),
          principals: [principal.arn],
          accountId: principal.account.id,
          operations: use.operations,
          via: use.via,
          encryptionContext: use.encryptionContext,
          sourceVpce: use.sourceVpce,
          sourceIp: use.sourceIp,
          organizationPath: use.organizationPath,
        })),
      ),
  );
}

function servicesOf(candidate: KeyCandidate, findings: Finding[]): ServiceKeyUse[] {
  return candidate.members.flatMap((member) =>
    member.environment.services
      .filter((service) => service.service === candidate.service)
      .flatMap((service): ServiceKeyUse[] => {
        const profile = serviceProfile(service.profile);
        if (profile === undefined) return [];
        if (service.sourceAccount.status !== "active") {
          findings.push(absentSource(service.profile, service.sourceAccount, member));
          return [];
        }
        return [
          {
            profile,
            partition: candidate.zone.organization.partition,
            sourceAccountId: service.sourceAccount.id,
            sourceArns: service.sourceArns,
            encryptionContext: service.encryptionContext,
          },
        ];
      }),
  );
}

function absentSource(profile: string, account: Account, member: KeyMember): Finding {
  return {
    id: `${account.status}-principal`,
    severity: account.status === "pending" ? "medium" : "low",
    where: member.environment.source,
    why: `service ${profile} for account ${account.name} is kept out of the key policy: the account is ${account.status}`,
    whatToDo: account.status === "pending" ? "set the account's status to active once it exists" : "drop the service",
  };
}

function reasons(candidate: KeyCandidate): Reason[] {
  const { dataClass, zone, owner, central, service, members } = candidate;
  const names = uniqueNames(members.map((member) => member.workload.name)).join(", ");
  const environments = uniqueNames(members.map((member) => member.environment.name)).join(", ");
  const cut: Record<typeof dataClass.per, Reason> = {
    environment: {
      reason: `data class ${dataClass.name} shares one key per environment: ${names} in ${environments}`,
      principle: "shared-key",
    },
    workload: {
      reason: `data class ${dataClass.name} gives workload ${names} one key for ${environments}`,
      principle: "small-blast-radius",
    },
    "workload-environment": {
      reason: `data class ${dataClass.name} gives workload ${names} a key of its own in ${environments}`,
      principle: "small-blast-radius",
    },
    service: {
      reason: `data class ${dataClass.name} gives workload ${names} a key per service in ${environments}`,
      principle: "small-blast-radius",
    },
  };
  return [
    {
      reason: `data class ${dataClass.name} is customer managed and has keys of its own`,
      principle: "separate-data-classes",
    },
    cut[dataClass.per],
    ...(service === undefined
      ? []
      : [{ reason: `${names} names ${service} in perService`, principle: "heavy-service" } as const]),
    central
      ? {
          reason: `zone ${zone.name} is ${zone.topology}${zone.topology === "hybrid" ? ", and a centralize rule matches" : ""}: ${owner.name} owns the key`,
          principle: "central-ownership",
        }
      : {
          reason: `zone ${zone.name} is ${zone.topology}${zone.topology === "hybrid" ? ", and no centralize rule matches" : ""}: ${owner.name} owns the key`,
          principle: "local-ownership",
        },
  ];
}

function rotationDays(candidate: KeyCandidate): { days: number; why: Reason[] } {
  const asked = candidate.members[0]?.workload.rotationDays ?? candidate.dataClass.rotationDays;
  const floor = candidate.zone.floor.rotationDays;
  if (floor === undefined || asked <= floor) return { days: asked, why: [] };
  const reason = `rotation every ${floor} days: zone ${candidate.zone.name} allows no longer period (${asked} asked for)`;
  return { days: floor, why: [{ reason, principle: "zone-floor" }] };
}

function deletionWindowDays(candidate: KeyCandidate): { days: number; why: Reason[] } {
  const asked = candidate.members[0]?.workload.deletionWindowDays ?? candidate.dataClass.deletionWindowDays;
  const floor = candidate.zone.floor.deletionWindowDays;
  if (floor === undefined || asked >= floor) return { days: asked, why: [] };
  const reason = `deletion window of ${floor} days: zone ${candidate.zone.name} allows no shorter one (${asked} asked for)`;
  return { days: floor, why: [{ reason, principle: "zone-floor" }] };
}

function descriptionOf(candidate: KeyCandidate, workloads: readonly string[], environments: readonly string[]): string {
  const what = candidate.dataClass.per === "environment" ? "Shared" : workloads.join(", ");
  const service = candidate.service === undefined ? "" : ` ${candidate.service}`;
  return `${what} ${environments.join(", ")}${service}: ${candidate.dataClass.name} data of zone ${candidate.zone.name}`;
}

/** An alias belongs to one key in an account and Region. */
function aliasCollisions(keys: readonly PlannedKey[]): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const taken = new Map<string, PlannedKey>();
  for (const key of keys) {
    for (const region of [key.region, ...key.replicas.map((replica) => replica.region)]) {
      const place = `${key.accountId} ${region} ${key.alias}`;
      const other = taken.get(place);
      if (other === undefined) {
        taken.set(place, key);
        continue;
      }
      problems.push({
        source: key.sources[0] ?? "",
        message: `alias ${key.alias} in account ${key.account}, ${region}, belongs to key ${other.id} (${other.sources[0]}) already`,
        fix: "set alias in the workload or the data class, with {environment}, {service} or {dataClass}",
      });
    }
  }
  return problems;
}

function planAwsKeys(workload: Workload): PlannedAwsKey[] {
  const { dataClass } = workload;
  if (dataClass.key === "customer-managed") return [];
  return workload.environments.map((environment) => ({
    zone: environment.account.zone,
    account: environment.account.name,
    workload: workload.name,
    environment: environment.name,
    dataClass: dataClass.name,
    key: dataClass.key,
    region: environment.region,
    aliases:
      dataClass.key === "aws-owned"
        ? []
        : uniqueNames(environment.use.flatMap((use) => use.via).flatMap((word) => awsManagedKeyAliases[word] ?? [])),
    why: [
      {
        reason: `data class ${dataClass.name} is ${dataClass.key === "aws-owned" ? "AWS owned" : "AWS managed"}`,
        principle: "aws-keys-suffice",
      },
    ],
    sources: [environment.source],
  }));
}

function heldAccounts(accounts: readonly Account[], keys: readonly PlannedKey[]): Finding[] {
  return accounts.flatMap((account): Finding[] => {
    if (account.status === "active") return [];
    const held = keys.filter((key) => key.accountId === account.id).length;
    const what =
      held === 0
        ? "it gets no stack"
        : `its ${held} planned ${held === 1 ? "key waits" : "keys wait"}, and it gets no stack`;
    return [
      {
        id: `account-${account.status}`,
        severity: account.status === "pending" ? "low" : "information",
        where: `account ${account.name}`,
        why: `account ${account.name} is ${account.status}: ${what}`,
        whatToDo:
          account.status === "pending"
            ? "set its status to active once it exists and has the deploy role"
            : "nothing to do while it is suspended; its existing keys are left alone",
      },
    ];
  });
}

/** A replica asks the same questions as its key: one answer is enough. */
function uniqueFindings(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
