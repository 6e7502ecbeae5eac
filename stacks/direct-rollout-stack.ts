import type { Construct } from "constructs";
import { AccountProviders } from "../modules/constructs/account-providers";
import { DirectStack } from "../modules/constructs/direct-stack";
import { addStateBackend } from "../modules/constructs/state-backend";
import type { DirectRolloutPlan } from "../modules/rollouts/rollout-plan";
import { OrgkeysStack } from "./orgkeys-stack";
import { zoneStateName } from "./state-name";

/** Templates of a zone's rollouts in one account that StackSets do not bring them to; their state is with the zone's. */
export class DirectRolloutStack extends OrgkeysStack {
  readonly #plan: DirectRolloutPlan;

  constructor(scope: Construct, plan: DirectRolloutPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
    const { account, zone } = plan;
    const { organization } = account;
    addStateBackend(this, zone.state, zoneStateName("direct-rollouts", account, zone));
    const providers = new AccountProviders(this, {
      partition: organization.partition,
      accountId: account.id,
      deployRole: organization.roles.deploy,
      externalId: organization.externalId,
      sessionTags: plan.sessionTags,
    });
    for (const stack of plan.stacks) new DirectStack(this, stack, providers, this.policies, this.lifecycle);
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    const { account, zone, stacks } = this.#plan;
    return {
      kind: "direct-rollouts",
      account: account.name,
      accountId: account.id,
      organization: account.organization.name,
      zone: zone.name,
      directStacks: Object.fromEntries(
        stacks.map(({ id, rollout, why, sources }) => [
          id,
          { rollout: rollout.name, template: rollout.template, why, sources },
        ]),
      ),
    };
  }
}
