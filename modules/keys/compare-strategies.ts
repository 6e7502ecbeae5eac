import type { KeyCost } from "../aws/key-cost";
import { kmsActions } from "../aws/kms-actions";
import { requestQuota, requestQuotaGroupOf } from "../aws/kms-quotas";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import { type KeyScope, keyScopes } from "../organization/schema/data-classes-schema";
import { policyBytes } from "../policies/policy-document";
import { reachOfStatement } from "../policies/statement-reach";
import { costOf, principalsOfStatement, userGrantsOn } from "./explain-keys";
import type { KeyPlan, PlannedKey } from "./key-plan";
import { isEnding } from "./key-regions";
import { planKeys } from "./plan-keys";
import type { PlanOptions, PlanProblem } from "./plan-problem";
import { type Recommendation, recommend } from "./recommend-strategy";
import { recutMap } from "./recut-map";

/** What gets a key of its own: as the map says it, or the same for every data class. */
export const strategies = ["map", ...keyScopes] as const;
export type Strategy = "map" | KeyScope;

export interface StrategyComparison {
  readonly schema: "orgkeys/strategy/v1";
  readonly zones: readonly ComparedZone[];
  /** Of all zones together. */
  readonly total: readonly StrategyTotal[];
}

export interface ComparedZone {
  readonly zone: string;
  readonly strategies: readonly ComparedStrategy[];
  readonly recommendation: Recommendation;
  /** The account and Region whose workloads share a rate of requests the most: the same for every strategy. */
  readonly sharedRate: SharedRate | undefined;
}

export interface StrategyTotal {
  readonly strategy: Strategy;
  /** Undefined as soon as one zone cannot have it. */
  readonly keys: number | undefined;
  readonly replicas: number | undefined;
  readonly cost: KeyCost | undefined;
}

export interface ComparedStrategy {
  readonly strategy: Strategy;
  /** Undefined for one that cannot be planned. */
  readonly measured: MeasuredStrategy | undefined;
  /** Why it cannot. */
  readonly problems: readonly PlanProblem[];
}

export interface MeasuredStrategy {
  readonly keys: number;
  readonly replicas: number;
  readonly cost: KeyCost;
  readonly worst: BlastRadius;
  /** The median of all keys, each number by itself. */
  readonly typical: BlastRadius;
  readonly largestPolicyBytes: number;
  /** Keys of the map that it does not have: their data would have to be encrypted again. */
  readonly replaced: number;
}

/** What loses its data with one key. */
export interface BlastRadius {
  readonly workloads: number;
  /** Of workloads: two workloads with prod and test have four. */
  readonly environments: number;
  readonly principals: number;
  readonly accounts: number;
}

export interface SharedRate {
  readonly account: string;
  readonly region: string;
  readonly workloads: number;
  /** How much of the quota is used by the rates in the map, 0 to 1 and more; undefined without any. */
  readonly share: number | undefined;
}

const using: ReadonlySet<string> = new Set(kmsActions.cryptographic);
const secondsInMonth = (365.25 / 12) * 24 * 60 * 60;

/** Plans the keys of each zone again for each strategy: zones share no key, so that each is by itself. */
export function compareStrategies(map: OrganizationMap, options: PlanOptions = {}): StrategyComparison {
  const zones = map.zones
    .map((zone) => compareZone(ofZone(map, zone), zone, options))
    .filter(({ strategies: compared }) => compared.some(({ measured }) => measured?.keys !== 0));
  return {
    schema: "orgkeys/strategy/v1",
    zones: [...zones].sort((a, b) => nameOrder(a.zone, b.zone)),
    total: strategies.map((strategy) => totalOf(strategy, zones)),
  };
}

function ofZone(map: OrganizationMap, zone: Zone): OrganizationMap {
  return {
    ...map,
    zones: [zone],
    lifecycles: map.lifecycles.filter(({ account }) => account.zone === zone.name),
    workloads: map.workloads
      .map((workload) => ({
        ...workload,
        environments: workload.environments.filter(({ account }) => account.zone === zone.name),
      }))
      .filter(({ environments }) => environments.length > 0),
  };
}

function compareZone(map: OrganizationMap, zone: Zone, options: PlanOptions): ComparedZone {
  const planned = strategies.map((strategy) => ({
    strategy,
    plan: planKeys(strategy === "map" ? map : recutMap(map, strategy), options),
  }));
  const asItIs = planned[0] !== undefined && "plan" in planned[0].plan ? planned[0].plan.plan : undefined;
  const compared = planned.map(
    ({ strategy, plan }): ComparedStrategy =>
      "problems" in plan
        ? { strategy, measured: undefined, problems: plan.problems }
        : { strategy, measured: measure(plan.plan, map, asItIs), problems: [] },
  );
  return {
    zone: zone.name,
    strategies: compared,
    recommendation: recommend(compared, zone),
    sharedRate: asItIs === undefined ? undefined : sharedRateOf(map, asItIs),
  };
}

