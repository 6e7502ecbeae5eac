import { orgkeysCommand } from "../../findings/orgkeys-command";
import { createStackInstances, listStackInstances, stackSetAtTerminal } from "../stack-set-commands";
import type { BootstrapContext, BootstrapStep } from "./bootstrap-step";
import { administrator, pipelineOf } from "./who-runs";

/** For an account that is there, and has not what its OU has. */
export function newAccountSteps({ plans, organization, map, places }: BootstrapContext): BootstrapStep[] {
  return plans.zones.flatMap(({ administrator: keeper, callAs, stackSets, stack }) =>
    stackSets.map((set): BootstrapStep => {
      const at = stackSetAtTerminal(set, callAs, organization);
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
        commands: [look, orgkeysCommand(["apply", stack], places)],
      };
    }),
  );
}
