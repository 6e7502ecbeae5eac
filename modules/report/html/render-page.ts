import { createHash } from "node:crypto";
import { compile } from "handlebars";
import { packPage } from "../pack-page";
import type { PageData } from "../page-data";
import { pageSummary } from "./page-summary";

/** What a page is made of, besides its data. */
export interface PageParts {
  /** The text of `templates/report.html.hbs`. */
  readonly template: string;
  /** One script, bundled. */
  readonly script: string;
  readonly styles: string;
  /** Of the summary that is shown where scripts do not run. */
  readonly summaryStyles: string;
}

/**
 * A whole page in one text. It asks nobody for anything: its policy lets run the one script in it and lets load nothing at all.
 *
 * @throws for a script or a style sheet that would end its own element
 */
export function renderPage(page: PageData, parts: PageParts): string {
  const { template, script, styles, summaryStyles } = parts;
  for (const [name, text] of Object.entries({ script, styles, summaryStyles })) {
    if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`the page's ${name} would end its own element`);
  }
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(styles)} ${hashOf(summaryStyles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return compile(template, { strict: true })({
    ...pageSummary(page),
    policy,
    script,
    styles,
    summaryStyles,
    data: jsonInScript(packPage(page)),
  });
}

/**
 * JSON that is text to HTML whatever is in it: nothing ends the element, or opens a comment in it.
 *
 * Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
function jsonInScript(value: unknown): string {
  const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029" };
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => escapes[character] ?? "");
}

/** Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
