import type { ChangePlace } from "../../access/access-change";
import { type HolderStep, holderSteps } from "../../access/holder-changes";
import type { Condition, Policy, Statement } from "../../access/policy-statement";
import { statementDetail } from "../../access/statement-detail";
import { isAccountId } from "../../aws/account-id";
import { groupedBy } from "../../aws/grouped-by";
import { type KeyBehindAlias, parseKeyBehindAlias } from "../../aws/key-behind-alias";
import { uniqueNames } from "../../aws/name-order";
import type { ReviewedAccess } from "../review";
import type { ReviewContext } from "../review-context";
import { type AccessRow, lineOf, nameIn } from "./access-rows";
import { joinConditions, splitStatements } from "./split-statements";
import { conditionWords, someOf, whomWords } from "./words";

/** A row, and the keys that it is about. */
export interface ConsumerRow extends AccessRow {
  /** Without those that a policy names by no alias. */
  readonly keys: readonly Omit<KeyBehindAlias, "partition">[];
}

/**
 * What each holder gains and loses from one consumer policy to another, by key.
 *
 * @param before undefined for one that is not there, or cannot be read: it gave nothing
 * @param holders ARNs, or whatever names them
 */
export function consumerRows(
  before: Policy | undefined,
  after: Policy | undefined,
  holders: readonly string[],
  place: ChangePlace,
  context: ReviewContext,
): ConsumerRow[] {
  const [old, fresh] = [before, after].map((policy) => (policy === undefined ? undefined : splitStatements(policy)));
  const wholeOf = (piece: Statement): Statement => old?.wholes.get(piece) ?? fresh?.wholes.get(piece) ?? piece;
  const steps = holderSteps(old?.policy, fresh?.policy, place);
  const ways = steps.flatMap((step) => {
    const whole = wholeOf(step.statement);
    return step.resource.negated
      ? [{ step, whole, pattern: `everything but ${step.resource.patterns.join(", ")}` }]
      : step.resource.patterns.map((pattern) => ({ step, whole, pattern }));
  });
  const groups = groupedBy(ways, ({ step: { effect, actions, statement }, whole: { path, sid }, pattern }) =>
    JSON.stringify([effect, path, sid, pattern, statement.conditions.find(namesAlias)?.values[0], actions]),
  );
  const rows = [...groups.values()].flatMap((group): ConsumerRow[] => {
    const [first] = group;
    const { step, whole, pattern } = first;
    const through = throughText(step, whole, before, after);
    const about = keyOf(step.statement, pattern);
    const zone = about.accountId === undefined ? undefined : context.zones.ofAccount(about.accountId)?.name;
    const isHead = (step.statement.effect === "Allow") === (step.effect === "gains");
    const outside = uniqueNames(group.flatMap((way) => way.step.outside ?? []));
    return joinConditions(group.map((way) => way.step.statement.conditions)).flatMap((joined) => {
      const others = joined.filter((condition) => about.alias === undefined || !namesAlias(condition));
      const conditions = conditionWords(others, about.region ?? "", nameIn(context));
      return holders.map((who) => ({
        row: {
          effect: step.effect,
          who,
          actions: step.actions,
          through,
          outside: outside.length === 0 ? undefined : someOf(outside),
          whom: whomWords(who, nameIn(context)),
          key: about.alias ?? pattern,
          zone,
          regions: about.region === undefined ? [] : [about.region],
          half: "identity" as const,
          until: undefined,
          conditions,
        },
        lines: [lineOf(isHead ? "head" : "base", whole)],
        keys: aliasKeys(about),
      }));
    });
  });
  return overRegions(rows);
}

/** A key with replicas has a statement for each Region. */
function overRegions(rows: readonly ConsumerRow[]): ConsumerRow[] {
  const merged = new Map<string, ConsumerRow>();
  for (const each of rows) {
    const { regions, through, outside, ...same } = each.row;
    const name = JSON.stringify([same, outside === undefined]);
    const known = merged.get(name);
    if (known === undefined) {
      merged.set(name, each);
      continue;
    }
    const ways = known.row.through.split(" and ").includes(through)
      ? known.row.through
      : `${known.row.through} and ${through}`;
    const row: ReviewedAccess = {
      ...known.row,
      regions: uniqueNames([...known.row.regions, ...regions]),
      through: ways,
    };
    merged.set(name, { row, lines: [...known.lines, ...each.lines], keys: [...known.keys, ...each.keys] });
  }
  return [...merged.values()];
}

function throughText(
  { effect }: HolderStep,
  whole: Statement,
  before: Policy | undefined,
  after: Policy | undefined,
): string {
  const [own, other] = [before, after].some((policy) => policy?.statements.includes(whole))
    ? before?.statements.includes(whole) === true
      ? [before, after]
      : [after, before]
    : [after, before];
  const detail = statementDetail(whole, own?.statements ?? []);
  const isLeft = (other?.statements ?? []).some(
    ({ sid, effect: kind }) => kind === whole.effect && sid !== undefined && sid === whole.sid,
  );
  if (whole.effect === "Allow")
    return effect === "gains" || isLeft || other === undefined ? detail : `${detail}, which is gone`;
  if (effect === "gains") return `${detail}, which ${isLeft ? "denies less" : "is gone"}`;
  return `${detail}, which ${isLeft ? "denies more" : "is new"}`;
}

function namesAlias({ operator, key, values }: Condition): boolean {
  return (
    operator === "ForAnyValue:StringEquals" &&
    key.toLowerCase() === "kms:resourcealiases" &&
    values.length === 1 &&
    !values.some((value) => value.includes("${"))
  );
}

interface MeantKey {
  readonly accountId?: string;
  readonly region?: string;
  readonly alias?: string;
}

/** The key that a statement means by its alias, or what is known of those behind a pattern. */
function keyOf({ conditions }: Statement, pattern: string): MeantKey {
  const lookup = parseKeyBehindAlias(pattern);
  if (lookup !== undefined) return lookup;
  const [, , service, region = "", accountId = ""] = pattern.split(":");
  if (service !== "kms") return {};
  const alias = conditions.find(namesAlias)?.values[0];
  return {
    ...(isAccountId(accountId) ? { accountId } : {}),
    ...(/^[a-z0-9-]+$/.test(region) ? { region } : {}),
    ...(alias === undefined ? {} : { alias }),
  };
}

function aliasKeys({ accountId, region, alias }: MeantKey): Omit<KeyBehindAlias, "partition">[] {
  return accountId === undefined || region === undefined || alias === undefined ? [] : [{ accountId, region, alias }];
}
