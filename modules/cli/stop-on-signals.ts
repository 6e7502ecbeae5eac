import type { StopSignal } from "../terraform/steps/step";

/** A terminal that is closed says SIGHUP. */
const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** npm passes the terminal's signal on to a process that has it already: what comes this soon is the same word. */
const SAME_WORD_MS = 500;

const words: Readonly<Record<1 | 2 | 3, string>> = {
  1: "Ending: what is being applied is finished, and nothing else begins. Once more, and Terraform is interrupted.",
  2: "Interrupting: Terraform writes its state and ends. Once more, and it is killed, which can leave keys that no state has.",
  3: "Killed. --resume looks for what was made and is in no state.",
};

export interface SignalSource {
  on(signal: (typeof signals)[number], listener: () => void): unknown;
  off(signal: (typeof signals)[number], listener: () => void): unknown;
}

/**
 * Counts how often somebody has asked for the end.
 *
 * @param now milliseconds, of any clock
 */
export function stopOnSignals(
  source: SignalSource,
  now: () => number,
  tell: (line: string) => void,
): { readonly stop: StopSignal; readonly release: () => void } {
  let level: StopSignal["level"] = 0;
  let last = Number.NEGATIVE_INFINITY;
  const listeners = new Set<(level: StopSignal["level"]) => void>();
  const raise = (): void => {
    const at = now();
    if (at - last < SAME_WORD_MS || level === 3) return;
    last = at;
    level = level === 0 ? 1 : level === 1 ? 2 : 3;
    tell(words[level]);
    for (const listener of [...listeners]) listener(level);
  };
  for (const signal of signals) source.on(signal, raise);
  return {
    stop: {
      get level() {
        return level;
      },
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    release: () => {
      for (const signal of signals) source.off(signal, raise);
    },
  };
}
