import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { MatrixForm } from "../report/affected-matrix";
import type { AffectedReport } from "../terraform/affected/affected-report";
import type { Grouping } from "../terraform/affected/matrix";
import { type Shard, shardOf } from "../terraform/graph/shard-of";
import type { Finish } from "./commands";
import { type ExitCode, exitCode } from "./exit-code";
import type { CompareFlags } from "./open-outputs";
import { configOption, formatOption, outOption, shardOption, todayOption } from "./options";
import type { Terminal } from "./terminal";

interface AffectedFlags extends CompareFlags {
  readonly format: "text" | "json" | "markdown";
  readonly matrix?: MatrixForm;
  readonly by?: Grouping;
  readonly shard?: Shard;
}

export function addAffected(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("affected")
    .summary("which stacks a change touches, why, and what depends on them")
    .description(
      [
        "Compares the synthesized JSON of two outputs as Terraform reads it: formatting, comments and the versions of CDKTF do not count, and everything that a plan could follow does.",
        "BASE and HEAD are output folders, or commits by any name of git's; HEAD is the output folder unless it is given. BASE... is where BASE and HEAD parted. A commit that has no output in it is synthesized by its own code, apart from this checkout.",
        "With --matrix it prints the jobs of a pipeline and nothing else: what is removed is in none of them.",
        "Exit 0: nothing is affected. Exit 2: something is. Exit 1: it cannot be told.",
      ].join("\n\n"),
    )
    .argument("<base>", "an output folder, or a commit")
    .argument("[head]", "the same; the output folder by default")
    .addOption(configOption())
    .addOption(outOption())
    .addOption(todayOption())
    .addOption(formatOption(["text", "json", "markdown"]))
    .addOption(new Option("--matrix <vendor>", "print the jobs of a pipeline instead").choices(["github", "gitlab"]))
    .addOption(
      new Option("--by <what>", "what a job is for, with --matrix (default: ou)").choices(["ou", "zone", "stack"]),
    )
    .addOption(shardOption());
  command.action((base: string, head: string | undefined, flags: AffectedFlags) => {
    if (flags.matrix !== undefined && command.getOptionValueSource("format") === "cli") {
      terminal.note("--matrix has a format of its own: leave --format out.");
      return finish(exitCode.error);
    }
    if (flags.by !== undefined && flags.matrix === undefined) {
      terminal.note("--by says what a job of --matrix is for: add --matrix github or --matrix gitlab.");
      return finish(exitCode.error);
    }
    finish(affected(base, head, flags, terminal));
  });
}

/** What compares and renders is loaded for this command alone: the others should not wait for it. */
async function affected(
  base: string,
  head: string | undefined,
  flags: AffectedFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { findAffected }: typeof import("./find-affected") = require("./find-affected");
  const found = await findAffected(base, head, flags, terminal);
  const report = found === undefined ? undefined : share(found, flags.shard, terminal);
  if (report === undefined) return exitCode.error;
  if (flags.matrix !== undefined) {
    if (!printMatrix(report, flags.matrix, flags.by ?? "ou", terminal)) return exitCode.error;
  } else if (flags.format === "json") {
    const { affectedJson }: typeof import("../report/affected-json") = require("../report/affected-json");
    terminal.print(affectedJson(report));
  } else if (flags.format === "markdown") {
    const { affectedMarkdown }: typeof import("../report/affected-markdown") = require("../report/affected-markdown");
    const template = join(__dirname, "../report/templates/affected-markdown.md.hbs");
    terminal.print(affectedMarkdown(report, readFileSync(template, "utf8")));
  } else {
    const { affectedText }: typeof import("../report/affected-text") = require("../report/affected-text");
    terminal.print(...affectedText(report, terminal.emphasize));
  }
  return report.affected.length > 0 ? exitCode.something : exitCode.clean;
}

/** What is removed has no plan to share out, and is told with the first share. */
function share(report: AffectedReport, shard: Shard | undefined, terminal: Terminal): AffectedReport | undefined {
  if (shard === undefined) return report;
  const { graph } = report;
  if (graph === undefined) {
    terminal.note("--shard: a stack cannot be read, so that nobody can tell how long it takes; synthesize again.");
    return undefined;
  }
  const names = report.affected.flatMap(({ after }) => after ?? []);
  const own = new Set(shardOf(graph, names, shard));
  const affected = report.affected.filter(({ after }) => (after === undefined ? shard.index === 1 : own.has(after)));
  const shown = new Set(affected.map(({ stack }) => stack));
  const dependents = report.dependents
    ?.map(({ stack, needs }) => ({ stack, needs: needs.filter(({ to }) => shown.has(to)) }))
    .filter(({ needs }) => needs.length > 0);
  return { ...report, affected, dependents, shard };
}

function printMatrix(report: AffectedReport, form: MatrixForm, grouping: Grouping, terminal: Terminal): boolean {
  const { matrixForms }: typeof import("../report/affected-matrix") = require("../report/affected-matrix");
  const { affectedSummary }: typeof import("../report/affected-text") = require("../report/affected-text");
  const { matrixOf }: typeof import("../terraform/affected/matrix") = require("../terraform/affected/matrix");
  const { graph } = report;
  if (graph === undefined) {
    terminal.note("--matrix: a stack cannot be read, so that nobody can tell which job it is for; synthesize again.");
    return false;
  }
  const nodes = report.affected.flatMap(({ after }) => (after === undefined ? [] : (graph.nodes.get(after) ?? [])));
  const matrix = matrixOf(nodes, grouping, matrixForms[form].most);
  if ("problems" in matrix) {
    terminal.note(...matrix.problems);
    return false;
  }
  const removed = report.affected.filter(({ after }) => after === undefined).map(({ stack }) => stack);
  terminal.note(affectedSummary(report));
  if (removed.length > 0) terminal.note(`In no job, since they are no longer there: ${removed.join(", ")}.`);
  if (matrix.mergedFrom !== undefined) {
    terminal.note(
      `${matrix.mergedFrom} jobs were too many: the smallest share ${matrix.entries.length} jobs with others of their zone.`,
    );
  }
  terminal.print(matrixForms[form].text(matrix));
  return true;
}
