import { uniqueNames } from "../aws/name-order";
import { awsManagedKeyAliases } from "../aws/via-services";
import type { Workload } from "../organization/workload";
import type { PlannedAwsKey } from "./key-plan";

/** The environments of a workload that AWS owned or AWS managed keys protect: chosen, not forgotten. */
export function planAwsKeys(workload: Workload): PlannedAwsKey[] {
  const { dataClass } = workload;
  if (dataClass.key === "customer-managed" || dataClass.key === "baseline") return [];
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
