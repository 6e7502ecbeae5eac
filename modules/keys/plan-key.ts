import { iamPrincipalArn } from "../aws/arn";
import { kmsLimits } from "../aws/kms-limits";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import type { Finding } from "../findings/finding";
import { guardKeyPolicy } from "../policies/guard-key-policy";
import type { KeyDuties } from "../policies/key-duties";
import { keyPolicy } from "../policies/key-policy";
import type { PolicyForm } from "../policies/policy-form";
import { aliasId } from "./alias-id";
import { endedUses } from "./ended-uses";
import { formPolicies } from "./form-policies";
import { type KeyCandidate, replicaRegionsOf } from "./key-identity";
import { materialIn, plannedReplicasOf, waitsForMaterial } from "./key-material";
import type { PlannedGrant, PlannedKey, PlannedReplica, PlannedUserGrant } from "./key-plan";
import { deletionWindowOf, descriptionOf, lifecycleReasonsOf, reasonsOf, rotationOf } from "./key-reasons";
import { keyStoreId, keyStoreOf, waitsForKeyStore } from "./key-stores";
import { servicesOf, statementsOf, usesOf } from "./key-users";
import { lifecycleFindings } from "./lifecycle-findings";
import { planGrants } from "./plan-grants";
import type { PlanOptions, PlanProblem } from "./plan-problem";
import { planUserGrants } from "./plan-user-grants";
import { plannedRequests } from "./planned-requests";
import { refuseAdoption } from "./refuse-adoption";
import { refuseCandidate } from "./refuse-candidate";
import { usingAccountsOf } from "./using-accounts";

/** What planning one key finds beside it. */
export interface Gathered {
  readonly findings: Finding[];
  readonly problems: PlanProblem[];
  readonly userGrants: PlannedUserGrant[];
}

/**
 * Plans one key with all that is its own.
 *
 * @param gathered takes what is found: with a problem the key is not to be used
 */
export function planKey(candidate: KeyCandidate, options: PlanOptions, gathered: Gathered): PlannedKey {
  const { findings, problems } = gathered;
  const { id, zone, owner, dataClass, members, region, life, replaces } = candidate;
  const { organization } = zone;
  const [first] = members;
  const sources = uniqueNames(members.map((member) => member.environment.source));
  const workloads = uniqueNames(members.map((member) => member.workload.name));
  const environments = uniqueNames(members.map((member) => member.environment.name));
  const replicaRegions = plannedReplicasOf(candidate);
  const shared = dataClass.per === "environment";
  const teamOwner = shared || first === undefined ? zone.owner : first.workload.owner;
  const keyStore = keyStoreOf(candidate);
  const rotation = rotationOf(candidate);
  const deletion = deletionWindowOf(candidate);
  const why = [...reasonsOf(candidate), ...rotation.why, ...deletion.why, ...lifecycleReasonsOf(candidate)];
  const asked = planGrants(candidate, [region, ...replicaRegionsOf(candidate)], options, findings, problems);
  const grants = asked.filter((grant) => grant.adoptedId !== undefined || !waitsForMaterial(candidate, grant.region));
  const userGrants = planUserGrants(candidate, options, problems);
  gathered.userGrants.push(...userGrants);

  const inOwner = (name: string): string => iamPrincipalArn(organization.partition, owner.id, name);
  const duties: KeyDuties = {
    partition: organization.partition,
    ownerAccountId: owner.id,
    kind: dataClass.kind,
    rootAccess: dataClass.rootAccess,
    administrators: zone.administrators.map(inOwner),
    deployRole: inOwner(`role/${organization.roles.deploy}`),
    auditRole: inOwner(`role/${organization.roles.audit}`),
    breakGlass: inOwner(zone.breakGlass),
    zoneRegions: zone.regions,
    organizationPaths: zone.organizationPaths ? zone.extent.wholeOus.map(({ idPath }) => idPath) : [],
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
  const policyAs = (policyForm: PolicyForm, keyRegion: string, statements = extra): PlannedKey["policy"] =>
    keyPolicy(
      {
        ...duties,
        region: keyRegion,
        multiRegion: dataClass.multiRegion,
        uses,
        services,
        grants: grantsIn(keyRegion),
        usingAccounts: usingAccounts.get(keyRegion) ?? [],
        statements: statements.map(({ statement }) => statement),
      },
      policyForm,
    );
  const keyRegions = [region, ...replicaRegions];
  const { form, policies } = formPolicies(candidate, duties, findings, (each) =>
    keyRegions.map((keyRegion) => policyAs(each, keyRegion)),
  );
  const policyIn = policyAs.bind(undefined, form);
  for (const [index, policy] of policies.entries()) {
    const keyRegion = keyRegions[index] ?? region;
    const grantees = grantsIn(keyRegion).map(({ grantee }) => grantee);
    const flaws = guardKeyPolicy(policy, duties, grantees);
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
  problems.push(...refuseCandidate(candidate, replicaRegionsOf(candidate)));
  problems.push(
    ...refuseAdoption(
      candidate,
      replicaRegionsOf(candidate),
      asked.map((grant) => grant.id),
    ),
  );
  const waiting = [
    ...asked.filter((grant) => !grants.includes(grant)),
    ...userGrants.filter(({ status }) => status === "held"),
  ];
  findings.push(...lifecycleFindings(candidate, waiting, options.today));
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
    status: owner.status === "active" && !waitsForKeyStore(candidate) ? "planned" : "held",
    scope: dataClass.per,
    dataClass: dataClass.name,
    workloads,
    environments,
    service: candidate.service,
    owner: teamOwner,
    region,
    multiRegion: dataClass.multiRegion,
    kind: dataClass.kind,
    keyStoreId: keyStore === undefined ? undefined : keyStoreId(keyStore),
    externalKeyId: keyStore?.externalKeys.get(id),
    step: life.step,
    days: life.days,
    adoptedId: life.adoptedId,
    replaced: life.lifecycle?.replaced,
    alias: candidate.alias,
    aliases: candidate.aliases.map((name) => ({
      name,
      id: aliasId(name),
      adopted: life.adoptedAliases.has(name),
    })),
    droppedAliases: candidate.droppedAliases,
    description: descriptionOf(candidate, workloads, environments),
    tags: Object.fromEntries(inNameOrder(tags)),
    rotationDays: rotation.days,
    deletionWindowDays: deletion.days,
    rotatedOnDemand: life.lifecycle?.rotated ?? [],
    material: materialIn(candidate, region),
    // Made when it is read: the policies of 10,000 accounts are most of their plan.
    get policy() {
      return policyIn(region);
    },
    replicas: replicaRegions.map(
      (replica): PlannedReplica => ({
        region: replica,
        step: life.replicaStep(replica),
        days: life.replicaDays(replica),
        adopted: life.adoptedReplicas.has(replica),
        material: materialIn(candidate, replica),
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
    requests: plannedRequests(candidate),
    why,
    sources: [...sources, ...[life.lifecycle, replaces].flatMap((each) => each?.source ?? [])],
  };
}
