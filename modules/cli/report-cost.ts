import { loadPlan } from "../../stacks/load-plan";
import type { InventoryKey, InventoryRollout } from "../inventory/inventory";
import { inventoryOf } from "../inventory/inventory-of";
import { rolloutsOf } from "../inventory/rollouts-of";
import { selectAccounts } from "../organization/select-accounts";
import { countOf } from "../report/check-outcome";
import { type CostedOutput, costDocumentOf, costJson } from "../report/cost-json";
import { costSummary, costText } from "../report/cost-text";
import { listOutput } from "../terraform/graph/list-output";
import { readStack } from "../terraform/graph/read-output";
import { type ExitCode, exitCode } from "./exit-code";
import { selectionOf } from "./options";
import type { ReportFlags } from "./report";
import { inFile, reportProblems, type Terminal } from "./terminal";
import { writeReport } from "./write-report";

/** `report --cost`. */
export function reportCost(flags: ReportFlags, terminal: Terminal): ExitCode {
  const isCounted = selectedAccounts(flags, terminal);
  const output = isCounted && readOutput(flags.out, isCounted, terminal);
  if (output === undefined) return exitCode.error;
  const document = costDocumentOf(output, flags.by ?? "zone");
  const report = reportText(document, flags, terminal);
  if (!writeReport(report, costSummary(document), flags.output, terminal)) return exitCode.error;
  if (output.unreadable.length === 0) return exitCode.clean;
  terminal.note(
    `${countOf(output.unreadable.length, "stack")} cannot be understood as a whole: there may be keys that nobody sees.`,
  );
  return exitCode.error;
}

/** @returns undefined when it cannot be told which they are: every reason is then on the terminal */
function selectedAccounts(
  flags: ReportFlags,
  terminal: Terminal,
): ((accountId: string | undefined) => boolean) | undefined {
  const selection = selectionOf(flags);
  if (Object.values(selection).every((names) => names.length === 0)) return () => true;
  const loaded = loadPlan(flags.config);
  if ("problems" in loaded) {
    reportProblems(terminal, loaded.problems, "Nothing was counted.");
    return undefined;
  }
  const selected = selectAccounts(loaded.map, selection);
  if ("problems" in selected) {
    terminal.note(...selected.problems);
    return undefined;
  }
  const ids = new Set(selected.accounts.map(({ id }) => id));
  return (accountId) => accountId !== undefined && ids.has(accountId);
}

/** One stack after the other: all of them at once would not fit into memory for a large organization. */
function readOutput(
  out: string,
  isCounted: (accountId: string | undefined) => boolean,
  terminal: Terminal,
): CostedOutput | undefined {
  const listed = listOutput(out);
  if (listed.problems.length > 0) {
    reportProblems(terminal, listed.problems.map(inFile), "Nothing was counted.");
    return undefined;
  }
  const keys: InventoryKey[] = [];
  const rollouts: InventoryRollout[] = [];
  const unreadable: string[] = [];
  const accounts = new Map<string, string>();
  for (const [index, name] of listed.stacks.entries()) {
    terminal.progress(`${index + 1}/${listed.stacks.length}  ${name}`);
    const stack = readStack(out, name);
    const { accountId, metadata } = stack;
    if (accountId !== undefined && metadata.account !== undefined && metadata.accountId === accountId)
      accounts.set(accountId, metadata.account);
    for (const { reaches } of [...metadata.stackSets.values(), ...metadata.directStacks.values()])
      for (const [id, account] of reaches) accounts.set(id, account);
    if (stack.unreadable.length > 0) unreadable.push(name);
    if (isCounted(accountId)) keys.push(...inventoryOf(stack));
    rollouts.push(...rolloutsOf(stack, isCounted));
  }
  return { keys, rollouts, stacks: listed.stacks.length, unreadable, accounts };
}

function reportText(
  document: ReturnType<typeof costDocumentOf>,
  { format, output }: ReportFlags,
  terminal: Terminal,
): string {
  if (format === "json") return costJson(document);
  if (format === "text") return costText(document, output === undefined ? terminal.emphasize : undefined).join("\n");
  const { costMarkdown }: typeof import("../report/cost-markdown") = require("../report/cost-markdown");
  return costMarkdown(document);
}
