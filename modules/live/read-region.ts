import type { AliasListEntry } from "@aws-sdk/client-kms";
import { nameOrder } from "../aws/name-order";
import { atMost } from "./at-most";
import type { KmsCalls } from "./kms-calls";
import { kmsReading } from "./kms-unread";
import type { LiveAlias, LiveKey, LiveRegion, Reading, UnreadKey } from "./live-account";
import { liveKeyStores } from "./live-key-stores";
import { type KeyPlace, readKey } from "./read-key";
import { known } from "./reading-of";

/**
 * Keys at once. AWS answers 100 ListGrants a second to an account in a Region, and its own roles need some of them.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
 */
const AT_ONCE = 4;

/**
 * Only AWS gives such names, and only to keys that it manages: nobody has to look at those.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
 */
const ofAws = "alias/aws/";

/** @param asksKeyStores whether key stores are read, also where no key is in one */
export async function readRegion(calls: KmsCalls, place: KeyPlace, asksKeyStores: boolean): Promise<LiveRegion> {
  const [listed, ids] = await Promise.all([
    kmsReading("kms:ListAliases", async () => (await calls.aliases()).map(liveAlias)),
    kmsReading("kms:ListKeys", () => calls.keyIds()),
  ]);
  const aliases = "unread" in listed ? [] : listed.value;
  const managed = new Set(aliases.filter(({ name }) => name.startsWith(ofAws)).map(({ keyId }) => keyId));
  const keys: Reading<readonly (LiveKey | UnreadKey)[]> =
    "unread" in ids
      ? ids
      : {
          value: await readKeys(
            calls,
            place,
            [...ids.value].filter((id) => !managed.has(id)),
          ),
        };
  const isInStore = "value" in keys && keys.value.some((key) => "arn" in key && key.keyStoreId !== undefined);
  return {
    region: place.region,
    keys,
    aliases: "unread" in listed ? listed : { value: ownAliases(aliases) },
    keyStores:
      asksKeyStores || isInStore
        ? await kmsReading("kms:DescribeCustomKeyStores", async () => liveKeyStores(await calls.keyStores()))
        : undefined,
  };
}

/** In order of their ids. */
async function readKeys(
  calls: KmsCalls,
  place: KeyPlace,
  ids: readonly string[],
): Promise<readonly (LiveKey | UnreadKey)[]> {
  const keys = await atMost(AT_ONCE, [...ids].sort(nameOrder), (id) => readKey(calls, id, place));
  return keys.filter((key) => key !== undefined);
}

function liveAlias({ AliasName, TargetKeyId }: AliasListEntry): LiveAlias {
  return { name: known(AliasName, "an alias without its name"), keyId: TargetKeyId };
}

/** In order of their names, each once. */
function ownAliases(aliases: readonly LiveAlias[]): readonly LiveAlias[] {
  const own = aliases.filter(({ name }) => !name.startsWith(ofAws));
  return [...new Map(own.map((alias) => [alias.name, alias])).values()].sort((a, b) => nameOrder(a.name, b.name));
}
