import { isLetGo } from "../aws/key-step";
import type { KeyPlan } from "../keys/key-plan";
import type { OrganizationMap } from "../organization/organization-map";
import { table } from "./table";

/** Numbers of a key plan for one zone. */
export interface ZoneSummary {
  readonly zone: string;
  readonly accounts: number;
  readonly keys: number;
  readonly replicas: number;
  readonly grants: number;
  readonly consumerPolicies: number;
  /** Workload environments that AWS owned or AWS managed keys protect. */
  readonly awsKeys: number;
}

export function summarizeByZone(map: OrganizationMap, plan: KeyPlan): ZoneSummary[] {
  return map.zones.map((zone) => {
    const keys = plan.keys.filter((key) => key.zone === zone.name && !isLetGo(key.step));
    return {
      zone: zone.name,
      accounts: zone.accounts.length,
      keys: keys.length,
      replicas: keys.reduce((sum, key) => sum + key.replicas.filter(({ step }) => !isLetGo(step)).length, 0),
      grants:
        keys.reduce((sum, key) => sum + key.grants.length, 0) +
        plan.userGrants.filter((grant) => grant.zone === zone.name).length,
      consumerPolicies: plan.consumerPolicies.filter((policy) => policy.zone === zone.name).length,
      awsKeys: plan.awsKeys.filter(({ zone: name, key }) => name === zone.name && key !== "baseline").length,
    };
  });
}

export function planSummaryText(zones: readonly ZoneSummary[]): string[] {
  const sum = (field: Exclude<keyof ZoneSummary, "zone">): number =>
    zones.reduce((total, zone) => total + zone[field], 0);
  const row = (name: string, of: (field: Exclude<keyof ZoneSummary, "zone">) => number): (string | number)[] => [
    name,
    of("accounts"),
    of("keys"),
    of("replicas"),
    of("grants"),
    of("consumerPolicies"),
    of("awsKeys"),
  ];
  return table([
    ["zone", "accounts", "keys", "replicas", "grants", "consumer policies", "on AWS keys"],
    ...zones.map((zone) => row(zone.zone, (field) => zone[field])),
    row("all", sum),
  ]);
}
