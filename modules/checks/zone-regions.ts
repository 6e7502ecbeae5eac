import { evaluateCondition } from "../access/condition/evaluate-condition";
import type { Statement } from "../access/policy-statement";
import { parseRequester, type Requester } from "../access/requester";
import { statementDetail } from "../access/statement-detail";
import { matchStatement } from "../access/statement-match";
import { all, possible } from "../access/truth";
import { requesterOf, type Who, whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import type { ZoneBoundary } from "../access/zone-boundary";
import { iamPrincipalArn } from "../aws/arn";
import { regionNames } from "../aws/partition";
import { argumentPlace, booleanArgument, textArgument } from "./evidence/key-argument";
import { keyStoreOf, storeArgument } from "./evidence/key-store";
import { zoneOfStack } from "./evidence/stack-zone";
import { requestOf } from "./evidence/statement-reach";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * Where key material is, and where anybody may bring it. The account root counts: what a key policy hands to IAM is allowed
 * to whomever IAM allows it. Both operations always name the Region they lead to.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html and
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html
 */
export const check: Check = {
  id: "zone-regions",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every key and replica is in one of its zone's Regions, its material in AWS KMS or one of the zone's key stores, and nobody may bring one into any other Region.",
  reason: "Residency holds for the key as it does for the data: a replica elsewhere decrypts everything there.",
  fix: "keep to the zone's Regions; bind kms:ReplicateKey by StringEquals kms:ReplicaRegion, and kms:UpdatePrimaryRegion by kms:PrimaryRegion",
  inKey: (key, output) => [...elsewhere(key), ...ownStore(key), ...mayLeave(key, output)],
  inStack: (stack, { zones }) => {
    const zone = zoneOfStack(stack, zones)?.zone;
    // Without a zone it is `zone-rollouts`' finding.
    if (zone === undefined) return [];
    const rollouts = [
      ...stack.stackSets,
      ...stack.directStacks.map(({ region, ...direct }) => ({ ...direct, regions: [region] })),
    ];
    return rollouts.flatMap(({ address, document, path, regions }) =>
      [...new Set(regions)]
        .filter((region) => !zone.regions.includes(region))
        .map((region) => ({
          stack,
          address,
          detail: [`Region ${region}`],
          why: `goes to ${region}, and ${regionsOf(zone)}`,
          place: { document, path },
        })),
    );
  },
};

function elsewhere({ entry: { stack, key }, zone }: CheckedKey): Violation[] {
  if (zone.regions.includes(key.region)) return [];
  const place = { document: key.document, path: `${key.path}/provider` };
  const why = `is in ${key.region}, and ${regionsOf(zone)}`;
  return [{ stack, address: key.address, detail: [`Region ${key.region}`], why, place }];
}

/**
 * The material of such a key is wherever the store is, which no Region says: the map answers for that, store by store. A key
 * outside of AWS is the store's.
 */
function ownStore({ entry: { stack, key, accountId }, zone }: CheckedKey): Violation[] {
  const violation = (name: string, why: string): Violation[] => [
    { stack, address: key.address, detail: [name], why, place: argumentPlace(key, name), fix: `take ${name} out` },
  ];
  const store = keyStoreOf(key);
  if (store.is === "unset") {
    if (textArgument(key, "xks_key_id").is === "unset") return [];
    return violation("xks_key_id", "has a key outside of AWS behind it, and no key store through which it is reached");
  }
  const shown = store.is === "set" ? store.value : "one that cannot be read";
  const known = zone.keyStores.some(
    (each) =>
      store.is === "set" && each.store === store.value && each.accountId === accountId && each.region === key.region,
  );
  if (known) return [];
  return violation(
    storeArgument,
    `keeps its material in custom key store ${shown}, which the map does not give zone ${zone.name} in this account and ${key.region}: nobody can tell here where that is`,
  );
}

const moves = [
  { action: "kms:ReplicateKey", region: "kms:ReplicaRegion", what: "replicate the key to" },
  { action: "kms:UpdatePrimaryRegion", region: "kms:PrimaryRegion", what: "move the primary key to" },
] as const;
type Move = (typeof moves)[number];

function mayLeave(key: CheckedKey, output: CheckedOutput): Violation[] {
  const { entry, zone } = key;
  // "You cannot convert existing single-Region keys": replication of such a key always fails.
  if (entry.key.kind === "key" && isSingleRegion(key)) return [];
  const statements = entry.key.policy?.statements ?? [];
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => {
      const actions = actionsOf(statement.action);
      return moves
        .filter(({ action, region }) => actions.includes(action) && !isBound(statement, region, zone))
        .flatMap((move) =>
          whoIsMeant(statement.principal).flatMap(({ who }): Violation[] => {
            const regions = regionsInReach(statement, move, who, key, output);
            if (regions === undefined) return [];
            return [
              {
                stack: entry.stack,
                address: entry.key.address,
                detail: [statementDetail(statement, statements), whoName(who), move.action],
                why: `lets ${whoName(who)} ${move.what} ${regions}, and ${regionsOf(zone)}`,
                place: statement,
              },
            ];
          }),
        );
    });
}

