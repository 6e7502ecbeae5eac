import {
  activateOrganizationsAccess,
  deployStack,
  describeOrganizationsAccess,
  listDelegatedAdministrators,
  listStateBucket,
  registerDelegatedAdministrator,
} from "../stack-set-commands";
import type { BootstrapContext, BootstrapStep } from "./bootstrap-step";
import { handMadeStacks } from "./hand-made-stacks";
import { administrator, administratorNamed, delegatedAdministrators, pipelineText } from "./who-runs";

/** What has to be there before Terraform runs for the first time. */
export function preparingSteps(context: BootstrapContext): BootstrapStep[] {
  return [...trust(context), ...handMade(context), ...state(context)];
}

function trust({ organization, map, plans }: BootstrapContext): BootstrapStep[] {
  if (plans.zones.length === 0) return [];
  const management = administratorNamed(map.accounts, organization.managementAccount);
  const delegated = delegatedAdministrators(plans.zones);
  return [
    {
      title: "Let CloudFormation work in the organization's accounts",
      as: management,
      why: "StackSets reach accounts by roles that CloudFormation makes there; enabling the service in AWS Organizations is not enough",
      commands: [
        activateOrganizationsAccess(organization.homeRegion),
        describeOrganizationsAccess(organization.homeRegion),
      ],
    },
    ...delegated.map(({ name, id }) => ({
      title: `Let ${name} keep the StackSets`,
      as: management,
      why: "the map has it as administrator, so that no StackSet is kept in the management account",
      commands: [
        registerDelegatedAdministrator(id, organization.partition),
        listDelegatedAdministrators(organization.partition),
      ],
    })),
  ];
}

function handMade({ plans, places }: BootstrapContext): BootstrapStep[] {
  return handMadeStacks(plans).map(({ account, stack }) => ({
    title: `Make the access roles of ${account.name}`,
    as: administrator(account),
    why: `Terraform assumes the deploy role of ${account.name} to make everything else. The role never changes itself: run this again whenever ${stack.rollout.name} has changed`,
    commands: [
      deployStack({
        name: stack.name,
        templateFile: `${places.templates}/${stack.rollout.name}.json`,
        region: stack.region,
        capabilities: stack.template.capabilities,
        tags: stack.tags,
      }),
    ],
  }));
}

function state({ zones }: BootstrapContext): BootstrapStep[] {
  return zones.flatMap(({ name, state: at, pipelines }) =>
    at.kind === "local"
      ? []
      : [
          {
            title: `See that the state of zone ${name} has its bucket`,
            as: pipelineText(name, pipelines?.deploy.map(({ arn }) => arn) ?? []),
            why: "each of the zone's stacks has an object there, also those in the management account, whose own zone's pipeline applies them",
            commands: [listStateBucket(at.bucket, at.region)],
          },
        ],
  );
}
