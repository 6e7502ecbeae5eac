import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Argument, type Command } from "commander";
import { loadPlan } from "../../stacks/load-plan";
import { jobIdProblems } from "../pipelines/job-ids";
import { type PipelineHost, type PipelinePlan, pipelineHosts } from "../pipelines/pipeline-plan";
import { defaultBranch, defaultGitlab, type PipelineSettings, settingsProblems } from "../pipelines/pipeline-settings";
import { planPipeline } from "../pipelines/plan-pipeline";
import type { PipelineTemplates } from "../pipelines/render-pipeline";
import { roleCommands } from "../pipelines/role-commands";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption, formatOption } from "./options";
import { pipelineStacks } from "./pipeline-stacks";
import { reportProblems, type Terminal } from "./terminal";
import { foreignFiles, staleFiles, writeFiles } from "./write-pipeline";

interface PipelineFlags {
  readonly config: string;
  readonly into: string;
  readonly repository?: string;
  readonly branch: string;
  readonly committed?: boolean;
  readonly gitlab: string;
  readonly role?: readonly string[];
  readonly force?: boolean;
  readonly verify?: boolean;
  readonly format: "text" | "json";
}

const TEMPLATES = join(__dirname, "..", "pipelines", "templates");
const ENDING = ".hbs";

export function addPipeline(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("pipeline")
    .summary("write ready files for GitHub Actions, GitLab CI/CD or AWS CodeBuild")
    .description(
      [
        "Writes a pipeline from the map: pull requests are validated, proved and planned, merges applied zone by zone and environment by environment with approvals, and every night AWS is held against what was reviewed. Each zone's jobs have that zone's roles (pipelines in zones.yaml) and no long-lived credentials; the policies of those roles are written too.",
        "All files or none. A file that orgkeys has not written is never written over without --force.",
        "What to set up before the first run, and why it is as it is: docs/pipelines.md",
      ].join("\n\n"),
    )
    .addArgument(new Argument("<host>", "where the pipeline runs").choices(pipelineHosts))
    .addOption(configOption())
    .option("--into <dir>", "the root of the repository that the files go into", ".")
    .option("--repository <name>", "github, gitlab: the repository whose jobs the roles trust, as in acme/orgkeys")
    .option("--branch <name>", "the branch that is applied", defaultBranch)
    .option("--committed", "the synthesized output is under version control, and has to be what the map gives")
    .option("--gitlab <host>", "gitlab: the host of your own GitLab", defaultGitlab)
    .option("--role <arn>", "the role of a zone's jobs, where its pipelines have several; can be repeated", collect)
    .option("--force", "write over files that orgkeys has not written")
    .option("--verify", "write nothing; exit 2 if the files on disk are not what would be written")
    .addOption(formatOption())
    .action((host: PipelineHost, flags: PipelineFlags) => finish(pipeline(host, flags, terminal)));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function pipeline(host: PipelineHost, flags: PipelineFlags, terminal: Terminal): ExitCode {
  const settings: PipelineSettings = {
    host,
    repository: host === "codebuild" ? undefined : flags.repository,
    branch: flags.branch,
    committed: flags.committed === true,
    config: flags.config,
    roles: flags.role ?? [],
    gitlab: flags.gitlab,
  };
  const loaded = loadPlan(flags.config);
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const planned = planPipeline(loaded.map, pipelineStacks(loaded), settings.roles);
  const problems = [
    ...settingsProblems(settings),
    ...("problems" in planned ? planned.problems : jobIdProblems(host, planned.plan.stages)),
  ];
  if ("problems" in planned || problems.length > 0) {
    terminal.note(...problems, "", "Nothing was written.");
    return exitCode.error;
  }
  // The template engine is loaded for this command alone.
  const { renderPipeline }: typeof import("../pipelines/render-pipeline") = require("../pipelines/render-pipeline");
  const files = renderPipeline(planned.plan, settings, pipelineTemplates());
  if (flags.verify === true) {
    const stale = staleFiles(files, flags.into);
    terminal.print(...stale.map(({ path, state }) => `${state}  ${path}`));
    if (stale.length === 0) return exitCode.clean;
    terminal.note("", `${stale.length} of ${files.length} files are not what the map gives: run it without --verify.`);
    return exitCode.something;
  }
  const foreign = flags.force === true ? [] : foreignFiles(files, flags.into);
  if (foreign.length > 0) {
    const line = (path: string): string => `${path}: is there, and orgkeys has not written it`;
    terminal.note(...foreign.map(line), "", "Nothing was written. Move them away, or write over them with --force.");
    return exitCode.error;
  }
  writeFiles(files, flags.into);
  tell(
    planned.plan,
    settings,
    flags,
    files.map(({ path }) => path),
    terminal,
  );
  return exitCode.clean;
}

function tell(
  plan: PipelinePlan,
  settings: PipelineSettings,
  flags: PipelineFlags,
  paths: readonly string[],
  terminal: Terminal,
): void {
  const commands = roleCommands(plan, settings);
  if (flags.format === "json") {
    const stages = plan.stages.map(({ id, zone, globs, after, approval }) => ({ id, zone, globs, after, approval }));
    terminal.print(JSON.stringify({ schema: "orgkeys/pipeline/v1", files: paths, stages, commands }, null, 2));
    return;
  }
  terminal.print(...paths, "", terminal.emphasize("As an administrator of each account, once"));
  for (const { account, zone, lines } of commands) {
    terminal.print(`  ${account}, zone ${zone}`, ...lines.map((line) => `    ${line}`));
  }
  terminal.note("", `Wrote ${paths.length} files. What is left to set at the host: docs/pipelines.md`);
}

function pipelineTemplates(): PipelineTemplates {
  const paths = readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(ENDING));
  return new Map(
    paths.map((path) => [
      path.replaceAll("\\", "/").slice(0, -ENDING.length),
      readFileSync(join(TEMPLATES, path), "utf8"),
    ]),
  );
}
