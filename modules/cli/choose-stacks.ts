import type { LoadedPlan } from "../../stacks/load-plan";
import type { StackGraph } from "../terraform/graph/stack-node";
import type { SelectedStack } from "../terraform/select/stack-selection";
import type { RunFlags } from "./run-options";
import { selectStacksOf } from "./select-run";
import type { Terminal } from "./terminal";

/**
 * The stacks that the command line selects, with those that --affected finds.
 *
 * @returns undefined when nobody can tell what is affected: why is then on the terminal
 */
export async function chooseStacks(
  globs: readonly string[],
  flags: Parameters<typeof selectStacksOf>[2] & Pick<RunFlags, "affected" | "config" | "out">,
  { loaded, graph }: { readonly loaded: LoadedPlan; readonly graph: StackGraph },
  terminal: Terminal,
): Promise<{ readonly selected: readonly SelectedStack[] } | { readonly problems: readonly string[] } | undefined> {
  if (flags.affected === undefined) return selectStacksOf(graph, globs, flags, loaded, undefined);
  const { affectedNames }: typeof import("./find-affected") = require("./find-affected");
  const affected = await affectedNames(flags.affected, flags, terminal);
  return affected === undefined ? undefined : selectStacksOf(graph, globs, flags, loaded, affected);
}
