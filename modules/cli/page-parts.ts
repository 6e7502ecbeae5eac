import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { PageParts } from "../report/html/render-page";
import { pageNotices } from "./page-notices";

const report = join(__dirname, "../report");

/** The browsers of the last two years: the page is opened where it was written, or by an auditor. */
const browsers = ["chrome120", "firefox120", "safari17.5"];

/**
 * The page's template, and its script and style sheets in one piece each: the same bytes on every machine.
 *
 * @throws where the code of the page does not compile
 */
export async function pageParts(): Promise<PageParts> {
  const [script, styles, summaryStyles] = await Promise.all(["main.ts", "page.css", "summary.css"].map(bundled));
  if (script === undefined || styles === undefined || summaryStyles === undefined)
    throw new Error("the page has no code");
  const template = readFileSync(join(report, "templates/report.html.hbs"), "utf8");
  return { template, script, styles, summaryStyles };
}

async function bundled(file: string): Promise<string> {
  const options: BuildOptions = {
    entryPoints: [join(report, "page", file)],
    absWorkingDir: report,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: browsers,
    charset: "utf8",
    legalComments: "none",
    tsconfigRaw: {},
    logLevel: "silent",
    metafile: true,
    write: false,
  };
  const { outputFiles = [], metafile } = await build(options);
  const notices = pageNotices(Object.keys(metafile?.inputs ?? {}).map((input) => join(report, input)));
  const text = (outputFiles[0]?.text ?? "").trimEnd();
  return notices === undefined ? text : `${notices}\n${text}`;
}
