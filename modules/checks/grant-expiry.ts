import { metadataOfKey } from "../access/stack-metadata";
import { isCalendarDay } from "../findings/calendar-day";
import { mapKeyName } from "./evidence/map-keys";
import type { Check, DataClassRules, Violation } from "./frame/check";

/** A key whose data class is not known is held to everything that a data class can ask for. */
export const check: Check = {
  id: "grant-expiry",
  kind: "hygiene",
  severity: "high",
  requirement: "Every grant has an end where the key's data class asks for one, and no grant is there past its end.",
  reason: "Grants never expire in AWS: what nobody takes away in time is access for ever, and no policy shows it.",
  fix: "add expires to the grant in the map and synthesize again",
  inKey: (key, { today }) =>
    key.entry.key.grants.flatMap((grant) => {
      const { stack, key: resource } = key.entry;
      const flaw = flawOf(metadataOfKey(stack, resource)?.grants.get(grant.id), key.dataClass, today);
      if (flaw === undefined) return [];
      return [{ stack, address: `aws_kms_grant.${grant.id}`, place: grant, ...flaw }];
    }),
  inStack: (stack, { dataClasses, userGrants, today }) =>
    stack.userGrants.flatMap((grant) => {
      const mapped = userGrants.get(mapKeyName(stack.accountId, grant.id));
      const { expires } = stack.metadata.userGrants.get(grant.id) ?? {};
      const flaw = flawOf(expires, dataClasses.get(mapped?.dataClass ?? ""), today);
      if (flaw === undefined) return [];
      return [{ stack, address: `aws_kms_grant.${grant.id}`, place: grant, ...flaw }];
    }),
};

type Flaw = Pick<Violation, "detail" | "why" | "fix">;

/** The day stands in the stack's metadata alone: a grant that these do not know has none. */
function flawOf(
  expires: string | undefined,
  dataClass: DataClassRules | undefined,
  today: string | undefined,
): Flaw | undefined {
  if (expires === undefined) {
    if (dataClass === undefined) {
      const why = "never ends, and nobody knows whether it may: the key's data class is none of the map";
      return { detail: ["without an end"], why };
    }
    if (!dataClass.grantsNeedExpiry) return undefined;
    return { detail: ["without an end"], why: `never ends, and data class ${dataClass.name} asks for a last day` };
  }
  if (!isCalendarDay(expires)) {
    return { detail: ["without an end"], why: `ends on ${JSON.stringify(expires)}, which is no day of the calendar` };
  }
  if (today === undefined || today < expires) return undefined;
  return {
    detail: ["past its end"],
    why: `ended on ${expires}, and is still there`,
    fix: `synthesize with --today ${today} and apply, which revokes it, or set a later day in the map`,
  };
}
