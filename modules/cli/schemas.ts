import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { jsonSchemas } from "../organization/schema/json-schemas";
import { type ExitCode, exitCode } from "./exit-code";
import { configOption } from "./options";
import type { Terminal } from "./terminal";

export function addSchemas(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("schemas")
    .summary("write the JSON Schemas that editors use")
    .description(
      "Writes schemas/*.schema.json into the configuration folder. A first line in each file of the map (# yaml-language-server: $schema=…) gives completion, explanations and errors while typing.",
    )
    .addOption(configOption())
    .option("--verify", "write nothing; exit 2 if the schemas on disk are not this version's")
    .action((flags: { config: string; verify?: boolean }) => finish(schemas(flags, terminal)));
}

function schemas(flags: { config: string; verify?: boolean }, terminal: Terminal): ExitCode {
  const folder = join(flags.config, "schemas");
  if (!existsSync(flags.config)) {
    terminal.note(`${flags.config}: is not there; name the configuration folder with --config`);
    return exitCode.error;
  }
  if (flags.verify !== true) {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of jsonSchemas()) writeFileSync(join(folder, name), text);
    terminal.print(`Wrote ${jsonSchemas().size} schemas to ${folder}.`);
    return exitCode.clean;
  }
  const stale = [...jsonSchemas()].filter(([name, text]) => {
    const path = join(folder, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  if (stale.length === 0) return exitCode.clean;
  terminal.note(...stale.map(([name]) => `stale  ${join(folder, name)}`), "Run orgkeys schemas.");
  return exitCode.something;
}
