import { readPolicy } from "../../access/read-policy";
import { matchWildcards } from "../../access/wildcard";
import type { LiveKey } from "../../live/live-account";

type RewrittenKey = Pick<LiveKey, "policy" | "arn">;

const nobody =
  "nobody, the account's root user included: AWS Support alone can give the key back (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)";

/** Whether it is certain that nobody of the account can, so that every apply fails. */
export function isLockedOut(key: RewrittenKey): boolean {
  return whoRewrites(key) === nobody;
}

/**
 * Who can put another policy in place of the one that a key has, in words. Where it names nobody who may, the account's root user may not
 * either.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html, "you must contact AWS Support to regain
 * access to the key"
 */
export function whoRewrites({ policy, arn }: RewrittenKey): string {
  const read = "value" in policy ? parse(policy.value) : undefined;
  if (read === undefined) return "whoever its policy lets: it cannot be read here";
  const accountId = arn.split(":")[4] ?? "";
  const names = read.statements
    .filter(({ effect, action }) => effect === "Allow" && covers(action.patterns) !== action.negated)
    .flatMap(({ principal }) =>
      principal?.negated === true ? ["*"] : (principal?.names ?? []).map(({ value }) => value),
    );
  if (!read.understood) return "whoever its policy lets: not all of it is understood here";
  if (names.includes("*")) return "anybody whom its conditions leave";
  const isAccount = (name: string): boolean => name === accountId || name.endsWith(`::${accountId}:root`);
  if (names.some(isAccount)) {
    return "whoever IAM of the account lets, its root user too where no service control policy denies it (docs/guardrails.md): the break-glass role where the zone's guardrails are in force";
  }
  const others = [...new Set(names)].sort();
  if (others.length > 0) return `only ${others.join(", ")}: nobody else, the account's root user included`;
  return nobody;
}

function covers(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchWildcards(pattern, "kms:PutKeyPolicy", { ignoreCase: true }) === true);
}

function parse(text: string): ReturnType<typeof readPolicy>["policy"] | undefined {
  try {
    return readPolicy(JSON.parse(text), { document: "", path: "" }, "key").policy;
  } catch {
    return undefined;
  }
}
