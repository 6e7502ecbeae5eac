import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { version } from "../../package.json";
import type { DriftReport } from "../drift/drift-report";
import type { TextSources } from "../report/locate-findings";
import type { DriftFlags, DriftFormat } from "./drift";
import type { Terminal } from "./terminal";
import { writeFile } from "./write-report";

const endings: ReadonlyMap<string, DriftFormat> = new Map([
  [".json", "json"],
  [".md", "markdown"],
  [".sarif", "sarif"],
  [".txt", "text"],
  [".xml", "junit"],
]);

/** Files to write, each with its format. */
export type DriftFiles = readonly { readonly file: string; readonly format: DriftFormat }[];

export function driftFiles({
  output = [],
  format,
}: DriftFlags): { readonly files: DriftFiles } | { readonly problems: readonly string[] } {
  if (format !== undefined && output.length > 1) {
    return { problems: [`--format ${format}: several files have the formats of their names; drop it`] };
  }
  const twice = output.filter((file, index) => output.indexOf(file) !== index);
  const files = output.map((file) => ({ file, format: format ?? endings.get(extname(file)) }));
  const known = files.flatMap(({ file, format: found }) => (found === undefined ? [] : [{ file, format: found }]));
  const names = [...endings.keys()].join(", ");
  const problems = [
    ...twice.map((file) => `--output ${file}: is there twice; name each file once`),
    ...files
      .filter((each) => each.format === undefined)
      .map(
        ({ file }) => `--output ${file}: does not say which format; let it end with one of ${names}, or give --format`,
      ),
  ];
  const homeless = output.flatMap(whyNowhere);
  return problems.length + homeless.length > 0 ? { problems: [...problems, ...homeless] } : { files: known };
}

/** Said before hours of reading, not after. */
function whyNowhere(file: string): string[] {
  const folder = dirname(file);
  if (existsSync(file) && statSync(file).isDirectory()) return [`--output ${file}: is a folder; name a file in it`];
  if (existsSync(folder) && statSync(folder).isDirectory()) return [];
  return [`--output ${file}: its folder does not exist; make it first, or name another file`];
}

/**
 * Prints a report, or writes it to files and notes its summary.
 *
 * @returns whether it is where it was meant to be; why not is on the terminal
 */
export function writeDrift(
  report: DriftReport,
  files: DriftFiles,
  { format = "text" }: DriftFlags,
  sources: TextSources,
  terminal: Terminal,
): boolean {
  if (files.length === 0) {
    terminal.print(driftReport(report, format, sources, terminal.emphasize));
    return true;
  }
  const written = files.map((each) => writeFile(driftReport(report, each.format, sources), each.file, terminal));
  const { driftSummary }: typeof import("../report/drift-summary") = require("../report/drift-summary");
  const good = files.filter((_, index) => written[index] === true).map(({ file }) => file);
  terminal.note(driftSummary(report), ...(good.length === 0 ? [] : [`Written to ${good.join(", ")}.`]));
  return written.every((each) => each);
}

/** Each format is loaded when it is asked for: a template engine takes longer than a small report. */
function driftReport(
  report: DriftReport,
  format: DriftFormat,
  sources: TextSources,
  emphasize: (text: string) => string = (text) => text,
): string {
  switch (format) {
    case "text": {
      const { driftText }: typeof import("../report/drift-text") = require("../report/drift-text");
      return driftText(report, emphasize).join("\n");
    }
    case "json": {
      const { driftJson }: typeof import("../report/drift-json") = require("../report/drift-json");
      return driftJson(report);
    }
    case "markdown": {
      const { driftMarkdown }: typeof import("../report/drift-markdown") = require("../report/drift-markdown");
      return driftMarkdown(report);
    }
    case "sarif": {
      const { driftSarif }: typeof import("../report/drift-sarif") = require("../report/drift-sarif");
      const { driftKinds }: typeof import("../drift/drift-kinds") = require("../drift/drift-kinds");
      return driftSarif(report, { version, kinds: driftKinds, sources });
    }
    case "junit": {
      const { driftJunit }: typeof import("../report/drift-junit") = require("../report/drift-junit");
      return driftJunit(report, readFileSync(join(__dirname, "../report/templates/junit.xml.hbs"), "utf8"));
    }
  }
}
