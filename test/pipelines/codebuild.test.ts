import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import Ajv from "ajv";
import { documentsOf, render, root } from "./rendered";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(
  JSON.parse(readFileSync(join(root, "test/fixtures/schemas/buildspec.schema.json"), "utf8")),
);
const files = [false, true].flatMap((committed) => documentsOf(render("codebuild", undefined, { committed })));

describe("buildspecs of CodeBuild", () => {
  test("have the fields that CodeBuild knows", () => {
    const problems = files.flatMap(({ path, document }) =>
      validate(document) ? [] : (validate.errors ?? []).map((error) => `${path}${error.instancePath} ${error.message}`),
    );
    expect(problems).toEqual([]);
  });

  test("are one for each project, so that no project has the roles of two zones", () => {
    expect(documentsOf(render("codebuild")).map(({ path }) => path.replace("pipelines/codebuild/", ""))).toEqual([
      "check.buildspec.yml",
      "corporate.apply-dev.buildspec.yml",
      "corporate.apply-prod.buildspec.yml",
      "corporate.apply-test.buildspec.yml",
      "corporate.drift.buildspec.yml",
      "corporate.first-apply.buildspec.yml",
      "corporate.last-apply.buildspec.yml",
      "corporate.plan.buildspec.yml",
      "govcloud.apply-prod.buildspec.yml",
      "govcloud.drift.buildspec.yml",
      "govcloud.first-apply.buildspec.yml",
      "govcloud.last-apply.buildspec.yml",
      "govcloud.plan.buildspec.yml",
      "hipaa.apply-prod.buildspec.yml",
      "hipaa.apply-test.buildspec.yml",
      "hipaa.drift.buildspec.yml",
      "hipaa.plan.buildspec.yml",
      "pci.apply-prod.buildspec.yml",
      "pci.apply-test.buildspec.yml",
      "pci.drift.buildspec.yml",
      "pci.plan.buildspec.yml",
    ]);
  });

  test("keep no plan file: it holds secrets", () => {
    expect(new Set(files.flatMap(({ document }) => document.artifacts.files))).toEqual(
      new Set(["check.md", "drift.json", "drift.md", "review.md", "runs/*/report.json", "runs/*/report.md"]),
    );
  });
});
