import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { pipelineStacks } from "../../modules/cli/pipeline-stacks";
import type { SourceFile } from "../../modules/organization/map-file";
import { type PipelineHost, type PipelinePlan, pipelineHosts } from "../../modules/pipelines/pipeline-plan";
import type { PipelineSettings } from "../../modules/pipelines/pipeline-settings";
import { planPipeline } from "../../modules/pipelines/plan-pipeline";
import { type PipelineFile, type PipelineTemplates, renderPipeline } from "../../modules/pipelines/render-pipeline";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";

export const root = join(__dirname, "../..");

const sampleRegions: Readonly<Record<string, string>> = {
  corporate: "us-east-1",
  govcloud: "us-gov-west-1",
  hipaa: "us-east-1",
  pci: "us-east-1",
};

/** The sample organization, with a bucket for each zone. */
export function sampleSources(edit: (zones: string) => string = (zones) => zones): SourceFile[] {
  const config = join(root, "config");
  return readdirSync(config, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(yaml|hbs)$/.test(path) && statSync(join(config, path)).isFile())
    .sort()
    .map((path) => {
      const text = readFileSync(join(config, path), "utf8");
      const bytes = Buffer.from(path === "zones.yaml" ? edit(withState(text)) : text);
      return { name: `config/${path}`, path, bytes };
    });
}

export function withState(zones: string): string {
  return Object.entries(sampleRegions).reduce(
    (text, [zone, region]) =>
      text.replace(`\n${zone}:\n`, `\n${zone}:\n  state: {s3: {bucket: example-orgkeys-${zone}, region: ${region}}}\n`),
    zones,
  );
}

export function loadedOf(sources: readonly SourceFile[]): LoadedPlan {
  const loaded = planSources(sources, "config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded;
}

export function planOf(loaded: LoadedPlan, chosen: readonly string[] = []): PipelinePlan {
  const planned = planPipeline(loaded.map, pipelineStacks(loaded), chosen);
  if ("problems" in planned) throw new Error(planned.problems.join("\n"));
  return planned.plan;
}

export const samplePlan = planOf(loadedOf(sampleSources()));

export function settingsFor(host: PipelineHost, changes: Partial<PipelineSettings> = {}): PipelineSettings {
  return {
    host,
    repository: host === "codebuild" ? undefined : "example/orgkeys",
    branch: "main",
    committed: false,
    config: "config",
    roles: [],
    gitlab: "gitlab.com",
    ...changes,
  };
}

const folder = join(root, "modules/pipelines/templates");
export const templates: PipelineTemplates = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".hbs"))
    .map((path) => [path.slice(0, -".hbs".length), readFileSync(join(folder, path), "utf8")]),
);

export function render(host: PipelineHost, plan = samplePlan, changes: Partial<PipelineSettings> = {}): PipelineFile[] {
  return renderPipeline(plan, settingsFor(host, changes), templates);
}

/** Every form of every host's files of a plan. */
export function everyForm(plan = samplePlan): { readonly form: string; readonly files: PipelineFile[] }[] {
  return pipelineHosts.flatMap((host) =>
    [false, true].map((committed) => ({
      form: `${host}${committed ? ", committed" : ""}`,
      files: render(host, plan, { committed }),
    })),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a YAML document of a vendor's own form
export type Document = any;

export function documentsOf(files: readonly PipelineFile[]): { readonly path: string; readonly document: Document }[] {
  return files
    .filter(({ path }) => path.endsWith(".yml"))
    .map(({ path, text }) => ({ path, document: parse(text, { strict: true, uniqueKeys: true }) }));
}

/** Every script of a pipeline's files, with its place. */
export function scriptsOf(files: readonly PipelineFile[]): { readonly place: string; readonly script: string }[] {
  return documentsOf(files).flatMap(({ path, document }) => scriptsIn(document, path));
}

function scriptsIn(value: Document, place: string): { place: string; script: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries<Document>(value).flatMap(([key, inner]) => {
    const here = `${place} ${key}`;
    if (key === "run" && typeof inner === "string") return [{ place: here, script: inner }];
    if (["script", "before_script", "after_script", "commands"].includes(key) && Array.isArray(inner)) {
      return inner.map((script: string, index) => ({ place: `${here} ${index}`, script }));
    }
    return scriptsIn(inner, here);
  });
}
