import { evaluateCondition, parseOperator } from "../../access/condition/evaluate-condition";
import type { Condition, Statement } from "../../access/policy-statement";
import { type ContextValue, newRequest, type Request } from "../../access/request";
import type { Requester } from "../../access/requester";
import { matchStatement } from "../../access/statement-match";

/**
 * Requests that have to be denied, all of one kind at once: whatever is not said of them may be anything, so that what
 * denies these denies every single one.
 */
export interface ForbiddenRequests {
  readonly principal: Requester;
  /** The resources that they are about, as a pattern. @default every key */
  readonly resource?: string;
  /** What all of them have in common, by context key. */
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Context keys that all of them have, with whatever value; in lower case. */
  readonly present: ReadonlySet<string>;
  /** Context keys by which a policy can tell these requests from others; in lower case. */
  readonly toldBy: ReadonlySet<string>;
  /**
   * Which of these requests meet a condition, in words.
   *
   * @param condition with one value, and never a negated one
   * @param statement the Deny that it comes from
   * @returns nothing when surely none does; undefined when any may
   */
  readonly among: (condition: Condition, statement: Statement) => readonly string[] | undefined;
}

/** A way past a Deny statement. */
export interface Hole {
  /** As findings name it: `aws:PrincipalAccount 210000000001`. */
  readonly detail: string;
  /** Who gets through; undefined when anybody may. */
  readonly whom: string | undefined;
  /** Why, where `whom` does not say it. */
  readonly because: string | undefined;
}

/**
 * Holds one Deny statement against requests that have to be denied.
 *
 * A Deny lets off whoever fails one of its conditions. Whom a negated condition lets off is whom its opposite would let in:
 * `ForAllValues:StringNotLike` fails exactly for those for whom `ForAnyValue:StringLike` holds. So each value of a negated
 * condition may name only somebody who is not meant to be denied; every other condition has to hold by what is common to
 * all the requests.
 *
 * @returns undefined when the statement is about something else; no holes when it surely denies all of them
 */
export function holesOf(
  statement: Statement,
  action: string,
  forbidden: ForbiddenRequests,
): readonly Hole[] | undefined {
  const request = newRequest({
    principal: forbidden.principal,
    action,
    resource: { accountId: "", arn: "arn:", open: true },
    context: forbidden.context,
  });
  const bare = { ...statement, conditions: [], resource: { negated: false, patterns: ["*"] } };
  const { applies, mismatch } = matchStatement(bare, request);
  if (statement.effect !== "Deny" || applies === false) return undefined;
  if (applies !== true) return [hole(mismatch?.element ?? "Statement", "a part of the statement is not understood")];
  const holes: Hole[] = [];
  const { negated, patterns } = statement.resource;
  const wanted = forbidden.resource ?? "*";
  if (
    !negated &&
    wanted !== "*" &&
    !patterns.some((pattern) => pattern === "*" || nameIn(pattern) === nameIn(wanted))
  ) {
    return undefined;
  }
  if (negated || !patterns.some((pattern) => pattern === "*" || pattern === wanted)) {
    holes.push(hole("Resource", `its Resource is not "${wanted}"`));
  }
  for (const condition of statement.conditions) {
    const found = holesOfCondition(condition, statement, request, forbidden);
    if (found === undefined) return undefined;
    holes.push(...found);
  }
  return holes.length > 0 && !isAbout(statement, forbidden) ? undefined : holes;
}

/** What an ARN names, in whatever account. */
function nameIn(arn: string): string {
  return arn.split(":").slice(5).join(":");
}

/** A statement that tells requests by other things is no attempt at denying these. */
function isAbout({ conditions }: Statement, { toldBy }: ForbiddenRequests): boolean {
  return conditions.length === 0 || conditions.some(({ key }) => toldBy.has(key.toLowerCase()));
}

function holesOfCondition(
  condition: Condition,
  statement: Statement,
  request: Request,
  forbidden: ForbiddenRequests,
): readonly Hole[] | undefined {
  const truth = evaluateCondition(condition, request, statement.hasVariables);
  if (truth === true || demandsPresent(condition, forbidden.present)) return [];
  if (truth === false) return undefined;
  const { operator, key, values } = condition;
  const opposite = oppositeOf(operator);
  if (opposite === undefined) {
    return [hole(`${operator} ${key}`, `it holds only where ${operator} ${key} ${values.join(", ")} does`)];
  }
  return values.flatMap((value): readonly Hole[] => {
    const detail = `${key} ${value}`;
    const among = forbidden.among({ ...condition, operator: opposite, values: [value] }, statement);
    return among === undefined
      ? [{ detail, whom: undefined, because: `${operator} ${detail} lets somebody off` }]
      : among.map((whom) => ({ detail, whom, because: undefined }));
  });
}

function hole(detail: string, because: string): Hole {
  return { detail, whom: undefined, because };
}

/** `"Null": {"aws:SourceAccount": "false"}` */
function demandsPresent({ operator, key, values }: Condition, present: ReadonlySet<string>): boolean {
  return (
    operator === "Null" && present.has(key.toLowerCase()) && values.every((value) => value.toLowerCase() === "false")
  );
}

/** What holds exactly where a negated operator fails; undefined for every other operator. */
function oppositeOf(operator: string): string | undefined {
  const use = parseOperator(operator);
  if (use === undefined || !use.name.includes("Not")) return undefined;
  // Fails when all values of the request match: no operator says so.
  if (use.set === "ForAnyValue") return undefined;
  // IfExists lets nobody off more: a negated condition holds without the key anyway.
  return `${use.set === "ForAllValues" ? "ForAnyValue:" : ""}${use.name.replace("Not", "")}`;
}
