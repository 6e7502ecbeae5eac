import { matchWildcards } from "../access/wildcard";
import { exactlyIgnoredDriftIds } from "../findings/drift-ids";
import { type IgnoreRule, isExact } from "../findings/ignore-rule";
import type { DriftFinding } from "./drift-finding";
import type { AccountDrift, IgnoredFinding } from "./drift-report";

/** What a run has looked at, for telling a rule that is not needed from one that was not asked. */
export interface LookedAt {
  /** The day, as in 2027-01-31. */
  readonly today: string;
  readonly accounts: readonly AccountDrift[];
  /** Whether nothing narrows the run: only then a rule that matches nothing can be said to match nothing. */
  readonly whole: boolean;
  readonly engine: "aws" | "terraform";
}

/**
 * Sets apart what somebody answers for.
 *
 * @returns the findings that are left, those that are ignored, each with the first rule that does so, and the rules that are past
 * their day or that nothing matches
 */
export function ignoreDrift<Found extends DriftFinding>(
  findings: readonly Found[],
  rules: readonly IgnoreRule[],
  looked: LookedAt,
): { open: Found[]; ignored: IgnoredFinding[]; idle: IgnoreRule[] } {
  const inForce = rules.filter((rule) => !isExpired(rule, looked.today));
  const open: Found[] = [];
  const ignored: IgnoredFinding[] = [];
  const used = new Set<IgnoreRule>();
  for (const finding of findings) {
    const matching = inForce.filter((rule) => ignores(rule, finding));
    for (const rule of matching) used.add(rule);
    const [rule] = matching;
    if (rule === undefined) open.push(finding);
    else ignored.push({ finding, rule });
  }
  const idle = rules.filter((rule) => isExpired(rule, looked.today) || (!used.has(rule) && wasAsked(rule, looked)));
  return { open, ignored, idle };
}

/** A rule no longer holds on the day on which it expires. */
export function isExpired({ expires }: Pick<IgnoreRule, "expires">, today: string): boolean {
  // Days sort as texts do.
  return expires <= today;
}

/**
 * What is critical, and what nobody has checked, is ignored by nothing less than a rule that names it. One that was written for something
 * milder does not hold when it has become critical since.
 */
function ignores(rule: IgnoreRule, finding: DriftFinding): boolean {
  if (!isAbout(rule, finding)) return false;
  if (exactlyIgnoredDriftIds.includes(finding.id)) return isExact(rule);
  return finding.severity !== "critical" || (rule.critical && isExact(rule));
}

/** Whether kind, place and resource are the rule's, however bad it is. */
export function isAbout(rule: IgnoreRule, { id, place }: DriftFinding): boolean {
  return (
    rule.drift === id &&
    isOfAccount(rule, place) &&
    (rule.resource === undefined || matchesResource(rule.resource, place.resource))
  );
}

function matchesResource(pattern: string, resource: string): boolean {
  // Most rules name something else from the first letters on, and there may be many of both.
  const literal = /^[^*?]*/.exec(pattern)?.[0] ?? "";
  return resource.startsWith(literal) && matchWildcards(pattern, resource) === true;
}

interface OfAccount {
  readonly account: string;
  readonly accountId: string;
  readonly zone: string;
}

function isOfAccount({ accounts, zones }: IgnoreRule, { account, accountId, zone }: OfAccount): boolean {
  return (
    (accounts === undefined || accounts.includes(account) || accounts.includes(accountId)) &&
    (zones === undefined || zones.includes(zone))
  );
}

/** Whether everything that the rule could match was read. */
function wasAsked(rule: IgnoreRule, { accounts, whole, engine }: LookedAt): boolean {
  if (!whole || (rule.drift === "terraform-drift" && engine !== "terraform")) return false;
  return accounts
    .filter((account) => isOfAccount(rule, account))
    .every(({ status }) => status === "read" || status === "inactive");
}
