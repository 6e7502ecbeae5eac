import {
  deactivateOrganizationsAccess,
  deleteStack,
  deleteStackInstances,
  deleteStackSet,
  deregisterDelegatedAdministrator,
  forgetResources,
  stackSetAtTerminal,
} from "../stack-set-commands";
import type { BootstrapContext, BootstrapStep } from "./bootstrap-step";
import { handMadeStacks } from "./hand-made-stacks";
import { administrator, administratorNamed, delegatedAdministrators } from "./who-runs";

/** Back to an organization without rollouts, the roles that all else is undone with last. */
export function undoSteps({ plans, organization, map, places }: BootstrapContext): BootstrapStep[] {
  const management = administratorNamed(map.accounts, organization.managementAccount);
  const sets = plans.zones.flatMap((plan) => [...plan.stackSets].reverse().map((set) => ({ ...plan, set })));
  // Without their roles, nothing else could be undone.
  const rolesLast = [
    ...sets.filter(({ set }) => set.rollout.template !== "access-roles"),
    ...sets.filter(({ set }) => set.rollout.template === "access-roles"),
  ];
  return [
    ...rolesLast.map(({ administrator: keeper, callAs, set, stack }): BootstrapStep => {
      const at = stackSetAtTerminal(set, callAs, organization);
      const kept = set.retain ? "what it made stays in the accounts" : "it goes from the accounts too";
      return {
        title: `End ${set.name}`,
        as: administrator(keeper),
        why: `${kept}; wait for the first command's operation before the second. Terraform keeps StackSets from being destroyed, and has to forget it afterwards: take the rollout out of the map as well`,
        commands: [
          deleteStackInstances(at, set.targets, set.regions, set.retain),
          deleteStackSet(at),
          forgetResources(`${places.out}/stacks/${stack}`, [
            `aws_cloudformation_stack_instances.${set.id}`,
            `aws_cloudformation_stack_set.${set.id}`,
          ]),
        ],
      };
    }),
    ...handMadeStacks(plans).map(({ account, stack, plan }) => ({
      title: `End the access roles of ${account.name}`,
      as: administrator(account),
      why: "when no stack of the account is applied any more",
      commands: [
        deleteStack(stack.name, stack.region),
        forgetResources(`${places.out}/stacks/${plan.stack}`, [`aws_cloudformation_stack.${stack.id}`]),
      ],
    })),
    ...(plans.zones.length === 0
      ? []
      : [
          {
            title: "Take CloudFormation's trust back",
            as: management,
            why: "only when no other StackSet of the organization needs it",
            commands: [
              ...delegatedAdministrators(plans.zones).map(({ id }) =>
                deregisterDelegatedAdministrator(id, organization.partition),
              ),
              deactivateOrganizationsAccess(organization.homeRegion),
            ],
          },
        ]),
  ];
}
