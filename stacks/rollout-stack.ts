import type { Construct } from "constructs";
import { AccountProviders } from "../modules/constructs/account-providers";
import { StackSet } from "../modules/constructs/stack-set";
import { addStateBackend } from "../modules/constructs/state-backend";
import type { RolloutPlan } from "../modules/rollouts/rollout-plan";
import { OrgkeysStack } from "./orgkeys-stack";
import { zoneStateName } from "./state-name";

/** The StackSets of one zone, in the account that keeps them; their state is with the zone's. */
export class RolloutStack extends OrgkeysStack {
  readonly #plan: RolloutPlan;

  constructor(scope: Construct, plan: RolloutPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
    const { administrator, zone, callAs } = plan;
    const { organization } = zone;
    addStateBackend(this, zone.state, zoneStateName("rollouts", administrator, zone));
    // A StackSet is kept in one Region, whatever Regions it goes to; in another one it would not be found.
    const provider = new AccountProviders(this, {
      partition: organization.partition,
      accountId: administrator.id,
      deployRole: organization.roles.deploy,
      externalId: organization.externalId,
      sessionTags: plan.sessionTags,
    }).in(organization.homeRegion);
    for (const stackSet of plan.stackSets) new StackSet(this, stackSet, { provider, callAs }, this.policies);
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    const { administrator, zone, stackSets } = this.#plan;
    return {
      kind: "rollouts",
      account: administrator.name,
      accountId: administrator.id,
      organization: administrator.organization.name,
      zone: zone.name,
      stackSets: Object.fromEntries(
        stackSets.map(({ id, rollout, wave, why, sources, reaches }) => [
          id,
          {
            rollout: rollout.name,
            template: rollout.template,
            ...(wave === undefined ? {} : { wave }),
            why,
            sources,
            // Nowhere else: an account that joins a target changes this line, and no resource.
            reaches: Object.fromEntries(reaches.map((account) => [account.id, account.name])),
          },
        ]),
      ),
    };
  }
}