function measure(plan: KeyPlan, map: OrganizationMap, before: KeyPlan | undefined): MeasuredStrategy {
  const keys = plan.keys.filter(({ step }) => !isEnding(step));
  const accounts = new Map(
    map.workloads.flatMap(({ environments }) => environments.map(({ source, account }) => [source, account.id])),
  );
  const radii = keys.map((key) => radiusOf(key, plan, accounts));
  const has = new Set(keys.map(identityOf));
  return {
    keys: keys.length,
    replicas: keys.reduce((sum, key) => sum + key.replicas.filter(({ step }) => !isEnding(step)).length, 0),
    cost: costOf(keys),
    worst: combine(radii, (values) => Math.max(0, ...values)),
    typical: combine(radii, median),
    largestPolicyBytes: Math.max(
      0,
      ...keys.flatMap((key) => [key, ...key.replicas].map(({ policy }) => policyBytes(policy))),
    ),
    replaced: (before?.keys ?? []).filter((key) => !isEnding(key.step) && !has.has(identityOf(key))).length,
  };
}

/** What Terraform knows a key by. */
function identityOf({ accountId, id, region }: PlannedKey): string {
  return `${accountId} ${id}_${region}`;
}

function radiusOf(key: PlannedKey, plan: KeyPlan, accounts: ReadonlyMap<string, string>): BlastRadius {
  const environments = key.sources.filter((source) => accounts.has(source));
  const users = [key, ...key.replicas].flatMap(({ policy }) =>
    policy.Statement.filter(
      (statement) =>
        statement.Effect === "Allow" && [...reachOfStatement(statement).actions].some((action) => using.has(action)),
    ).flatMap(principalsOfStatement),
  );
  const grantees = [...key.grants, ...userGrantsOn(key, plan)].map(({ grantee }) => grantee);
  return {
    workloads: key.workloads.length,
    environments: environments.length,
    principals: uniqueNames([...users, ...grantees].filter((name) => name !== "*" && !name.endsWith(":root"))).length,
    accounts: uniqueNames(environments.flatMap((source) => accounts.get(source) ?? [])).length,
  };
}

function combine(radii: readonly BlastRadius[], of: (values: readonly number[]) => number): BlastRadius {
  return {
    workloads: of(radii.map(({ workloads }) => workloads)),
    environments: of(radii.map(({ environments }) => environments)),
    principals: of(radii.map(({ principals }) => principals)),
    accounts: of(radii.map(({ accounts }) => accounts)),
  };
}

/** The greater of two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * AWS throttles the account that asks, for all keys of a kind together: however many keys there are, the rate is shared.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html#rps-cross-account
 */
function sharedRateOf(map: OrganizationMap, plan: KeyPlan): SharedRate | undefined {
  const places = new Map<string, { account: string; region: string; workloads: Set<string> }>();
  for (const { name, dataClass, environments } of map.workloads) {
    if (dataClass.key !== "customer-managed") continue;
    for (const { account, region } of environments) {
      const place = places.get(`${account.id} ${region}`) ?? { account: account.name, region, workloads: new Set() };
      place.workloads.add(name);
      places.set(`${account.id} ${region}`, place);
    }
  }
  const shares = new Map<string, Map<string, number>>();
  for (const { region, kind, requests } of plan.keys) {
    const group = requestQuotaGroupOf(kind.spec);
    for (const { accountId, perMonth, peakPerSecond } of requests) {
      const place = shares.get(`${accountId} ${region}`) ?? new Map<string, number>();
      const share = (peakPerSecond ?? perMonth / secondsInMonth) / requestQuota(group, region);
      shares.set(`${accountId} ${region}`, place.set(group, (place.get(group) ?? 0) + share));
    }
  }
  const rates = [...places].map(([place, { account, region, workloads }]): SharedRate => {
    const used = shares.get(place);
    return { account, region, workloads: workloads.size, share: used && Math.max(...used.values()) };
  });
  return rates.sort(
    (a, b) =>
      (b.share ?? 0) - (a.share ?? 0) ||
      b.workloads - a.workloads ||
      nameOrder(`${a.account} ${a.region}`, `${b.account} ${b.region}`),
  )[0];
}

function totalOf(strategy: Strategy, zones: readonly ComparedZone[]): StrategyTotal {
  const all = zones.map((zone) => zone.strategies.find((each) => each.strategy === strategy)?.measured);
  const known = all.filter((measured) => measured !== undefined);
  if (known.length < all.length) return { strategy, keys: undefined, replicas: undefined, cost: undefined };
  const sum = (of: (measured: MeasuredStrategy) => number): number =>
    known.reduce((total, each) => total + of(each), 0);
  return {
    strategy,
    keys: sum(({ keys }) => keys),
    replicas: sum(({ replicas }) => replicas),
    cost: {
      now: sum(({ cost }) => cost.now),
      later: sum(({ cost }) => cost.later),
      unpriced: sum(({ cost }) => cost.unpriced),
    },
  };
}
