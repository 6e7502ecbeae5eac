import { keyGeneration } from "../../aws/key-generation";
import type { LiveKey } from "../../live/live-account";
import type { RestingKey } from "../reviewed/resting-key";

/**
 * Whether a key behind one of its aliases can be one that Terraform has let go of. Whose it was handed over to may have changed all that it
 * carries; any other carries what it did, but for its zone, whose name nobody can change in the tags of a key that waits for its deletion.
 * What was made later is another one, whoever has its alias.
 */
export function isStillResting({ step, zone, since }: RestingKey, { tags, state, createdAt }: LiveKey): boolean {
  if (since !== undefined && createdAt.slice(0, 10) > since) return false;
  if (step === "handed-over" || "unread" in tags) return true;
  return tags.value.ManagedBy === "orgkeys" && (state.startsWith("Pending") || tags.value.Zone === zone);
}

/**
 * Whether a key without any of its aliases is one that Terraform has let go of. The block that lets go of it has neither tags nor
 * description; but both are made of what it does have: zone, data class, and the names in its identity.
 *
 * A rename leaves other names in the identity. Such a key is then unmanaged, which somebody reads; the other way round nobody would.
 */
export function isLikeResting({ identity, zone, dataClass }: RestingKey, { tags, description }: LiveKey): boolean {
  if (!("value" in tags) || zone === undefined || dataClass === undefined) return false;
  const { ManagedBy, Zone, DataClass } = tags.value;
  if (ManagedBy !== "orgkeys" || Zone !== zone || DataClass !== dataClass) return false;
  const colon = description.indexOf(":");
  const words = description.slice(0, Math.max(colon, 0)).split(" ");
  const number = Number(/^\d+$/.exec(words.at(-1) ?? "")?.[0] ?? 1);
  const names = partsOf(identity, dataClass);
  return number === keyGeneration(identity) && names.every((name) => words.includes(name));
}

/** `payments`, `prod` of `payments_prod_2`; the description of `shared_confidential_dev` begins with `Shared dev`. */
function partsOf(identity: string, dataClass: string): string[] {
  return identity
    .replace(/_\d+$/, "")
    .replace(`shared_${dataClass}_`, "Shared_")
    .split("_")
    .filter((part) => part !== "");
}
