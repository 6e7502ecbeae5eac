import { createHash } from "node:crypto";
import type { Log, PhysicalLocation, ReportingDescriptor, Result } from "sarif";
import type { Severity } from "../findings/finding";
import type { FilePlace, ReportedException } from "./locate-findings";
import { markdownText } from "./markdown-text";
import { oneLine } from "./one-line";

/** SARIF has three levels for five severities; the exact one stands in the properties. */
export const sarifLevels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  information: "note",
} as const;

/**
 * GitHub code scanning shows above 9.0 as critical, from 7.0 as high, from 4.0 as medium, and everything above 0.0 as low.
 *
 * Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  information: "0.1",
};

/** GitHub code scanning finds files by paths below the root of the checkout. */
const SOURCE_ROOT = "%SRCROOT%";

/** What a rule stands for: a check, or a kind of drift. */
export interface SarifRule {
  readonly id: string;
  readonly severity: Severity;
  /** Sentences, of our own. */
  readonly requirement: string;
  readonly reason: string;
  /** An instruction, of our own. */
  readonly fix: string;
  readonly tags: readonly string[];
}

/**
 * SARIF 2.1.0, for code scanning.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @param version of orgkeys
 * @param command as in `orgkeys check`
 */
export function sarifLog(version: string, command: string, rules: readonly SarifRule[], results: Result[]): string {
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "orgkeys", semanticVersion: version, rules: rules.map(descriptor) } },
        invocations: [{ executionSuccessful: true }],
        originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: `The folder in which ${command} was run.` } } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function descriptor({ id, severity, requirement, reason, fix, tags }: SarifRule): ReportingDescriptor {
  const whole = [requirement, reason].filter((text) => text !== "").join(" ");
  const why = (text: string): string[] => (reason === "" ? [] : [text]);
  return {
    id,
    shortDescription: { text: requirement },
    fullDescription: { text: whole },
    help: {
      text: [requirement, ...why(`Why: ${reason}`), `To do: ${fix}`].join("\n\n"),
      markdown: [
        markdownText(requirement),
        ...why(`**Why:** ${markdownText(reason)}`),
        `**To do:** ${markdownText(fix)}`,
      ].join("\n\n"),
    },
    defaultConfiguration: { level: sarifLevels[severity] },
    properties: {
      severity,
      "security-severity": securitySeverities[severity],
      precision: "very-high",
      tags: ["security", "kms", ...tags],
    },
  };
}

/** Gives each result the number that tells it from others with the same subject. */
export function numberSubjects(): (subject: string) => string {
  const seen = new Map<string, number>();
  return (subject) => {
    const number = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, number);
    return `${subject}:${number}`;
  };
}

/** A subject's name that is the same for as long as the finding is the same, wherever its line moves. */
export function subjectHash(id: string, where: string): string {
  return createHash("sha256").update(`${id}\n${where}`).digest("hex").slice(0, 32);
}

/** GitHub knows a result again by the second alone. */
export function fingerprints(fingerprint: string): NonNullable<Result["partialFingerprints"]> {
  return { "orgkeysSubject/v1": fingerprint, primaryLocationLineHash: fingerprint };
}

/** @param what accepts it: `exception` */
export function suppression(
  what: string,
  { name, owner, reason, expires }: ReportedException,
): NonNullable<Result["suppressions"]>[0] {
  const justification = `${reason} (${what} ${name}: ${owner} answers for it, until ${expires})`;
  return { kind: "external", status: "accepted", justification };
}

/**
 * Brackets make a link of a message.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.11.6 Messages with embedded links
 */
export function plainMessage(text: string): string {
  return oneLine(text).replaceAll(/[[\]]/g, (bracket) => `\\${bracket}`);
}

export function physicalLocation({ file, line, column }: FilePlace): PhysicalLocation {
  return {
    artifactLocation: artifact(file),
    region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
  };
}

/** A file outside of the working directory comes with an absolute path, and is named by that. */
function artifact(file: string): PhysicalLocation["artifactLocation"] {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  if (file.startsWith("/")) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(file)) return { uri: `file:///${uri.replace("%3A", ":")}` };
  return { uri, uriBaseId: SOURCE_ROOT };
}
