import type { Drift } from "./drift";

/** What to do about a drift. */
export interface NextStep {
  /** An instruction. */
  readonly whatToDo: string;
  /** Shell commands, one an entry; a comment line starts with `#`. */
  readonly commands: readonly string[];
}

/** How commands are to be written: what the user has given on the command line. */
export interface CommandSettings {
  readonly config: string;
  readonly out: string;
}

export function nextStep(_drift: Drift, _settings: CommandSettings): NextStep {
  return { whatToDo: "", commands: [] };
}
