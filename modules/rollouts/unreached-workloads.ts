import type { PlanProblem } from "../keys/plan-problem";
import { baselineRolloutOf } from "../organization/baseline-rollout";
import { isMeantFor } from "../organization/meant-accounts";
import type { OrganizationMap } from "../organization/organization-map";
import { listNames } from "../organization/problem";

/** Workloads whose data class is a key that their account has by itself, where no rollout brings it. */
export function unreachedWorkloads(map: OrganizationMap): PlanProblem[] {
  return map.workloads.flatMap(({ dataClass, environments }) => {
    if (dataClass.key !== "baseline") return [];
    return environments.flatMap(({ account, region, source }): PlanProblem[] => {
      const rollout = baselineRolloutOf(account.zone, map);
      const key = `the key of data class ${dataClass.name}`;
      if (rollout === undefined) {
        const message = `needs ${key} in account ${account.name}, and zone ${account.zone} has no rollout of baseline-keys that brings it`;
        const fix = `add baseline-keys to zone ${account.zone} in rollouts.yaml, or use another data class`;
        return [{ source, message, fix }];
      }
      if (!isMeantFor(rollout, account)) {
        const message = `needs ${key} in account ${account.name}, which rollout ${rollout.name} leaves out`;
        return [{ source, message, fix: "add its OU to the rollout, or take the account out of excludeAccounts" }];
      }
      const regions = [...rollout.regions, ...(dataClass.multiRegion ? rollout.replicas : [])];
      if (regions.includes(region)) return [];
      const message = `needs ${key} in ${region}, and rollout ${rollout.name} brings it to ${listNames(regions)}`;
      return [{ source, message, fix: "set the environment's region, or add the Region to the rollout's replicas" }];
    });
  });
}
