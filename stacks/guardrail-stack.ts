import type { Construct } from "constructs";
import { organizationsRegion } from "../modules/aws/organizations";
import { AccountProviders } from "../modules/constructs/account-providers";
import { Guardrail } from "../modules/constructs/guardrail";
import { addStateBackend } from "../modules/constructs/state-backend";
import type { GuardrailPlan } from "../modules/keys/guardrail-plan";
import { OrgkeysStack } from "./orgkeys-stack";
import { zoneStateName } from "./state-name";

/** The guardrails of one zone, in its organization's management account; their state is with the zone's. */
export class GuardrailStack extends OrgkeysStack {
  readonly #plan: GuardrailPlan;

  constructor(scope: Construct, plan: GuardrailPlan) {
    super(scope, plan.stack);
    this.#plan = plan;
    const { account, zone } = plan;
    const { organization } = zone;
    addStateBackend(this, zone.state, zoneStateName("guardrails", account, zone));
    const provider = new AccountProviders(this, {
      partition: organization.partition,
      accountId: account.id,
      deployRole: organization.roles.deploy,
      externalId: organization.externalId,
      sessionTags: plan.sessionTags,
    }).in(organizationsRegion(organization.partition));
    for (const guardrail of plan.guardrails) new Guardrail(this, guardrail, provider, this.policies);
  }

  protected override reasons(): Readonly<Record<string, unknown>> {
    const { account, zone, guardrails } = this.#plan;
    return {
      kind: "guardrails",
      account: account.name,
      accountId: account.id,
      organization: account.organization.name,
      zone: zone.name,
      guardrails: Object.fromEntries(
        guardrails.map(({ id, why, sources, targets }) => [
          id,
          { why, sources, targets: Object.fromEntries(targets.map((target) => [target.id, target.what])) },
        ]),
      ),
    };
  }
}
