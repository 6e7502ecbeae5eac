import { endSignals, SAME_WORD_MS, type SignalSource } from "./end-signals";

/**
 * The first word to end stops what reads; the next one finds the process as it would be without this, and ends it.
 *
 * @param tell says what comes of it
 */
export function stopReading(
  source: SignalSource,
  tell: (line: string) => void,
): { readonly stop: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const release = (): void => {
    for (const signal of endSignals) source.off(signal, end);
  };
  const end = (): void => {
    if (controller.signal.aborted) return;
    tell("Ending: what was read so far is told. Once more, and nothing is.");
    controller.abort();
    setTimeout(release, SAME_WORD_MS).unref();
  };
  for (const signal of endSignals) source.on(signal, end);
  return { stop: controller.signal, release };
}
