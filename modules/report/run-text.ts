import type { GateEntry, RunReport, StackReport } from "../terraform/run/run-report";
import { countOf } from "./check-outcome";
import { durationText } from "./duration-text";
import { allowanceLines } from "./gate-allowance";
import { oneLine } from "./one-line";
import { AUDIT_TEXT, changeActions, changesOf, type FailedStack, summarizeRun } from "./run-summary";
import { table } from "./table";

/** How many of each kind a terminal shows; report.json has all. */
const MOST_SHOWN = 50;

/**
 * A run for people at a terminal: what matters most stands last, where they look.
 *
 * @param folder the run's, as on the command line: `runs/20261122T125145Z-3f2a`
 */
export function runText(
  report: RunReport,
  folder: string,
  emphasize: (text: string) => string = (text) => text,
): string[] {
  const { next, headline } = summarizeRun(report, folder);
  return [
    ...partsText(report, folder, emphasize),
    emphasize(oneLine(`${report.command} ${report.id}: ${headline}.`)),
    ...[
      timeText(report),
      `${folder}/report.json has everything, report.md is for the pull request.`,
      ...(next.length === 0 ? [] : ["", ...next]),
    ].map(oneLine),
  ];
}

/** What a run changes and what is not as it should be, without what comes next: for whoever is asked. */
export function partsText(report: RunReport, folder: string, emphasize: (text: string) => string): string[] {
  const summary = summarizeRun(report, folder);
  const { open, allowed, failed, left } = summary;
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [emphasize(title), ...lines.map((line) => oneLine(`  ${line}`)), ""];
  return [
    ...part("changes", changeLines(summary.changed)),
    ...part("left", leftLines(left)),
    ...part("allowed", shown(allowed, allowedLines)),
    ...part(
      "failed",
      shown(failed, (stack) => failureLines(stack, folder)),
    ),
    ...part("gate", shown(open, gateLines)),
  ];
}

function changeLines(changed: readonly StackReport[]): string[] {
  if (changed.length === 0) return [];
  const used = changeActions.filter((action) => changesOf(changed, action) > 0);
  const row = (name: string, stacks: readonly StackReport[], status: string): (string | number)[] => [
    name,
    ...used.map((action) => changesOf(stacks, action)),
    status,
  ];
  const rows = changed.slice(0, MOST_SHOWN).map((stack) => row(stack.stack, [stack], stack.status));
  return [
    ...table([["stack", ...used, ""], ...rows, ...(changed.length < 2 ? [] : [row("all of them", changed, "")])]),
    ...moreLines(changed),
  ];
}

/** Together where they wait for the same. */
function leftLines(left: readonly StackReport[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { status, note, stack } of left) {
    const title = note === undefined ? status : `${status}: ${note}`;
    groups.set(title, [...(groups.get(title) ?? []), stack]);
  }
  return shown([...groups], ([title, stacks]) => {
    const more = stacks.length - 5;
    return [title, `    ${stacks.slice(0, 5).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
  });
}

/** What failed, where Terraform's own words are, and what to do. */
export function failureLines({ stack, failure, attempts, ...rest }: FailedStack, folder: string): string[] {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  return [
    `${stack}  ${failure.step}  ${failure.cause}${tries}`,
    ...failure.message.split("\n").map((line) => `    ${line}`),
    `    ${folder}/stacks/${stack}/${failure.step}.log`,
    ...(failure.uncertain || rest.status === "interrupted"
      ? ["    something may have been changed in AWS that the state does not have"]
      : []),
    `    -> ${failure.whatToDo}`,
  ];
}

/** What the gate found, and who may allow it. */
export function gateLines(entry: GateEntry): string[] {
  const { severity, id, where, why, whatToDo, stack } = entry;
  return [
    `${severity}  ${id}  ${where}`,
    `    ${stack}: ${why}`,
    `    -> ${whatToDo}`,
    ...allowanceLines(entry).map((line) => `    ${line}`),
  ];
}

export function allowedLines({ id, where, allowed }: GateEntry): string[] {
  return [`${id}  ${where}`, `    ${allowed?.by}: ${allowed?.reason}`];
}

function shown<Item>(items: readonly Item[], linesOf: (item: Item) => readonly string[]): string[] {
  return [...items.slice(0, MOST_SHOWN).flatMap(linesOf), ...moreLines(items)];
}

function moreLines(items: readonly unknown[]): string[] {
  const more = items.length - MOST_SHOWN;
  return more > 0 ? [`and ${more} more; report.json has all`] : [];
}

function timeText({ audit, startedAt, endedAt, tool, concurrency, resumedAt, stacks }: RunReport): string {
  const took = endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(resumedAt.at(-1) ?? startedAt);
  return [
    `${tool.name} ${tool.version}, ${countOf(concurrency, "stack")} at a time`,
    ...(took === undefined || Number.isNaN(took) ? [] : [durationText(took)]),
    ...(audit === true ? [AUDIT_TEXT] : []),
    ...(stacks.some(({ imported }) => imported.length > 0)
      ? [`${countOf(stacks.flatMap(({ imported }) => imported).length, "resource")} of a cut apply taken over`]
      : []),
  ].join(", ");
}
