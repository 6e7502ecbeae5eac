import { kmsLimits } from "../aws/kms-limits";
import type { Finding } from "../findings/finding";
import type { KeyDuties } from "../policies/key-duties";
import { type PolicyDocument, policyBytes } from "../policies/policy-document";
import { type FormedPolicies, fittingPolicies, type PolicyForm } from "../policies/policy-form";
import type { KeyCandidate } from "./key-identity";

/**
 * The policies of a key in the form that their size asks for. Whoever reviews them is told when it is not the plain one.
 *
 * @param policiesIn the policies in each of the key's Regions
 */
export function formPolicies(
  { alias }: KeyCandidate,
  { organizationPaths }: KeyDuties,
  findings: Finding[],
  policiesIn: (form: PolicyForm) => readonly PolicyDocument[],
): FormedPolicies {
  const last: readonly PolicyForm[] = organizationPaths.length === 0 ? [] : ["organization-paths"];
  const formed = fittingPolicies(["statement-a-use", "merged", ...last], policiesIn);
  if (formed.form === "statement-a-use") return formed;
  const bytes = Math.max(...policiesIn("statement-a-use").map(policyBytes));
  const why = `with one statement a use, the key policy would have ${bytes} bytes, and AWS KMS takes ${kmsLimits.keyPolicyBytes}`;
  if (formed.form === "merged") {
    findings.push({
      id: "merged-policy",
      severity: "low",
      where: alias,
      why: `${why}: statements that differ only in principals are one`,
      whatToDo: "nothing, or give some of its workloads a key of their own to have a statement for each use",
    });
  } else {
    findings.push({
      id: "organization-paths-policy",
      severity: "medium",
      where: alias,
      why: `${why}, also merged: everybody below an OU is named by its organization path, with the principal *`,
      whatToDo: "accept the finding of named-principals for this key, or give some of its workloads a key of their own",
    });
  }
  return formed;
}
