import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isFields } from "../access/stack-reading";
import { checkVersion } from "../terraform/steps/check-version";
import { findTool } from "../terraform/steps/find-tool";
import { runEnvironment } from "../terraform/steps/run-environment";
import type { TerraformTool, ToolProblem, Variables } from "../terraform/steps/step";
import type { RunFlags } from "./run-options";

export interface RunTool {
  readonly tool: TerraformTool;
  readonly environment: Variables;
}

/**
 * The Terraform of a run, held against what its stacks want.
 *
 * @param textOf a stack's cdk.tf.json
 */
export async function findRunTool(
  stacks: readonly string[],
  textOf: (stack: string) => string,
  { runs, terraform }: Pick<RunFlags, "runs" | "terraform">,
): Promise<RunTool | { readonly problems: readonly ToolProblem[] }> {
  const { environment, problems } = runEnvironment(process.env, { pluginCache: resolve(join(runs, "plugin-cache")) });
  const found = await findTool(environment, terraform);
  if ("problem" in found) return { problems: [...problems, found.problem] };
  const wanted = stacks.map((stack) => ({ stack, requiredVersion: requiredVersion(textOf(stack)) }));
  const all = [...problems, ...checkVersion(found.tool, wanted)];
  if (all.length > 0) return { problems: all };
  const cache = environment.TF_PLUGIN_CACHE_DIR;
  if (cache !== undefined) mkdirSync(cache, { recursive: true, mode: 0o700 });
  return { tool: found.tool, environment };
}

function requiredVersion(text: string): string | undefined {
  const stack: unknown = JSON.parse(text);
  const terraform = isFields(stack) ? stack.terraform : undefined;
  const version = isFields(terraform) ? terraform.required_version : undefined;
  return typeof version === "string" ? version : undefined;
}
