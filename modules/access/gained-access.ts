import { grantOperations } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";
import { evaluateCondition } from "./condition/evaluate-condition";
import { excludeEachOther } from "./condition-cover";
import type { Condition, PatternElement, Policy, Statement } from "./policy-statement";
import { type KeyPolicyPlace, PolicySubjects, requestOf, type Subject } from "./policy-subjects";
import type { PrincipalBounds } from "./principal-bounds";
import { partsOf, type RegionalStatement, uncovered } from "./statement-cover";
import { pieceFor, type StatementPiece, uncoveredBy } from "./statement-piece";
import { type Meant, type Who, whoIsMeant } from "./who";
import { besidesWho, boundsOf, byWho, nameOf, shownActions } from "./who-gains";

/** Something that somebody can do by a key policy, and could not surely do by the one before. */
export interface Gain {
  /** The Allow that gives it, and whom of its principals. */
  readonly statement: Statement;
  readonly principal: Who;
  /** Who of them gains: an ARN, `account 310000000001`, a service's name, `anybody`. */
  readonly who: string;
  /** Where they can be. */
  readonly bounds: PrincipalBounds;
  /** In name order; patterns where no action is known that they mean. */
  readonly actions: readonly string[];
  /** What else has to hold, apart from what `who` says. */
  readonly conditions: readonly Condition[];
  /** The Deny of the former policy that kept it from them; undefined where no Allow gave it. */
  readonly lifted: Statement | undefined;
}

/**
 * Whoever may do by the policy afterwards what no statement before surely gave them: to the same principal, on the same
 * conditions or fewer, with no Deny that has gone since, or lets them off. Conditions that may hold count as ones that do.
 *
 * @param before undefined for a key that is not there yet, or a policy that cannot be read: it gave nothing
 */
export function gainedAccess(before: Policy | undefined, after: Policy, place: KeyPolicyPlace): Gain[] {
  const comparison = new Comparison(before, after, place);
  return after.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => whoIsMeant(statement.principal).flatMap((meant) => comparison.gainedBy(statement, meant)));
}

/** What a statement denies to whoever has a grant, and another policy does not surely deny as well. */
export interface LiftedDenial {
  readonly statement: Statement;
  /** Those that a grant can give, in name order. */
  readonly actions: readonly string[];
}

/**
 * What the policy afterwards does not surely deny any more of what a grant can give, whether an Allow is behind it or not: an
 * explicit Deny stands above grants, too.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function liftedDenials(before: Policy, after: Policy, place: KeyPolicyPlace): LiftedDenial[] {
  return new Comparison(before, after, place).liftedDenials();
}

const byGrant: ReadonlySet<string> = new Set(grantOperations.map((operation) => `kms:${operation}`));

class Comparison {
  readonly #policies: readonly Policy[];
  readonly #place: KeyPolicyPlace;
  readonly #allowsBefore: readonly Statement[];
  readonly #deniesBefore: readonly Statement[];
  readonly #deniesAfter: readonly Statement[];
  #knownSubjects: PolicySubjects | undefined;
  #knownLifted: boolean | undefined;
  readonly #alikes = new Map<readonly Statement[], Map<PatternElement, readonly RegionalStatement[]>>();
  readonly #pieces = new Map<Subject, Map<Statement, StatementPiece | undefined>>();

  constructor(before: Policy | undefined, after: Policy, place: KeyPolicyPlace) {
    this.#policies = [...(before === undefined ? [] : [before]), after];
    this.#place = place;
    const former = before?.statements ?? [];
    this.#allowsBefore = before?.understood === true ? former.filter(({ effect }) => effect === "Allow") : [];
    this.#deniesBefore = former.filter(({ effect }) => effect === "Deny");
    this.#deniesAfter = after.statements.filter(({ effect }) => effect === "Deny");
  }

  /** Most comparisons find every statement again, and ask for nobody. */
  get #subjects(): PolicySubjects {
    this.#knownSubjects ??= new PolicySubjects(this.#policies, this.#place);
    return this.#knownSubjects;
  }

  get #anyLifted(): boolean {
    this.#knownLifted ??= this.#deniesBefore.some((deny) => !this.#isCovered(deny, this.#deniesAfter));
    return this.#knownLifted;
  }

  gainedBy(statement: Statement, { who, element }: Meant): Gain[] {
    const reduced: Statement = { ...statement, principal: element };
    // Most statements of two policies are the same.
    if (!this.#anyLifted && this.#isCovered(reduced, this.#allowsBefore)) return [];
    const gained = this.#subjects.all.flatMap((subject): GainedPiece[] => {
      const piece = pieceFor(reduced, subject, this.#subjects, this.#place.region);
      // Of a name that may mean somebody else as well, its own subject tells.
      if (piece === undefined || (piece.means === "perhaps" && element?.negated === false)) return [];
      return this.#gainedPieces(piece);
    });
    return withoutRepeats(gained).flatMap(({ piece, lifted }) =>
      byWho(piece).map((single) => ({
        statement,
        principal: who,
        who: nameOf(single, who),
        bounds: boundsOf(single, this.#place.partition),
        actions: shownActions(single),
        conditions: besidesWho(single),
        lifted,
      })),
    );
  }

  liftedDenials(): LiftedDenial[] {
    return this.#deniesBefore.flatMap((deny) => {
      if (this.#isCovered(deny, this.#deniesAfter)) return [];
      const actions = this.#subjects.all.flatMap((subject) =>
        this.#piecesOf([deny], subject)
          .flatMap(byName)
          .flatMap((piece) => uncoveredBy(this.#piecesOf(this.#deniesAfter, subject), piece))
          .flatMap((piece) => piece.actions.filter((action) => byGrant.has(action))),
      );
      return actions.length === 0 ? [] : [{ statement: deny, actions: uniqueNames(actions) }];
    });
  }

  #isCovered(statement: Statement, wides: readonly Statement[]): boolean {
    const others = this.#alike(statement.action, wides);
    const narrow = this.#inPlace(statement);
    return partsOf(narrow).every(
      // Of actions that nobody knows here none would be left either way.
      (part) => part.actions.length > 0 && uncovered(part, narrow, others, () => false).length === 0,
    );
  }

  /** Asked for each principal of a statement. */
  #alike(action: PatternElement, wides: readonly Statement[]): readonly RegionalStatement[] {
    const byAction = this.#alikes.get(wides) ?? new Map<PatternElement, readonly RegionalStatement[]>();
    this.#alikes.set(wides, byAction);
    const alike =
      byAction.get(action) ??
      wides.filter((wide) => isSameElement(wide.action, action)).map((wide) => this.#inPlace(wide));
    byAction.set(action, alike);
    return alike;
  }

  #inPlace(statement: Statement): RegionalStatement {
    return { statement, region: this.#place.region, partition: this.#place.partition };
  }

  #gainedPieces(piece: StatementPiece): GainedPiece[] {
    const { subject } = piece;
    const alive = uncoveredBy(this.#piecesOf(this.#deniesAfter, subject), piece);
    return alive.flatMap((each) => {
      const added = uncoveredBy(this.#piecesOf(this.#allowsBefore, subject), each);
      const whole = added.filter(({ conditions }) => conditions === each.conditions).flatMap(({ actions }) => actions);
      const known = { ...each, actions: each.actions.filter((action) => !whole.includes(action)) };
      return [...added.map((gained) => ({ piece: gained, lifted: undefined })), ...this.#returned(known)];
    });
  }

  /** What a Deny before kept from a subject whom an Allow may have meant all the time. */
  #returned(piece: StatementPiece): GainedPiece[] {
    const deniesAfter = this.#piecesOf(this.#deniesAfter, piece.subject);
    return this.#piecesOf(this.#deniesBefore, piece.subject).flatMap((deny) => {
      const actions = piece.actions.filter((action) => deny.actions.includes(action));
      if (actions.length === 0 || !canMeet(deny, piece)) return [];
      const conditions = [...deny.conditions, ...comparable(piece, deny.statement)];
      const lifted = byName(deny).flatMap((each) =>
        uncoveredBy(deniesAfter, { ...each, actions, conditions }).flatMap((left) => left.actions),
      );
      if (lifted.length === 0) return [];
      return [
        { piece: { ...piece, actions: actions.filter((action) => lifted.includes(action)) }, lifted: deny.statement },
      ];
    });
  }

  #piecesOf(statements: readonly Statement[], subject: Subject): StatementPiece[] {
    const known = this.#pieces.get(subject) ?? new Map<Statement, StatementPiece | undefined>();
    this.#pieces.set(subject, known);
    return statements.flatMap((statement) => {
      if (!known.has(statement)) {
        known.set(statement, pieceFor(statement, subject, this.#subjects, this.#place.region));
      }
      return known.get(statement) ?? [];
    });
  }
}

