import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { RolloutPlans } from "./rollout-plan";

/** Names that two things would have: stacks of Terraform, and StackSets in one organization. */
export function takenNames({ zones, direct }: RolloutPlans, accounts: readonly AccountPlan[]): PlanProblem[] {
  return [...takenStackNames([...zones, ...direct], accounts), ...takenStackSetNames(zones)];
}

/** An OU called Rollouts with an account that is called like a zone gives the same stack name. */
function takenStackNames(
  plans: readonly { readonly stack: string; readonly zone: { readonly name: string } }[],
  accounts: readonly AccountPlan[],
): PlanProblem[] {
  const taken = new Map(accounts.map(({ stack, account }) => [stack, account]));
  return plans.flatMap(({ stack, zone }): PlanProblem[] => {
    const account = taken.get(stack);
    if (account === undefined) return [];
    return [
      {
        source: `zones.yaml ${zone.name}`,
        message: `its rollout stack ${stack} would have the name of the stack of account ${account.name} in OU ${account.ouPath}`,
        fix: "rename the zone, the account or the OU",
      },
    ];
  });
}

/**
 * Zone `pci` with template `eu-keys` and zone `pci-eu` with template `keys` give the same name. Whoever administers them,
 * StackSets are kept in the management account.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
 */
function takenStackSetNames(zones: RolloutPlans["zones"]): PlanProblem[] {
  const taken = new Map<string, string>();
  return zones.flatMap(({ zone, stackSets }) =>
    stackSets.flatMap(({ name, rollout, wave }): PlanProblem[] => {
      const key = `${zone.organization.name} ${name}`;
      const who = wave === undefined ? `rollout ${rollout.name}` : `wave ${wave} of rollout ${rollout.name}`;
      const other = taken.get(key);
      if (other === undefined) {
        taken.set(key, who);
        return [];
      }
      return [
        {
          source: rollout.source,
          message: `${who} would have a StackSet called ${name}, as ${other} has`,
          fix: "rename the template or the wave",
        },
      ];
    }),
  );
}
