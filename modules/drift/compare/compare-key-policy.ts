import { type AccessChange, gainsFromOutside } from "../../access/access-change";
import { actionsText, managingActions, usingActions } from "../../access/key-actions";
import { type DenialChange, deniesLess, deniesMore, keyPolicyChanges } from "../../access/key-policy-change";
import type { Policy, Statement } from "../../access/policy-statement";
import { isSamePolicy } from "../../access/same-policy";
import { statementDetail } from "../../access/statement-detail";
import { uniqueNames } from "../../aws/name-order";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyPair } from "../match/match-keys";
import { keyPlace } from "./key-place";
import { deletedIn, readLivePolicy, withoutDeleted } from "./live-policy";

/**
 * What a key's policy in AWS means that the reviewed one does not, and the other way round: one drift for each statement
 * through which somebody gains or loses. A policy that AWS does not give is compared with nothing; where the reviewed one cannot
 * be read, it is unchecked.
 */
export function compareKeyPolicy({ reviewed, live, region }: KeyPair, context: DriftContext): Drift[] {
  const base = { place: keyPlace(reviewed, context), subject: { reviewedKey: reviewed, key: live } };
  const before = reviewed.policy;
  if ("unread" in live.policy) return [];
  if (before === undefined || !isUnderstood(before)) {
    const why =
      "a part of its reviewed policy is not understood, so that nobody can tell whether the one in AWS is the same";
    const whatToDo = "let orgkeys check tell which part, and synthesize the stack anew";
    return [{ ...base, id: "unchecked", detail: ["policy"], why, whatToDo }];
  }
  const place = { ...context, region };
  const after = readLivePolicy(live.policy.value, live.arn, "key");
  if (after === undefined) {
    const why = "its policy in AWS cannot be read, so that nobody can tell whom it lets in";
    const access = keyPolicyChanges(before, undefined, place);
    return [{ ...base, id: "policy-widened", severity: "critical", detail: ["policy"], why, access }];
  }
  if (isSameInOrder(before, after)) return [];
  const living = withoutDeleted(after);
  const changes = keyPolicyChanges(before, living, place);
  const gone = after.statements.flatMap((statement) => goneFrom(statement, after, before, changes));
  const explained = new Set(gone.flatMap(({ access }) => access));
  const told = new Set(changes.map(({ through }) => through));
  const untold = ({ through }: DenialChange): boolean =>
    !told.has(through) && !gone.some(({ detail }) => through.startsWith(`${detail}, `));
  const ofGrants = [
    ...deniesLess(before, living, place).filter(untold).map(allowedToGrants),
    ...deniesMore(before, living, place).filter(untold).map(deniedToGrants),
  ];
  const drifts = [
    ...byThrough(changes.filter(({ effect }) => effect === "gains")).map((access) => widened(access, context)),
    ...byThrough(changes.filter((change) => change.effect === "loses" && !explained.has(change))).map(narrowed),
    ...gone.map(principalDeleted),
    ...ofGrants,
  ];
  return (drifts.length > 0 ? drifts : [rewritten(before, after)]).map((drift) => ({ ...base, ...drift }));
}

type PolicyDrift = Omit<Drift, "place" | "subject">;
type Changes = readonly [AccessChange, ...AccessChange[]];

function isUnderstood({ understood, statements }: Policy): boolean {
  return understood && statements.every((statement) => statement.understood);
}

/** Whether nothing differs but what is only another way to write the same statement. */
function isSameInOrder(before: Policy, after: Policy): boolean {
  return (
    before.statements.length === after.statements.length &&
    before.statements.every((statement, index) =>
      isSamePolicy(
        { ...before, statements: [statement] },
        { ...after, statements: after.statements.slice(index, index + 1) },
      ),
    )
  );
}

function byThrough(changes: readonly AccessChange[]): Changes[] {
  return uniqueNames(changes.map(({ through }) => through)).flatMap((through) => {
    const [first, ...rest] = changes.filter((change) => change.through === through);
    return first === undefined ? [] : [[first, ...rest]];
  });
}

