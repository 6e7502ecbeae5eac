import { type AccessChange, type ChangePlace, outsideWords } from "../../access/access-change";
import type { Gain } from "../../access/gained-access";
import { grantChanges } from "../../access/grant-change";
import type { Grant } from "../../access/grant-match";
import {
  type DenialChange,
  deniesLess,
  deniesMore,
  type KeyPolicyStep,
  keyPolicySteps,
} from "../../access/key-policy-change";
import type { Policy, Statement } from "../../access/policy-statement";
import { union } from "../../access/principal-bounds";
import { groupedBy } from "../../aws/grouped-by";
import { uniqueNames } from "../../aws/name-order";
import type { JsonPlace, ReviewedAccess } from "../review";
import { accountName, type ReviewContext } from "../review-context";
import { conditionWords, constraintWords, type NameOfAccount, whomWords } from "./words";

/** The key that rows are about. */
export interface RowKey {
  /** `alias/payments-prod` */
  readonly key: string;
  readonly region: string;
  readonly zone: string | undefined;
}

/** A row, and the statements or the grant behind it. */
export interface AccessRow {
  readonly row: ReviewedAccess;
  readonly lines: readonly JsonPlace[];
  /** What the statements of a key policy give. @default none of them stands behind it */
  readonly gains?: readonly Gain[];
}

export function nameIn(context: ReviewContext): NameOfAccount {
  return (accountId) => accountName(accountId, context);
}

/** Who gains and loses what by a key policy, one row for each way and its conditions. */
export function policyRows(
  before: Policy | undefined,
  after: Policy,
  key: RowKey,
  place: ChangePlace,
  context: ReviewContext,
): AccessRow[] {
  const steps = keyPolicySteps(before, after, place);
  const wordsOf = ({ gain }: KeyPolicyStep) => conditionWords(gain.conditions, key.region, nameIn(context));
  const groups = groupedBy(steps, (step) => JSON.stringify([step.effect, step.gain.who, step.through, wordsOf(step)]));
  const byStatement = [...groups.values()].flatMap((group): AccessRow[] => {
    const [first] = group;
    const change: AccessChange = {
      effect: first.effect,
      who: first.gain.who,
      actions: uniqueNames(group.flatMap(({ gain }) => gain.actions)),
      through: first.through,
      outside: outsideWords(union(group.map(({ gain }) => gain.bounds)), place),
    };
    const [giving, taking] = first.effect === "gains" ? (["head", "base"] as const) : (["base", "head"] as const);
    const lines = group.flatMap(({ gain: { statement, lifted } }) => [
      lineOf(giving, statement),
      ...(lifted === undefined ? [] : [lineOf(taking, lifted)]),
    ]);
    return [
      {
        row: keyRow(change, key, wordsOf(first), undefined, context),
        lines,
        gains: group.map(({ gain }) => gain),
      },
    ];
  });
  return [...byStatement, ...(before === undefined ? [] : denialRows(before, after, key, place, context))];
}

/** A Deny stands above grants as well, of which a stack has only some: services make theirs themselves. */
function denialRows(
  before: Policy,
  after: Policy,
  key: RowKey,
  place: ChangePlace,
  context: ReviewContext,
): AccessRow[] {
  const row = (effect: AccessChange["effect"], { through, actions }: DenialChange): AccessRow => ({
    row: {
      ...keyRow({ effect, who: anyGrantee, actions, through, outside: undefined }, key, [], undefined, context),
      whom: anyGrantee,
    },
    lines: [],
  });
  return [
    ...deniesLess(before, after, place).map((denial) => row("gains", denial)),
    ...deniesMore(before, after, place).map((denial) => row("loses", denial)),
  ];
}

export const anyGrantee = "whoever has a grant on it";

/** Who gains and loses what from one grant to another; one of them is there. */
export function grantRows(
  before: Grant | undefined,
  after: Grant | undefined,
  { key, name, until }: { readonly key: RowKey; readonly name: string; readonly until: string | undefined },
  place: ChangePlace,
  context: ReviewContext,
): AccessRow[] {
  return grantChanges(before, after, place).map((change) => {
    const [side, grant] = change.effect === "gains" ? (["head", after] as const) : (["base", before] as const);
    const isEnd = change.actions.join() === "kms:RetireGrant" && change.who !== grant?.grantee;
    const conditions = grant === undefined || isEnd ? [] : constraintWords(grant);
    const named = { ...change, through: `grant ${name}` };
    return {
      row: keyRow(named, key, conditions, until, context),
      lines: grant === undefined ? [] : [lineOf(side, grant)],
    };
  });
}

/** `payments-batch` of a grant whose id begins with that of its key. */
export function grantName({ id, name }: Grant, keyAddress: string | undefined): string {
  const keyId = keyAddress?.slice(keyAddress.indexOf(".") + 1);
  if (keyId !== undefined && id.startsWith(`${keyId}_`)) return id.slice(keyId.length + 1);
  return name === "" ? id : name;
}

export function keyRow(
  change: AccessChange,
  { key, region, zone }: RowKey,
  conditions: readonly string[],
  until: string | undefined,
  context: ReviewContext,
): ReviewedAccess {
  const whom = whomWords(change.who, nameIn(context));
  return { ...change, whom, key, zone, regions: [region], half: "key", until, conditions };
}

export function lineOf(side: JsonPlace["side"], { document, path }: Pick<Statement, "document" | "path">): JsonPlace {
  return { side, stack: document, path };
}
