import { groupedBy } from "../aws/grouped-by";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { type AccessChange, type ChangePlace, outsideWords } from "./access-change";
import { type Gain, gainedAccess, liftedDenials } from "./gained-access";
import type { Policy, Statement } from "./policy-statement";
import type { KeyPolicyPlace } from "./policy-subjects";
import { type PrincipalBounds, union } from "./principal-bounds";
import { statementDetail } from "./statement-detail";

/**
 * Who gains and who loses what from one key policy to another.
 *
 * @param before undefined where there was none, or none that can be read: it gave nothing
 * @param after undefined where it cannot be read: anybody may gain everything
 */
export function keyPolicyChanges(
  before: Policy | undefined,
  after: Policy | undefined,
  place: ChangePlace,
): AccessChange[] {
  if (after?.understood !== true) {
    const bounds: PrincipalBounds = {
      accounts: new Set(),
      organizationPaths: new Set(),
      unbounded: ["nobody can read whom the policy lets in"],
    };
    const outside = outsideWords(bounds, place);
    return [{ effect: "gains", who: "anybody", actions: ["kms:*"], through: "policy", outside }];
  }
  const steps = keyPolicySteps(before, after, place);
  return (["gains", "loses"] as const).flatMap((effect) =>
    changesOf(
      steps.filter((step) => step.effect === effect),
      place,
    ),
  );
}

/** One gain or loss from one key policy to another, with all that is known of it. */
export interface KeyPolicyStep {
  readonly effect: AccessChange["effect"];
  /** Of who loses, what they would gain were it the other way round. */
  readonly gain: Gain;
  /** `statement UsePaymentsApi`, `statement DenyOutside, which is gone` */
  readonly through: string;
}

/** @param before undefined where there was none, or none that can be read: it gave nothing, and nobody loses */
export function keyPolicySteps(before: Policy | undefined, after: Policy, place: KeyPolicyPlace): KeyPolicyStep[] {
  const known = before?.understood === true ? before : undefined;
  const lost = known === undefined ? [] : gainedAccess(after, known, place);
  return [
    ...gainedAccess(before, after, place).map(
      (gain): KeyPolicyStep => ({ effect: "gains", gain, through: gainedThrough(gain, before, after) }),
    ),
    ...lost.map((gain): KeyPolicyStep => ({ effect: "loses", gain, through: lostThrough(gain, known, after) })),
  ];
}

/** A Deny that is gone or new, or denies something else. */
export interface DenialChange {
  /** `statement TestReadsNoProductionData, which is gone` */
  readonly through: string;
  /** `kms:Decrypt`, in name order. */
  readonly actions: readonly string[];
}

/** What of a grant a policy no longer surely denies, whether it allows it to anybody itself or not. */
export function deniesLess(before: Policy, after: Policy, place: ChangePlace): DenialChange[] {
  return liftedDenials(before, after, place).map(({ statement, actions }) => {
    const how = hasSame(statement, after.statements) ? "denies less" : "is gone";
    return { through: `${statementDetail(statement, before.statements)}, which ${how}`, actions };
  });
}

/** The other way round: what it denies, and did not before. */
export function deniesMore(before: Policy, after: Policy, place: ChangePlace): DenialChange[] {
  return liftedDenials(after, before, place).map(({ statement, actions }) => {
    const how = hasSame(statement, before.statements) ? "denies more" : "is new";
    return { through: `${statementDetail(statement, after.statements)}, which ${how}`, actions };
  });
}

function gainedThrough({ statement, lifted }: Gain, before: Policy | undefined, after: Policy): string {
  if (lifted === undefined) return statementDetail(statement, after.statements);
  const isLeft = hasSame(lifted, after.statements);
  return `${statementDetail(lifted, before?.statements ?? [])}, which ${isLeft ? "denies less" : "is gone"}`;
}

/** Who loses would gain, were it the other way round. */
function lostThrough({ statement, lifted }: Gain, before: Policy | undefined, after: Policy): string {
  const former = before?.statements ?? [];
  if (lifted === undefined) {
    const isLeft = hasSame(statement, after.statements);
    return `${statementDetail(statement, former)}${isLeft ? "" : ", which is gone"}`;
  }
  return `${statementDetail(lifted, after.statements)}, which ${hasSame(lifted, former) ? "denies more" : "is new"}`;
}

/** Whether the statement is still there, whatever it says. */
function hasSame({ sid, effect, action }: Statement, among: readonly Statement[]): boolean {
  return among.some(
    (other) =>
      other.effect === effect &&
      other.sid === sid &&
      (sid !== undefined || JSON.stringify(other.action) === JSON.stringify(action)),
  );
}

function changesOf(steps: readonly KeyPolicyStep[], place: ChangePlace): AccessChange[] {
  const groups = groupedBy(steps, ({ gain, through }) => JSON.stringify([gain.who, through]));
  return [...groups.values()]
    .map((group): AccessChange => {
      const [{ effect, through, gain: first }] = group;
      const actions = uniqueNames(group.flatMap(({ gain }) => gain.actions));
      const outside = outsideWords(union(group.map(({ gain }) => gain.bounds)), place);
      return { effect, who: first.who, actions, through, outside };
    })
    .sort((a, b) => nameOrder(a.who, b.who) || nameOrder(a.through, b.through));
}
