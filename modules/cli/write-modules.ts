import { readFileSync } from "node:fs";
import { join } from "node:path";
import { continuityRulesOf } from "../../stacks/continuity-rules";
import type { LoadedPlan } from "../../stacks/load-plan";
import { MODULE_FILE } from "../../stacks/module-file";
import type { PlannedStack } from "../../stacks/planned-stack";
import { rulesOf } from "../../stacks/rules";
import {
  type RefusedModule,
  type SynthesizeModulesOptions,
  staleModules,
  synthesizeModules,
} from "../../stacks/synthesize-modules";
import { sortFindings } from "../findings/finding";
import { orgkeysCommand } from "../findings/orgkeys-command";
import { moduleReadme } from "../report/module-readme";
import { type ExitCode, exitCode } from "./exit-code";
import { noteBreach } from "./note-breach";
import type { SynthFlags } from "./synth";
import type { Terminal } from "./terminal";
import { noteLosses, tellPlan } from "./write-output";

/** Writes or verifies a module for each account that is selected. */
export function writeModules(
  loaded: LoadedPlan,
  stacks: readonly PlannedStack[],
  directory: string,
  flags: SynthFlags,
  reporting: Pick<SynthesizeModulesOptions, "keepOthers" | "onStack">,
  terminal: Terminal,
): ExitCode {
  const template = readFileSync(join(__dirname, "../report/templates/module-readme.md.hbs"), "utf8");
  const options: SynthesizeModulesOptions = {
    ...reporting,
    continuity: flags.ignorePrevious === true ? undefined : continuityRulesOf(loaded.map),
    accounts: new Map(loaded.accounts.map((account) => [account.stack, account])),
    readme: ({ account, zone }, { text, providers }) =>
      moduleReadme(
        { account: account.name, accountId: account.id, zone: zone.name, zoneOwner: zone.owner, text, providers },
        template,
      ),
  };
  if (flags.verify === true) return verify(directory, stacks, options, terminal);
  if (stacks.every(({ kind }) => kind !== "account")) {
    terminal.note("No account that is selected needs a module: nothing was written.");
    return exitCode.clean;
  }
  const { proof, continuity, refused, modules } = synthesizeModules(
    stacks,
    directory,
    rulesOf(loaded.map, flags.today),
    options,
  );
  if (proof.findings.length > 0) return noteBreach(proof, loaded, terminal);
  if (refused.length > 0) return noteRefused(refused, terminal);
  if (continuity.refusals.length > 0) return noteLosses(continuity.refusals, directory, terminal);
  tellPlan({ ...loaded, findings: sortFindings([...loaded.findings, ...continuity.findings]) }, proof, terminal);
  const [example] = modules;
  terminal.print(
    "",
    `Wrote ${modules.length} ${modules.length === 1 ? "module" : "modules"} to ${directory}, for example`,
    `  ${directory}/${example}/${MODULE_FILE}`,
    `Zones' guardrails${stacks.some(({ kind }) => kind.endsWith("rollouts")) ? " and rollouts" : ""} are no modules: apply their stacks, which synth writes without --as-modules.`,
    "",
    terminal.emphasize("Next"),
    `  read      ${directory}/${example}/README.md: how to call it, and how to move an account from its stack to its module`,
    `  verify    ${orgkeysCommand(["synth", "--as-modules", directory, "--verify"], { config: flags.config })}`,
  );
  return exitCode.clean;
}

function verify(
  directory: string,
  stacks: readonly PlannedStack[],
  options: SynthesizeModulesOptions,
  terminal: Terminal,
): ExitCode {
  const { stale, refused } = staleModules(stacks, directory, options);
  if (refused.length > 0) return noteRefused(refused, terminal);
  if (stale.length === 0) {
    const count = stacks.filter(({ kind }) => kind === "account").length;
    terminal.print(`${directory} is what the map gives (${count} modules).`);
    return exitCode.clean;
  }
  terminal.print(...stale.map(({ stack, state }) => `${state}  ${stack}`));
  terminal.note(
    "",
    `${stale.length} of the modules in ${directory} are stale: run orgkeys synth --as-modules and commit the result.`,
  );
  return exitCode.something;
}

function noteRefused(refused: readonly RefusedModule[], terminal: Terminal): ExitCode {
  terminal.note(...refused.map(({ account, why }) => `account ${account}: ${why}`), "", "Nothing was written.");
  return exitCode.error;
}
