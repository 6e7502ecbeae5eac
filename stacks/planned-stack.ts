import type { Construct } from "constructs";
import { nameOrder } from "../modules/aws/name-order";
import type { AccountPlan } from "../modules/keys/account-plan";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import { AccountStack } from "./account-stack";
import { GuardrailStack } from "./guardrail-stack";

/** One Terraform stack to write. */
export interface PlannedStack {
  /** `commercial.workloads.prod.shop-prod`, `commercial.guardrails.pci`. */
  readonly name: string;
  readonly kind: "account" | "guardrails";
  /** Its state file's name without `.tfstate`: whatever the stack is called, this is the state it goes on with. */
  readonly state: string;
  readonly zone: string;
  /** The account it is about; undefined for what is about a zone as a whole. */
  readonly account: string | undefined;
  build(scope: Construct): void;
}

/** Every stack of an organization map, by name. */
export function plannedStacks(accounts: readonly AccountPlan[], guardrails: readonly GuardrailPlan[]): PlannedStack[] {
  return [...accounts.map(accountStack), ...guardrails.map(guardrailStack)].sort((a, b) => nameOrder(a.name, b.name));
}

function accountStack(plan: AccountPlan): PlannedStack {
  return {
    name: plan.stack,
    kind: "account",
    state: AccountStack.stateName(plan),
    zone: plan.zone.name,
    account: plan.account.name,
    build: (scope) => {
      new AccountStack(scope, plan);
    },
  };
}

function guardrailStack(plan: GuardrailPlan): PlannedStack {
  return {
    name: plan.stack,
    kind: "guardrails",
    state: GuardrailStack.stateName(plan),
    zone: plan.zone.name,
    account: undefined,
    build: (scope) => {
      new GuardrailStack(scope, plan);
    },
  };
}
