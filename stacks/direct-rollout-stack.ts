import type { Construct } from "constructs";
import type { DirectRolloutPlan } from "../modules/rollouts/rollout-plan";
import { OrgkeysStack } from "./orgkeys-stack";

/** Templates of a zone's rollouts in one account that StackSets do not bring them to; their state is with the zone's. */
export class DirectRolloutStack extends OrgkeysStack {
  readonly #plan: DirectRolloutPlan;

  constructor(scope: Construct, plan: DirectRolloutPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    return { kind: "direct-rollouts", zone: this.#plan.zone.name };
  }
}
