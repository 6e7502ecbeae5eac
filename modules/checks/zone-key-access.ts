import type { Access } from "../access/who-can";
import type { Check } from "./check";
import { throughDetail, throughPlace, whoName } from "./through";

/** The heart of the zone proof: every Allow of every key policy, whoever it names and however it names them. */
export const check: Check = {
  id: "zone-key-access",
  kind: "proof",
  severity: "critical",
  requirement: "No statement of a key policy lets anybody outside the key's zone do anything with the key.",
  reason: "A zone is an independent key domain: one principal from elsewhere ends that for all data under the key.",
  fix: "take the principal out of the statement, or bound it with a condition to the zone's accounts or OUs",
  inKey: ({ entry, zone, access }, { zones }) =>
    access.access
      .filter(({ through }) => through.kind === "key-policy")
      .flatMap((row) =>
        zones.outside(row.bounds, zone).map((outside) => ({
          stack: entry.stack,
          address: entry.key.address,
          detail: [...throughDetail(row), whoName(row.who)],
          why: `lets ${outside} do ${actionsText(row)} with a key of zone ${zone.name}`,
          place: throughPlace(row),
        })),
      ),
};

function actionsText({ actions }: Access): string {
  const [first = "", second, ...more] = actions.map((action) => action.replace("kms:", ""));
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
}
