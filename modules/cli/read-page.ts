import { loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { allChecks, proofChecks } from "../checks/frame/all-checks";
import { runChecks } from "../checks/frame/run-checks";
import { PageReading, type PageSettings } from "../report/html/page-of-output";
import type { PageData } from "../report/page-data";
import { explainRollout } from "../rollouts/explain-rollout";
import { listOutput } from "../terraform/graph/list-output";
import { readStack } from "../terraform/graph/read-output";
import { inFile, reportProblems, type Terminal } from "./terminal";

export interface ReadPageFlags extends Pick<PageSettings, "today" | "review" | "drift"> {
  readonly config: string;
  readonly out: string;
}

/**
 * Reads the map and every stack of the output once, and runs all checks.
 *
 * @returns undefined when there is no telling what will be applied: every reason is then on the terminal
 */
export function readPage({ config, out, ...settings }: ReadPageFlags, terminal: Terminal): PageData | undefined {
  const loaded = loadPlan(config, { today: settings.today });
  const { stacks, problems } = listOutput(out);
  if ("problems" in loaded || problems.length > 0) {
    const ofMap = "problems" in loaded ? loaded.problems : [];
    reportProblems(terminal, [...ofMap, ...problems.map(inFile)], "No report was written.");
    return undefined;
  }
  const { map, rollouts: plans, findings } = loaded;
  const rules = rulesOf(map, settings.today);
  const rollouts = map.rollouts.flatMap(({ name }) => explainRollout(map, plans, findings, name) ?? []);
  const reading = new PageReading({ map, accountPlaces: rules.places, rollouts });
  /** One after the other: all of them at once would not fit into memory for a large organization. */
  function* read(): Generator<SynthesizedStack> {
    for (const [index, name] of stacks.entries()) {
      terminal.progress(`${index + 1}/${stacks.length}  ${name}`);
      yield readStack(out, name);
    }
  }
  const report = runChecks(read(), rules, allChecks, (stack, access) => reading.add(stack, access));
  const wanted = new Set(loaded.stacks.map(({ name }) => name));
  const found = new Set(stacks);
  return reading.page({
    ...settings,
    output: out,
    checks: {
      findings: report.findings,
      accepted: report.accepted,
      exceptions: rules.exceptions,
      proofIds: new Set<string>(proofChecks.map(({ id }) => id)),
      missingStacks: [...wanted].filter((name) => !found.has(name)),
      leftOverStacks: [...found].filter((name) => !wanted.has(name)),
    },
  });
}
