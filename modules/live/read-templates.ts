import type { CallAs } from "@aws-sdk/client-cloudformation";
import type { ClientSettings } from "./assume-role";
import type { CallBudget } from "./call-budget";
import type { LiveTemplate, Reading } from "./live-account";

/** StackSets by name; one that is not there is undefined. */
export async function readStackSetTemplates(
  _settings: ClientSettings,
  _callAs: CallAs,
  _names: readonly string[],
  _budget: CallBudget,
): Promise<ReadonlyMap<string, Reading<LiveTemplate | undefined>>> {
  return new Map();
}

/** CloudFormation stacks of one Region by name; one that is not there is undefined. */
export async function readStackTemplates(
  _settings: ClientSettings,
  _names: readonly string[],
  _budget: CallBudget,
): Promise<ReadonlyMap<string, Reading<LiveTemplate | undefined>>> {
  return new Map();
}
