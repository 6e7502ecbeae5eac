import type { Command } from "commander";
import { loadPlan } from "../../stacks/load-plan";
import { explain, subjectsOf } from "../keys/explain-keys";
import { suggestName } from "../organization/problem";
import { explanationText } from "../report/explanation-text";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption, formatOption, todayOption } from "./options";
import { reportProblems, type Terminal } from "./terminal";

interface ExplainFlags {
  readonly config: string;
  readonly today?: string;
  readonly format: "text" | "json";
}

export function addExplain(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("explain")
    .summary("why a key exists, who can use it through what, and its cost")
    .description(
      "SUBJECT is an alias (alias/payments-prod or payments-prod), an account's name or id, or a principal\n" +
        "(role/payments-api or an ARN).",
    )
    .argument("<subject>", "an alias, an account or a principal")
    .addOption(configOption())
    .addOption(todayOption())
    .addOption(formatOption())
    .action((subject: string, flags: ExplainFlags) => finish(explainSubject(subject, flags, terminal)));
}

function explainSubject(subject: string, flags: ExplainFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const explanation = explain(loaded.plan, subject);
  const account = loaded.map.accounts.find(({ name, id }) => name === subject || id === subject);
  if (explanation === undefined && account !== undefined) {
    terminal.print(
      `Account ${account.name} (${account.id}, zone ${account.zone}) owns no keys and uses none of others.`,
    );
    return exitCode.clean;
  }
  if (explanation === undefined) {
    const hint = suggestName(subject, subjectsOf(loaded.plan), "name an alias, an account or a principal of the map");
    terminal.note(`The key plan knows nothing called ${subject}: ${hint}`);
    return exitCode.error;
  }
  if (flags.format === "json") terminal.print(JSON.stringify(explanation, null, 2));
  else terminal.print(...explanationText(explanation));
  return exitCode.clean;
}
