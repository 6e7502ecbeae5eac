import { isSameIdentity } from "../access/identity-tags";
import type { KeyName } from "../aws/key-name";
import type { KeySituation } from "../drift/plan-recovery";
import type { ReviewedKey } from "../drift/reviewed/reviewed-key";
import type { LiveKey } from "../live/live-account";
import type { KeyRecovery } from "../live/recover-key";
import type { LetGoKey } from "./find-reviewed-key";

/** A key of AWS, and what was reviewed of it. */
export type Located = Pick<KeySituation, "live" | "reviewed" | "letGo">;

/**
 * The key in AWS that a reviewed one is: the one that its primary's id, or its alias, leads to, as long as it has the same tags and
 * description; else the only one that has them.
 *
 * @param related id of the multi-Region key whose replica it is
 * @throws the SDK's error, and one of our own where several keys could be meant
 */
export async function locateReviewed(
  aws: KeyRecovery,
  reviewed: ReviewedKey,
  related: string | undefined,
): Promise<Located> {
  const letGo = undefined;
  if (related !== undefined) return { reviewed, letGo, live: await aws.read(related) };
  const [alias] = reviewed.aliases;
  const named = alias === undefined ? undefined : await aws.read(alias.name);
  if (named !== undefined && isSame(reviewed, named)) return { reviewed, letGo, live: named };
  const found = await aws.find({
    description: reviewed.description,
    isSame: (tags) => isSameIdentity(reviewed.tags, tags),
  });
  const [only, ...others] = found;
  if (others.length > 0) {
    throw new Error(`${reviewed.address} can be each of ${found.join(", ")}: name one by its id, with --region`);
  }
  if (only !== undefined) return { reviewed, letGo, live: await aws.read(only) };
  // Tags that were edited, or cannot be read, leave the alias and the description; with none of them it is another key.
  return { reviewed, letGo, live: named?.description === reviewed.description ? named : undefined };
}

/** A key that is named by itself, and the reviewed one that it is: by its tags and description, or by its alias. */
export async function locateNamed(
  aws: KeyRecovery,
  name: Exclude<KeyName, { kind: "address" }>,
  region: string,
  keys: readonly ReviewedKey[],
  letGo: readonly LetGoKey[],
): Promise<Located> {
  const live = await aws.read(name.kind === "id" ? name.id : name.alias);
  if (live === undefined) return { live, reviewed: undefined, letGo: undefined };
  const here = keys.filter((key) => key.region === region);
  const aliases = await aws.aliasesOf(live.keyId);
  const hasAlias = (key: ReviewedKey): boolean => key.aliases.some((alias) => aliases.includes(alias.name));
  const same = here.filter((key) => isSame(key, live));
  const found = same.length > 1 ? same.filter(hasAlias) : same.length === 1 ? same : here.filter(hasAlias);
  if (found.length > 1) {
    throw new Error(
      `${live.keyId} can be each of ${found.map(({ address }) => address).join(", ")}: orgkeys drift tells`,
    );
  }
  const ended = letGo.find((key) => key.region === region && key.aliases.some((alias) => aliases.includes(alias)));
  return { live, reviewed: found[0], letGo: found.length === 0 ? ended?.step : undefined };
}

/** Where the reviewed aliases lead. */
export async function aliasesIn(aws: KeyRecovery, { reviewed }: Located): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name } of reviewed?.aliases ?? []) {
    const keyId = await aws.keyBehind(name);
    if (keyId !== undefined) found.set(name, keyId);
  }
  return found;
}

function isSame(reviewed: ReviewedKey, { description, tags }: LiveKey): boolean {
  return description === reviewed.description && "value" in tags && isSameIdentity(reviewed.tags, tags.value);
}
