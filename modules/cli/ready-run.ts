import type { RunRequest } from "../terraform/run/run-parts";
import type { RunTool } from "./find-run-tool";
import type { ProvedOutput } from "./prove-output";
import type { RunFlags } from "./run-options";
import type { RunScope } from "./run-scope";

/** A run whose stacks are chosen, whose output is proved, and whose Terraform is there. */
export interface ReadyRun {
  readonly command: RunRequest["command"];
  /** Of a run that begins; one that goes on has its own. */
  readonly id: string;
  readonly globs: readonly string[];
  readonly flags: RunFlags;
  readonly scope: RunScope;
  readonly isProved: ProvedOutput["isProved"];
  readonly besideOf: ProvedOutput["besideOf"];
  readonly tool: RunTool;
}
