import type { Rollout } from "../../modules/organization/rollout";

/** What a rollout cannot do without. */
type Own = Pick<Rollout, "administrator" | "regions" | "template" | "zone">;

/** A rollout to all of its zone, with every default of `retain: true` templates, but for what a test has to say. */
export function plainRollout(own: Own & Partial<Rollout>): Rollout {
  const name = `${own.zone}.${own.template}`;
  return {
    name,
    ownTemplate: undefined,
    waves: [{ name: undefined, ous: undefined }],
    canary: true,
    excluded: [],
    replicas: [],
    concurrency: { count: 1 },
    failureTolerance: { count: 0 },
    concurrencyMode: "strict",
    regionConcurrency: "sequential",
    autoDeployment: true,
    retain: true,
    busAccount: undefined,
    archiveDays: undefined,
    parameters: {},
    source: `rollouts.yaml ${own.zone}.templates.${own.template}`,
    ...own,
  };
}
