import { nameOrder } from "../../aws/name-order";
import { type FailureCause, type FoundText, failureCauses } from "./failure-causes";
import { FileBesideError } from "./file-beside";
import type { Diagnostic, LogReading } from "./log-reading";
import { PlanError } from "./plan-error";
import { redact } from "./redact";
import type { StepContext, StepFailure, StepName } from "./step";
import type { ToolExit } from "./tool-process";

type Place = Pick<StepContext, "tool" | "stack" | "directory" | "folder" | "environment">;

/** A step that did not end well. */
export interface FailedStep {
  readonly step: StepName;
  readonly exit: ToolExit;
  readonly reading: LogReading;
  /** Whether the disk has no room: then a log may say less than happened. */
  readonly diskFull: boolean;
}

interface Explained {
  readonly cause: FailureCause | undefined;
  readonly found: FoundText;
  readonly diagnostic: Diagnostic;
}

/** A report quotes; the log has it all. */
const MESSAGE_CHARACTERS = 2_000;
const MESSAGE_DIAGNOSTICS = 5;
const UNKNOWN_LINES = 5;

/** Not known by any message: how the process ended tells it. */
const whatToDoAfter = {
  interrupted: "go on with --resume",
  killed:
    "see whether the machine ran out of memory (--concurrency; each provider takes 600 MB), then go on with --resume, which looks for what this apply made and no state has",
  diskFull: "make room where the run folder and the output are, then go on with --resume",
  crashed: "see the log; when it comes again, look for the crash in the tool's issues",
} as const;

/** Why a step failed: in Terraform's words, and what somebody does about it. */
export function explainFailure(failed: FailedStep, place: Place): StepFailure {
  const { exit, reading, step } = failed;
  if (exit.error !== undefined) return explainError(step, exit.error, place);
  const explained = reading.allDiagnostics().map((diagnostic) => explain(diagnostic, place));
  const lost = explained.find(({ cause }) => cause?.cause === "state-not-written");
  const ended = lost ? undefined : endOf(failed);
  const first =
    lost ?? explained.find(({ cause }) => cause && !cause.transient) ?? explained.find(({ cause }) => cause);
  const known = ended ?? (first ? named(first, place) : unknownOf(failed, place));
  const words = explained.length > 0 ? quote(explained, first) : reading.text.slice(-UNKNOWN_LINES).join("\n");
  const message = [...(ended ? [ended.message] : []), words].filter(Boolean).join("\n");
  return {
    step,
    cause: known.cause,
    message: clipped(
      redact(message || `${place.tool.program} ended with ${exit.code ?? exit.signal}`, place.environment),
    ),
    whatToDo: redact(known.whatToDo, place.environment),
    transient: !ended && explained.length > 0 && explained.every(({ cause }) => cause?.transient === true),
    ...leftOver(failed, explained),
  };
}

/** Why a step could not even be started. */
export function explainError(step: StepName, error: unknown, place: Place): StepFailure {
  const { code, message } = wordsOf(error);
  const [cause, whatToDo] = ((): readonly [string, string] => {
    if (error instanceof PlanError) return [error.code, "plan it again, with --resume or a new run"];
    if (error instanceof FileBesideError) {
      return [
        "file-beside",
        `find out who put it into ${place.directory}, take it out, and go on with --resume; what it is for belongs in the map`,
      ];
    }
    if (code === "ENOSPC" || code === "EDQUOT") {
      return ["disk-full", whatToDoAfter.diskFull];
    }
    if (code === "ENOENT") return ["no-terraform", `see that ${place.tool.program} and ${place.directory} are there`];
    if (code === "EAGAIN" || code === "ENOMEM")
      return ["no-process", "run less at once (--concurrency), then go on with --resume"];
    return ["not-started", `see who may write ${place.folder}, and start ${place.tool.program}`];
  })();
  return {
    step,
    cause,
    message: clipped(redact(message, place.environment)),
    whatToDo,
    transient: false,
    uncertain: false,
    unfinished: [],
  };
}

/** Of whatever has been thrown: what the system says has a code. */
function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (typeof error !== "object" || error === null) return { code: "", message: String(error) };
  const code = "code" in error ? String(error.code) : "";
  return { code, message: "message" in error ? String(error.message) : code };
}

/** A step that is not started any more, since somebody ended the run. */
export function interrupted(step: StepName): StepFailure {
  return {
    step,
    cause: "interrupted",
    message: "the run was ended before it began",
    whatToDo: whatToDoAfter.interrupted,
    transient: false,
    uncertain: false,
    unfinished: [],
  };
}

