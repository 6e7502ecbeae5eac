import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSynthesizedStack } from "../../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../../modules/access/synthesized-stack";
import { allChecks, proofChecks } from "../../../modules/checks/frame/all-checks";
import { runChecks } from "../../../modules/checks/frame/run-checks";
import { PageReading } from "../../../modules/report/html/page-of-output";
import type { PageParts } from "../../../modules/report/html/render-page";
import type { PageData } from "../../../modules/report/page-data";
import { explainRollout } from "../../../modules/rollouts/explain-rollout";
import { loadPlan } from "../../../stacks/load-plan";
import type { Output } from "../../checks/sample-output";

export const today = "2026-06-01";

/** The page of an output, as the command line makes it. */
export function pageOf(
  output: Output,
  config: string,
  more: { readonly leftOverStacks?: readonly string[] } = {},
): PageData {
  const loaded = loadPlan(config, { today });
  if ("problems" in loaded) throw new Error(`${config} has problems`);
  const { map, rollouts: plans, findings } = loaded;
  const rollouts = map.rollouts.flatMap(({ name }) => explainRollout(map, plans, findings, name) ?? []);
  const reading = new PageReading({ map, accountPlaces: output.rules.places, rollouts });
  function* read(): Generator<SynthesizedStack> {
    for (const [name, text] of output.texts) {
      const stack = readSynthesizedStack(name, text);
      reading.add(stack);
      yield stack;
    }
  }
  const report = runChecks(read(), { ...output.rules, today }, allChecks);
  return reading.page({
    output: "cdktf.out",
    today,
    checks: {
      findings: report.findings,
      accepted: report.accepted,
      exceptions: output.rules.exceptions,
      proofIds: new Set<string>(proofChecks.map(({ id }) => id)),
      missingStacks: loaded.stacks.map(({ name }) => name).filter((name) => !output.texts.has(name)),
      leftOverStacks: more.leftOverStacks ?? [],
    },
  });
}

/** Who can do what with a key, in one line a row. */
export function accessLines(page: PageData, keyId: string): string[] {
  return page.access.flatMap(([principal, key, actions, through, conditions, half, regions]) => {
    if (page.keys[key]?.id !== keyId) return [];
    const who = page.principals[principal];
    const account = who?.account === null ? "" : ` in ${page.accounts[who?.account ?? -1]?.name}`;
    return [
      [
        `${who?.name}${account}`,
        page.actionSets[actions]?.names.join(" "),
        page.through[through],
        page.conditions[conditions],
        half === 0 ? "key" : "consumer",
        page.regionLists[regions]?.join(" "),
      ].join(" | "),
    ];
  });
}

/** The real template, with little in place of what esbuild makes. */
export const parts: PageParts = {
  template: readFileSync(join(__dirname, "../../../modules/report/templates/report.html.hbs"), "utf8"),
  script: "(()=>{})();",
  styles: "body{margin:0}",
  summaryStyles: "#page{display:none}",
};
