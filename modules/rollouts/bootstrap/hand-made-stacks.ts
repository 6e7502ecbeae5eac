import { inNameOrder } from "../../aws/name-order";
import type { Account } from "../../organization/organization-map";
import type { DirectRolloutPlan, PlannedDirectStack, RolloutPlans } from "../rollout-plan";

/** A stack that is there before Terraform is. */
export interface HandMadeStack {
  readonly plan: DirectRolloutPlan;
  readonly account: Account;
  readonly stack: PlannedDirectStack;
}

export function handMadeStacks({ direct }: RolloutPlans): HandMadeStack[] {
  return direct.flatMap((plan) =>
    plan.stacks.filter(({ bootstrapped: byHand }) => byHand).map((stack) => ({ plan, account: plan.account, stack })),
  );
}

/** A template to be deployed by hand, the same in every account that needs it so. */
export interface BootstrapTemplate {
  /** Without an ending: `pci.access-roles`. */
  readonly name: string;
  /** For people. */
  readonly yaml: string;
  /** For CloudFormation. Terraform compares its own JSON with it: YAML would never be the same. */
  readonly json: string;
}

/** The templates of all stacks that are there before Terraform is, sorted by name. */
export function bootstrapTemplates(plans: RolloutPlans): BootstrapTemplate[] {
  const byName = new Map<string, BootstrapTemplate>();
  for (const { rollout, template } of handMadeStacks(plans).map(({ stack }) => stack)) {
    byName.set(rollout.name, {
      name: rollout.name,
      yaml: template.text,
      json: `${JSON.stringify(template.document)}\n`,
    });
  }
  return inNameOrder(Object.fromEntries(byName)).map(([, template]) => template);
}
