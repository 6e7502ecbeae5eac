import type { Finding } from "../findings/finding";

/** Findings for people: what, where and why on one line, what to do on the next. */
export function findingsText(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => [
    `${finding.severity}  ${finding.id}  ${finding.where}`,
    `    ${finding.why}`,
    `    -> ${finding.whatToDo}`,
  ]);
}