function isSingleRegion({ entry }: CheckedKey): boolean {
  const multiRegion = booleanArgument(entry.key, "multi_region");
  return multiRegion.is === "unset" || (multiRegion.is === "set" && !multiRegion.value);
}

/** The usual form, told without looking at every Region. */
function isBound({ conditions }: Statement, conditionKey: string, zone: ZoneBoundary): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      operator === "StringEquals" &&
      key.toLowerCase() === conditionKey.toLowerCase() &&
      values.length > 0 &&
      values.every((value) => zone.regions.includes(value)),
  );
}

/** A Region that AWS may open tomorrow. */
const newRegion = "xx-new-1";

/**
 * @returns in words, the Regions outside the zone that a statement lets somebody choose and no Deny of the policy surely
 * keeps them from; undefined when there is none
 */
function regionsInReach(
  statement: Statement,
  move: Move,
  who: Who,
  { entry, zone }: CheckedKey,
  { index }: CheckedOutput,
): string | undefined {
  const denies = entry.key.policy?.statements.filter(({ effect }) => effect === "Deny") ?? [];
  const found = regionsOutside(statement, move, zone).filter((region) =>
    requestersMeant(who, zone, entry.accountId).some(({ requester, known }) => {
      const request = requestOf(requester, entry, index, move.action, { ...known, [move.region]: [region] });
      const conditions = statement.conditions.map((each) => evaluateCondition(each, request, statement.hasVariables));
      return possible(all(conditions)) && !denies.some((deny) => matchStatement(deny, request).applies === true);
    }),
  );
  if (found.length === 0) return undefined;
  if (found.includes(newRegion)) return "any Region";
  return found.length > 3 ? `${found.slice(0, 3).join(", ")} and ${found.length - 3} more Regions` : found.join(", ");
}

/** Every Region that is not the zone's, and one more for each wildcard: what it matches beside those there are today. */
function regionsOutside({ conditions }: Statement, { region: conditionKey }: Move, zone: ZoneBoundary): string[] {
  const named = conditions
    .filter(({ key }) => key.toLowerCase() === conditionKey.toLowerCase())
    .flatMap(({ values }) => values.map((value) => value.toLowerCase().replaceAll(/[*?]/g, "x")));
  const regions = new Set([...regionNames(zone.partition), ...named, newRegion]);
  return [...regions].filter((region) => !zone.regions.includes(region));
}

type Meant = { readonly requester: Requester; readonly known: Readonly<Record<string, "unknown">> };

/** Where a name means many, somebody of whom nothing is known but where they are. */
function requestersMeant(who: Who, zone: ZoneBoundary, accountId: string): Meant[] {
  const single = requesterOf(who);
  if (single !== undefined) return [{ requester: single, known: {} }];
  const account = who.kind === "account" ? who.accountId : accountId;
  const names = [iamPrincipalArn(zone.partition, account, "role/anybody")];
  if (who.kind !== "account") names.push("anything.amazonaws.com");
  return names.flatMap((name) => {
    const requester = parseRequester(name);
    return requester === undefined ? [] : [{ requester, known: anybody }];
  });
}

const anybody = {
  "aws:PrincipalArn": "unknown",
  "aws:PrincipalServiceName": "unknown",
  "aws:PrincipalType": "unknown",
  "aws:username": "unknown",
} as const;

function regionsOf({ name, regions }: ZoneBoundary): string {
  return `zone ${name} has ${regions.join(", ")}`;
}
