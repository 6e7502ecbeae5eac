import type { Construct } from "constructs";
import { nameOrder } from "../modules/aws/name-order";
import type { AccountPlan } from "../modules/keys/account-plan";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import { accountStateName, guardrailStateName } from "./state-name";

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
  /** Loads CDKTF: who only looks at the plan does not wait for it. */
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
    state: accountStateName(plan),
    zone: plan.zone.name,
    account: plan.account.name,
    build: (scope) => {
      const { AccountStack }: typeof import("./account-stack") = require("./account-stack");
      new AccountStack(scope, plan);
    },
  };
}

function guardrailStack(plan: GuardrailPlan): PlannedStack {
  return {
    name: plan.stack,
    kind: "guardrails",
    state: guardrailStateName(plan),
    zone: plan.zone.name,
    account: undefined,
    build: (scope) => {
      const { GuardrailStack }: typeof import("./guardrail-stack") = require("./guardrail-stack");
      new GuardrailStack(scope, plan);
    },
  };
}
