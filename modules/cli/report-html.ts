import { readFileSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { countOf } from "../report/check-outcome";
import { renderPage } from "../report/html/render-page";
import type { PageData } from "../report/page-data";
import { type OverlayKind, readOverlay } from "../report/read-overlay";
import { type ExitCode, exitCode } from "./exit-code";
import { pageParts } from "./page-parts";
import { readPage } from "./read-page";
import { type ReviewSource, reviewSourceOf } from "./review-source";
import { todayInUtc } from "./system-clock";
import type { Terminal } from "./terminal";
import { refusalOfFile, writeFile } from "./write-report";

export interface ReportHtmlFlags {
  readonly config: string;
  readonly out: string;
  /** The file to write. */
  readonly html: string;
  readonly today?: string;
  /** A file with what `orgkeys review` has written as JSON, or what the output is compared with: a folder or a commit. */
  readonly review?: string;
  /** A file with what `orgkeys drift` has written as JSON. */
  readonly drift?: string;
}

/** `report --html FILE`: one file that needs nothing else. */
export async function reportHtml(flags: ReportHtmlFlags, terminal: Terminal): Promise<ExitCode> {
  const { config, out, html, today = todayInUtc() } = flags;
  const refusal = refusalOfFile(html);
  const source = flags.review === undefined ? undefined : reviewSourceOf(flags.review);
  const review = sourceOverlay(source, flags.review);
  const drift = readOverlayFile("drift", flags.drift);
  const problems = [
    ...(refusal === undefined ? [] : [`--html ${html}: ${refusal}`]),
    ...review.problems,
    ...drift.problems,
  ];
  if (problems.length > 0) {
    terminal.note(...problems, "No report was written.");
    return exitCode.error;
  }
  if (source !== undefined && "file" in source) terminal.note(...source.notes);
  const compared = source !== undefined && "base" in source ? await comparedWith(source.base, flags, terminal) : review;
  const page =
    compared === undefined
      ? undefined
      : readPage({ config, out, today, review: compared.overlay, drift: drift.overlay }, terminal);
  if (page === undefined) return exitCode.error;
  const text = renderPage(page, await pageParts());
  if (!writeFile(text, html, terminal, "--html")) return exitCode.error;
  terminal.note(...writtenLines(page, html, text));
  return exitCode.clean;
}

interface ReadOverlay {
  readonly overlay: unknown;
  readonly problems: readonly string[];
}

function sourceOverlay(source: ReviewSource | undefined, name: string | undefined): ReadOverlay {
  if (source !== undefined && "problem" in source)
    return { overlay: null, problems: [`--review ${name}: ${source.problem}`] };
  return readOverlayFile("review", source !== undefined && "file" in source ? source.file : undefined);
}

/** @returns undefined when it cannot be told: every reason is then on the terminal */
async function comparedWith(
  base: string,
  { config, out, today }: ReportHtmlFlags,
  terminal: Terminal,
): Promise<ReadOverlay | undefined> {
  const { reviewedJson }: typeof import("./run-review") = require("./run-review");
  const text = await reviewedJson(base, { config, out, ...(today === undefined ? {} : { today }) }, terminal);
  const read = text === undefined ? undefined : readOverlay(text, "review");
  if (read !== undefined && "overlay" in read) return { overlay: read.overlay, problems: [] };
  terminal.note(...(read?.problems ?? []).map((problem) => `--review ${base}: ${problem}`), "No report was written.");
  return undefined;
}

function readOverlayFile(kind: OverlayKind, file: string | undefined): ReadOverlay {
  if (file === undefined) return { overlay: null, problems: [] };
  const refuse = (problems: readonly string[]) => ({
    overlay: null,
    problems: problems.map((problem) => `--${kind} ${file}: ${problem}`),
  });
  let text: string;
  try {
    if (!statSync(file).isFile())
      return refuse([`is not a file; name one that orgkeys ${kind} --format json has written`]);
    text = readFileSync(file, "utf8");
  } catch (error) {
    return refuse([unreadText(error)]);
  }
  const read = readOverlay(text, kind);
  return "problems" in read ? refuse(read.problems) : { overlay: read.overlay, problems: [] };
}

function unreadText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "is not there";
  if (code === "EACCES" || code === "EPERM") return "may not be read";
  return `cannot be read: ${message}`;
}

function writtenLines({ keys, accounts, findings, notices }: PageData, file: string, text: string): string[] {
  const open = findings.filter(({ exception }) => exception === null).length;
  const unread =
    notices.length === 0 ? [] : [`${countOf(notices.length, "thing")} that it cannot tell: under Findings, Not told.`];
  const path = isAbsolute(file) ? file : resolve(file);
  return [
    `${countOf(keys.length, "key")} of ${countOf(accounts.length, "account")}, ${countOf(open, "open finding")}; ${sizeText(Buffer.byteLength(text))}.`,
    ...unread,
    `Written to ${file}. It needs no network: open file://${encodeURI(path)} in a browser, or send it to whoever asks.`,
  ];
}

/** `1.4 MB` */
function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
