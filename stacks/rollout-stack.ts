import type { Construct } from "constructs";
import type { RolloutPlan } from "../modules/rollouts/rollout-plan";
import { OrgkeysStack } from "./orgkeys-stack";

/** The StackSets of one zone, in the account that keeps them; their state is with the zone's. */
export class RolloutStack extends OrgkeysStack {
  readonly #plan: RolloutPlan;

  constructor(scope: Construct, plan: RolloutPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    return { kind: "rollouts", zone: this.#plan.zone.name };
  }
}
