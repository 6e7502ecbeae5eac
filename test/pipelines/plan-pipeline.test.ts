import { describe, expect, test } from "@jest/globals";
import { pipelineStacks } from "../../modules/cli/pipeline-stacks";
import { applyStages } from "../../modules/pipelines/apply-stages";
import { environmentOrder } from "../../modules/pipelines/environment-order";
import { jobIdProblems } from "../../modules/pipelines/job-ids";
import type { ApplyStage } from "../../modules/pipelines/pipeline-plan";
import type { PipelineStack } from "../../modules/pipelines/pipeline-stack";
import { planPipeline } from "../../modules/pipelines/plan-pipeline";
import { stackGlobs } from "../../modules/pipelines/stack-globs";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { outputOfPlan } from "../checks/sample-output";
import { graphOfTexts } from "../terraform/graph/written-output";
import { loadedOf, planOf, samplePlan, sampleSources } from "./rendered";

const loaded = loadedOf(sampleSources());
const accounts = new Map(loaded.map.accounts.map((account) => [account.name, account]));
const stacks = pipelineStacks(loaded);

function problemsOf(edit: (zones: string) => string, chosen: readonly string[] = []): readonly string[] {
  const edited = loadedOf(sampleSources(edit));
  const planned = planPipeline(edited.map, pipelineStacks(edited), chosen);
  return "problems" in planned ? planned.problems : [];
}

const matches = (glob: string, name: string): boolean =>
  glob.endsWith(".*") ? name.startsWith(glob.slice(0, -1)) : name === glob;

function featuresPlan(): LoadedPlan {
  const plan = loadPlan("test/fixtures/features");
  if ("problems" in plan) throw new Error(JSON.stringify(plan.problems, null, 2));
  return plan;
}

describe("the stages of an apply", () => {
  test("hold every stack of the map exactly once", () => {
    for (const { name } of stacks) {
      const holding = samplePlan.stages.filter(({ globs }) => globs.some((glob) => matches(glob, name)));
      expect({ name, stages: holding.length }).toEqual({ name, stages: 1 });
    }
  });

  test("hold stacks of accounts of one zone alone: their roles trust no other pipeline", () => {
    for (const stage of samplePlan.stages) {
      const names = stacks.filter(({ name }) => stage.globs.some((glob) => matches(glob, name)));
      expect(new Set(names.map(({ account }) => accounts.get(account)?.zone))).toEqual(new Set([stage.zone]));
    }
  });

  test("come after those that they wait for, and wait for stages that there are", () => {
    const done = new Set<string>();
    for (const { id, after } of samplePlan.stages) {
      expect(after.filter((each) => !done.has(each))).toEqual([]);
      done.add(id);
    }
  });

  test("are rollouts, then accounts from sandbox to production, then guardrails", () => {
    const own = samplePlan.stages.filter(({ zone }) => zone === "corporate").map(({ id, after }) => [id, after]);
    expect(own).toEqual([
      ["corporate__first", []],
      ["corporate_dev", ["corporate__first"]],
      ["corporate_test", ["corporate_dev"]],
      ["corporate_prod", ["corporate_test"]],
      ["corporate__last", ["corporate__first", "pci_prod", "pci_test"]],
    ]);
  });

  test("of a zone wait for the pipeline that keeps its rollouts, and for no other zone", () => {
    const pci = samplePlan.stages.filter(({ zone }) => zone === "pci").flatMap(({ after }) => after);
    expect(pci).toEqual(["corporate__first", "pci_test"]);
  });

  test("put guardrails before the rollouts that bring keys, and all others last", () => {
    const globs = (id: string): readonly string[] => samplePlan.stages.find((each) => each.id === id)?.globs ?? [];
    expect(globs("corporate__first")).toContain("commercial.guardrails.hipaa");
    expect(globs("corporate__last")).toEqual(["commercial.guardrails.pci"]);
  });

  test("let an account that looks keys up wait for their owner's environment, never the owner come early", () => {
    const looking = stacks.map(
      (stack): PipelineStack => (stack.account === "shop-dev" ? { ...stack, looksUp: ["shop-prod"] } : stack),
    );
    const stages = applyStages(looking, accounts);
    const globs = (id: string): readonly string[] => stages.find((each) => each.id === id)?.globs ?? [];
    expect(globs("corporate_dev")).toEqual(["commercial.workloads.dev.customer-data-dev"]);
    expect(globs("corporate_prod")).toContain("commercial.workloads.dev.shop-dev");
  });

  test.each(["sample", "features"] as const)("of %s are in the order that the stacks need", (name) => {
    const plan = name === "sample" ? loaded : featuresPlan();
    const stages = applyStages(pipelineStacks(plan), new Map(plan.map.accounts.map((each) => [each.name, each])));
    const stageOf = (stack: string): ApplyStage | undefined =>
      stages.find(({ globs }) => globs.some((glob) => matches(glob, stack)));
    const waitsFor = (stage: ApplyStage): string[] => [
      stage.id,
      ...stages.filter(({ id }) => stage.after.includes(id)).flatMap(waitsFor),
    ];
    const { nodes, needs } = graphOfTexts(outputOfPlan(plan).texts);
    // Users of keys come before owners in a later environment: their policies can be made in any order.
    const binding = needs.filter(
      ({ from, to, hard }) => hard || [from, to].some((stack) => nodes.get(stack)?.kind !== "account"),
    );
    expect(binding.length).toBeGreaterThan(10);
    expect(
      binding.filter(({ from, to }) => {
        const [stage, earlier] = [stageOf(from), stageOf(to)];
        return stage === undefined || earlier === undefined || !waitsFor(stage).includes(earlier.id);
      }),
    ).toEqual([]);
  });

  test("sort environments that nobody knows before production, and no environment last", () => {
    expect(["shared", "prod", "dev", "blue", "sandbox", "staging", "test"].sort(environmentOrder)).toEqual([
      "sandbox",
      "dev",
      "test",
      "staging",
      "blue",
      "prod",
      "shared",
    ]);
  });
});

