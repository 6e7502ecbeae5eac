import { MultiBar } from "cli-progress";
import { type ProgressEvent, type ProgressStack, RunProgress } from "../report/run-progress";

/** How far a run is, on the terminal. */
export interface RunView {
  event(stack: string, event: ProgressEvent): void;
  /** Lines that stay, above what moves. */
  note(...lines: readonly string[]): void;
  /** Takes away what moves, before a question or the summary. Events after it show it again. */
  pause(): void;
}

/** What is left of a terminal below the view, so that its first line never scrolls away. */
const LINES_BELOW = 2;
const LISTEN_EVERY_MS = 5_000;
/** More would be a wall of text. */
const MOST_LINES = 20;

/**
 * Shows a run: a few lines that change where a person watches, a line for each change of a stack everywhere else.
 *
 * @param stream where progress goes: the standard error, so that the standard output is the result alone
 * @param now milliseconds
 * @param live whether lines may move; pipelines may well have a terminal
 */
export function runView(
  stream: NodeJS.WriteStream,
  stacks: readonly ProgressStack[],
  now: () => number,
  live: boolean = stream.isTTY === true,
): RunView {
  const progress = new RunProgress(stacks, now());
  if (!live) {
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => progress.silences(now()).forEach((line) => void stream.write(`${line}\n`));
    return {
      event(stack, event) {
        timer ??= setInterval(tell, LISTEN_EVERY_MS).unref();
        const line = progress.event(stack, event, now());
        if (line !== undefined) stream.write(`${line}\n`);
      },
      note: (...lines) => lines.forEach((line) => void stream.write(`${line}\n`)),
      pause() {
        clearInterval(timer);
        timer = undefined;
      },
    };
  }
  const moving = movingLines(stream, (height, width) => progress.view(now(), height, width));
  return {
    event(stack, event) {
      const line = progress.event(stack, event, now());
      moving.show();
      // Whoever watches sees what goes on; what went wrong stays.
      const isBad =
        event.kind === "retry" || (event.kind === "status" && ["failed", "interrupted", "held"].includes(event.status));
      if (line !== undefined && isBad) moving.log(line);
    },
    note: (...lines) => lines.forEach((line) => void moving.log(line)),
    pause: () => moving.hide(),
  };
}

interface MovingLines {
  show(): void;
  hide(): void;
  log(line: string): void;
}

/** As many bars as the terminal has room for, each of which is one line of text: they are drawn over and over in their place. */
function movingLines(
  stream: NodeJS.WriteStream,
  view: (height: number, width: number) => readonly string[],
): MovingLines {
  let bars: MultiBar | undefined;
  const height = (): number => Math.max(1, Math.min(MOST_LINES, (stream.rows ?? 24) - LINES_BELOW));
  return {
    show() {
      if (bars !== undefined) return;
      const rows = height();
      let lines: readonly string[] = [];
      bars = new MultiBar({
        stream,
        clearOnComplete: true,
        // The command line itself decides what an interrupt means.
        gracefulExit: false,
        // A killed process could not give the terminal its settings back.
        hideCursor: null,
        linewrap: true,
        fps: 5,
        forceRedraw: true,
        format: (_options, _params, payload: { readonly row: number }) => lines[payload.row] ?? "",
      });
      bars.on("update-pre", () => {
        lines = view(Math.min(rows, height()), (stream.columns ?? 80) - 1);
      });
      for (let row = 0; row < rows; row += 1) bars.create(1, 0, { row });
    },
    hide() {
      // What is to stay is written with the next drawing, and never after the end.
      bars?.update();
      bars?.stop();
      bars = undefined;
    },
    log(line) {
      if (bars === undefined) stream.write(`${line}\n`);
      else bars.log(`${line}\n`);
    },
  };
}
