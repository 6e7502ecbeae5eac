import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { type Document, documentsOf, render, root } from "./rendered";

const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
addFormats(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(join(root, "test/fixtures/schemas/gitlab-ci.schema.json"), "utf8")),
);
const files = [false, true].flatMap((committed) => documentsOf(render("gitlab", undefined, { committed })));
const main: Document = files.find(({ path }) => path.endsWith("orgkeys.gitlab-ci.yml"))?.document;
const jobs = Object.entries<Document>(main).filter(([name]) => /^orgkeys-/.test(name));
const named = (prefix: string): [string, Document][] => jobs.filter(([name]) => name.startsWith(prefix));

describe("pipelines of GitLab", () => {
  test("are what GitLab's own schema takes", () => {
    const problems = files.flatMap(({ path, document }) =>
      validate(document) ? [] : (validate.errors ?? []).map((error) => `${path}${error.instancePath} ${error.message}`),
    );
    expect(problems).toEqual([]);
  });

  test.each<[string, (pipeline: Document) => void]>([
    ["a rule that is none", (each) => (each["orgkeys-check"].rules = "always")],
    ["a job without a script", (each) => (each["orgkeys-check"] = { stage: "orgkeys-check", scripts: ["true"] })],
    ["a token without an audience", (each) => (each.orgkeys = { script: "true", id_tokens: { TOKEN: {} } })],
  ])("would be refused with %s", (_, spoil) => {
    const [file] = documentsOf(render("gitlab")).filter(({ path }) => path.endsWith("orgkeys.gitlab-ci.yml"));
    spoil(file?.document);
    expect(validate(file?.document)).toBe(false);
  });

  test("have a place for every job among the stages, and wait for jobs that there are", () => {
    expect(jobs.filter(([, { stage }]) => !main.stages.includes(stage))).toEqual([]);
    const names = new Set(jobs.map(([name]) => name));
    expect(jobs.flatMap(([, { needs = [] }]) => needs).filter((name) => !names.has(name))).toEqual([]);
    expect(jobs.filter(([, { needs = [] }]) => needs.length > 50)).toEqual([]);
  });

  test("apply what was pushed to the branch alone, zone by zone, one at a time", () => {
    const applies = named("orgkeys-apply_");
    expect(applies).toHaveLength(12);
    for (const [name, job] of applies) {
      expect(job.rules).toHaveLength(1);
      expect(job.rules[0].if).toBe('$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == "main"');
      expect(job.resource_group).toBe(`orgkeys-${/^orgkeys-apply_([a-z]+)_/.exec(name)?.[1]}`);
    }
  });

  test("wait for somebody but in sandbox, development and test", () => {
    const manual = named("orgkeys-apply_").filter(([, job]) => job.rules[0].when === "manual");
    expect(manual.map(([name]) => name)).toEqual([
      "orgkeys-apply_corporate__first",
      "orgkeys-apply_govcloud__first",
      "orgkeys-apply_corporate_prod",
      "orgkeys-apply_govcloud_prod",
      "orgkeys-apply_hipaa_prod",
      "orgkeys-apply_pci_prod",
      "orgkeys-apply_corporate__last",
      "orgkeys-apply_govcloud__last",
    ]);
    for (const [, job] of manual) expect(job.rules[0].allow_failure).toBe(false);
  });

  test("plan merge requests of the project itself alone, with audit roles", () => {
    const own = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID";
    expect(main[".orgkeys-merge-request"].rules[0].if).toContain(own);
    expect(main["orgkeys-plan"].rules[0].if).toContain(own);
    const child = files.find(({ path }) => path.endsWith("plan.gitlab-ci.yml"))?.document;
    const scripts = [...named("orgkeys-plan_"), ["", child[".orgkeys-plan"]] as const].map(
      ([, { script }]) => script[0],
    );
    const roles = scripts.flatMap((script: string) => [...script.matchAll(/:role\/\w+/g)].map(([role]) => role));
    expect(roles.length).toBeGreaterThan(4);
    expect(roles.filter((role) => !role.endsWith("DriftReader"))).toEqual([]);
  });

  test("keep no plan file: it holds secrets", () => {
    const all = files.flatMap(({ document }) => Object.values<Document>(document));
    const paths = all.flatMap((job) => job?.artifacts?.paths ?? []);
    expect(new Set(paths)).toEqual(
      new Set([
        "drift.json",
        "drift.md",
        "runs/*/report.json",
        "runs/*/report.md",
        "review.md",
        "orgkeys-check.md",
        "orgkeys-affected.yml",
      ]),
    );
  });

  test("ask for a token where AWS is asked, and nowhere else", () => {
    for (const [, job] of jobs) {
      const asks = /orgkeys -- (plan|apply|drift)/.test(String(job.script ?? ""));
      expect(job.id_tokens).toEqual(asks ? { AWS_ID_TOKEN: { aud: "sts.amazonaws.com" } } : undefined);
    }
  });
});
