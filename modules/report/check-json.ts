import { CHECK_SCHEMA, type CheckDocument } from "./check-document";
import { type CheckOutcome, countBySeverity } from "./check-outcome";
import type { LocatedFinding } from "./locate-findings";

/** Everything, for programs: `orgkeys/check/v1`. */
export function checkJson(outcome: CheckOutcome): string {
  return JSON.stringify(documentOf(outcome), null, 2);
}

function documentOf(outcome: CheckOutcome): CheckDocument {
  const { output, today, proof, checks, findings, accepted, stacks, keys, zones, left } = outcome;
  return {
    schema: CHECK_SCHEMA,
    output,
    today,
    proof,
    summary: {
      findings: findings.length,
      bySeverity: countBySeverity(findings),
      accepted: accepted.length,
      notSelected: left.notSelected,
      belowSeverity: left.belowSeverity,
      stacks,
      keys,
      zones: zones.map(({ zone, accounts, keys: keysOfZone }) => ({ zone, accounts, keys: keysOfZone })),
    },
    checks: checks.map(({ id, kind, severity, requirement, reason, fix }) => {
      return { id, kind, severity, requirement, reason, fix };
    }),
    findings: findings.map(findingOf),
    accepted: accepted.map(({ finding, exception: { name, owner, reason, expires } }) => {
      return { finding: findingOf(finding), exception: { name, owner, reason, expires } };
    }),
    missingStacks: [...outcome.missingStacks],
    leftOverStacks: [...outcome.leftOverStacks],
  };
}

/** Field by field, so that the order is the document's and nothing else gets into it. */
function findingOf({ id, severity, where, why, whatToDo, output, map }: LocatedFinding): CheckDocument["findings"][0] {
  return {
    id,
    severity,
    where,
    why,
    whatToDo,
    output:
      output === undefined
        ? null
        : {
            file: output.file,
            line: output.line,
            column: output.column,
            stack: output.stack,
            pointer: output.pointer,
          },
    map: map.map(({ file, line, column, path }) => ({ file, line, column, path })),
  };
}
