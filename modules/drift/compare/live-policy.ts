import { duplicateNames } from "../../access/json-text";
import type { Policy, PrincipalName, Statement } from "../../access/policy-statement";
import { parseText } from "../../access/policy-text";
import { type PolicyKind, readPolicy } from "../../access/read-policy";
import { isUniqueId } from "../../aws/unique-id";

/**
 * A policy as AWS has it.
 *
 * @param document what findings call it
 * @returns undefined where its text is no policy that can be read: not JSON, or one name twice in an object
 */
export function readLivePolicy(text: string, document: string, kind: PolicyKind): Policy | undefined {
  const json = parseText(text);
  if (json === undefined || duplicateNames(text, json.value).length > 0) return undefined;
  const { policy } = readPolicy(json.value, { document, path: "" }, kind);
  return policy.understood ? policy : undefined;
}

/** The ids of deleted principals that a statement names. */
export function deletedIn({ principal }: Statement): string[] {
  return (principal?.names ?? []).filter(isDeleted).map(({ value }) => value);
}

/** What the policy says to those who still are; a statement for nobody else means nobody. */
export function withoutDeleted(policy: Policy): Policy {
  const statements = policy.statements.map((statement): Statement => {
    const { principal } = statement;
    if (principal === undefined || deletedIn(statement).length === 0) return statement;
    return {
      ...statement,
      principal: { ...principal, names: principal.names.filter((name) => !isDeleted(name)) },
    };
  });
  return { ...policy, statements };
}

function isDeleted({ type, value }: PrincipalName): boolean {
  return type === "AWS" && isUniqueId(value);
}
