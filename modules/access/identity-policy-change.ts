import type { KeyBehindAlias } from "../aws/key-behind-alias";
import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { AccessChange, ChangePlace } from "./access-change";
import type { Policy, Statement } from "./policy-statement";
import { leadsToKeys, reachOutside } from "./reach-outside";
import { partsOf, type RegionalStatement, uncovered } from "./statement-cover";
import { statementDetail } from "./statement-detail";
import { actionsOf } from "./who-can";

/**
 * What those who hold an identity policy gain and lose from one to another: actions on keys, and leave to assume roles.
 * `outside` says what of it reaches beyond their account's zone, where they are the ones from outside.
 *
 * @param before undefined for a policy that is not there, or cannot be read: it gave nothing
 * @param after undefined for one that cannot be read: it may give everything
 * @param holders to whom it is attached, as reports name them
 */
export function identityPolicyChanges(
  before: Policy | undefined,
  after: Policy | undefined,
  holders: readonly string[],
  place: ChangePlace,
): AccessChange[] {
  if (after?.understood !== true) {
    const outside = "nobody can read which keys the policy reaches";
    return holders.map((who) => ({ effect: "gains", who, actions: ["kms:*"], through: "policy", outside }));
  }
  const known = before?.understood === true ? before : undefined;
  return [
    ...given("gains", after, known, holders, place),
    ...(known === undefined ? [] : given("loses", known, after, holders, place)),
  ];
}

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

/** What the one policy gives and the other does not surely. */
function given(
  effect: AccessChange["effect"],
  policy: Policy,
  other: Policy | undefined,
  holders: readonly string[],
  place: ChangePlace,
): AccessChange[] {
  const inPlace = (statement: Statement): RegionalStatement => ({
    statement,
    region: place.region,
    partition: place.partition,
  });
  const former = (other?.statements ?? []).filter(({ effect: kind }) => kind === "Allow").flatMap(byResource);
  const denies = (from: Policy | undefined) => (from?.statements ?? []).filter(({ effect: kind }) => kind === "Deny");
  const lifted = denies(other).flatMap((deny) =>
    partsOf(inPlace(deny)).flatMap((part) => uncovered(part, inPlace(deny), denies(policy).map(inPlace), () => false)),
  );
  const changes = policy.statements
    .filter(({ effect: kind, action }) => kind === "Allow" && leadsToKeys(action))
    .flatMap((statement) => {
      const more = byResource(statement).map((single) => {
        const added = partsOf(inPlace(single)).flatMap((part) =>
          uncovered(part, inPlace(single), former.map(inPlace), () => false),
        );
        const returned = actionsOf(single.action).filter((action) => lifted.includes(action));
        return { single, actions: [...added, ...returned, ...otherActions(single, former)] };
      });
      const beyond = more.filter(({ actions }) => actions.length > 0);
      if (beyond.length === 0) return [];
      const outside = beyond.flatMap(({ single }) => reachOutside(single, place.zone, place.zones));
      return holders.map(
        (who): AccessChange => ({
          effect,
          who,
          actions: uniqueNames(beyond.flatMap(({ actions }) => actions)),
          through: statementDetail(statement, policy.statements),
          outside: outside.length === 0 ? undefined : uniqueNames(outside.map(({ why }) => why)).join(" and "),
        }),
      );
    });
  return changes.sort((a, b) => nameOrder(a.who, b.who) || nameOrder(a.through, b.through));
}

/** One statement a resource, so that each is held against the others by itself. */
function byResource(statement: Statement): Statement[] {
  const { negated, patterns } = statement.resource;
  if (negated) return [statement];
  return [...new Set(patterns)].map((pattern) => ({ ...statement, resource: { negated: false, patterns: [pattern] } }));
}

/** What is in no list of actions here has to stand in the same words in the other policy. */
function otherActions({ action, resource, conditions }: Statement, former: readonly Statement[]): readonly string[] {
  const words = (statement: Pick<Statement, "resource" | "conditions">) =>
    JSON.stringify([
      statement.resource,
      statement.conditions.map(({ operator, key, values }) => [operator, key.toLowerCase(), [...values].sort()]).sort(),
    ]);
  const same = former.filter((other) => words(other) === words({ resource, conditions }));
  if (action.negated) {
    const isThere = same.some((other) => JSON.stringify(other.action) === JSON.stringify(action));
    return isThere ? [] : ["everything but what it names"];
  }
  const known = new Set(same.flatMap((other) => (other.action.negated ? [] : other.action.patterns)));
  return action.patterns.filter(
    (pattern) =>
      !known.has(pattern) &&
      (!/^kms:/i.test(pattern) || actionsOf({ negated: false, patterns: [pattern] }).length === 0),
  );
}
