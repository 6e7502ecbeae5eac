import { accountPlans } from "../../modules/keys/account-plan";
import { lifeOf } from "../../modules/keys/key-life";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { Decommission, KeyLifecycle } from "../../modules/organization/key-lifecycle";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import type { LoadedPlan } from "../../stacks/load-plan";
import { plannedStacks } from "../../stacks/planned-stack";

/** The record of one key, with nothing in it but what is given. */
export function recordOf(
  map: OrganizationMap,
  account: string,
  key: string,
  region: string,
  record: Partial<KeyLifecycle>,
): KeyLifecycle {
  const owner = map.accounts.find(({ name }) => name === account);
  if (owner === undefined) throw new Error(`there is no account ${account}`);
  return {
    name: key,
    account: owner,
    key,
    region,
    owner: "security",
    reason: "It is tested",
    rotated: [],
    material: undefined,
    adopt: undefined,
    replaced: undefined,
    decommission: undefined,
    handOver: undefined,
    replicas: new Map(),
    source: `lifecycle.yaml ${key}`,
    ...record,
  };
}

export function decommission(step: "disabled" | "scheduled" | "gone"): Decommission {
  return {
    disabled: "2026-12-01",
    scheduled: step === "disabled" ? undefined : "2027-01-15",
    gone: step === "gone" ? "2027-02-20" : undefined,
  };
}

/** A plan whose keys are where these records say they are. */
export function withLifecycles(loaded: LoadedPlan, lifecycles: readonly KeyLifecycle[]): LoadedPlan {
  const map = { ...loaded.map, lifecycles };
  const plan = { ...loaded.plan, keys: loaded.plan.keys.map((key) => lived(key, lifecycles)) };
  const accounts = accountPlans(map, plan);
  return { ...loaded, map, plan, accounts, stacks: plannedStacks(accounts, loaded.guardrails) };
}

function lived(key: PlannedKey, lifecycles: readonly KeyLifecycle[]): PlannedKey {
  const life = lifeOf(lifecycles, key.accountId, key.id, key.region);
  return {
    ...key,
    step: life.step,
    days: life.days,
    adoptedId: life.adoptedId,
    replaced: life.lifecycle?.replaced,
    aliases: key.aliases.map((alias) => ({ ...alias, adopted: life.adoptedAliases.has(alias.name) })),
    replicas: key.replicas.map((replica) => ({
      ...replica,
      step: life.replicaStep(replica.region),
      days: life.replicaDays(replica.region),
      adopted: life.adoptedReplicas.has(replica.region),
    })),
    grants: key.grants.map((grant) => ({ ...grant, adoptedId: life.adoptedGrants.get(grant.id) })),
  };
}
