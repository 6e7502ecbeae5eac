import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { matrixForms } from "../../modules/report/affected-matrix";
import { githubProblems } from "./github-schema";
import { type Document, documentsOf, render } from "./rendered";

const workflows = [false, true].flatMap((committed) => documentsOf(render("github", undefined, { committed })));
const texts = render("github").filter(({ path }) => path.endsWith(".yml"));
const jobs = workflows.flatMap(({ path, document }) =>
  Object.entries<Document>(document.jobs).map(([id, job]) => ({ path, id, job })),
);
const steps = jobs.flatMap(({ path, id, job }) =>
  (job.steps ?? []).map((step: Document) => ({ place: `${path} ${id}`, step })),
);

describe("workflows of GitHub Actions", () => {
  test("are what GitHub's own schema takes", () => {
    expect(workflows.flatMap(({ path, document }) => githubProblems(document, undefined, path))).toEqual([]);
  });

  test.each<[string, (workflow: Document) => void, RegExp]>([
    ["a field that is not known", (each) => (each.jobs.check.timeout = 5), /check\.timeout: is not known/],
    ["a job without a machine", (each) => (each.jobs.check["runs-on"] = undefined), /runs-on: must be/],
    ["a permission that there is not", (each) => (each.jobs.check.permissions.contents = "all"), /contents: must be/],
    [
      "an expression in a name of the wrong context",
      (each) => (each.jobs.plan.if = "${{ matrix.zone }}"),
      /may not use matrix/,
    ],
    ["secrets where there are none", (each) => (each.concurrency.group = "${{ secrets.KEY }}"), /may not use secrets/],
  ])("would be refused with %s", (_, spoil, message) => {
    const [workflow] = documentsOf(render("github")).filter(({ path }) => path.endsWith("pull-request.yml"));
    spoil(workflow?.document);
    expect(githubProblems(workflow?.document).join("\n")).toMatch(message);
  });

  test("run the code of others at one commit, with its version beside it", () => {
    const uses = texts.flatMap(({ text }) => [...text.matchAll(/uses: (.*)/g)].map(([, use]) => use));
    expect(uses.length).toBeGreaterThan(20);
    const local = "./.github/workflows/orgkeys-stage.yml";
    expect(
      uses.filter((use) => use !== local && !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use ?? "")),
    ).toEqual([]);
  });

  test("have no rights but those that a job names", () => {
    expect(workflows.filter(({ document }) => Object.keys(document.permissions).length > 0)).toEqual([]);
    expect(jobs.filter(({ job }) => typeof job.permissions !== "object")).toEqual([]);
  });

  test("give rights to write to no job that runs code of the repository, but to become a role", () => {
    const writers = jobs.filter(({ job }) => Object.values(job.permissions).includes("write"));
    const running = writers.filter(({ job }) =>
      (job.steps ?? []).some((step: Document) => /\bnpm\b|node |orgkeys --/.test(step.run ?? "")),
    );
    for (const { job } of running) expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(
      new Set(
        writers.filter((each) => !running.includes(each)).map(({ id, job }) => (job.uses === undefined ? id : "stage")),
      ),
    ).toEqual(new Set(["show", "tell", "stage"]));
  });

  test("never run a pull request with the rights of its target", () => {
    expect(texts.filter(({ text }) => /pull_request_target|workflow_run/.test(text))).toEqual([]);
  });

  test("give pull requests of forks neither a token nor a role", () => {
    const fork = "github.event.pull_request.head.repo.full_name == github.repository";
    const pullRequest = jobs.filter(({ path }) => path.endsWith("pull-request.yml"));
    const entitled = pullRequest.filter(({ job }) => Object.values(job.permissions).includes("write"));
    expect(entitled.map(({ id }) => id)).toEqual(["plan", "tell", "plan", "tell"]);
    expect(entitled.filter(({ job }) => !job.if.includes(fork))).toEqual([]);
  });

  test("plan pull requests with audit roles alone", () => {
    const [text = ""] = texts.filter(({ path }) => path.endsWith("pull-request.yml")).map((each) => each.text);
    expect([...text.matchAll(/role\/\w+/g)].map(([role]) => role)).toEqual([
      "role/CorporateDriftReader",
      "role/GovDriftReader",
      "role/HipaaDriftReader",
      "role/PciDriftReader",
    ]);
  });

  test("put no expression into a script: what is in it would be run", () => {
    expect(steps.filter(({ step }: { step: Document }) => (step.run ?? "").includes("${{"))).toEqual([]);
  });

  test("end at some time", () => {
    expect(jobs.filter(({ job }) => job.uses === undefined && typeof job["timeout-minutes"] !== "number")).toEqual([]);
  });

  test("apply one at a time, and cut no apply", () => {
    const apply = workflows.find(({ path }) => path.endsWith("apply.yml"))?.document;
    const stage = workflows.find(({ path }) => path.endsWith("stage.yml"))?.document;
    expect(apply.concurrency).toEqual({ group: "orgkeys-apply", "cancel-in-progress": false });
    expect(stage.jobs.apply.concurrency["cancel-in-progress"]).toBe(false);
    expect(
      workflows.filter(({ document, path }) => document.concurrency === undefined && !path.endsWith("stage.yml")),
    ).toEqual([]);
  });

  test("keep no plan file: it holds secrets", () => {
    const paths = steps.flatMap(({ step }: { step: Document }) =>
      step.uses?.startsWith("actions/upload-artifact@") === true ? String(step.with.path).trim().split("\n") : [],
    );
    const ofDrift = ["drift.json", "drift.md", "drift.sarif"];
    expect(new Set(paths)).toEqual(
      new Set(["orgkeys.sarif", "check.md", "review.md", "runs/*/report.md", "runs/*/report.json", ...ofDrift]),
    );
  });

  test("check out nothing with a token that stays on the disk", () => {
    const checkouts = steps.filter(({ step }: { step: Document }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter(({ step }: { step: Document }) => step.with?.["persist-credentials"] !== false)).toEqual(
      [],
    );
  });
});

