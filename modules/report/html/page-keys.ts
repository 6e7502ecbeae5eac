import { costOf } from "../../inventory/cost";
import type { InventoryKey } from "../../inventory/inventory";
import type { PageKey } from "../page-data";

/** @param account its place among the page's accounts */
export function pageKey(key: InventoryKey, account: number, zone: number | null): PageKey {
  return {
    id: key.id,
    alias: key.alias ?? "",
    aliases: key.aliases,
    account,
    zone,
    region: key.region,
    replicas: key.replicas.map(({ region }) => region),
    owner: key.owner ?? "",
    workload: key.workload ?? "",
    environment: key.environment ?? "",
    dataClass: key.dataClass ?? "",
    spec: key.spec,
    rotationDays: key.rotationDays ?? null,
    deletionWindowDays: key.deletionWindowDays ?? null,
    step: key.step ?? "unknown",
    replicaSteps: key.replicas.flatMap(({ region, step }) =>
      step === "in-use" ? [] : [[region, step ?? "unknown"] as const],
    ),
    enabled: key.enabled,
    grants: key.grants,
    policyBytes: key.policyBytes,
    cost: costOf([key]).now,
    stack: key.stack,
    address: key.address,
    sources: key.sources,
  };
}
