import type { PairedStack } from "./stack-pair";

/** `account payments-prod`, `the guardrails of zone pci` */
export function stackWords({ metadata, name }: PairedStack): string {
  const { kind, account, zone } = metadata;
  switch (kind) {
    case "account":
      return account === undefined ? `stack ${name}` : `account ${account}`;
    case "guardrails":
      return `guardrails of zone ${zone}`;
    case "rollouts":
      return `rollouts of zone ${zone}`;
    case "direct-rollouts":
      return `rollouts of zone ${zone} in account ${account}`;
    default:
      return `stack ${name}`;
  }
}
