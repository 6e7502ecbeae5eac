import { uniqueNames } from "../aws/name-order";
import { awsManagedKeyAliases } from "../aws/via-services";
import { baselineAliasOf, baselineRolloutOf } from "../organization/baseline-rollout";
import type { BaselineDataClass, OrganizationMap } from "../organization/organization-map";
import type { Workload, WorkloadEnvironment } from "../organization/workload";
import type { PlannedAwsKey } from "./key-plan";

/** The environments of a workload that keys protect which it has not made: chosen, not forgotten. */
export function planAwsKeys(workload: Workload, map: Pick<OrganizationMap, "rollouts">): PlannedAwsKey[] {
  const { dataClass } = workload;
  if (dataClass.key === "customer-managed") return [];
  return workload.environments.map((environment) => ({
    zone: environment.account.zone,
    account: environment.account.name,
    workload: workload.name,
    environment: environment.name,
    dataClass: dataClass.name,
    region: environment.region,
    ...(dataClass.key === "baseline"
      ? baselineKey(dataClass, environment, map)
      : awsKey(dataClass.name, dataClass.key, environment)),
    sources: [environment.source],
  }));
}

type OwnPart = Pick<PlannedAwsKey, "key" | "aliases" | "baseline" | "why">;

function awsKey(dataClass: string, key: "aws-owned" | "aws-managed", { use }: WorkloadEnvironment): OwnPart {
  const words = key === "aws-owned" ? [] : use.flatMap(({ via }) => via);
  return {
    key,
    aliases: uniqueNames(words.flatMap((word) => awsManagedKeyAliases[word] ?? [])),
    baseline: undefined,
    why: [
      {
        reason: `data class ${dataClass} is ${key === "aws-owned" ? "AWS owned" : "AWS managed"}`,
        principle: "aws-keys-suffice",
      },
    ],
  };
}

function baselineKey(
  dataClass: BaselineDataClass,
  { account, use }: WorkloadEnvironment,
  map: Pick<OrganizationMap, "rollouts">,
): OwnPart {
  const rollout = baselineRolloutOf(account.zone, map);
  return {
    key: "baseline",
    aliases: [baselineAliasOf(dataClass, account.zone)],
    baseline: {
      rollout: rollout?.name,
      regions: rollout === undefined ? [] : [...rollout.regions, ...(dataClass.multiRegion ? rollout.replicas : [])],
      users: uniqueNames(use.flatMap(({ principals }) => principals.map(({ arn }) => arn))),
    },
    why: [
      {
        reason: `data class ${dataClass.name} is a key that each account of zone ${account.zone} has by itself`,
        principle: "there-from-the-start",
      },
    ],
  };
}
