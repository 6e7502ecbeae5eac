import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { RolloutPlans } from "./rollout-plan";

/** Names that two things would have: stacks of Terraform, and stacks and StackSets of CloudFormation. */
export function takenNames(plans: RolloutPlans, accounts: readonly AccountPlan[]): PlanProblem[] {
  return [...takenStackNames([...plans.zones, ...plans.direct], accounts), ...takenInCloudFormation(plans)];
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
function takenInCloudFormation({ zones, direct }: RolloutPlans): PlanProblem[] {
  return firstComesFirst([
    ...zones.flatMap(({ zone, stackSets }) =>
      stackSets.map(({ name, rollout, wave }) => ({
        what: `a StackSet called ${name}`,
        where: zone.organization.name,
        who: wave === undefined ? `rollout ${rollout.name}` : `wave ${wave} of rollout ${rollout.name}`,
        source: rollout.source,
      })),
    ),
    ...direct.flatMap(({ account, stacks }) =>
      stacks.map(({ name, rollout, region }) => ({
        what: `a stack called ${name} in account ${account.name}`,
        where: region,
        who: `rollout ${rollout.name}`,
        source: rollout.source,
      })),
    ),
  ]);
}

interface NamedByRollout {
  readonly what: string;
  readonly where: string;
  readonly who: string;
  readonly source: string;
}

function firstComesFirst(all: readonly NamedByRollout[]): PlanProblem[] {
  const taken = new Map<string, NamedByRollout>();
  return all.flatMap((each): PlanProblem[] => {
    const key = `${each.where} ${each.what}`;
    const first = taken.get(key);
    if (first === undefined) {
      taken.set(key, each);
      return [];
    }
    const message = `${each.who} would have ${each.what}, as ${first.who} has`;
    return [{ source: each.source, message, fix: "rename the template or the wave" }];
  });
}