/** The jobs that a pull request makes of what is affected, each as its name, its pipeline and its stacks. */
function jobsOf(entries: readonly object[], kept: Readonly<Record<string, string>>): [string, string, string][] {
  const { step } = steps.find((each) => each.step.id === "affected") ?? { step: undefined };
  const program = /jq --compact-output --argjson kept "\$KEPT" '([^']*)'/.exec(step.run)?.[1] ?? "";
  const words = ["--compact-output", "--argjson", "kept", JSON.stringify(kept), program];
  const { stdout } = spawnSync("jq", words, { input: JSON.stringify({ include: entries }), encoding: "utf8" });
  const { include }: { include: { name: string; pipeline: string; stacks: string }[] } = JSON.parse(stdout);
  return include.map(({ name, pipeline, stacks }) => [name, pipeline, stacks]);
}

const jq = spawnSync("jq", ["--version"]).status === 0;
(jq ? describe : describe.skip)("the jobs of a pull request, by jq", () => {
  test("are each of one pipeline: what another zone's applies is a job of its own", () => {
    const entries = [
      { name: "zone pci", zone: "pci", stacks: "o.guardrails.pci o.rollouts.pci o.rollouts.pci.own" },
      { name: "o/Prod", zone: "corporate", stacks: "o.prod.a o.prod.b" },
    ];
    expect(jobsOf(entries, { "o.guardrails.pci": "corporate", "o.rollouts.pci": "security" })).toEqual([
      ["zone pci, corporate", "corporate", "o.guardrails.pci"],
      ["zone pci", "pci", "o.rollouts.pci.own"],
      ["zone pci, security", "security", "o.rollouts.pci"],
      ["o/Prod", "corporate", "o.prod.a o.prod.b"],
    ]);
  });

  test("are as many as GitHub takes, and none is lost", () => {
    const { most } = matrixForms.github;
    const entries = Array.from({ length: most }, (_, index) => {
      const zone = index % 2 === 0 ? "corporate" : "pci";
      return { name: `j${index}`, zone, stacks: `s${index} k${index}` };
    });
    const kept = Object.fromEntries(entries.slice(0, 10).map((_, index) => [`k${index}`, "security"]));
    const made = jobsOf(entries, kept);
    expect(made).toHaveLength(most);
    const pipelineOf = made.flatMap(([, pipeline, stacks]) => stacks.split(" ").map((stack) => [stack, pipeline]));
    expect(pipelineOf.sort()).toEqual(
      entries.flatMap(({ zone, stacks }) => stacks.split(" ").map((stack) => [stack, kept[stack] ?? zone])).sort(),
    );
  });
});