test("names that are too long for a job of GitHub are told, and no other host minds", () => {
  const long = (zone: number, wave: number): ApplyStage => {
    const names = { zone: "z".repeat(zone), wave: "w".repeat(wave) };
    return { id: `${names.zone}_${names.wave}`, ...names, globs: [], after: [], approval: true };
  };
  const stages = [long(50, 48), long(50, 49)];
  expect(jobIdProblems("github", stages)).toEqual([
    `zone ${"z".repeat(50)}, environment ${"w".repeat(49)}: the job ${stages[1]?.id} would have 100 characters, and GitHub takes 99; shorten one of the two names`,
  ]);
  expect(jobIdProblems("gitlab", stages)).toEqual([]);
});

describe("globs", () => {
  test.each([
    [["a.x.b", "a.x.c"], ["a.y.d"], ["a.x.*"]],
    [["a.x.b"], ["a.x.c"], ["a.x.b"]],
    [["a.x.b", "a.x.y.c"], ["a.x.y.d"], ["a.x.b", "a.x.y.c"]],
    [["a.x.y.b"], ["a.x.c"], ["a.x.y.*"]],
    [["a.b"], [], ["a.b"]],
  ])("of %j beside %j are %j", (wanted, others, expected) => {
    expect(stackGlobs(wanted, [...wanted, ...others])).toEqual(expected);
  });
});

describe("a map without what a pipeline needs", () => {
  test("is told to write pipelines, with an example", () => {
    const without = (zones: string): string => zones.replace(/ {2}pipelines:\n( {4}.*\n)+/g, "");
    const rolloutsNeedThem = loadedOf(
      sampleSources(without).map((source) =>
        source.path === "rollouts.yaml" ? { ...source, bytes: Buffer.from("{}\n") } : source,
      ),
    );
    const planned = planPipeline(rolloutsNeedThem.map, pipelineStacks(rolloutsNeedThem));
    expect("problems" in planned ? planned.problems : []).toContain(
      'zones.yaml pci.pipelines: is missing; write pipelines: {deploy: ["pci-key-management:role/PciKeyPipeline"], audit: ["pci-key-management:role/PciDriftReader"]}',
    );
  });

  test("is told that local state would be lost", () => {
    expect(
      problemsOf((zones) => zones.replace("  state: {s3: {bucket: example-orgkeys-pci, region: us-east-1}}\n", "")),
    ).toEqual([
      "zones.yaml pci.state: is local, and would be lost with the machine that a job runs on; write state: {s3: {bucket: pci-key-management-orgkeys-state, region: us-east-1}}",
    ]);
  });

  const second = (zones: string): string =>
    zones.replace(
      '["pci-key-management:role/PciKeyPipeline"]',
      '["pci-key-management:role/A", "payments-prod:role/B"]',
    );

  test("has to choose between two roles", () => {
    expect(problemsOf(second)).toEqual([
      "zones.yaml pci.pipelines.deploy: has 2 roles (arn:aws:iam::310000000001:role/A, arn:aws:iam::310000000002:role/B), and a job becomes one; choose it with --role ARN",
    ]);
    const chosen = planOf(loadedOf(sampleSources(second)), ["arn:aws:iam::310000000002:role/B"]);
    expect(chosen.zones.find(({ zone }) => zone.name === "pci")?.deploy).toMatchObject({
      name: "B",
      accountId: "310000000002",
    });
  });

  test("is told of a role that no zone has", () => {
    expect(problemsOf((zones) => zones, ["arn:aws:iam::310000000001:role/PciKeyPipelin"])).toEqual([
      "--role arn:aws:iam::310000000001:role/PciKeyPipelin: is in no zone's pipelines; did you mean arn:aws:iam::310000000001:role/PciKeyPipeline?",
    ]);
  });
});
