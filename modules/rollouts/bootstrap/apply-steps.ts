import { uniqueNames } from "../../aws/name-order";
import { orgkeysCommand } from "../../findings/orgkeys-command";
import type { Account, Zone } from "../../organization/organization-map";
import { isGuardedFirst } from "../guarded-first";
import type { DirectRolloutPlan } from "../rollout-plan";
import type { BootstrapContext, BootstrapStack, BootstrapStep } from "./bootstrap-step";
import { pipelineOf } from "./who-runs";

/** Each step of the output's stacks after those that make its roles. */
export function applySteps(context: BootstrapContext, stacks: readonly BootstrapStack[]): BootstrapStep[] {
  const { plans, map, places } = context;
  const pipelineIn = (account: Account): string => pipelineOf(account, map.zones);
  const ofStack = (stack: string): string[] => [orgkeysCommand(["apply", stack], places)];
  const accounts = stacks.filter(({ kind }) => kind === "account");
  const zonesOfAccounts = uniqueNames(accounts.map(({ zone }) => zone));
  const guardrails = stacks.filter(({ kind }) => kind === "guardrails");
  const guard = (why: string, { name, zone }: BootstrapStack): BootstrapStep => ({
    title: `Guard zone ${zone}`,
    as: management === undefined ? "the pipeline of the management account" : pipelineIn(management),
    why,
    commands: ofStack(name),
  });
  const first = guardrails.filter(({ zone }) => isGuardedFirst(zone, map, plans));
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
            as: `each zone's pipeline: ${zonesOfAccounts.join(", ")}`,
            why: "owners of keys before their users; what is about the zone as a whole has steps of its own",
            commands: zonesOfAccounts.map((zone) => {
              const others = stacks.filter((each) => each.zone === zone && each.kind !== "account");
              const exclude = others.length === 0 ? [] : ["--exclude", ...others.map(({ name }) => name)];
              return orgkeysCommand(["apply", "--zone", zone, ...exclude], places);
            }),
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
