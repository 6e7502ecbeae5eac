import type { AccountPlan } from "../modules/keys/account-plan";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import type { DirectRolloutPlan, RolloutPlan } from "../modules/rollouts/rollout-plan";

/** The state file's name without `.tfstate`: the account's id, wherever the account is. */
export function accountStateName({ account }: AccountPlan): string {
  return account.id;
}

/** The management account may have a stack with keys of its own, in the same place. */
export function guardrailStateName({ account, zone }: GuardrailPlan): string {
  return `${account.id}-guardrails-${zone.name}`;
}

export function rolloutStateName({ administrator, zone }: RolloutPlan): string {
  return `${administrator.id}-rollouts-${zone.name}`;
}

export function directRolloutStateName({ account, zone }: DirectRolloutPlan): string {
  return `${account.id}-direct-rollouts-${zone.name}`;
}
