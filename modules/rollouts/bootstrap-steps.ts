import { inNameOrder, uniqueNames } from "../aws/name-order";
import { baselineRolloutOf } from "../organization/baseline-rollout";
import type { Account, Organization, OrganizationMap, Zone } from "../organization/organization-map";
import type { DirectRolloutPlan, PlannedDirectStack, PlannedStackSet, RolloutPlan, RolloutPlans } from "./rollout-plan";
import {
  activateOrganizationsAccess,
  createStackInstances,
  deactivateOrganizationsAccess,
  deleteStack,
  deleteStackInstances,
  deleteStackSet,
  deployStack,
  deregisterDelegatedAdministrator,
  describeOrganizationsAccess,
  forgetResources,
  listDelegatedAdministrators,
  listStackInstances,
  listStateBucket,
  registerDelegatedAdministrator,
  type StackSetAtTerminal,
  terraformCommands,
} from "./stack-set-commands";

/** What one organization needs from nothing to its last stack, and back. */
export interface Bootstrap {
  readonly organization: string;
  /** In their order; none where the organization has no rollouts. */
  readonly steps: readonly BootstrapStep[];
  /** When an account is there and its rollouts are not. */
  readonly newAccount: readonly BootstrapStep[];
  readonly undo: readonly BootstrapStep[];
  /** What somebody else has to make, because no rollout does. */
  readonly missing: readonly string[];
}

export interface BootstrapStep {
  readonly title: string;
  /** Who runs the commands: `an administrator of security-tooling (100000000002)`. */
  readonly as: string;
  readonly why: string;
  readonly commands: readonly string[];
}

/** A stack of the output, as far as the order of things goes. */
export interface BootstrapStack {
  readonly name: string;
  readonly kind: "account" | "guardrails" | "rollouts" | "direct-rollouts";
  readonly zone: string;
}

export interface BootstrapPlaces {
  /** The folder with the rendered templates. */
  readonly templates: string;
  /** The folder with the synthesized stacks. */
  readonly out: string;
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
export function bootstrapTemplates({ direct }: RolloutPlans): BootstrapTemplate[] {
  const byName = new Map<string, BootstrapTemplate>();
  for (const { rollout, template } of bootstrapped(direct).map(({ stack }) => stack)) {
    byName.set(rollout.name, {
      name: rollout.name,
      yaml: template.text,
      json: `${JSON.stringify(template.document)}\n`,
    });
  }
  return inNameOrder(Object.fromEntries(byName)).map(([, template]) => template);
}

/**
 * Pure, and the same for the same map.
 *
 * @param stacks those of the output, in name order
 */
export function bootstrapSteps(
  organization: Organization,
  map: OrganizationMap,
  plans: RolloutPlans,
  stacks: readonly BootstrapStack[],
  places: BootstrapPlaces,
): Bootstrap {
  const zones = map.zones.filter((zone) => zone.organization.name === organization.name);
  const own = {
    zones: plans.zones.filter(({ zone }) => zone.organization.name === organization.name),
    direct: plans.direct.filter(({ zone }) => zone.organization.name === organization.name),
  };
  const missing = missingRoles(zones, map);
  if (own.zones.length + own.direct.length === 0) {
    return { organization: organization.name, steps: [], newAccount: [], undo: [], missing };
  }
  const context: Context = { organization, map, zones, plans: own, places };
  const ofOrganization = stacks.filter(({ zone }) => zones.some(({ name }) => name === zone));
  return {
    organization: organization.name,
    steps: [...trust(context), ...handMade(context), ...state(context), ...applied(context, ofOrganization)],
    newAccount: newAccount(context),
    undo: undo(context),
    missing,
  };
}

interface Context {
  readonly organization: Organization;
  readonly map: OrganizationMap;
  readonly zones: readonly Zone[];
  readonly plans: RolloutPlans;
  readonly places: BootstrapPlaces;
}

function missingRoles(zones: readonly Zone[], map: OrganizationMap): string[] {
  return zones
    .filter(({ name }) => !map.rollouts.some(({ zone, template }) => zone === name && template === "access-roles"))
    .map(({ name, organization: { roles } }) => {
      const needed = `every account of it needs the roles ${roles.deploy} and ${roles.audit} from somebody else`;
      return `zone ${name} has no access-roles rollout: ${needed}, before its stacks are applied`;
    });
}

function trust({ organization, map, plans }: Context): BootstrapStep[] {
  if (plans.zones.length === 0) return [];
  const management = administratorOf(map.accounts, organization.managementAccount);
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
      commands: [registerDelegatedAdministrator(id), listDelegatedAdministrators()],
    })),
  ];
}

