import { expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { noteBreach } from "../../modules/cli/note-breach";
import type { Terminal } from "../../modules/cli/terminal";
import { rulesOf } from "../../stacks/rules";
import { outputOfPlan } from "../checks/sample-output";
import { edit, planOf, smallSources } from "../stacks/small-organization";

test("a breach of the zone proof is told with its place in the map, and that nothing was written", () => {
  const strangers = planOf(edit(smallSources(), "zones.yaml", "[role/HealthKeyAdministrator]", "[role/Stranger]"));
  const report = outputOfPlan(strangers)
    .withRules(rulesOf(planOf(smallSources()).map))
    .report(allChecks.filter(({ id }) => id === "zone-managers"));
  const noted: string[] = [];
  const terminal: Terminal = {
    print: () => undefined,
    note: (...lines) => noted.push(...lines),
    progress: () => undefined,
    emphasize: (text) => text,
  };
  expect(noteBreach(report, strangers, terminal)).toBe(1);
  expect(noted.join("\n")).toMatch(/zone-managers .*clinic/);
  expect(noted.join("\n")).toMatch(/map config\/workloads\/clinic\.yaml:\d+:\d+/);
  expect(noted.at(-1)).toBe("The zone proof does not hold: nothing was written.");
});
