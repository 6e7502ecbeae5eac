/** How somebody asks for the end; a terminal that is closed says SIGHUP. */
export const endSignals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** npm passes the terminal's signal on to a process that has it already: what comes this soon is the same word. In milliseconds. */
export const SAME_WORD_MS = 500;

/** The process, or what stands for it in a test. */
export interface SignalSource {
  on(signal: (typeof endSignals)[number], listener: () => void): unknown;
  off(signal: (typeof endSignals)[number], listener: () => void): unknown;
}
