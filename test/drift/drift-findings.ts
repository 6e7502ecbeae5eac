import type { Drift } from "../../modules/drift/drift";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { fingerprintOf } from "../../modules/drift/fingerprint";
import type { DriftId } from "../../modules/findings/drift-ids";
import type { Severity } from "../../modules/findings/finding";
import type { IgnoreRule } from "../../modules/findings/ignore-rule";

export const aliasDrift: Drift = {
  id: "alias-unmanaged",
  place: {
    account: "shop-prod",
    accountId: "210000000001",
    partition: "aws",
    zone: "corporate",
    region: "us-east-1",
    stack: undefined,
    address: undefined,
    resource: "alias/legacy-shop",
  },
  detail: [],
  why: "is in no reviewed JSON",
};

/** A finding as it leaves the comparison. */
export function findingOf(
  change: { readonly id?: DriftId; readonly severity?: Severity; readonly resource?: string } & Partial<
    Drift["place"]
  > = {},
): DriftFinding {
  const { id = "alias-unmanaged", severity = "medium", ...place } = change;
  const drift: Drift = { ...aliasDrift, id, place: { ...aliasDrift.place, ...place } };
  return {
    ...drift,
    severity,
    where: `${drift.place.account} ${drift.place.region} ${drift.place.resource}`,
    whatToDo: "delete it",
    access: [],
    commands: [],
    fingerprint: fingerprintOf(drift),
    terraform: undefined,
  };
}

export function ruleOf(change: Partial<IgnoreRule> = {}): IgnoreRule {
  return {
    name: "legacy",
    drift: "alias-unmanaged",
    accounts: undefined,
    zones: undefined,
    resource: undefined,
    critical: false,
    owner: "platform",
    reason: "the old names go with their last users",
    expires: "2027-01-31",
    source: "drift.yaml legacy",
    ...change,
  };
}

export const shopRead: AccountDrift = {
  account: "shop-prod",
  accountId: "210000000001",
  organization: "acme",
  zone: "corporate",
  stacks: ["acme.workloads.prod.shop-prod"],
  regions: ["us-east-1", "us-west-2"],
  status: "read",
  unread: [],
  coverage: {
    keys: { managed: 0, total: 0 },
    aliases: { managed: 0, total: 0 },
    grants: { managed: 0, total: 0 },
    serviceGrants: 0,
  },
};
