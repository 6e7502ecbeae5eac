import { type LoadedPlan, type LoadOptions, loadPlan } from "../../stacks/load-plan";
import { readGraph } from "../terraform/graph/read-graph";
import type { StackGraph } from "../terraform/graph/stack-node";
import { inFile, reportProblems, type Terminal } from "./terminal";

/**
 * The map, and the stacks that were synthesized.
 *
 * @param nothing what comes of it when one of them cannot be read: "Nothing was run."
 * @returns undefined when one of them cannot be read: every reason is then on the terminal
 */
export function loadOutput(
  { config, out }: { readonly config: string; readonly out: string },
  nothing: string,
  terminal: Terminal,
  options: LoadOptions = {},
): { readonly loaded: LoadedPlan; readonly graph: StackGraph } | undefined {
  const loaded = loadPlan(config, options);
  const read = readGraph(out, (stack, index, total) => terminal.progress(`${index + 1}/${total}  ${stack}`));
  if (!("problems" in loaded) && !("problems" in read)) return { loaded, graph: read.graph };
  const ofMap = "problems" in loaded ? loaded.problems : [];
  const ofOutput = "problems" in read ? read.problems.map(inFile) : [];
  reportProblems(terminal, [...ofMap, ...ofOutput], nothing);
  return undefined;
}
