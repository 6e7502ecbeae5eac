import type { Command } from "commander";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { staleStacks, synthesize } from "../../stacks/synthesize";
import type { AccountPlan } from "../keys/account-plan";
import { selectAccounts } from "../organization/select-accounts";
import { findingsText } from "../report/findings-text";
import { planSummaryText, summarizeByZone } from "../report/plan-summary";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption, outOption, type SelectionFlags, selectionOf, selectionOptions, todayOption } from "./options";
import { reportProblems, type Terminal } from "./terminal";

interface SynthFlags extends SelectionFlags {
  readonly config: string;
  readonly out: string;
  readonly today?: string;
  readonly verify?: boolean;
}

export function addSynth(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const command = program
    .command("synth")
    .summary("write one Terraform stack an account")
    .description(
      "Writes the same output as cdktf synth, all or nothing: with an error in the map nothing is written.\n" +
        "A selection replaces the selected stacks and leaves the others as they are.",
    )
    .addOption(configOption())
    .addOption(outOption())
    .addOption(todayOption());
  for (const option of selectionOptions()) command.addOption(option);
  command
    .option("--verify", "write nothing; exit 2 if the output on disk is not what the map gives")
    .action((flags: SynthFlags) => finish(synth(flags, terminal)));
}

function synth(flags: SynthFlags, terminal: Terminal): ExitCode {
  const loaded = loadPlan(flags.config, { today: flags.today });
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems);
    return exitCode.error;
  }
  const selection = selectionOf(flags);
  const selected = selectAccounts(loaded.map, selection);
  if ("problems" in selected) {
    terminal.note(...selected.problems);
    return exitCode.error;
  }
  const names = new Set(selected.accounts.map((account) => account.name));
  const accounts = loaded.accounts.filter((plan) => names.has(plan.account.name));
  const keepOthers = selected.accounts.length < loaded.map.accounts.length;
  const options = {
    keepOthers,
    onStack: (name: string, done: number, total: number) => terminal.progress(`${done}/${total}  ${name}`),
  };
  if (flags.verify === true) return verify(flags.out, accounts, options, terminal);
  if (accounts.length === 0) {
    terminal.note("None of the selected accounts needs a stack: nothing was written.");
    return exitCode.clean;
  }
  synthesize(accounts, flags.out, options);
  tell(loaded, accounts, flags, terminal);
  return exitCode.clean;
}

function verify(
  out: string,
  accounts: readonly AccountPlan[],
  options: Parameters<typeof staleStacks>[2],
  terminal: Terminal,
): ExitCode {
  const stale = staleStacks(accounts, out, options);
  if (stale.length === 0) {
    terminal.print(`${out} is what the map gives (${accounts.length} stacks).`);
    return exitCode.clean;
  }
  terminal.print(...stale.map(({ stack, state }) => `${state}  ${stack}`));
  terminal.note(
    "",
    `${stale.length} of the stacks in ${out} are stale: run orgkeys synth and commit or upload the result.`,
  );
  return exitCode.something;
}

function tell(loaded: LoadedPlan, accounts: readonly AccountPlan[], flags: SynthFlags, terminal: Terminal): void {
  const { map, plan } = loaded;
  terminal.print(...planSummaryText(summarizeByZone(map, plan)));
  if (plan.findings.length > 0) terminal.print("", ...findingsText(plan.findings));
  const [first] = accounts;
  if (first === undefined) return;
  terminal.print(
    "",
    `Wrote ${accounts.length} ${accounts.length === 1 ? "stack" : "stacks"} to ${flags.out}/stacks, for example`,
    `  ${flags.out}/stacks/${first.stack}/cdk.tf.json`,
    "",
    terminal.emphasize("Next"),
    `  read      ${flags.out}/stacks/*/cdk.tf.json: policies are under locals, reasons under "//".orgkeys`,
    `  ask       npm run -s orgkeys -- explain ${first.keys[0]?.alias ?? first.account.name}`,
    `  plan      terraform -chdir=${flags.out}/stacks/${first.stack} init && terraform -chdir=${flags.out}/stacks/${first.stack} plan`,
    `  edit      ${flags.config}/: zones, data classes, workloads; then npm run -s orgkeys -- validate`,
  );
}
