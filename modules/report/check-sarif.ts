import { createHash } from "node:crypto";
import type { Location, Log, PhysicalLocation, ReportingDescriptor, Result } from "sarif";
import type { Severity } from "../findings/finding";
import type { CheckOutcome, ReportedCheck } from "./check-outcome";
import type { FilePlace, LocatedFinding, MapPlace, ReportedException } from "./locate-findings";
import { markdownText } from "./markdown-text";
import { oneLine } from "./one-line";

/** SARIF has three levels for five severities; the exact one stands in the properties. */
const levels = { critical: "error", high: "error", medium: "warning", low: "note", information: "note" } as const;

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

/** GitHub code scanning shows 100 locations of a result, and takes no file with a result of more than 1,000. */
const MOST_RELATED = 99;

/** GitHub code scanning finds files by paths below the root of the checkout. */
const SOURCE_ROOT = "%SRCROOT%";

/**
 * SARIF 2.1.0, for code scanning: one rule a check, one result a finding at its line of the synthesized JSON, with the lines
 * of the map behind it. Accepted findings are suppressed results.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @param version of orgkeys
 */
export function checkSarif(outcome: CheckOutcome, version: string): string {
  const rules = new Map<string, number>(outcome.checks.map((check, index) => [check.id, index]));
  const seen = new Map<string, number>();
  const resultOf = (finding: LocatedFinding, exception?: ReportedException): Result => {
    const subject = subjectHash(finding);
    const number = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, number);
    return result(finding, `${subject}:${number}`, rules.get(finding.id), exception);
  };
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "orgkeys", semanticVersion: version, rules: outcome.checks.map(rule) } },
        invocations: [{ executionSuccessful: true }],
        originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: "The folder in which orgkeys check was run." } } },
        columnKind: "utf16CodeUnits",
        results: [
          ...outcome.findings.map((finding) => resultOf(finding)),
          ...outcome.accepted.map(({ finding, exception }) => resultOf(finding, exception)),
        ],
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function rule({ id, kind, severity, requirement, reason, fix }: ReportedCheck): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: requirement },
    fullDescription: { text: `${requirement} ${reason}` },
    help: {
      text: `${requirement}\n\nWhy: ${reason}\n\nTo do: ${fix}`,
      markdown: [markdownText(requirement), `**Why:** ${markdownText(reason)}`, `**To do:** ${markdownText(fix)}`].join(
        "\n\n",
      ),
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      severity,
      "security-severity": securitySeverities[severity],
      precision: "very-high",
      tags: ["security", "kms", kind === "proof" ? "zone-proof" : "hygiene"],
    },
  };
}

function result(
  finding: LocatedFinding,
  fingerprint: string,
  ruleIndex: number | undefined,
  exception: ReportedException | undefined,
): Result {
  const { id, severity, where, why, whatToDo, output, map } = finding;
  // What is wrong in the map alone has its line there.
  const primary = output ?? map[0];
  const related = (output === undefined ? map.slice(1) : map).slice(0, MOST_RELATED);
  return {
    ruleId: id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[severity],
    message: { text: [plainMessage(`${where}: ${why}. To do: ${whatToDo}.`), ...links(related)].join(" ") },
    locations: [
      {
        ...(primary === undefined ? {} : { physicalLocation: physicalLocation(primary) }),
        logicalLocations: [{ fullyQualifiedName: where, kind: "resource" }],
      },
    ],
    relatedLocations: related.map((place, index): Location => {
      const message = { text: plainMessage(`the map: ${place.path}`) };
      return { id: index + 1, physicalLocation: physicalLocation(place), message };
    }),
    // GitHub knows a result again by the second alone.
    partialFingerprints: { "orgkeysSubject/v1": fingerprint, primaryLocationLineHash: fingerprint },
    properties: { severity },
    ...(exception === undefined ? {} : { suppressions: [suppression(exception)] }),
  };
}

/** GitHub leads to related locations only by links in the message. */
function links(related: readonly MapPlace[]): string[] {
  if (related.length === 0) return [];
  return [`In the map: ${related.map(({ path }, index) => `[${plainMessage(path)}](${index + 1})`).join(", ")}.`];
}

function suppression({ name, owner, reason, expires }: ReportedException): NonNullable<Result["suppressions"]>[0] {
  const justification = `${reason} (exception ${name}: ${owner} answers for it, until ${expires})`;
  return { kind: "external", status: "accepted", justification };
}

/**
 * Brackets make a link of a message.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.11.6 Messages with embedded links
 */
function plainMessage(text: string): string {
  return oneLine(text).replaceAll(/[[\]]/g, (bracket) => `\\${bracket}`);
}

/** The same for as long as the finding is the same, wherever its line moves. */
function subjectHash({ id, where }: LocatedFinding): string {
  return createHash("sha256").update(`${id}\n${where}`).digest("hex").slice(0, 32);
}

function physicalLocation({ file, line, column }: FilePlace): PhysicalLocation {
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