function endOf({
  exit,
  reading,
  diskFull,
}: FailedStep): Pick<StepFailure, "cause" | "message" | "whatToDo"> | undefined {
  if (exit.sent === "SIGKILL")
    return { cause: "killed", message: "it was killed at your word", whatToDo: whatToDoAfter.killed };
  if (exit.sent === "SIGINT") {
    return { cause: "interrupted", message: "it was interrupted at your word", whatToDo: whatToDoAfter.interrupted };
  }
  const killedBy = signalOf(exit);
  if (killedBy !== undefined) {
    return { cause: "killed", message: `something killed it (${killedBy})`, whatToDo: whatToDoAfter.killed };
  }
  if (diskFull && !hasCrashed(reading) && reading.allDiagnostics().length === 0) {
    return { cause: "disk-full", message: "no space left on the device", whatToDo: whatToDoAfter.diskFull };
  }
  return undefined;
}

/** What killed it: by name, or as a shell, or whatever starts the tool, tells it. */
function signalOf({ code, signal }: ToolExit): string | undefined {
  return signal ?? (code === 137 || code === 143 ? String(code) : undefined);
}

/** Source: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/logging/panic.go */
function hasCrashed({ text }: LogReading): boolean {
  return text.some((line) => /^(panic:|fatal error:|runtime: out of memory|!{5,} .* CRASH)/.test(line));
}

function explain(diagnostic: Diagnostic, place: Place): Explained {
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  for (const cause of failureCauses) {
    if (cause.address && !cause.address.test(diagnostic.address ?? "")) continue;
    const match = cause.pattern.exec(text);
    if (match) return { cause, found: cleaned(match.groups ?? {}, place), diagnostic };
  }
  return { cause: undefined, found: {}, diagnostic };
}

function cleaned(groups: FoundText, place: Place): FoundText {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, value && redact(value.trim(), place.environment)]),
  );
}

function named({ cause, found, diagnostic }: Explained, place: Place): Pick<StepFailure, "cause" | "whatToDo"> {
  const { stack, directory } = place;
  const where = { program: place.tool.program, stack, directory, address: diagnostic.address };
  return { cause: cause?.cause ?? "unknown", whatToDo: cause?.whatToDo(where, found) ?? "" };
}

function unknownOf({ step, reading }: FailedStep, place: Place): Pick<StepFailure, "cause" | "whatToDo"> {
  if (hasCrashed(reading)) return { cause: "tool-crashed", whatToDo: whatToDoAfter.crashed };
  return { cause: "unknown", whatToDo: `see ${place.folder}/${step}.log, then go on with --resume` };
}

/** The one that decides first. What the providers of several Regions say alike is said once. */
function quote(explained: readonly Explained[], first: Explained | undefined): string {
  const sorted = distinct([...explained].sort((a, b) => Number(b === first) - Number(a === first)));
  const quoted = sorted.slice(0, MESSAGE_DIAGNOSTICS).map(({ diagnostic: { address, summary, detail } }) => {
    const lines = [summary, ...detail.split("\n")].map((line) => line.trim()).filter(Boolean);
    return `${address ? `${address}: ` : ""}${[...new Set(lines)].join("\n")}`;
  });
  const more = sorted.length - quoted.length;
  return [...quoted, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** Without those that differ from one before them in the provider's alias and the number of the request alone. */
function distinct(explained: readonly Explained[]): Explained[] {
  const bySaying = new Map<string, Explained>();
  for (const each of explained) {
    const { address, summary, detail } = each.diagnostic;
    const who = address?.startsWith("provider[") === true ? "provider" : (address ?? "");
    const saying = [who, summary, detail.replaceAll(/RequestID: [^\s,]*/g, "")].join("\n");
    if (!bySaying.has(saying)) bySaying.set(saying, each);
  }
  return [...bySaying.values()];
}

/**
 * What may be in AWS and in no state. A Terraform that ends by itself writes what it knows; one that is killed or crashes may not have
 * written what it told to be done: to a remote state, Terraform writes every 20 seconds.
 *
 * Source: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/local/hook_state.go
 */
function leftOver(failed: FailedStep, explained: readonly Explained[]): Pick<StepFailure, "uncertain" | "unfinished"> {
  const { exit, reading, step } = failed;
  if (step !== "apply") return { uncertain: false, unfinished: [] };
  const isCut = signalOf(exit) !== undefined || hasCrashed(reading);
  const written = !isCut && !explained.some(({ cause }) => cause?.cause === "state-not-written");
  if (!written) return { uncertain: reading.hasChanged, unfinished: reading.changed };
  const unsure = new Set(
    explained.filter(({ cause }) => !cause || cause.unsure).map(({ diagnostic }) => diagnostic.address),
  );
  const creations = reading.failedCreations.filter((address) => unsure.has(address) || unsure.has(undefined));
  const unfinished = [...new Set([...reading.unfinished, ...creations])].sort(nameOrder);
  return { uncertain: unfinished.length > 0, unfinished };
}

function clipped(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= MESSAGE_CHARACTERS ? trimmed : `${trimmed.slice(0, MESSAGE_CHARACTERS)}…`;
}
