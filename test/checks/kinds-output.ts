import { accountPlans } from "../../modules/keys/account-plan";
import { lifeOf } from "../../modules/keys/key-life";
import type { PlannedKey } from "../../modules/keys/key-plan";
import { planKeys } from "../../modules/keys/plan-keys";
import type { KeyLifecycle, OrganizationMap } from "../../modules/organization/organization-map";
import { loadPlan } from "../../stacks/load-plan";
import { plannedStacks } from "../../stacks/planned-stack";
import { type Output, outputOfPlan } from "./sample-output";

/** The account whose stack has keys of every kind. */
export const vault = { stack: "acme.vault.vault", account: "100000000001" } as const;

/** An organization with keys of every kind, imported material, custom key stores and a disabled key; synthesized. */
export function kindsOutput(): Output {
  const loaded = loadPlan("test/fixtures/kinds");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const map = withLives(loaded.map);
  const planned = planKeys(map);
  if ("problems" in planned) throw new Error(JSON.stringify(planned.problems, null, 2));
  const plan = { ...planned.plan, keys: planned.plan.keys.map((key) => atItsStep(key, map)) };
  const accounts = accountPlans(map, plan);
  return outputOfPlan({ ...loaded, map, plan, accounts, stacks: plannedStacks(accounts, loaded.guardrails) });
}

/** One key has been disabled, and the material of another has been imported; a third has several aliases. */
function withLives(map: OrganizationMap): OrganizationMap {
  const account = map.accounts.find(({ name }) => name === "vault");
  if (account === undefined) throw new Error("the organization has no account vault");
  const life = (key: string, more: Partial<KeyLifecycle>): KeyLifecycle => ({
    name: key,
    account,
    key,
    region: "us-east-1",
    owner: "platform",
    reason: "",
    rotated: [],
    material: undefined,
    adopt: undefined,
    replaced: undefined,
    decommission: undefined,
    handOver: undefined,
    replicas: new Map(),
    source: `lifecycle.yaml ${key}`,
    ...more,
  });
  return {
    ...map,
    workloads: map.workloads.map((workload) =>
      workload.name === "deposit" ? { ...workload, aliases: ["deposit", "money/{environment}"] } : workload,
    ),
    lifecycles: [
      life("archive_prod", { decommission: { disabled: "2026-06-01", scheduled: undefined, gone: undefined } }),
      life("deposit_prod", { material: { imported: "2026-06-01", expires: "2027-06-01" } }),
    ],
  };
}

function atItsStep(key: PlannedKey, { lifecycles }: OrganizationMap): PlannedKey {
  const { step, replicaStep } = lifeOf(lifecycles, key.accountId, key.id, key.region);
  return {
    ...key,
    step,
    replicas: key.replicas.map((replica) => ({ ...replica, step: replicaStep(replica.region) })),
  };
}
