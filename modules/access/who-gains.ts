import type { PartitionName } from "../aws/partition";
import { oneByOne } from "./condition-cover";
import type { Condition, PrincipalElement } from "./policy-statement";
import type { Subject } from "./policy-subjects";
import { boundsOfStatement, type PrincipalBounds } from "./principal-bounds";
import { ACTIONS_TO_COME, type StatementPiece } from "./statement-piece";
import { type Who, whoName } from "./who";

/** Context keys that say who makes a request, the closest first, and how a report names those whom a value means. */
const whoKeys: readonly (readonly [key: string, name: (value: string) => string])[] = [
  ["aws:principalarn", (value) => value],
  ["aws:principalaccount", (value) => `account ${value}`],
  ["kms:calleraccount", (value) => `account ${value}`],
  ["aws:principalorgpaths", (value) => `anybody below ${value}`],
  ["aws:principalorgid", (value) => `anybody in organization ${value}`],
];

/** One piece for each value of the condition that says who is meant. */
export function byWho(piece: StatementPiece): StatementPiece[] {
  const condition = whoCondition(piece)?.condition;
  const values = condition === undefined ? undefined : oneByOne(condition);
  if (condition === undefined || values === undefined) return [piece];
  const at = piece.conditions.indexOf(condition);
  return values.map((value) => ({ ...piece, conditions: piece.conditions.with(at, value) }));
}

function whoCondition({ subject, conditions }: StatementPiece) {
  if (subject.kind !== "others" && subject.kind !== "account") return undefined;
  for (const [key, name] of whoKeys) {
    const condition = conditions.find(
      (each) => each.key.toLowerCase() === key && /^(ForAnyValue:)?(Arn|String)(Equals|Like)$/.test(each.operator),
    );
    if (condition !== undefined) return { condition, name };
  }
  return undefined;
}

/** What else has to hold. */
export function besidesWho(piece: StatementPiece): readonly Condition[] {
  const named = whoCondition(piece)?.condition;
  return piece.conditions.filter((condition) => condition !== named);
}

/** An ARN, `account 310000000001`, a service's name, `anybody`. */
export function nameOf(piece: StatementPiece, principal: Who): string {
  const { subject } = piece;
  const found = whoCondition(piece);
  if (found !== undefined) return found.condition.values.map(found.name).join(", ");
  switch (subject.kind) {
    case "principal":
      return subject.requester.arn;
    case "account":
      return `account ${subject.accountId}`;
    case "service":
      return principal.kind === "service" ? principal.name : subject.requester.name;
    case "name":
      return subject.name.type === "AWS" ? subject.name.value : `${subject.name.type} ${subject.name.value}`;
    case "others":
      return whoName(principal).replace(/^everybody/, "anybody");
  }
}

/** Where they can be. */
export function boundsOf(
  { statement, subject, conditions }: StatementPiece,
  partition: PartitionName,
): PrincipalBounds {
  return boundsOfStatement(
    { ...statement, principal: elementOf(subject) ?? statement.principal, conditions },
    partition,
  );
}

/** Undefined for those whom only the statement's own element means. */
function elementOf(subject: Subject): PrincipalElement | undefined {
  switch (subject.kind) {
    case "principal":
    case "account":
      return { negated: false, names: [{ type: "AWS", value: subject.requester.arn }] };
    case "service":
      return { negated: false, names: [{ type: "Service", value: subject.requester.name }] };
    case "name":
      return { negated: false, names: [subject.name] };
    case "others":
      return undefined;
  }
}

/** What is known says more than a pattern for what AWS has yet to invent. */
export function shownActions({ statement, actions }: StatementPiece): string[] {
  const known = actions.filter((action) => action !== ACTIONS_TO_COME);
  if (known.length > 0) return known.sort();
  return statement.action.negated ? [ACTIONS_TO_COME] : [...statement.action.patterns].sort();
}
