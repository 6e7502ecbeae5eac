import type { Command } from "commander";
import { loadPlan } from "../../stacks/load-plan";
import { suggestName } from "../organization/problem";
import { bootstrapText } from "../report/bootstrap-text";
import { bootstrapSteps } from "../rollouts/bootstrap/bootstrap-steps";
import { bootstrapTemplates } from "../rollouts/bootstrap/hand-made-stacks";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption, formatOption, outOption } from "./options";
import { reportProblems, type Terminal } from "./terminal";
import { writeTemplates } from "./write-templates";

interface BootstrapFlags {
  readonly organization?: string;
  readonly config: string;
  readonly out: string;
  readonly templates?: string;
  readonly format: "text" | "json";
}

export function addBootstrap(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("bootstrap")
    .summary("what to run before the first apply, and when an account is new")
    .description(
      [
        "Prints for each organization, step by step, who runs which command, from nothing to the last stack; then what to do when a new account is not reached yet, and how to undo it all. Runs nothing itself. The commands name the stacks in --out: run synth first.",
        "--templates writes the templates that are deployed by hand: ZONE.access-roles.json for CloudFormation, ZONE.access-roles.yaml to read.",
        "Why it begins by hand: docs/rollouts.md#bootstrapping",
      ].join("\n\n"),
    )
    .option("--organization <name>", "only this organization")
    .addOption(configOption())
    .addOption(outOption())
    .option("--templates <dir>", "write the templates that are deployed by hand into this folder")
    .addOption(formatOption())
    .action((flags: BootstrapFlags) => finish(bootstrap(flags, terminal)));
}

function bootstrap(flags: BootstrapFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config);
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const { map, rollouts, stacks } = loaded;
  const { organization: only } = flags;
  const chosen = map.organizations.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const known = map.organizations.map(({ name }) => name);
    terminal.note(
      `--organization ${only}: is no organization of this map; ${suggestName(only ?? "", known, `name one of ${known.join(", ")}`)}`,
    );
    return exitCode.error;
  }
  const templates = bootstrapTemplates(rollouts);
  if (flags.templates !== undefined) {
    writeTemplates(templates, flags.templates);
    terminal.note(
      `Wrote ${templates.length} ${templates.length === 1 ? "template" : "templates"} to ${flags.templates}.`,
    );
  }
  const places = { templates: flags.templates ?? "TEMPLATES", config: flags.config, out: flags.out };
  const bootstraps = chosen.map((organization) => bootstrapSteps(organization, map, rollouts, stacks, places));
  if (flags.format === "json") {
    terminal.print(JSON.stringify({ schema: "orgkeys/bootstrap/v1", organizations: bootstraps }, null, 2));
    return exitCode.clean;
  }
  terminal.print(...bootstrapText(bootstraps));
  if (flags.templates === undefined && templates.length > 0) {
    terminal.note("", "TEMPLATES is the folder that --templates writes.");
  }
  return exitCode.clean;
}