function widened(access: Changes, { zone }: DriftContext): PolicyDrift {
  const [{ through }] = access;
  const outside = uniqueNames(access.flatMap((change) => change.outside ?? []));
  const who = outside.length === 0 ? "" : `, and outside zone ${zone.name} is ${outside.join(" and ")}`;
  return {
    id: "policy-widened",
    ...(gainsFromOutside(access) ? { severity: "critical" as const } : {}),
    detail: [through],
    why: `by ${through}, ${deeds(access, "can", "do")} in AWS, and not by the reviewed policy${who}`,
    access,
  };
}

/** No Allow of the policy is behind it, and it stood above grants all the same. */
function allowedToGrants({ through, actions }: DenialChange): PolicyDrift {
  return {
    id: "policy-widened",
    detail: [through],
    why: `by ${through}, the policy in AWS no longer denies ${actionsText(actions)} as reviewed: it allows nobody more, and a grant may`,
  };
}

function deniedToGrants({ through, actions }: DenialChange): PolicyDrift {
  return {
    id: "policy-narrowed",
    detail: [through],
    why: `by ${through}, the policy in AWS denies ${actionsText(actions)}, and the reviewed one does not: whoever has that by a grant alone has it no more`,
  };
}

/** Somebody's work may stand still. */
const missed: ReadonlySet<string> = new Set([...usingActions, ...managingActions]);

function narrowed(access: Changes): PolicyDrift {
  const [{ through }] = access;
  const isMissed = access.some(({ actions }) => actions.some((action) => missed.has(action)));
  return {
    id: "policy-narrowed",
    ...(isMissed ? { severity: "high" as const } : {}),
    detail: [through],
    why: `by ${through}, ${deeds(access, "can no longer", "do")} in AWS, and can by the reviewed policy`,
    access,
  };
}

/** `arn:… can do Decrypt, account … can do Encrypt` */
function deeds(access: Changes, can: string, verb: string): string {
  const shown = access.slice(0, 3).map(({ who, actions }) => `${who} ${can} ${verb} ${actionsText(actions)}`);
  const more = access.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")}, and ${more} more likewise`;
}

/** Principals that AWS no longer finds in a statement. */
interface Gone {
  readonly detail: string;
  readonly ids: readonly string[];
  /** As the reviewed statement names them. */
  readonly names: readonly string[];
  /** What they lose by it. */
  readonly access: readonly AccessChange[];
}

function goneFrom(statement: Statement, after: Policy, before: Policy, changes: readonly AccessChange[]): Gone[] {
  const ids = deletedIn(statement);
  if (ids.length === 0) return [];
  const reviewed = before.statements.find(({ sid, effect }, index) =>
    effect !== statement.effect
      ? false
      : sid === undefined
        ? index === after.statements.indexOf(statement)
        : sid === statement.sid,
  );
  const left = new Set((statement.principal?.names ?? []).map(({ value }) => value));
  const missing = (reviewed?.principal?.names ?? []).map(({ value }) => value).filter((value) => !left.has(value));
  // Of more names that are missing nobody can tell which one was deleted.
  const names = missing.length <= ids.length ? missing : [];
  const through = reviewed === undefined ? "" : statementDetail(reviewed, before.statements);
  const access = changes.filter(
    (change) =>
      change.effect === "loses" &&
      names.includes(change.who) &&
      (change.through === through || change.through === `${through}, which is gone`),
  );
  return [{ detail: statementDetail(statement, after.statements), ids, names, access }];
}

function principalDeleted({ detail, ids, names, access }: Gone): PolicyDrift {
  const whom = names.length === 0 ? "" : `, as the reviewed policy has ${names.join(" and ")}`;
  return {
    id: "policy-principal-deleted",
    detail: [detail, ...ids],
    why: `${detail} names ${ids.join(" and ")}${whom}: AWS shows such an id for a principal that was deleted, and one of the same name made anew is not meant by it`,
    access,
  };
}

function rewritten(before: Policy, after: Policy): PolicyDrift {
  const isOrder = isSamePolicy(before, after);
  return {
    id: "policy-reordered",
    detail: ["policy"],
    why: isOrder
      ? "its statements in AWS stand in another order than the reviewed ones, and say the same"
      : "its policy in AWS is written in another way than the reviewed one, and lets everybody do the same",
  };
}
