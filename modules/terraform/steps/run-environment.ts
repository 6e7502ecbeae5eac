import { nameOrder } from "../../aws/name-order";
import type { ToolProblem, Variables } from "./step";

export interface EnvironmentSettings {
  /** Where providers are kept once for all stacks, absolute; a user's own `TF_PLUGIN_CACHE_DIR` comes first. */
  readonly pluginCache: string;
}

/** Variables that change what is planned, for whom, or which state is read, behind the back of the reviewed JSON. */
const refused = /^(TF_CLI_ARGS(_.*)?|TF_WORKSPACE|TF_DATA_DIR|TF_REATTACH_PROVIDERS)$/;

/**
 * The environment of every Terraform of a run: the user's own, with its credentials, and what makes Terraform keep to the run.
 *
 * @returns Problems, one for each variable that is refused, in name order. The environment must not be used when there are any.
 */
export function runEnvironment(
  processEnvironment: Readonly<Record<string, string | undefined>>,
  settings: EnvironmentSettings,
): { environment: Variables; problems: ToolProblem[] } {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(processEnvironment)) if (value !== undefined) own[name] = value;
  const problems = Object.keys(own)
    .filter((name) => refused.test(name) && own[name] !== "")
    .sort(nameOrder)
    .map(refusal);
  const environment = {
    ...own,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
    // Comes before what `workspace select` left in a stack's folder: another workspace is another state.
    TF_WORKSPACE: "default",
    TF_PLUGIN_CACHE_DIR: own.TF_PLUGIN_CACHE_DIR || settings.pluginCache,
    // Stacks come without a lock file, and without this Terraform then downloads every provider for each of them.
    // Source: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
  };
  return { environment, problems };
}

function refusal(name: string): ToolProblem {
  return {
    cause: "refused-variable",
    message: `${name} is set: it changes what Terraform does, and the plan is no longer that of the stack's JSON alone`,
    whatToDo: `unset ${name}`,
  };
}
