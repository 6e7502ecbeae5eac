import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../package.json";
import type { CheckOutcome } from "../report/check-outcome";
import type { CheckFlags } from "./check";

/** An outcome in the format asked for. Each format is loaded when it is: a template engine takes longer than a small check. */
export function checkReport(
  outcome: CheckOutcome,
  format: CheckFlags["format"],
  emphasize?: (text: string) => string,
): string {
  switch (format) {
    case "text": {
      const { checkText }: typeof import("../report/check-text") = require("../report/check-text");
      return checkText(outcome, emphasize).join("\n");
    }
    case "json": {
      const { checkJson }: typeof import("../report/check-json") = require("../report/check-json");
      return checkJson(outcome);
    }
    case "sarif": {
      const { checkSarif }: typeof import("../report/check-sarif") = require("../report/check-sarif");
      return checkSarif(outcome, version);
    }
    case "junit": {
      const { checkJunit }: typeof import("../report/check-junit") = require("../report/check-junit");
      return checkJunit(outcome, template("junit.xml"));
    }
    case "markdown": {
      const { checkMarkdown }: typeof import("../report/check-markdown") = require("../report/check-markdown");
      return checkMarkdown(outcome, template("check-markdown.md"));
    }
  }
}

function template(name: string): string {
  return readFileSync(join(__dirname, "../report/templates", `${name}.hbs`), "utf8");
}
