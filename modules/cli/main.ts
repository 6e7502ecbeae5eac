import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { OutputRefused } from "../../stacks/output-folder";
import { commandsFor, type Finish } from "./commands";
import { type ExitCode, exitCode } from "./exit-code";
import { type Terminal, terminalOf } from "./terminal";

/**
 * Runs one command line.
 *
 * @param words without the interpreter and the script
 * @returns the exit code, later for a command that waits for others; it prints to the terminal alone and does not end the process
 */
export function run(words: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode> {
  let code: ExitCode | Promise<ExitCode> = exitCode.clean;
  const finish: Finish = (result) => {
    code = typeof result === "number" ? result : result.catch((error: unknown) => failed(error, terminal));
  };
  const program = new Command("orgkeys")
    .description("Turns an AWS organization map into per-account Terraform for KMS.")
    .version(version)
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError("(orgkeys COMMAND --help shows what it takes)")
    .addHelpText("after", "\nExit codes: 0 clean, 1 error, 2 there is something (changes, findings, drift).")
    .exitOverride();
  for (const add of commandsFor(words)) add(program, terminal, finish);
  for (const command of program.commands) command.copyInheritedSettings(program).exitOverride();
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    return failed(error, terminal);
  }
  return code;
}

/** @throws everything that is no mistake of the user or the disk */
function failed(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.clean : exitCode.error;
  if (error instanceof OutputRefused) {
    terminal.note(error.message);
    return exitCode.error;
  }
  if (isFileError(error)) {
    terminal.note(`${error.path ?? "a file"}: ${error.message}`);
    return exitCode.error;
  }
  throw error;
}

/** The disk's own errors (full, read-only, no permission) are the user's to mend: no stack trace for those. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === "object" && error !== null && "code" in error && "syscall" in error;
}

const LAST_MS = 1_000;

if (require.main?.filename.endsWith("orgkeys.cjs") === true) {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.clean);
    process.stderr.write(`The output cannot be written: ${error.message}\n`);
    process.exit(exitCode.error);
  });
  // A terminal that is closed hears no progress, and what runs ends as it should.
  process.stderr.on("error", () => undefined);
  void Promise.resolve(
    run(process.argv.slice(2), terminalOf(process.stdout, process.stderr, process.env, process.stdin)),
  ).then((code) => {
    process.exitCode = code;
    // What still waits for an answer, or to ask again, is nobody's any more: it keeps no terminal waiting.
    process.stdout.write("", () => setTimeout(() => process.exit(), LAST_MS).unref());
  });
}
