import type { Command } from "commander";
import { loadPlan } from "../../stacks/load-plan";
import { explain, subjectsOf } from "../keys/explain-keys";
import { suggestName } from "../organization/problem";
import { explanationText } from "../report/explanation-text";
import { accountRolloutsText } from "../report/rollout-text";
import { rolloutsOfAccount } from "../rollouts/explain-rollout";
import { type ExitCode, exitCode } from "./exit-code";
import { explainAccess } from "./explain-access";
import { explainOneRollout } from "./explain-rollout";
import { explainStrategy } from "./explain-strategy";
import { configOption, formatOption, outOption, todayOption } from "./options";
import { reportProblems, type Terminal } from "./terminal";

interface ExplainFlags {
  readonly action?: string;
  readonly key?: string;
  readonly rollout?: string;
  readonly strategy?: boolean;
  readonly via?: string;
  readonly encryptionContext?: readonly string[];
  readonly config: string;
  readonly out: string;
  readonly today?: string;
  readonly format: "text" | "json";
}

export function addExplain(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("explain")
    .summary("why a key exists, who can use it through what, and its cost")
    .description(
      [
        "SUBJECT is an alias (alias/payments-prod or payments-prod), an account's name or id, a workload, a principal (role/payments-api or an ARN), or a key's identity (payments_prod). Of an account it also lists the rollouts that reach it.",
        "With --action and --key it answers whether a principal may do something with a key, from the synthesized stacks: every policy and grant that takes part, in AWS's order, up to what decided. What is not said of the request is not known, and what depends on it is not certain.",
        "With --rollout, and without SUBJECT, it says where a rollout goes: its StackSets in their order, which accounts are in and through what, which are out and why.",
        "With --strategy, and without SUBJECT, it plans the keys of this map again for one key an environment, a workload, a workload and environment, and a service: keys, cost, what one key takes with it, and what cannot be planned.",
      ].join("\n\n"),
    )
    .argument("[subject]", "an alias, an account, a workload or a principal")
    .addOption(configOption())
    .addOption(todayOption())
    .option("--action <action>", "with --key: may the principal do this, as in kms:Decrypt")
    .option("--key <alias>", "with --action: the key's alias")
    .option("--via <service>", "with --action: the request comes through this service, as in s3")
    .option("--encryption-context <name=value...>", "with --action: what the request carries")
    .option("--rollout <name>", "instead of SUBJECT: where this rollout goes, as in pci.access-roles")
    .option("--strategy", "instead of SUBJECT: how many keys the map needs if they are cut otherwise")
    .addOption(outOption())
    .addOption(formatOption())
    .action((subject: string | undefined, flags: ExplainFlags) => finish(explainAny(subject, flags, terminal)));
}

function explainAny(subject: string | undefined, flags: ExplainFlags, terminal: Terminal): ExitCode {
  const { rollout, strategy, action, key, via, encryptionContext } = flags;
  if (rollout === undefined && strategy === undefined && subject !== undefined)
    return explainEither(subject, flags, terminal);
  const alone = [subject, action, key, via, encryptionContext].every((each) => each === undefined);
  if (strategy === true) {
    if (alone && rollout === undefined) return explainStrategy(flags, terminal);
    terminal.note(
      "--strategy goes without SUBJECT and without --rollout, --action, --key, --via and --encryption-context",
    );
    return exitCode.error;
  }
  if (rollout !== undefined && alone) return explainOneRollout(rollout, flags, terminal);
  terminal.note(
    rollout === undefined
      ? "a SUBJECT is missing: explain SUBJECT, explain --rollout NAME, or explain --strategy"
      : "--rollout goes without SUBJECT and without --action, --key, --via and --encryption-context",
  );
  return exitCode.error;
}

function explainEither(subject: string, flags: ExplainFlags, terminal: Terminal): ExitCode {
  const { action, key } = flags;
  if (action !== undefined && key !== undefined) {
    const pairs = (flags.encryptionContext ?? []).map((pair) => pair.split("="));
    const bad = pairs.find((pair) => pair.length < 2);
    if (bad !== undefined) {
      terminal.note(`--encryption-context ${bad[0]}: must be NAME=VALUE`);
      return exitCode.error;
    }
    const context = Object.fromEntries(pairs.map(([name = "", ...value]) => [name, value.join("=")]));
    const { config, out, via, format } = flags;
    return explainAccess(
      subject,
      {
        config,
        out,
        action,
        key,
        format,
        ...(via === undefined ? {} : { via }),
        ...(pairs.length === 0 ? {} : { encryptionContext: context }),
      },
      terminal,
    );
  }
  if (action !== undefined || key !== undefined || flags.via !== undefined || flags.encryptionContext !== undefined) {
    terminal.note("--action and --key go together: explain PRINCIPAL --action kms:Decrypt --key ALIAS");
    return exitCode.error;
  }
  return explainSubject(subject, flags, terminal);
}

function explainSubject(subject: string, flags: ExplainFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const explanation = explain(loaded.map, loaded.plan, subject);
  if (explanation === undefined) {
    const known = subjectsOf(loaded.map, loaded.plan);
    const hint = suggestName(subject, known, "name an alias, an account, a workload or a principal of the map");
    terminal.note(`Neither the map nor the key plan knows anything called ${subject}: ${hint}`);
    return exitCode.error;
  }
  const account = explanation.account?.name;
  const rollouts = account === undefined ? [] : rolloutsOfAccount(loaded.map, loaded.rollouts, account);
  if (flags.format === "json") terminal.print(JSON.stringify({ ...explanation, rollouts }, null, 2));
  else terminal.print(...explanationText(explanation), ...accountRolloutsText(rollouts));
  return exitCode.clean;
}
