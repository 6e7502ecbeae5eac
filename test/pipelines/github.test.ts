import { describe, expect, test } from "@jest/globals";
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
    ).toEqual(new Set(["tell", "stage"]));
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
    expect(new Set(paths)).toEqual(new Set(["orgkeys.sarif", "check.md", "runs/*/report.md", "runs/*/report.json"]));
  });

  test("check out nothing with a token that stays on the disk", () => {
    const checkouts = steps.filter(({ step }: { step: Document }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter(({ step }: { step: Document }) => step.with?.["persist-credentials"] !== false)).toEqual(
      [],
    );
  });
});
