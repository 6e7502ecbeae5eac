import { markdownText } from "./markdown-text";
import { oneLine } from "./one-line";
import { table } from "./table";

/** A person reads no more than this of one control; `orgkeys check` itself lists everything. */
const MOST_OF_A_CONTROL = 10;

/** A framework as reports show it. */
export interface ReportedFramework {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly controls: readonly ReportedControl[];
}

export interface ReportedControl {
  readonly id: string;
  readonly title: string;
  readonly elsewhere?: string;
  readonly coverage:
    | { readonly by: readonly string[]; readonly note?: string }
    | { readonly partly: readonly string[]; readonly missing: string }
    | { readonly nothing: string };
}

/** How far a control holds after checks have run. */
export interface ReportedResult {
  readonly control: ReportedControl;
  readonly state: "clean" | "partly" | "findings" | "not-run" | "not-covered";
  readonly findings: readonly { readonly id: string; readonly where: string; readonly why: string }[];
  readonly accepted: readonly {
    readonly finding: { readonly id: string; readonly where: string };
    readonly exception: { readonly name: string; readonly owner: string; readonly expires: string };
  }[];
  readonly notRun: readonly string[];
}

/** The table of a framework: what it asks and which checks answer it, whatever they find. */
export function frameworkMarkdown({ controls }: ReportedFramework): string[] {
  return [
    "| control | asks that | checks | what they leave open |",
    "|---|---|---|---|",
    ...controls.map((control) =>
      row(control.id, titleOf(control), checksText(control.coverage), openText(control.coverage)),
    ),
  ];
}

/** What checks found for a framework: a table, then what was found for each control. */
export function coverageMarkdown(framework: ReportedFramework, results: readonly ReportedResult[]): string[] {
  return [
    `## ${framework.name} (${framework.version})`,
    "",
    `${summaryOf(results)}. What counts is the framework's own text: <${framework.source}>`,
    "",
    "| control | asks that | state | checks | what they leave open |",
    "|---|---|---|---|---|",
    ...results.map(({ control, state }) =>
      row(control.id, titleOf(control), stateNames[state], checksText(control.coverage), openText(control.coverage)),
    ),
    ...results.flatMap((result) => {
      const details = detailsOf(result);
      const heading = ["", `### ${result.control.id}`, ""];
      return details.length === 0 ? [] : [...heading, ...details.map((text) => `- ${markdownText(text)}`)];
    }),
  ];
}

/** The same for a terminal: a line a control, what was found, and what the checks leave open. */
export function coverageText(framework: ReportedFramework, results: readonly ReportedResult[]): string[] {
  const open = results.flatMap(({ control }) => {
    const text = openText(control.coverage);
    return text === "" ? [] : [`  ${control.id}: ${text}`];
  });
  return [
    `${framework.name} (${framework.version}): ${summaryOf(results)}`,
    "",
    ...table(results.map(({ control, state }) => [stateNames[state], control.id, control.title])),
    ...results.flatMap((result) => {
      const details = detailsOf(result);
      return details.length === 0 ? [] : ["", result.control.id, ...details.map((text) => `  ${oneLine(text)}`)];
    }),
    ...(open.length === 0 ? [] : ["", "What the checks leave open", ...open]),
  ];
}

const stateNames: Readonly<Record<ReportedResult["state"], string>> = {
  clean: "clean",
  partly: "clean in part",
  findings: "findings",
  "not-run": "not checked",
  "not-covered": "not covered",
};

function summaryOf(results: readonly ReportedResult[]): string {
  const counts = Object.entries(stateNames).flatMap(([state, name]) => {
    const count = results.filter((result) => result.state === state).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return `${results.length} controls: ${counts.join(", ")}`;
}

/** What an auditor asks next: what was found, what is accepted and by whom, what did not run. */
function detailsOf({ findings, accepted, notRun }: ReportedResult): string[] {
  const shown = findings.slice(0, MOST_OF_A_CONTROL);
  return [
    ...shown.map(({ id, where, why }) => `${id}: ${where}: ${why}`),
    ...(shown.length < findings.length ? [`and ${findings.length - shown.length} more findings`] : []),
    ...accepted.map(
      ({ finding: { id, where }, exception: { name, owner, expires } }) =>
        `${id}: ${where}: accepted until ${expires} by ${owner}, exception ${name}`,
    ),
    ...(notRun.length === 0 ? [] : [`did not run: ${notRun.join(", ")}`]),
  ];
}

function titleOf({ title, elsewhere }: ReportedControl): string {
  return elsewhere === undefined ? title : `${title} (${elsewhere})`;
}

function checksText(coverage: ReportedControl["coverage"]): string {
  if ("nothing" in coverage) return "none";
  const checks = "by" in coverage ? coverage.by : coverage.partly;
  return checks.map((id) => `\`${id}\``).join(", ");
}

function openText(coverage: ReportedControl["coverage"]): string {
  if ("nothing" in coverage) return coverage.nothing;
  return "by" in coverage ? (coverage.note ?? "") : coverage.missing;
}

/** Of our own text: only a bar would end a cell. */
function row(...cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}
