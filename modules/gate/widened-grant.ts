import { fieldsOf, textsOf } from "../access/json-parts";
import { outsidersOf } from "../access/outsiders";
import { boundsOfPrincipal } from "../access/principal-bounds";
import { isFields } from "../access/stack-reading";
import type { ZoneBoundary } from "../access/zone-boundary";
import type { Danger } from "./gate-rule";
import type { GatedStack } from "./gated-stack";
import type { PlannedChange } from "./planned-change";

/** Grants are never changed, only made anew: one that says what the former said gives nobody anything. */
export function widenedGrant(change: PlannedChange, { zones }: GatedStack, zone: ZoneBoundary): Danger[] {
  const { address, before, after } = change;
  // What of it is known after the apply alone, `policy-unknown` says.
  if (change.isUnknown("grantee_principal") || change.isUnknown("operations")) return [];
  const ofKey = zoneOfKey(after.key_id, zone);
  const danger = (detail: string, why: string): Danger => ({ address, detail: [detail], why });
  if (ofKey === undefined) return [danger(String(after.key_id), `is a grant on a key outside zone ${zone.name}`)];
  const operations = textsOf(after.operations);
  const added = isOnSameTerms(before, after)
    ? operations.filter((operation) => !textsOf(before.operations).includes(operation))
    : operations;
  const outsiders = (principal: unknown) =>
    typeof principal === "string" && principal !== ""
      ? outsidersOf(boundsOfPrincipal(principal, zone.partition), zone, zones)
      : undefined;
  const grantee = outsiders(after.grantee_principal);
  const retiring =
    after.retiring_principal === before.retiring_principal ? undefined : outsiders(after.retiring_principal);
  const isHandedOn = added.includes("CreateGrant");
  return [
    ...(grantee === undefined || added.length === 0
      ? []
      : [
          danger(
            String(after.grantee_principal),
            `would let ${grantee.whom} do ${added.join(", ")} with a key of zone ${zone.name}${grantee.because}`,
          ),
        ]),
    ...(retiring === undefined
      ? []
      : [danger(String(after.retiring_principal), `would let ${retiring.whom} end the grant${retiring.because}`)]),
    ...(isHandedOn ? [danger("CreateGrant", "would let the grantee grant the key to anybody")] : []),
  ];
}

/** A key of the stack itself is named by its id, or not known yet. */
function zoneOfKey(key: unknown, zone: ZoneBoundary): ZoneBoundary | undefined {
  if (typeof key !== "string" || !key.startsWith("arn:")) return zone;
  const [, partition, , , accountId = ""] = key.split(":");
  return partition === zone.partition && zone.accounts.has(accountId) ? zone : undefined;
}

/** The same grantee on the same key, with no constraint less. */
function isOnSameTerms(before: PlannedChange["before"], after: PlannedChange["after"]): boolean {
  const former = constraintsOf(before);
  return (
    before.grantee_principal === after.grantee_principal &&
    before.key_id === after.key_id &&
    (former === "[]" || former === constraintsOf(after))
  );
}

function constraintsOf({ constraints }: PlannedChange["before"]): string {
  const blocks: readonly unknown[] = Array.isArray(constraints) ? constraints : [];
  return JSON.stringify(
    blocks.map((block) =>
      isFields(block)
        ? Object.entries(block)
            .filter(([, pairs]) => Object.keys(fieldsOf(pairs)).length > 0)
            .map(([name, pairs]) => [name, Object.entries(fieldsOf(pairs)).sort()])
            .sort()
        : block,
    ),
  );
}
