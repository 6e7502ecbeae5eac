import type { StopSignal } from "../terraform/steps/step";
import { endSignals, SAME_WORD_MS, type SignalSource } from "./end-signals";

const words: Readonly<Record<1 | 2 | 3, string>> = {
  1: "Ending: what is being applied is finished, and nothing else begins. Once more, and Terraform is interrupted.",
  2: "Interrupting: Terraform writes its state and ends. Once more, and it is killed, which can leave keys that no state has.",
  3: "Killed. --resume looks for what was made and is in no state.",
};

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
  for (const signal of endSignals) source.on(signal, raise);
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
      for (const signal of endSignals) source.off(signal, raise);
    },
  };
}
