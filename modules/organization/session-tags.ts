import type { Account, Zone } from "./organization-map";

/**
 * What the deploy and audit roles of an account ask of each session. The account's own zone decides, also for stacks of other
 * zones that are deployed there: guardrails and rollouts.
 */
export function sessionTagsOf({ zone }: Account, zones: readonly Zone[]): Readonly<Record<string, string>> {
  return zones.find(({ name }) => name === zone)?.pipelines?.sessionTags ?? {};
}
