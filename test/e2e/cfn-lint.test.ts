import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { policyText } from "../../modules/policies/policy-document";
import type { RenderedTemplate } from "../../modules/rollouts/template";
import { loadPlan } from "../../stacks/load-plan";

/** A template as one rollout has it, and the Regions that it goes to. */
interface LintedTemplate {
  readonly name: string;
  readonly template: RenderedTemplate;
  readonly regions: readonly string[];
}

function templatesOf(config: string): LintedTemplate[] {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const { zones, direct } = loaded.rollouts;
  return [
    ...zones.flatMap(({ stackSets }) =>
      stackSets.map(({ id, template, regions }) => ({ name: `${config} ${id}`, template, regions })),
    ),
    ...direct.flatMap(({ stack, stacks }) =>
      stacks.map(({ id, template, region }) => ({ name: `${config} ${stack} ${id}`, template, regions: [region] })),
    ),
  ];
}

/** Where it is not installed (pip install cfn-lint), jest counts these as skipped. */
const hasLinter = spawnSync("cfn-lint", ["--version"]).status === 0;

const folder = mkdtempSync(join(tmpdir(), "orgkeys-cfn-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

(hasLinter ? describe : describe.skip).each(["config", "test/fixtures/features"])("cfn-lint on %s", (config) => {
  const templates = hasLinter ? templatesOf(config) : [];
  const byRegions = new Map<string, Map<string, string>>();
  for (const { name, template, regions } of templates) {
    const files = byRegions.get(regions.join(" ")) ?? new Map<string, string>();
    byRegions.set(regions.join(" "), files);
    // Waves have the same template, which is linted once.
    files.set(template.text, `${name}.yaml`).set(policyText(template.document), `${name}.json`);
  }

  test.each([...byRegions])("has nothing to say of the templates for %s", (regions, files) => {
    const paths = [...files].map(([text, name]) => {
      const path = join(folder, name.replaceAll(/[^\w.-]/g, "-"));
      writeFileSync(path, text);
      return path;
    });
    expect(lint(paths, regions.split(" "))).toBe("");
  });
});

/** What cfn-lint has to say; nothing for a template that is fine. */
function lint(paths: readonly string[], regions: readonly string[]): string {
  try {
    return execFileSync("cfn-lint", ["-r", ...regions, "--", ...paths], { encoding: "utf8" });
  } catch (error) {
    return typeof error === "object" && error !== null && "stdout" in error ? String(error.stdout) : String(error);
  }
}