function handMade({ plans, places }: Context): BootstrapStep[] {
  return bootstrapped(plans.direct).map(({ account, stack }) => ({
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

function state({ zones }: Context): BootstrapStep[] {
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

/** Each step of the output's stacks after those that make its roles. */
function applied(context: Context, stacks: readonly BootstrapStack[]): BootstrapStep[] {
  const { plans, zones, map, places } = context;
  const pipelineIn = (account: Account): string => pipelineOf(account, map.zones);
  const ofStack = (stack: string): string[] => terraformCommands(`${places.out}/stacks/${stack}`);
  const accounts = stacks.filter(({ kind }) => kind === "account");
  const guardrails = stacks.filter(({ kind }) => kind === "guardrails");
  const guard = (why: string, { name, zone }: BootstrapStack): BootstrapStep => ({
    title: `Guard zone ${zone}`,
    as: management === undefined ? "the pipeline of the management account" : pipelineIn(management),
    why,
    commands: ofStack(name),
  });
  const first = guardrails.filter(
    ({ zone }) => baselineRolloutOf(zone, map) !== undefined && plans.zones.some((plan) => plan.zone.name === zone),
  );
  const management = map.accounts.find(({ name }) => name === context.organization.managementAccount);
  const takeOver = ({ stack, account }: DirectRolloutPlan): BootstrapStep => ({
    title: `Let Terraform take over what is in ${account.name} by hand`,
    as: pipelineIn(account),
    why: "its plan imports the stacks from above, changes nothing of them, and adds what the account gets of other rollouts",
    commands: ofStack(stack),
  });
  // Rules send to a bus that is there: mostly a StackSet brings it.
  const [withBus, others] = [true, false].map((bus) => plans.direct.filter((plan) => hasBus(plan) === bus));
  return [
    ...(withBus ?? []).map(takeOver),
    ...plans.zones.flatMap(({ stack, administrator: keeper, zone }) => [
      ...first
        .filter((each) => each.zone === zone.name)
        .map((each) =>
          guard(
            "before StackSets bring keys: older guardrails stop them, and until these are in force anybody may make a role that StackSets have",
            each,
          ),
        ),
      {
        title: `Roll out zone ${zone.name}`,
        as: pipelineIn(keeper),
        why: [
          "StackSets bring roles, keys and rules into every account of their OUs, one wave after another",
          ...above(zone, keeper),
        ].join(". "),
        commands: ofStack(stack),
      },
    ]),
    ...(others ?? []).map(takeOver),
    ...(accounts.length === 0
      ? []
      : [
          {
            title: `Apply the stacks of ${accounts.length} ${accounts.length === 1 ? "account" : "accounts"}`,
            as: `each zone's pipeline: ${uniqueNames(accounts.map(({ zone }) => zone))
              .filter((zone) => zones.some(({ name }) => name === zone))
              .join(", ")}`,
            why: "owners of keys before their users; here the first one for an example",
            commands: ofStack(accounts[0]?.name ?? ""),
          },
        ]),
    ...guardrails
      .filter((each) => !first.includes(each))
      .map((each) => guard("last, when nothing is left that they would deny", each)),
  ];
}

/** Whether a zone's bus is among its stacks. */
function hasBus({ stacks }: DirectRolloutPlan): boolean {
  return stacks.some(({ template }) => template.creates.some(({ type }) => type === "AWS::Events::EventBus"));
}

/** A zone is independent but for whoever keeps its StackSets. */
function above(zone: Zone, keeper: Account): string[] {
  if (keeper.zone === zone.name) return [];
  return [`Whoever assumes the deploy role of ${keeper.name}, of zone ${keeper.zone}, stands above zone ${zone.name}`];
}

function newAccount({ plans, organization, map, places }: Context): BootstrapStep[] {
  return plans.zones.flatMap(({ administrator: keeper, callAs, stackSets, stack }) =>
    stackSets.map((set): BootstrapStep => {
      const at = atTerminal(set, callAs, organization);
      const title = `${set.name} is not in ACCOUNT_ID`;
      const look = listStackInstances(at, "ACCOUNT_ID");
      if (set.autoDeployment) {
        return {
          title,
          as: administrator(keeper),
          why: "CloudFormation brings it by itself when the account joins an OU of its targets. The first command shows whether it has, the second one brings it where it has not or has failed",
          commands: [look, createStackInstances(at, set.targets.ous, set.regions)],
        };
      }
      // By hand it could be brought to any account below its targets, also to one of another zone.
      return {
        title,
        as: pipelineOf(keeper, map.zones),
        why: "it goes to accounts by name: put the account into the map, and synthesize and apply the zone's rollouts again",
        commands: [look, ...terraformCommands(`${places.out}/stacks/${stack}`)],
      };
    }),
  );
}

function undo({ plans, organization, map, places }: Context): BootstrapStep[] {
  const management = administratorOf(map.accounts, organization.managementAccount);
  const sets = plans.zones.flatMap((plan) => [...plan.stackSets].reverse().map((set) => ({ ...plan, set })));
  // Without their roles, nothing else could be undone.
  const rolesLast = [
    ...sets.filter(({ set }) => set.rollout.template !== "access-roles"),
    ...sets.filter(({ set }) => set.rollout.template === "access-roles"),
  ];
  return [
    ...rolesLast.map(({ administrator: keeper, callAs, set, stack }): BootstrapStep => {
      const at = atTerminal(set, callAs, organization);
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
    ...bootstrapped(plans.direct).map(({ account, stack, plan }) => ({
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
              ...delegatedAdministrators(plans.zones).map(({ id }) => deregisterDelegatedAdministrator(id)),
              deactivateOrganizationsAccess(organization.homeRegion),
            ],
          },
        ]),
  ];
}

interface HandMade {
  readonly plan: DirectRolloutPlan;
  readonly account: Account;
  readonly stack: PlannedDirectStack;
}

function bootstrapped(direct: readonly DirectRolloutPlan[]): HandMade[] {
  return direct.flatMap((plan) =>
    plan.stacks.filter(({ bootstrapped: byHand }) => byHand).map((stack) => ({ plan, account: plan.account, stack })),
  );
}

function delegatedAdministrators(plans: readonly RolloutPlan[]): Account[] {
  const delegated = plans.filter(({ callAs }) => callAs === "DELEGATED_ADMIN").map(({ administrator: { id } }) => id);
  return uniqueNames(delegated).flatMap(
    (id) => plans.find(({ administrator: keeper }) => keeper.id === id)?.administrator ?? [],
  );
}

function atTerminal(
  { name }: PlannedStackSet,
  callAs: RolloutPlan["callAs"],
  organization: Organization,
): StackSetAtTerminal {
  return { name, callAs, region: organization.homeRegion };
}

function administrator({ name, id }: Account): string {
  return `an administrator of ${name} (${id})`;
}

function administratorOf(accounts: readonly Account[], name: string): string {
  const account = accounts.find((each) => each.name === name);
  return account === undefined ? `an administrator of ${name}` : administrator(account);
}

function pipelineOf(account: Account, zones: readonly Zone[]): string {
  const zone = zones.find(({ name }) => name === account.zone);
  return pipelineText(account.zone, zone?.pipelines?.deploy.map(({ arn }) => arn) ?? []);
}

function pipelineText(zone: string, arns: readonly string[]): string {
  return arns.length === 0 ? `the pipeline of zone ${zone}` : `the pipeline of zone ${zone}: ${arns.join(", ")}`;
}
