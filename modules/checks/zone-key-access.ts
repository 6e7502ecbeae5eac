import { actionsAmong, actionsText, usingActions } from "../access/key-actions";
import { outsidersOf } from "../access/outsiders";
import type { Statement } from "../access/policy-statement";
import { boundsOfStatement } from "../access/principal-bounds";
import { statementDetail } from "../access/statement-detail";
import { whoIsMeant, whoName } from "../access/who";
import { actionsOf } from "../access/who-can";
import type { Check, CheckedKey, CheckedOutput, Violation } from "./frame/check";

/**
 * The heart of the zone proof: every Allow of every key policy, whoever it names and however it names them. It is judged by
 * its principals and conditions alone. Actions that AWS does not know yet count, and so do those that another account
 * cannot use today; a Deny takes nothing away, since the next edit may.
 *
 * A policy that is missing or cannot be read is `readable`'s finding.
 */
export const check: Check = {
  id: "zone-key-access",
  kind: "proof",
  severity: "critical",
  requirement: "No statement of a key policy lets anybody outside the key's zone do anything with the key.",
  reason: "A zone is an independent key domain: one principal from elsewhere ends that for all data under the key.",
  fix: "take the principal out of the statement, or bound it with a condition to the zone's accounts or OUs",
  inKey: (key, output) =>
    (key.entry.key.policy?.statements ?? [])
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) => strangers(statement, key, output)),
};

function strangers(statement: Statement, { entry, zone }: CheckedKey, { zones }: CheckedOutput): Violation[] {
  const statements = entry.key.policy?.statements ?? [];
  return whoIsMeant(statement.principal).flatMap(({ who, element }): Violation[] => {
    const bounds = boundsOfStatement({ ...statement, principal: element }, entry.partition);
    const outsiders = outsidersOf(bounds, zone, zones);
    if (outsiders === undefined) return [];
    return [
      {
        stack: entry.stack,
        address: entry.key.address,
        detail: [statementDetail(statement, statements), whoName(who)],
        why: `lets ${outsiders.whom} do ${whatIsAllowed(statement)} with a key of zone ${zone.name}${outsiders.because}`,
        place: statement,
      },
    ];
  });
}

function whatIsAllowed({ action }: Statement): string {
  const known = actionsOf(action);
  if (known.length === 0) return action.patterns.join(", ");
  const used = actionsAmong(known, usingActions);
  const others = known.filter((each) => !used.includes(each));
  // The use has a part of its own: it is what a reader has to see of a long list.
  return [used, others].flatMap((actions) => (actions.length === 0 ? [] : [actionsText(actions)])).join(", and ");
}
