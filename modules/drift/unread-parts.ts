import { uniqueNames } from "../aws/name-order";
import type { LiveKey, LiveRegion, Reading, Unread, UnreadKey } from "../live/live-account";
import type { LiveParts } from "./compare-account";
import type { Drift } from "./drift";
import type { DriftContext } from "./drift-context";
import type { UnreadPart } from "./drift-report";
import { placeIn } from "./place-in";

/** One answer of AWS KMS that did not come. */
interface Gap extends Unread {
  readonly region: string;
  /** `aliases`, `grants of key` */
  readonly kind: string;
  /** Undefined for a list of the Region. */
  readonly keyId: string | undefined;
}

/** How many keys are named. */
const MOST_NAMES = 3;

/** What could not be read of AWS KMS: what keys and Regions have with one cause is said once, for all of them. */
export function unreadInRegions(regions: readonly LiveRegion[]): UnreadPart[] {
  const gaps = regions.flatMap(({ region, keys, aliases, keyStores }) =>
    [
      ...gapOf("keys", undefined, keys),
      ...("unread" in keys ? [] : keys.value.flatMap(gapsOfKey)),
      ...gapOf("aliases", undefined, aliases),
      ...(keyStores === undefined ? [] : gapOf("custom key stores", undefined, keyStores)),
    ].map((gap): Gap => ({ region, ...gap })),
  );
  const alike = new Map<string, [Gap, ...Gap[]]>();
  for (const gap of gaps) {
    // AWS's words name the key that each of them is about, and the request.
    const words = [gap.keyId ?? gap.region, gap.region]
      .reduce((text, name) => text.replaceAll(name, ""), gap.unread)
      .replaceAll(/RequestI[dD]: [^\s,)]*/g, "");
    const cause = JSON.stringify([gap.kind, words, gap.whatToDo]);
    const others = alike.get(cause);
    if (others === undefined) alike.set(cause, [gap]);
    else others.push(gap);
  }
  return [...alike.values()].map((same) => {
    const [{ kind, unread, whatToDo }] = same;
    const what = whatOf(kind, uniqueNames(same.flatMap(({ keyId }) => keyId ?? [])));
    const [region, ...others] = uniqueNames(same.map((gap) => gap.region));
    return others.length === 0
      ? { what, region, unread, whatToDo }
      : { what: `${what} in ${[region, ...others].join(", ")}`, region: undefined, unread, whatToDo };
  });
}

function gapsOfKey(key: LiveKey | UnreadKey): Omit<Gap, "region">[] {
  if ("unread" in key) return gapOf("key", key.keyId, key);
  const { keyId, policy, rotation, tags, grants } = key;
  return [
    ...gapOf("policy of key", keyId, policy),
    ...gapOf("rotation of key", keyId, rotation),
    ...gapOf("tags of key", keyId, tags),
    ...gapOf("grants of key", keyId, grants),
  ];
}

function gapOf(kind: string, keyId: string | undefined, reading: Reading<unknown>): Omit<Gap, "region">[] {
  if (!("unread" in reading)) return [];
  const { unread, whatToDo } = reading;
  return [{ kind, keyId, unread, whatToDo }];
}

/** `aliases`, `grants of key 1234…`, `grants of 12 keys: …, …, … and 9 more` */
function whatOf(kind: string, names: readonly string[]): string {
  if (names.length < 2) return [kind, ...names].join(" ");
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `${kind.replace(/key$/, `${names.length} keys`)}: ${names.slice(0, MOST_NAMES).join(", ")}${more}`;
}

/** Whether AWS told nothing at all of what was asked: then the account is unread, for the first of the reasons. */
export function isWhollyUnread({ kms, identityPolicies, guardrails, templates, instances }: LiveParts): boolean {
  const readings = [
    ...(kms?.regions ?? []).flatMap(({ keys, aliases, keyStores }) => [keys, aliases, keyStores]),
    ...[identityPolicies, guardrails, instances, ...templates.values()],
  ].filter((reading) => reading !== undefined);
  return readings.length > 0 && readings.every((reading) => "unread" in reading);
}

/** What nobody has checked, as drift: it is never taken for clean. */
export function uncheckedDrift(
  { what, region, unread, whatToDo }: UnreadPart,
  context: DriftContext,
  stack?: string,
): Drift {
  const place = placeIn(context, { stack, address: undefined, region }, what);
  return { id: "unchecked", place, detail: [], why: `could not be read: ${unread}`, whatToDo };
}

/** The other way round: what a comparison itself told. */
export function unreadPartOf({ place, detail, why, whatToDo }: Drift): UnreadPart {
  const what = [place.resource, ...detail].join(", ");
  return { what, region: place.region, unread: why, whatToDo: whatToDo ?? "" };
}
