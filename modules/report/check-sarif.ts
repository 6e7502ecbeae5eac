import type { Location, Result } from "sarif";
import type { CheckOutcome, ReportedCheck } from "./check-outcome";
import type { LocatedFinding, MapPlace, ReportedException } from "./locate-findings";
import {
  fingerprints,
  numberSubjects,
  physicalLocation,
  plainMessage,
  type SarifRule,
  sarifLevels,
  sarifLog,
  subjectHash,
  suppression,
} from "./sarif-log";

/** GitHub code scanning shows 100 locations of a result, and takes no file with a result of more than 1,000. */
const MOST_RELATED = 99;

/**
 * SARIF, for code scanning: one rule a check, one result a finding at its line of the synthesized JSON, with the lines of the
 * map behind it. Accepted findings are suppressed results.
 *
 * @param version of orgkeys
 */
export function checkSarif(outcome: CheckOutcome, version: string): string {
  const rules = new Map<string, number>(outcome.checks.map((check, index) => [check.id, index]));
  const numbered = numberSubjects();
  const resultOf = (finding: LocatedFinding, exception?: ReportedException): Result => {
    const fingerprint = numbered(subjectHash(finding.id, finding.where));
    return result(finding, fingerprint, rules.get(finding.id), exception);
  };
  return sarifLog(version, "orgkeys check", outcome.checks.map(rule), [
    ...outcome.findings.map((finding) => resultOf(finding)),
    ...outcome.accepted.map(({ finding, exception }) => resultOf(finding, exception)),
  ]);
}

function rule({ id, kind, severity, requirement, reason, fix }: ReportedCheck): SarifRule {
  return { id, severity, requirement, reason, fix, tags: [kind === "proof" ? "zone-proof" : "hygiene"] };
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
    level: sarifLevels[severity],
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
    partialFingerprints: fingerprints(fingerprint),
    properties: { severity },
    ...(exception === undefined ? {} : { suppressions: [suppression("exception", exception)] }),
  };
}

/** GitHub leads to related locations only by links in the message. */
function links(related: readonly MapPlace[]): string[] {
  if (related.length === 0) return [];
  return [`In the map: ${related.map(({ path }, index) => `[${plainMessage(path)}](${index + 1})`).join(", ")}.`];
}
