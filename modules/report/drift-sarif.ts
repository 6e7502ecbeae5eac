import type { Result } from "sarif";
import { escapePointer } from "../access/json-pointer";
import type { DriftFinding } from "../drift/drift-finding";
import type { DriftReport } from "../drift/drift-report";
import type { Severity } from "../findings/finding";
import type { IgnoreRule } from "../findings/ignore-rule";
import { locateFindings, type OutputPlace, type TextSources } from "./locate-findings";
import {
  fingerprints,
  numberSubjects,
  physicalLocation,
  plainMessage,
  type SarifRule,
  sarifLevels,
  sarifLog,
  suppression,
} from "./sarif-log";

/** What a rule says of a kind of drift. */
export interface ReportedKind {
  readonly id: string;
  readonly severity: Severity;
  /** In one sentence. */
  readonly means: string;
  /** An instruction. */
  readonly fix: string;
}

export interface DriftSarifSources {
  /** Of orgkeys. */
  readonly version: string;
  /** All of them, in their own order. */
  readonly kinds: readonly ReportedKind[];
  readonly sources: TextSources;
}

/**
 * SARIF, for code scanning: one rule a kind of drift, one result a finding, at the line of the reviewed JSON which says what it has
 * to be; what no stack has is named by where it is in AWS alone. Ignored findings are suppressed results.
 */
export function driftSarif(report: DriftReport, { version, kinds, sources }: DriftSarifSources): string {
  const rules = new Map(kinds.map(({ id }, index) => [id, index]));
  const all = [
    ...report.findings.map((finding) => ({ finding, rule: undefined })),
    ...report.ignored.map(({ finding, rule }) => ({ finding, rule })),
  ];
  const located = locateFindings(
    all.map(({ finding }) => ({ ...finding, place: reviewedPlace(finding), sources: [] })),
    sources,
  );
  const numbered = numberSubjects();
  return sarifLog(
    version,
    "orgkeys drift",
    kinds.map(sarifRule),
    all.map(({ finding, rule }, index) =>
      result(finding, numbered(finding.fingerprint), rules.get(finding.id), located[index]?.output, rule),
    ),
  );
}

function sarifRule({ id, severity, means, fix }: ReportedKind): SarifRule {
  return { id, severity, requirement: means, reason: "", fix, tags: ["drift"] };
}

/** `aws_kms_key.payments_prod_us-east-1`, or the resource in a template behind such an address. */
function reviewedPlace({ place: { stack, address } }: DriftFinding): { document: string; path: string } | undefined {
  if (stack === undefined || address === undefined) return undefined;
  const [resource = ""] = address.split(" ");
  const [type = "", ...name] = resource.replace(/\[.*$/, "").split(".");
  const parts = type === "data" ? ["data", ...name] : ["resource", type, name.join(".")];
  return { document: stack, path: parts.map((part) => `/${escapePointer(part)}`).join("") };
}

function result(
  finding: DriftFinding,
  fingerprint: string,
  ruleIndex: number | undefined,
  output: OutputPlace | undefined,
  rule: IgnoreRule | undefined,
): Result {
  const { id, severity, where, why, whatToDo, place } = finding;
  const { account, accountId, zone, region, stack, address, resource } = place;
  return {
    ruleId: id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: sarifLevels[severity],
    message: { text: plainMessage(`${where}: ${why}. To do: ${whatToDo}.`) },
    locations: [
      {
        ...(output === undefined ? {} : { physicalLocation: physicalLocation(output) }),
        logicalLocations: [{ fullyQualifiedName: where, kind: "resource" }],
      },
    ],
    partialFingerprints: fingerprints(fingerprint),
    properties: {
      severity,
      account,
      accountId,
      zone,
      ...(region === undefined ? {} : { region }),
      ...(stack === undefined ? {} : { stack }),
      ...(address === undefined ? {} : { address }),
      resource,
    },
    ...(rule === undefined ? {} : { suppressions: [suppression("rule", rule)] }),
  };
}
