import { countOf } from "../report/check-outcome";
import { partsText } from "../report/run-text";
import type { RunParts } from "../terraform/run/run-parts";
import type { StopSignal } from "../terraform/steps/step";
import type { RunView } from "./run-view";
import type { Terminal } from "./terminal";

/** Asks whoever is at the terminal; undefined where nobody is. Only `yes` is a yes. */
export function askToApply(terminal: Terminal, view: RunView, stop: StopSignal, folder: string): RunParts["confirm"] {
  const { ask } = terminal;
  if (ask === undefined) return undefined;
  return async (question, report) => {
    if (stop.level > 0) return false;
    view.pause();
    switch (question.kind) {
      case "apply":
        terminal.note("", ...partsText(report, folder, terminal.emphasize));
        break;
      case "canaries":
        terminal.note("", ...partsText(report, folder, terminal.emphasize), `Canaries: ${question.stacks.join(", ")}`);
        break;
      case "go-on":
        terminal.note("", `Applied, and as their JSON says: ${question.canaries.join(", ")}`);
    }
    const end = new AbortController();
    const unsubscribe = stop.onChange(() => end.abort());
    const answer = await ask(`${wordsOf(question)} Only yes is a yes: `, end.signal);
    unsubscribe();
    return answer.trim() === "yes";
  };
}

function wordsOf(question: Parameters<NonNullable<RunParts["confirm"]>>[0]): string {
  switch (question.kind) {
    case "apply": {
      const later =
        question.deferred === 0 ? "" : ` ${question.deferred} more: planned after these, and asked for on their own.`;
      return `Apply ${countOf(question.changes, "change")} in ${countOf(question.stacks, "stack")}?${later}`;
    }
    case "canaries":
      return `Apply ${question.stacks.length === 1 ? "1 canary, with what it needs" : `${question.stacks.length} canaries, with what they need`}?`;
    case "go-on":
      return `Apply the other ${countOf(question.left, "stack")}?`;
  }
}
