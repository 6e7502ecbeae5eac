import type { KeyRecord, StackRecord } from "./stack-record";

/** An entry of `config/lifecycle.yaml` about a key, as YAML; what only people know is in capitals. */
export function lifecycleLines(
  { account }: Pick<StackRecord, "account">,
  { identity, region, owner }: Pick<KeyRecord, "identity" | "region" | "owner">,
  ...record: readonly string[]
): string[] {
  return [
    `${identity.replaceAll("_", "-")}:`,
    `  account: ${account}`,
    `  key: ${identity}`,
    `  region: ${region}`,
    `  owner: ${owner ?? "TEAM"}`,
    "  reason: WHY",
    ...record.map((line) => `  ${line}`),
  ];
}

/** The first of the steps in which a key ends. */
export const decommissionLine = "decommission: {disabled: DAY}";

/** The step after that. */
export const scheduledLine = "decommission: {disabled: DAY, scheduled: DAY}";

/** Of an id such as `payments_prod_us-east-1`. */
export function partsOf(id: string): { readonly identity: string; readonly region: string } {
  const end = id.lastIndexOf("_");
  return { identity: id.slice(0, end), region: id.slice(end + 1) };
}
