import { isAccountId } from "../aws/account-id";
import { concernsKeys } from "./kms-patterns";
import type { Condition, Statement } from "./policy-statement";
import { boundsOfStatement } from "./principal-bounds";
import { matchAction } from "./statement-match";
import { possible } from "./truth";
import type { ZoneBoundaries, ZoneBoundary } from "./zone-boundary";

/** Actions on keys, and leave to assume a role that may have some. */
export function leadsToKeys(action: Statement["action"]): boolean {
  return concernsKeys(action) || possible(matchAction(action, "sts:AssumeRole"));
}

/** What of a statement reaches, or may reach, beyond a zone. */
export function reachOutside(
  statement: Statement,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
): { readonly what: string; readonly why: string }[] {
  if (!statement.understood) return [{ what: "statement", why: "has a part that is not understood" }];
  if (isBoundByCondition(statement, zone, zones)) return [];
  const { negated, patterns } = statement.resource;
  if (negated) return [{ what: "NotResource", why: `reaches everything but ${patterns.join(", ")}, in any account` }];
  return [...new Set(patterns)].flatMap((pattern) => {
    const where = outsideOf(pattern, zone, zones);
    return where === undefined ? [] : [{ what: pattern, why: `reaches ${pattern}, which ${where}` }];
  });
}

/** @returns in words, where the resource lies when it may not be the zone's */
function outsideOf(pattern: string, zone: ZoneBoundary, zones: ZoneBoundaries): string | undefined {
  const [, partition, service = "", region = "", account = "", ...resource] = pattern.split(":");
  if (resource.length === 0) return "can be in any account";
  if (/^[a-z0-9-]+$/i.test(service) && !/^(kms|iam)$/i.test(service)) return undefined;
  if (partition !== zone.partition) return `is not of partition ${zone.partition}`;
  if (!isAccountId(account)) return "can be in any account";
  if (!zone.accounts.has(account)) return `is in ${zones.describe(account)}`;
  // Wider than one Region is `consumer-policy-breadth`'s question.
  const elsewhere = /^[a-z0-9-]+$/i.test(region) && !zone.regions.includes(region);
  return elsewhere ? `is in ${region}, where zone ${zone.name} has no keys` : undefined;
}

/** What bounds a principal by its account bounds a resource by its own: the same operators, values and paths. */
const asOfPrincipal: ReadonlyMap<string, string> = new Map([
  ["aws:resourceaccount", "aws:PrincipalAccount"],
  ["aws:resourceorgpaths", "aws:PrincipalOrgPaths"],
]);

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount */
function isBoundByCondition(statement: Statement, zone: ZoneBoundary, zones: ZoneBoundaries): boolean {
  const conditions = statement.conditions.flatMap((condition): Condition[] => {
    const key = asOfPrincipal.get(condition.key.toLowerCase());
    return key === undefined ? [] : [{ ...condition, key }];
  });
  const principal: Statement["principal"] = { negated: false, names: [{ type: "Any", value: "*" }] };
  return zones.outside(boundsOfStatement({ ...statement, principal, conditions }, zone.partition), zone).length === 0;
}