function isSameElement(one: PatternElement, other: PatternElement): boolean {
  if (one === other) return true;
  return (
    one.negated === other.negated &&
    one.patterns.length === other.patterns.length &&
    one.patterns.every((pattern, index) => pattern === other.patterns[index])
  );
}

interface GainedPiece {
  readonly piece: StatementPiece;
  readonly lifted: Statement | undefined;
}

/** Of several names that perhaps mean somebody each is held for itself: the others may stand in another statement. */
function byName(piece: StatementPiece): StatementPiece[] {
  const { statement } = piece;
  if (piece.means !== "perhaps") return [piece];
  return whoIsMeant(statement.principal).map(({ element }) => ({
    ...piece,
    statement: { ...statement, principal: element },
  }));
}

function canMeet(deny: StatementPiece, allow: StatementPiece): boolean {
  return !deny.conditions.some((condition) =>
    allow.conditions.some((other) =>
      excludeEachOther(
        { condition, hasVariables: deny.statement.hasVariables },
        { condition: other, hasVariables: allow.statement.hasVariables },
      ),
    ),
  );
}

/** In policies of two versions a text with `${` says two things. */
function comparable({ statement, conditions }: StatementPiece, other: Statement): readonly Condition[] {
  if (statement.hasVariables === other.hasVariables) return conditions;
  return conditions.filter(({ values }) => !values.some((value) => value.includes("${")));
}

/** What somebody gains who is named beside everybody, or beside its account, and these gain as well, is told of them alone. */
function withoutRepeats(gained: readonly GainedPiece[]): GainedPiece[] {
  return gained.flatMap(({ piece, lifted }) => {
    const wider = gained.filter((other) => other.lifted === lifted && isMeantBy(piece, other.piece));
    const actions = piece.actions.filter((action) => !wider.some((other) => other.piece.actions.includes(action)));
    return actions.length === 0 ? [] : [{ piece: { ...piece, actions }, lifted }];
  });
}

function isMeantBy(one: StatementPiece, other: StatementPiece): boolean {
  const isWider =
    other.subject.kind === "others"
      ? one.subject.kind !== "others"
      : other.subject.kind === "account" &&
        one.subject.kind === "principal" &&
        one.subject.requester.accountId === other.subject.accountId;
  return (
    isWider &&
    other.conditions.every(
      (condition) =>
        one.conditions.some(
          ({ path, values }) => path === condition.path && values.join() === condition.values.join(),
        ) || evaluateCondition(condition, requestOf(one.subject), one.statement.hasVariables) === true,
    )
  );
}
