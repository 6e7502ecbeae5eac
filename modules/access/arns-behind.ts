import { type KeyBehindAlias, parseKeyBehindAlias } from "../aws/key-behind-alias";
import type { Policy } from "./policy-statement";

/** A copy with the ARNs of keys where reviewed JSON looks them up by alias, as far as somebody knows them. */
export function withArnsBehind(policy: Policy, arnBehind: (alias: KeyBehindAlias) => string | undefined): Policy {
  const resolved = (pattern: string): string => {
    const alias = parseKeyBehindAlias(pattern);
    return (alias === undefined ? undefined : arnBehind(alias)) ?? pattern;
  };
  const statements = policy.statements.map((statement) => ({
    ...statement,
    resource: { ...statement.resource, patterns: statement.resource.patterns.map(resolved) },
  }));
  return { ...policy, statements };
}
