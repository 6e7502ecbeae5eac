import type { Construct } from "constructs";
import { nameOrder } from "../modules/aws/name-order";
import type { AccountPlan } from "../modules/keys/account-plan";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import type { Account, Zone } from "../modules/organization/organization-map";
import type { DirectRolloutPlan, RolloutPlan, RolloutPlans } from "../modules/rollouts/rollout-plan";
import { accountStateName, type StackKind, type ZoneStackKind, zoneStateName } from "./state-name";

/** One Terraform stack to write. */
export interface PlannedStack {
  /** `commercial.workloads.prod.shop-prod`, `commercial.guardrails.pci`, `commercial.rollouts.pci`. */
  readonly name: string;
  readonly kind: StackKind;
  /** Its state file's name without `.tfstate`: whatever the stack is called, this is the state it goes on with. */
  readonly state: string;
  readonly zone: string;
  /** The account it is about; undefined for what is about a zone as a whole. */
  readonly account: string | undefined;
  /** Loads CDKTF: who only looks at the plan does not wait for it. */
  build(scope: Construct): void;
}

/** Every stack of an organization map, by name. */
export function plannedStacks(
  accounts: readonly AccountPlan[],
  guardrails: readonly GuardrailPlan[],
  rollouts: RolloutPlans = { zones: [], direct: [] },
): PlannedStack[] {
  return [
    ...accounts.map(accountStack),
    ...guardrails.map(guardrailStack),
    ...rollouts.zones.map(rolloutStack),
    ...rollouts.direct.map(directRolloutStack),
  ].sort((a, b) => nameOrder(a.name, b.name));
}

function accountStack(plan: AccountPlan): PlannedStack {
  return {
    name: plan.stack,
    kind: "account",
    state: accountStateName(plan.account),
    zone: plan.zone.name,
    account: plan.account.name,
    build: (scope) => {
      const { AccountStack }: typeof import("./account-stack") = require("./account-stack");
      new AccountStack(scope, plan);
    },
  };
}

/** A stack that is about a zone as a whole. */
function zoneStack(
  kind: ZoneStackKind,
  { stack, zone }: { readonly stack: string; readonly zone: Zone },
  keeper: Account,
  build: PlannedStack["build"],
): PlannedStack {
  const state = zoneStateName(kind, keeper, zone);
  return { name: stack, kind, state, zone: zone.name, account: undefined, build };
}

function guardrailStack(plan: GuardrailPlan): PlannedStack {
  return zoneStack("guardrails", plan, plan.account, (scope) => {
    const { GuardrailStack }: typeof import("./guardrail-stack") = require("./guardrail-stack");
    new GuardrailStack(scope, plan);
  });
}

function rolloutStack(plan: RolloutPlan): PlannedStack {
  return zoneStack("rollouts", plan, plan.administrator, (scope) => {
    const { RolloutStack }: typeof import("./rollout-stack") = require("./rollout-stack");
    new RolloutStack(scope, plan);
  });
}

function directRolloutStack(plan: DirectRolloutPlan): PlannedStack {
  return zoneStack("direct-rollouts", plan, plan.account, (scope) => {
    const { DirectRolloutStack }: typeof import("./direct-rollout-stack") = require("./direct-rollout-stack");
    new DirectRolloutStack(scope, plan);
  });
}
