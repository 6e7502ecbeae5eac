import { iamPrincipalArn } from "../aws/arn";
import { kmsLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import { type Finding, sortFindings } from "../findings/finding";
import type { Account, OrganizationMap } from "../organization/organization-map";
import { guardKeyPolicy } from "../policies/guard-key-policy";
import type { KeyDuties } from "../policies/key-duties";
import { keyPolicy } from "../policies/key-policy";
import { aliasId } from "./alias-id";
import { aliasProblems } from "./alias-problems";
import { endedUses } from "./ended-uses";
import { cutKeys, type KeyCandidate } from "./key-identity";
import type { KeyPlan, PlannedGrant, PlannedKey, PlannedReplica, PlannedUserGrant } from "./key-plan";
import { deletionWindowOf, descriptionOf, reasonsOf, rotationOf } from "./key-reasons";
import { servicesOf, statementsOf, usesOf } from "./key-users";
import { planAwsKeys } from "./plan-aws-keys";
import { planConsumerPolicies } from "./plan-consumer-policies";
import { planGrants } from "./plan-grants";
import type { PlanOptions, PlanProblem } from "./plan-problem";
import { planUserGrants } from "./plan-user-grants";
import { refuseCandidate } from "./refuse-candidate";
import { usingAccountsOf } from "./using-accounts";

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
  const userGrants: PlannedUserGrant[] = [];
  const candidates = cutKeys(map.workloads, zones);
  const keys = candidates
    .map((candidate) => planKey(candidate, options, { findings, problems, userGrants }))
    .sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id) || nameOrder(a.region, b.region));
  problems.push(...aliasProblems(candidates));
  const consumers = planConsumerPolicies(candidates, options);
  problems.push(...consumers.problems);
  findings.push(...heldAccounts(map.accounts, keys), ...splitWorkloads(keys));
  if (problems.length > 0) return { problems };
  return {
    plan: {
      schema: "orgkeys/key-plan/v1",
      keys,
      consumerPolicies: consumers.policies,
      userGrants: userGrants.sort((a, b) => nameOrder(a.account, b.account) || nameOrder(a.id, b.id)),
      awsKeys: map.workloads.flatMap(planAwsKeys),
      findings: sortFindings(uniqueFindings(findings)),
    },
  };
}

/** What planning one key finds beside it. */
interface Gathered {
  readonly findings: Finding[];
  readonly problems: PlanProblem[];
  readonly userGrants: PlannedUserGrant[];
}

function planKey(candidate: KeyCandidate, options: PlanOptions, gathered: Gathered): PlannedKey {
  const { findings, problems } = gathered;
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
  const rotation = rotationOf(candidate);
  const deletion = deletionWindowOf(candidate);
  const why = [...reasonsOf(candidate), ...rotation.why, ...deletion.why];
  const grants = planGrants(candidate, [region, ...replicaRegions], options, findings, problems);
  const userGrants = planUserGrants(candidate, [region, ...replicaRegions], options, problems);
  gathered.userGrants.push(...userGrants);

  const inOwner = (name: string): string => iamPrincipalArn(organization.partition, owner.id, name);
  const duties: KeyDuties = {
    partition: organization.partition,
    ownerAccountId: owner.id,
    rootAccess: dataClass.rootAccess,
    administrators: zone.administrators.map(inOwner),
    deployRole: inOwner(`role/${organization.roles.deploy}`),
    auditRole: inOwner(`role/${organization.roles.audit}`),
    breakGlass: inOwner(zone.breakGlass),
    zoneRegions: zone.regions,
  };
  const extra = statementsOf(candidate, findings);
  const declared = usesOf(candidate, findings);
  const uses = declared.map(({ use }) => use);
  findings.push(...endedUses(declared, options));
  const services = servicesOf(candidate, findings);
  const usingAccounts = new Map(
    [region, ...replicaRegions].map((each) => [each, usingAccountsOf(candidate, each, userGrants, options)]),
  );
  const grantsIn = (keyRegion: string): PlannedGrant[] => grants.filter((grant) => grant.region === keyRegion);
  const policyIn = (keyRegion: string, statements = extra): PlannedKey["policy"] =>
    keyPolicy({
      ...duties,
      region: keyRegion,
      multiRegion: dataClass.multiRegion,
      uses,
      services,
      grants: grantsIn(keyRegion),
      usingAccounts: usingAccounts.get(keyRegion) ?? [],
      statements: statements.map(({ statement }) => statement),
    });
  for (const keyRegion of [region, ...replicaRegions]) {
    const grantees = grantsIn(keyRegion).map(({ grantee }) => grantee);
    const flaws = guardKeyPolicy(policyIn(keyRegion), duties, grantees);
    for (const flaw of flaws) {
      // A flaw that goes with one of the map's own statements is that statement's.
      const culprit = extra.find((one) => {
        const without = policyIn(
          keyRegion,
          extra.filter((other) => other !== one),
        );
        return !guardKeyPolicy(without, duties, grantees).some(({ message }) => message === flaw.message);
      });
      problems.push({
        source: culprit?.source ?? sources[0] ?? "",
        message: `key ${candidate.alias} in ${keyRegion}: ${flaw.message}`,
        fix: flaw.fix,
      });
    }
    // Every Region's policy has the same statements: one Region's flaws are enough for a person to read.
    if (flaws.length > 0) break;
  }
  problems.push(...refuseCandidate(candidate, replicaRegions));
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
    kind: dataClass.kind,
    keyStoreId: undefined,
    step: "in-use",
    adoptedId: undefined,
    alias: candidate.alias,
    aliases: candidate.aliases.map((name) => ({ name, id: aliasId(name), adopted: false })),
    description: descriptionOf(candidate, workloads, environments),
    tags: Object.fromEntries(inNameOrder(tags)),
    rotationDays: rotation.days,
    deletionWindowDays: deletion.days,
    // Made when it is read: the policies of 10,000 accounts are most of their plan.
    get policy() {
      return policyIn(region);
    },
    replicas: replicaRegions.map(
      (replica): PlannedReplica => ({
        region: replica,
        step: "in-use",
        adopted: false,
        get policy() {
          return policyIn(replica);
        },
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

function heldAccounts(accounts: readonly Account[], keys: readonly PlannedKey[]): Finding[] {
  const heldKeys = keys.filter((key) => key.status === "held");
  return accounts.flatMap((account): Finding[] => {
    if (account.status === "active") return [];
    const held = heldKeys.filter((key) => key.accountId === account.id).length;
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

/** One key per workload was asked for, and owners or Regions of its environments make it several. */
function splitWorkloads(keys: readonly PlannedKey[]): Finding[] {
  const byIdentity = new Map<string, PlannedKey[]>();
  for (const key of keys) {
    if (key.scope !== "workload") continue;
    const identity = `${key.zone} ${key.id}`;
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), key]);
  }
  return [...byIdentity.values()].flatMap((same): Finding[] => {
    const [key] = same;
    if (key === undefined || same.length < 2) return [];
    const places = same.map(({ account, region }) => `${account} ${region}`);
    return [
      {
        id: "split-workload-key",
        severity: "low",
        where: key.alias,
        why: `data class ${key.dataClass} gives ${key.workloads.join(", ")} one key, and owners and Regions make it one in each of ${places.join(", ")}`,
        whatToDo:
          "centralize the data class instead of an environment and put its environments into one Region, or cut keys per workload-environment",
      },
    ];
  });
}

/** A replica asks the same questions as its key: one answer is enough. */
function uniqueFindings(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
