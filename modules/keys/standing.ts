import type { Finding } from "../findings/finding";
import type { Principal } from "../organization/workload";

/**
 * The principals that exist. AWS refuses a key policy or grant that names one that does not ("MalformedPolicyDocument"),
 * so pending and suspended ones stay out, each with a finding that says so.
 */
export function standing(principals: readonly Principal[], source: string, findings: Finding[]): Principal[] {
  return principals.filter((principal) => {
    if (principal.status === "active") return true;
    const account =
      principal.account.status === "active"
        ? ""
        : ` (account ${principal.account.name} is ${principal.account.status})`;
    findings.push({
      id: `${principal.status}-principal`,
      severity: principal.status === "pending" ? "medium" : "low",
      where: source,
      why: `${principal.kind === "permission-set" ? `${principal.name} of account ${principal.account.name}` : principal.arn} is ${principal.status} and kept out of policies and grants${account}`,
      whatToDo:
        principal.status === "pending"
          ? "set status to active (or drop it) once the principal exists, and synthesize again"
          : "drop the entry, or let it stand until the account is active again",
    });
    return false;
  });
}
