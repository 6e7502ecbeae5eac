import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyPair } from "../match/match-keys";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { keyPlace } from "./key-place";

/**
 * What a key is for its whole life: one that is otherwise is another key, whatever it carries, and what was encrypted under the
 * reviewed one is not under it.
 *
 * @param primary of a replica, where it was found
 */
export function compareKeyKind(pair: KeyPair, primary: KeyPair | undefined, context: DriftContext): Drift[] {
  const { reviewed, live } = pair;
  const differences: [string, string, string][] = [
    ["spec", live.spec, reviewed.spec ?? live.spec],
    ["usage", live.usage, reviewed.usage ?? live.usage],
    ["origin", live.origin, originOf(reviewed, live.origin)],
    ["multi-Region", yesOrNo(live.multiRegion !== undefined), yesOrNo(reviewed.multiRegion)],
    ["key store", live.keyStoreId ?? "none", storeIdOf(reviewed) ?? live.keyStoreId ?? "none"],
  ];
  const differing = differences.filter(([, is, was]) => is !== was);
  const isStranger = differing.length === 0 && primary !== undefined && primary.live.keyId !== live.keyId;
  if (isStranger) differing.push(["primary", "not the reviewed one", `key ${primary.live.keyId} in ${primary.region}`]);
  if (differing.length === 0) return [];
  const words = differing.map(([name, is, was]) => `${name} ${is} (reviewed ${was})`);
  return [
    {
      id: "key-different",
      place: keyPlace(reviewed, context),
      detail: differing.map(([name]) => name),
      why: `key ${live.keyId} is another kind of key for good: ${words.join(", ")}`,
      subject: { reviewedKey: reviewed, key: live },
    },
  ];
}

/** A custom key store's type is the store's: of its keys either will do. */
function originOf({ imported, keyStore }: ReviewedKey, found: string): string {
  if (imported) return "EXTERNAL";
  if (keyStore === undefined) return "AWS_KMS";
  return found === "EXTERNAL_KEY_STORE" ? found : "AWS_CLOUDHSM";
}

/** Undefined for the address of a store, which only the store's own comparison can find. */
function storeIdOf({ keyStore }: ReviewedKey): string | undefined {
  return keyStore?.startsWith("cks-") === true ? keyStore : undefined;
}

function yesOrNo(is: boolean): string {
  return is ? "yes" : "no";
}
