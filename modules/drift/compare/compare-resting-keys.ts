import { waitsForDeletion } from "../../aws/key-state";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches, RestingPair } from "../match/match-keys";
import { placeIn } from "../place-in";
import { pendingDeletion } from "./compare-key-state";
import { accessOfKey } from "./live-access";
import { outsidersText } from "./outsiders-text";

/**
 * Keys that Terraform let go of are expected as they are, with three exceptions: those on record as scheduled for deletion, or gone, that
 * wait for no deletion, because somebody cancelled it, or nobody ever scheduled it; those that were handed over, to be used, and that AWS
 * is to delete; and those that let somebody from outside the zone in, which nobody would have reviewed.
 */
export function compareRestingKeys({ resting }: KeyMatches, context: DriftContext): Drift[] {
  return resting.flatMap((pair) => [...stepDrift(pair, context), ...outsiderDrift(pair, context)]);
}

function stepDrift({ resting: key, live }: RestingPair, context: DriftContext): Drift[] {
  const place = placeOf(key, context);
  const isGoing = waitsForDeletion(live.state);
  if (isGoing !== (key.step === "handed-over")) return [];
  if (isGoing) {
    return [
      {
        id: "key-pending-deletion",
        place,
        detail: [`on record as ${key.step}`],
        why: `${pendingDeletion(live, context)}; the map has it as handed over${sinceText(key)}, not as ended`,
        subject: { key: live },
        whatToDo: `ask whoever took it over before ${live.deletedAt ?? "its last replica is gone"}; unless they mean it, cancel the deletion as an administrator or the break-glass role, and enable it then`,
      },
    ];
  }
  return [
    {
      id: "key-enabled",
      place,
      detail: [`on record as ${key.step}`],
      why: `key ${live.keyId} is on record as ${key.step}${sinceText(key)}, and in AWS it is ${live.state} and waits for no deletion`,
      subject: { key: live },
      whatToDo:
        "schedule its deletion as the break-glass role, or take it over again with adopt (docs/lifecycle.md#cancel)",
    },
  ];
}

function outsiderDrift({ resting: key, live, region }: RestingPair, context: DriftContext): Drift[] {
  const access = accessOfKey(live, region, context).filter(({ outside }) => outside !== undefined);
  if (access.length === 0) return [];
  const later = waitsForDeletion(live.state) ? ", as soon as its deletion is cancelled" : "";
  return [
    {
      id: "key-unmanaged",
      place: placeOf(key, context),
      detail: [`key ${live.keyId}`],
      why: `is on record as ${key.step}${sinceText(key)}, so that no reviewed JSON says who may use it${outsidersText(access)}${later}`,
      severity: "critical",
      access,
      subject: { key: live },
      whatToDo:
        "find out who let them in and whether the alias leads to the key that was let go of; then take them out of its policy or revoke their grant, or let somebody answer for it until a day in config/drift.yaml",
    },
  ];
}

function placeOf(key: RestingPair["resting"], context: DriftContext): Drift["place"] {
  return placeIn(context, key, key.aliases[0] ?? key.address);
}

function sinceText({ since }: RestingPair["resting"]): string {
  return since === undefined ? "" : ` since ${since}`;
}
