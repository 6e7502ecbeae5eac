import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import type { SourceFile } from "../../modules/organization/map-file";
import { formatProblem } from "../../modules/organization/problem";
import { instancesText } from "../../modules/report/instances-report";
import { rolloutText } from "../../modules/report/rollout-text";
import { compareInstances } from "../../modules/rollouts/compare-instances";
import { expectedInstances, mappedStackSets } from "../../modules/rollouts/expected-instances";
import { explainRollout } from "../../modules/rollouts/explain-rollout";
import { createStackInstances, listStackInstances } from "../../modules/rollouts/stack-set-commands";
import { type LoadedPlan, loadPlan, planSources } from "../../stacks/load-plan";
import { outputOfPlan } from "../checks/sample-output";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/rollouts.md"), "utf8");

/** The page's examples by their paths: fences that carry a file's name. Those of one name are one file. */
const examples = new Map<string, string>();
for (const [, path = "", text = ""] of page.matchAll(/^```yaml config\/(\S+)\n(.*?)^```$/gms))
  examples.set(path, (examples.get(path) ?? "") + text);

/** The sample organization with the page's examples: the page has all of the rollouts, and adds to what else it names. */
function withExamples(change: (path: string, text: string) => string = (_, text) => text): SourceFile[] {
  const config = join(root, "config");
  const paths = readdirSync(config, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".yaml") && statSync(join(config, path)).isFile(),
  );
  return [...new Set([...paths, ...examples.keys()])].sort().map((path) => {
    const example = examples.get(path) ?? "";
    const own = paths.includes(path) && path !== "rollouts.yaml" ? readFileSync(join(config, path), "utf8") : "";
    const [firstLine = ""] = example.split("\n");
    const text = firstLine !== "" && own.includes(firstLine) ? own : own + example;
    return { name: `config/${path}`, path, bytes: new TextEncoder().encode(change(path, text)) };
  });
}

/** What a page shows of `explain --rollout`, `...` for what it leaves out. */
function expectExplained(text: string, { map, rollouts, findings }: LoadedPlan): void {
  const shown = /^\$ npm run -s orgkeys -- explain --rollout (\S+)\n(.*?)^```$/ms.exec(text);
  const explanation = explainRollout(map, rollouts, findings, shown?.[1] ?? "");
  if (explanation === undefined) throw new Error("it explains no rollout of the map");
  const lines = (shown?.[2] ?? "").split("\n").filter((line) => line !== "...");
  expect(lines.length).toBeGreaterThan(5);
  expect(rolloutText(explanation)).toEqual(expect.arrayContaining(lines));
}

test("the README shows what explain says of a rollout of the sample organization", () => {
  const sample = loadPlan(join(root, "config"));
  if ("problems" in sample) throw new Error(sample.problems.map(formatProblem).join("\n"));
  expectExplained(readFileSync(join(root, "README.md"), "utf8"), sample);
});

describe("the page on rollouts", () => {
  let loaded: LoadedPlan;
  beforeAll(() => {
    const result = planSources(withExamples(), "config");
    if ("problems" in result) throw new Error(result.problems.map(formatProblem).join("\n"));
    loaded = result;
  });

  test("has examples that are rollouts of the sample organization", () => {
    expect(loaded.map.rollouts.map(({ name }) => name)).toEqual([
      "hipaa.archive-key",
      "hipaa.backup-vault",
      "pci.access-roles",
      "pci.baseline-keys",
      "pci.key-events",
    ]);
  });

  test("shows what explain says of one", () => {
    expectExplained(page, loaded);
  });

  test("shows a flaw of its template as validate tells it", () => {
    const sources = withExamples((path, text) =>
      path.endsWith("backup-vault.yaml.hbs")
        ? text.replace("AWS::Backup::BackupVault", "AWS::KMS::Key").replace(/^.*Policy:.*\n/gm, "")
        : text,
    );
    const result = planSources(sources, "config");
    const problems = "problems" in result ? result.problems.map(formatProblem) : [];
    expect(problems).toContain(/^config\/\S+\.hbs:\d.*$/m.exec(page)?.[0]);
  });

  test("has a key of one's own that passes every check, as one with another policy does not", () => {
    const ofKey = (plan: LoadedPlan): string[] => {
      const stacks = plan.stacks.filter(({ name }) => name === "commercial.rollouts.hipaa");
      expect(stacks).toHaveLength(1);
      const found = outputOfPlan({ ...plan, stacks }).check(allChecks);
      return found.filter(({ where }) => where.includes("archive-key")).map(({ id, where }) => `${id} ${where}`);
    };
    expect(ofKey(loaded)).toEqual([]);
    const open = withExamples((path, text) =>
      path.endsWith("archive-key.yaml.hbs")
        ? text.replace(/ {10}- Sid: OnlyBreakGlassDestroys.*(?= {2}Alias:)/s, "")
        : text,
    );
    const opened = planSources(open, "config");
    if ("problems" in opened) throw new Error(opened.problems.map(formatProblem).join("\n"));
    expect(ofKey(opened)).toContainEqual(expect.stringMatching(/^rollout-keys .*hipaa_archive-key/));
  });

  test("shows an instance that is missing as the command tells it", () => {
    const zones = loaded.rollouts.zones.filter(({ zone }) => zone.name === "pci");
    const [plan] = zones;
    if (plan === undefined) throw new Error("zone pci has no rollouts");
    const expected = expectedInstances({ zones, direct: [] });
    const instances = expected
      .filter(({ stackSet, account }) => stackSet !== "orgkeys-pci-access-roles" || account !== "payments-prod")
      .map((each) => ({
        ...each,
        ouId: undefined,
        status: "CURRENT",
        detailedStatus: undefined,
        statusReason: undefined,
      }));
    const stackSets = plan.stackSets.map(({ name }) => name);
    const live = { stackSets: new Set(stackSets), instances, stacks: undefined };
    const text = instancesText({
      organizations: [
        {
          organization: "commercial",
          account: plan.administrator.name,
          accountId: plan.administrator.id,
          zones: ["pci"],
          stackSets: stackSets.length,
          expected: expected.length,
          found: instances.length,
          unread: undefined,
        },
      ],
      findings: compareInstances(expected, live, mappedStackSets(loaded.rollouts, loaded.map.accounts)),
    });
    expect(page).toContain(`$ npm run -s orgkeys -- instances --zone pci\n${text.join("\n")}\n`);
  });

  test("shows the commands for a new account as bootstrap prints them", () => {
    const set = { name: "orgkeys-pci-access-roles", callAs: "DELEGATED_ADMIN", region: "us-east-1" } as const;
    expect(page).toContain(`${listStackInstances(set, "ACCOUNT_ID")}\n`);
    expect(page).toContain(`${createStackInstances(set, ["ou-ab12-31000000"], ["us-east-1"])}\n`);
  });
});
