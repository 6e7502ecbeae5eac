import type { Finding } from "../findings/finding";

/** Findings for people: what, where and why on one line each, then what to do, commands in lines of their own. */
export function findingsText(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => [
    `${finding.severity}  ${finding.id}  ${finding.where}`,
    `    ${finding.why}`,
    ...finding.whatToDo.split("\n").map((line, index) => `    ${index === 0 ? "->" : "  "} ${line}`),
  ]);
}
