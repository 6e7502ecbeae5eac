import { parseRequester } from "../../modules/access/requester";
import { matchWildcards } from "../../modules/access/wildcard";
import { anyGrantee } from "../../modules/review/access/access-rows";
import type { ReviewChange, ReviewedAccess } from "../../modules/review/review";
import type { Json, Output } from "../checks/sample-output";
import {
  contextsOf,
  isAllowed,
  type SimulatedKey,
  type SimulatedRequest,
  simulatedIdentities,
  simulatedKeys,
} from "./access-oracle";

/** Of each row, asked of the oracle. */
const MOST_ACTIONS = 6;

/** Somebody of each account whom no policy names, and somebody of none. */
const strangers = ["100000000001", "210000000001", "310000000001", "999999999999"].map(
  (accountId) => `arn:aws:iam::${accountId}:role/nobody-names-it`,
);
export const usualActions = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:ScheduleKeyDeletion",
];

/** One request that is answered otherwise on one side than on the other. */
interface Shift extends SimulatedRequest {
  readonly effect: ReviewedAccess["effect"];
  readonly half: ReviewedAccess["half"];
  readonly key: SimulatedKey;
}

const simulated = new WeakMap<Output, ReturnType<typeof simulate>>();
function simulate(output: Output) {
  return { keys: simulatedKeys(output), identities: simulatedIdentities(output) };
}
function simulationOf(output: Output) {
  const known = simulated.get(output) ?? simulate(output);
  simulated.set(output, known);
  return known;
}

/** One request, with what it is asked of on each side. */
interface Question {
  readonly half: Shift["half"];
  readonly keys: readonly [SimulatedKey, SimulatedKey];
  readonly identities: readonly [readonly Json[], readonly Json[]];
  readonly request: SimulatedRequest;
}

/** Everybody whom the difference names, in every context that it speaks of. */
function questionsBetween(before: Output, after: Output, rows: readonly ReviewedAccess[]): Question[] {
  const [was, is] = [simulationOf(before), simulationOf(after)];
  const told = [...new Set(rows.flatMap(({ actions }) => actions.slice(0, MOST_ACTIONS)))];
  const ofKeys = [...is.keys].flatMap(([name, key]): Question[] => {
    const former = was.keys.get(name);
    const statements = former === undefined ? [] : differingStatements([former.policy], [key.policy]);
    if (former === undefined || statements.length === 0) return [];
    const around = speaking(statements, [former.policy, key.policy]);
    return requestsOf(around, callersOf(statements, key.accountId), told, statements).map((request) => ({
      half: "key",
      keys: [former, key],
      identities: [[], []],
      request,
    }));
  });
  const callers = [...new Set([...was.identities.keys(), ...is.identities.keys()])];
  const ofCallers = callers.flatMap((caller): Question[] => {
    const [had, has] = [was.identities.get(caller) ?? [], is.identities.get(caller) ?? []];
    const statements = differingStatements(had, has);
    if (statements.length === 0) return [];
    const requests = requestsOf(speaking(statements, [...had, ...has]), [caller], told, statements);
    return [...is.keys.values()].flatMap((key) =>
      requests.map((request): Question => ({ half: "identity", keys: [key, key], identities: [had, has], request })),
    );
  });
  return [...ofKeys, ...ofCallers];
}

/** What the oracle answers otherwise on one side than on the other; undefined for the same. */
function shiftOf({ half, keys: [keyBefore, keyAfter], identities, request }: Question): Shift | undefined {
  const could = isAllowed(half, keyBefore, identities[0], request);
  const can = isAllowed(half, keyAfter, identities[1], request);
  return could === can ? undefined : { ...request, half, key: keyAfter, effect: can ? "gains" : "loses" };
}

function shiftsOf(questions: readonly Question[]): Shift[] {
  return questions.flatMap((question) => shiftOf(question) ?? []);
}

function statementsOf(policies: readonly Json[]): Json[] {
  return policies.flatMap((policy) => [policy.Statement].flat());
}

function differingStatements(before: readonly Json[], after: readonly Json[]): Json[] {
  const [old, fresh] = [before, after].map(
    (policies) => new Set(statementsOf(policies).map((each) => JSON.stringify(each))),
  );
  const only = (one: Set<string> | undefined, other: Set<string> | undefined): string[] =>
    [...(one ?? [])].filter((each) => other?.has(each) !== true);
  return [...only(old, fresh), ...only(fresh, old)].map((each): Json => JSON.parse(each));
}

/** What a Deny takes away, some other statement gives, in contexts of its own. */
function speaking(statements: readonly Json[], policies: readonly Json[]): readonly Json[] {
  const isDeny = statements.some(({ Effect }) => Effect === "Deny");
  return isDeny ? [...statements, ...statementsOf(policies).filter(({ Effect }) => Effect === "Allow")] : statements;
}

function callersOf(statements: readonly Json[], owner: string): string[] {
  const names = statements.flatMap(({ Principal }) =>
    typeof Principal !== "object" ? [] : [Principal.AWS ?? [], Principal.Service ?? []].flat(),
  ) as string[];
  const conditions = (JSON.stringify(statements).match(/arn:aws:iam::\d{12}:(role|user)\/[\w/-]+/g) ?? []) as string[];
  const principals = [...names, ...conditions].filter((name) => {
    const requester = parseRequester(name);
    return requester !== undefined && requester.kind !== "root";
  });
  return [...new Set([...principals, ...strangers, `arn:aws:iam::${owner}:role/nobody-names-it`])];
}

