import type { ControlPolicyKind } from "../aws/organizations";
import type { Finding } from "../findings/finding";
import type { Account, Zone } from "../organization/organization-map";
import type { AccountPlan } from "./account-plan";

/** What guardrails do not reach: told whenever they are planned, so that nobody counts on them there. */

export function notOffered({ name, organization }: Zone, kind: ControlPolicyKind): Finding {
  return {
    id: "guardrail-not-offered",
    severity: "medium",
    where: `zone ${name}`,
    why: `partition ${organization.partition} has no ${kind} policies: zone ${name} goes without that guardrail, and its key policies hold alone`,
    whatToDo: "switch it off in zones.yaml (guardrails:) to say that this is known",
  };
}

export function unguardedKeys(zone: Zone, management: Account, accounts: readonly AccountPlan[]): Finding[] {
  if (management.zone !== zone.name) return [];
  const keys = accounts.find(({ account }) => account.name === management.name)?.keys.length ?? 0;
  if (keys === 0) return [];
  return [
    {
      id: "guardrail-management-account",
      severity: "information",
      where: `account ${management.name}`,
      why: `no guardrail reaches the ${keys === 1 ? "key" : `${keys} keys`} of management account ${management.name}: AWS exempts it, and its key policies hold alone`,
      whatToDo: `let another account of zone ${zone.name} own them`,
    },
  ];
}

/** An account that is a target of its own; below an OU that is one, an account is reached the day it exists. */
export function accountWaits(zone: Zone, { name, status }: Account): Finding {
  return {
    id: "guardrail-waits",
    severity: "information",
    where: `account ${name}`,
    why: `account ${name} is ${status}: the guardrails of zone ${zone.name} are not attached to it`,
    whatToDo:
      status === "pending"
        ? "set its status to active once it exists, and synthesize again"
        : "nothing to do while it is suspended",
  };
}

export function stackWaits(zone: Zone, { name, status }: Account): Finding {
  return {
    id: "guardrail-waits",
    severity: "medium",
    where: `zone ${zone.name}`,
    why: `zone ${zone.name} has no guardrails: management account ${name}, which keeps them, is ${status}`,
    whatToDo: "set its status to active once it exists and has the deploy role, and synthesize again",
  };
}

export function nothingToAttachTo({ name }: Zone): Finding {
  return {
    id: "guardrail-unattached",
    severity: "low",
    where: `zone ${name}`,
    why: `zone ${name} has no guardrails: nothing of it can have a policy attached, neither an OU of its own nor an active account beside the management account`,
    whatToDo: "give it an OU or an account, or switch its guardrails off in zones.yaml (guardrails:)",
  };
}
