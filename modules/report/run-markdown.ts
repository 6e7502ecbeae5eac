import { nameOrder, uniqueNames } from "../aws/name-order";
import type { GateEntry, RunReport, StackReport } from "../terraform/run/run-report";
import { countOf } from "./check-outcome";
import { cut, firstOf, fittingComment, folded } from "./markdown-comment";
import { markdownText } from "./markdown-text";
import { AUDIT_TEXT, changeActions, changesOf, changesText, isFailed, summarizeRun } from "./run-summary";
import { allowedLines, failureLines, gateLines } from "./run-text";

/**
 * `report.md`, a comment for a pull request: what matters in its first line, what the gate found on top, one row for each OU,
 * everything else folded. Whatever comes from the map, from AWS or from Terraform is text and nothing else.
 *
 * @param folder the run's, as on the command line: `runs/20261122T125145Z-3f2a`
 */
export function runMarkdown(report: RunReport, folder: string): string {
  const summary = summarizeRun(report, folder);
  return fittingComment((size) => [
    `### orgkeys ${report.command}: ${markdownText(summary.headline)}`,
    ...gateTable(summary.open, size),
    ...ouTable(report.stacks, size),
    ...folded("What the gate found", listed(summary.open, size, gateLines)),
    ...folded(
      `Failed: ${countOf(summary.failed.length, "stack")}`,
      listed(summary.failed, size, (stack) => failureLines(stack, folder)),
    ),
    ...folded(`Changes of ${countOf(summary.changed.length, "stack")}`, listed(summary.changed, size, changeLines)),
    ...folded(`Left: ${countOf(summary.left.length, "stack")}`, listed(summary.left, size, leftLines)),
    ...folded(`Allowed: ${countOf(summary.allowed.length, "finding")}`, listed(summary.allowed, size, allowedLines)),
    ...folded("What to do now", summary.next, true),
    [
      `Run ${markdownText(report.id)}`,
      `${report.tool.name} ${markdownText(report.tool.version)}`,
      countOf(report.stacks.length, "stack"),
      ...(report.audit === true ? [AUDIT_TEXT] : []),
      `everything is in ${markdownText(`${folder}/report.json`)}`,
    ].join(", "),
  ]);
}

function gateTable(open: readonly GateEntry[], size: number): string[] {
  if (open.length === 0) return [];
  const groups = new Map<string, GateEntry[]>();
  for (const entry of open) {
    const name = `${entry.severity} ${entry.id}`;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  const rows = [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    const where = entries.slice(0, Math.min(size, 3)).map((entry) => markdownText(cut(entry.where, 120)));
    const more = entries.length - where.length;
    const what = [...where, ...(more > 0 ? [`${more}${where.length === 0 ? "" : " more"}`] : [])].join("<br>");
    return [`| ${first.severity} | \`${first.id}\` | ${entries.length} | ${what} |`];
  });
  return [["| severity | gate | findings | where |", "|---|---|---:|---|", ...rows].join("\n")];
}

interface OuRow {
  readonly name: string;
  readonly stacks: StackReport[];
}

/** Those with failures first, then those that lose something, then those that change most. */
function ouTable(stacks: readonly StackReport[], size: number): string[] {
  if (stacks.length === 0) return [];
  const byOu = new Map<string, OuRow>();
  for (const stack of stacks) {
    const name =
      stack.kind === "account" ? `${stack.organization}/${stack.ou ?? ""}` : `${stack.organization}: zones' own stacks`;
    const row = byOu.get(name);
    if (row === undefined) byOu.set(name, { name, stacks: [stack] });
    else row.stacks.push(stack);
  }
  const ranked = [...byOu.values()].sort(
    (a, b) =>
      failuresOf(b.stacks) - failuresOf(a.stacks) ||
      lossesOf(b.stacks) - lossesOf(a.stacks) ||
      changesOf(b.stacks) - changesOf(a.stacks) ||
      nameOrder(a.name, b.name),
  );
  const shown = ranked.slice(0, size);
  const others = ranked.slice(size);
  const rows = [
    ...shown,
    ...(others.length === 0
      ? []
      : [
          {
            name: countOf(others.length, shown.length === 0 ? "OU" : "more OU"),
            stacks: others.flatMap((row) => row.stacks),
          },
        ]),
    ...(ranked.length < 2 ? [] : [{ name: "all of them", stacks: [...stacks] }]),
  ];
  const used = changeActions.filter((action) => changesOf(stacks, action) > 0);
  const failed = failuresOf(stacks) > 0;
  return [
    [
      `| OU | stacks | with changes |${used.map((action) => ` ${action} |`).join("")}${failed ? " failed |" : ""}`,
      `|---|---:|---:|${used.map(() => "---:|").join("")}${failed ? "---:|" : ""}`,
      ...rows.map(({ name, stacks: of }) => {
        const changed = of.filter((stack) => changesOf([stack]) > 0).length;
        const counts = [
          of.length,
          changed,
          ...used.map((action) => changesOf(of, action)),
          ...(failed ? [failuresOf(of)] : []),
        ];
        return `| ${markdownText(name)} | ${counts.join(" | ")} |`;
      }),
    ].join("\n"),
  ];
}

function lossesOf(stacks: readonly StackReport[]): number {
  return changesOf(stacks, "delete") + changesOf(stacks, "replace");
}

function failuresOf(stacks: readonly StackReport[]): number {
  return stacks.filter(isFailed).length;
}

function changeLines(stack: StackReport): string[] {
  const types = uniqueNames(Object.keys(stack.changes?.types ?? {}));
  return [
    `${stack.stack}  ${stack.status}  ${changesText([stack])}`,
    ...types.map((type) => {
      const actions = stack.changes?.types[type] ?? {};
      return `    ${type}: ${changesText([{ changes: { actions, types: {} } }])}`;
    }),
  ];
}

function leftLines({ stack, status, note }: StackReport): string[] {
  return [`${stack}  ${status}${note === undefined ? "" : `: ${note}`}`];
}

function listed<Item>(items: readonly Item[], size: number, linesOf: (item: Item) => readonly string[]): string[] {
  return firstOf(items, size, linesOf, "report.json");
}