/** @param around whose conditions the contexts fulfil, or fail */
function requestsOf(
  around: readonly Json[],
  callers: readonly string[],
  told: readonly string[],
  statements: readonly Json[],
): SimulatedRequest[] {
  const named = statements.flatMap(({ Action }) => [Action ?? []].flat() as string[]);
  const plain = named.filter((action) => /^kms:\w+$/.test(action)).slice(0, 4);
  // "The kms:RetireGrant permission is not effective in a key policy", which the oracle does not know.
  const actions = [...new Set([...usualActions, ...plain, ...told])].filter((name) =>
    /^kms:(?!RetireGrant$)\w+$/.test(name),
  );
  const contexts = contextsOf(around);
  return callers.flatMap((principal) =>
    actions.flatMap((action) => contexts.map((context) => ({ principal, action, context }))),
  );
}

function isAbout(row: ReviewedAccess, { half, key, principal, action, effect }: Shift): boolean {
  return (
    row.half === half &&
    row.effect === effect &&
    row.actions.some((each) => matchWildcards(each, action, { ignoreCase: true }) === true) &&
    isKey(row, key) &&
    isWho(row.who, principal)
  );
}

function isKey({ key: name, regions }: ReviewedAccess, { arn, aliases }: SimulatedKey): boolean {
  const region = arn.split(":")[3] ?? "";
  if (!name.startsWith("alias/")) return name.startsWith("everything but") || matchWildcards(name, arn) === true;
  return aliases.includes(name) && regions.includes(region);
}

function isWho(who: string, principal: string): boolean {
  if (who.startsWith("anybody") || who === anyGrantee || who === principal) return true;
  const requester = parseRequester(principal);
  if (requester === undefined || requester.kind === "service") return false;
  return who === `account ${requester.accountId}` || matchWildcards(who, principal) === true;
}

const shiftText = ({ effect, principal, action, half, key, context }: Shift): string =>
  `${principal} ${effect} ${action} on ${key.aliases[0]} by the ${half} half with ${JSON.stringify(context)}`;

export interface Compared {
  readonly shifts: readonly Shift[];
  /** What the oracle finds and the review does not tell. */
  readonly missed: readonly string[];
  /** What the review tells and the oracle does not find in any context. */
  readonly falseAlarms: readonly string[];
}

/** Holds what a review tells of access against what the oracle answers. */
export function compareWithOracle(before: Output, after: Output, changes: readonly ReviewChange[]): Compared {
  const rows = changes.flatMap(({ access }) => access);
  const shifts = shiftsOf(questionsBetween(before, after, rows));
  const isUnread = changes.some(({ id }) => id === "access-unreadable");
  return {
    shifts,
    missed: isUnread ? [] : shifts.filter((shift) => !rows.some((row) => isAbout(row, shift))).map(shiftText),
    // Grants that services make are in no stack.
    falseAlarms: rows
      .filter(({ who }) => who !== anyGrantee)
      .flatMap((row) =>
        row.actions
          .slice(0, MOST_ACTIONS)
          .filter((action) => action !== "kms:RetireGrant" && /^kms:\w+$/.test(action))
          .filter((action) => !shifts.some((shift) => isAbout({ ...row, actions: [action] }, shift)))
          .map((action) => `${row.who} ${row.effect} ${action} on ${row.key} through ${row.through}`),
      ),
  };
}

/** A large map has more questions than a test has time. */
const MOST_SAMPLED = 100;
const MOST_ROWS = 4;
const MOST_TRIES = 150;

export interface Sampled {
  /** What the oracle finds and the review does not tell. */
  readonly missed: readonly string[];
  /** How many of the rows the oracle was asked about, and of how many it says the same in some context. */
  readonly asked: number;
  readonly confirmed: number;
}

/** The same by a sample of the questions. */
export function sampleWithOracle(before: Output, after: Output, changes: readonly ReviewChange[]): Sampled {
  const rows = changes.flatMap(({ access }) => access);
  const questions = questionsBetween(before, after, rows);
  const missed = spread(questions, MOST_SAMPLED)
    .flatMap((question) => shiftOf(question) ?? [])
    .filter((shift) => !rows.some((row) => isAbout(row, shift)));
  // "The kms:RetireGrant permission is not effective in a key policy", and grants are one here.
  const tellable = rows.filter(({ who, actions }) => who !== anyGrantee && actions[0] !== "kms:RetireGrant");
  const answers = spread(tellable, MOST_ROWS).flatMap((row) => {
    const about = questions.filter(({ half, keys, request }) =>
      isAbout(row, { ...request, half, key: keys[1], effect: row.effect }),
    );
    // Keys that are on one side only have nothing to be held against.
    if (about.length === 0) return [];
    return spread(about, MOST_TRIES).some((question) => shiftOf(question)?.effect === row.effect);
  });
  return {
    missed: changes.some(({ id }) => id === "access-unreadable") ? [] : missed.map(shiftText),
    asked: answers.length,
    confirmed: answers.filter((isSame) => isSame).length,
  };
}

/** So many of them, from all over, and the same every time. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, at) => items[Math.floor(at * step)]).flatMap(
    (item) => (item === undefined ? [] : [item]),
  );
}
