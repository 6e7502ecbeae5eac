import { evaluateCondition } from "./condition/evaluate-condition";
import { isImplied, oneByOne } from "./condition-cover";
import { unknownKeyActions } from "./kms-patterns";
import type { Condition, PatternElement, PrincipalName, Statement } from "./policy-statement";
import { inRegion, meaningOf, type PolicySubjects, requestOf, type Subject } from "./policy-subjects";
import { matchAction } from "./statement-match";
import { any, possible } from "./truth";
import { actionsOf } from "./who-can";

/** What a statement says to one subject. */
export interface StatementPiece {
  readonly statement: Statement;
  readonly subject: Subject;
  /** Whether the statement means the subject by itself, its account, or only perhaps. */
  readonly means: "itself" | "account" | "perhaps";
  /** Those that are not decided by who the subject is. */
  readonly conditions: readonly Condition[];
  /** Actions, and patterns that match none known here; `kms:*` for those that AWS has yet to invent. */
  readonly actions: readonly string[];
}

/** @returns undefined when the statement surely says nothing to the subject */
export function pieceFor(
  statement: Statement,
  subject: Subject,
  subjects: PolicySubjects,
  region: string,
): StatementPiece | undefined {
  const meaning = meaningOf(inRegion(statement.principal, region), subject);
  if (!possible(any([meaning.named, meaning.account]))) return undefined;
  const conditions: Condition[] = [];
  for (const condition of statement.conditions) {
    const left = subjects.withoutNames(condition, subject);
    const truth =
      typeof left === "boolean" ? left : evaluateCondition(left, requestOf(subject), statement.hasVariables);
    if (truth === false) return undefined;
    if (truth === "unknown" && typeof left !== "boolean") conditions.push(left);
  }
  const means = meaning.named === true ? "itself" : meaning.account === true ? "account" : "perhaps";
  return { statement, subject, means, conditions, actions: actionsMeant(statement) };
}

const TOMORROW = "kms:ActionOfTomorrow";
export const ACTIONS_TO_COME = "kms:*";

function actionsMeant({ action }: Statement): readonly string[] {
  const before = meantBy.get(action);
  if (before !== undefined) return before;
  const toCome = possible(matchAction(action, TOMORROW)) ? [ACTIONS_TO_COME] : [];
  const meant = [
    ...actionsOf(action),
    ...unknownKeyActions(action).filter((pattern) => pattern !== ACTIONS_TO_COME),
    ...toCome,
  ];
  meantBy.set(action, meant);
  return meant;
}

/** Statements share their lists of actions, and each is asked for by every subject. */
const meantBy = new WeakMap<PatternElement, readonly string[]>();

function hasAction({ action }: Statement, wanted: string): boolean {
  return matchAction(action, wanted === ACTIONS_TO_COME ? TOMORROW : wanted) === true;
}

/**
 * What of a piece none of the wider ones surely says too: by actions, and by the values of a condition where only some are
 * beyond them.
 */
export function uncoveredBy(wides: readonly StatementPiece[], piece: StatementPiece): StatementPiece[] {
  // It may say more than what is known of it.
  if (!piece.statement.understood) return [piece];
  const left = piece.actions.filter((action) => !wides.some((wide) => covers(wide, piece, action)));
  if (left.length === 0) return [];
  const rest = { ...piece, actions: left };
  if (wides.length === 0) return [rest];
  return byValue(wides, rest, 0);
}

/** More pieces than a policy of AWS KMS has values. */
const MOST_PIECES = 500;

function byValue(wides: readonly StatementPiece[], piece: StatementPiece, from: number): StatementPiece[] {
  const at = piece.conditions.findIndex((condition, index) => index >= from && oneByOne(condition) !== undefined);
  const condition = piece.conditions[at];
  const values = condition === undefined ? undefined : oneByOne(condition);
  if (values === undefined || values.length > MOST_PIECES) return [piece];
  const parts = values.map((value) => {
    const single = { ...piece, conditions: piece.conditions.with(at, value) };
    const actions = single.actions.filter((action) => !wides.some((wide) => covers(wide, single, action)));
    if (actions.length === 0) return [];
    return byValue(wides, { ...single, actions }, at + 1);
  });
  const [first] = parts.flat();
  const isWhole = parts.every(
    ([only, second], index) =>
      second === undefined &&
      only?.conditions[at] === values[index] &&
      only?.actions.length === first?.actions.length &&
      only?.conditions.every((each, other) => other === at || each === piece.conditions[other]),
  );
  return isWhole && first !== undefined ? [{ ...piece, actions: first.actions }] : parts.flat();
}

function covers(wide: StatementPiece, narrow: StatementPiece, action: string): boolean {
  if (!wide.statement.understood || !hasAction(wide.statement, action)) return false;
  return meansAtLeast(wide, narrow) && hasResource(wide, narrow) && hasConditions(wide, narrow);
}

/** In an Allow the account is less than the principal itself; a Deny for the account is one for everybody in it. */
function meansAtLeast(wide: StatementPiece, narrow: StatementPiece): boolean {
  if (wide.means === "itself") return true;
  if (wide.means === "account") return narrow.means === "account" || wide.statement.effect === "Deny";
  const [few, many] = [narrow.statement.principal, wide.statement.principal];
  if (few === undefined || many === undefined || few.negated !== many.negated) return false;
  // Whomever NotPrincipal means with some names, it means with fewer.
  if (few.negated) return isAmong(many.names, few.names);
  const meant = few.names.filter((name) => mayMean(name, narrow.subject));
  return isAmong(meant, many.names);
}

function mayMean(name: PrincipalName, subject: Subject): boolean {
  const { named, account } = meaningOf({ negated: false, names: [name] }, subject);
  return possible(any([named, account]));
}

function isAmong(names: readonly PrincipalName[], others: readonly PrincipalName[]): boolean {
  return names.every(({ type, value }) => others.some((name) => name.type === type && name.value === value));
}

/** In a key policy `*` is the key itself. */
function hasResource(wide: StatementPiece, narrow: StatementPiece): boolean {
  const [{ resource }, { resource: other }] = [wide.statement, narrow.statement];
  if (!resource.negated && resource.patterns.includes("*")) return true;
  return resource.negated === other.negated && isSameSet(resource.patterns, other.patterns);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((item) => b.includes(item)) && b.every((item) => a.includes(item));
}

function hasConditions(wide: StatementPiece, narrow: StatementPiece): boolean {
  return wide.conditions.every((condition) =>
    narrow.conditions.some((other) =>
      isImplied(
        { condition, hasVariables: wide.statement.hasVariables },
        { condition: other, hasVariables: narrow.statement.hasVariables },
      ),
    ),
  );
}
