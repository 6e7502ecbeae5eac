import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareKeys } from "../../modules/drift/compare/compare-keys";
import type { Drift } from "../../modules/drift/drift";
import { type KeyMatches, matchKeys } from "../../modules/drift/match/match-keys";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { DriftId } from "../../modules/findings/drift-ids";
import type { LiveKey, LiveRegion } from "../../modules/live/live-account";
import { asReviewed, keyIdOf } from "./as-reviewed";
import {
  addKey,
  deleteKey,
  dropAlias,
  editAliases,
  editKeys,
  editRegion,
  type LiveEdit,
  pointAlias,
} from "./edit-live";
import { aKey, aReplica, keyContext } from "./key-context";

const regions = ["us-east-1", "us-west-2", "eu-west-1"] as const;
const names = ["books", "claims", "ledger", "payments", "signing"] as const;

/** Keys of every make: some with replicas, some disabled, some alike but for their names. */
const reviewedKeys: fc.Arbitrary<readonly ReviewedKey[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      region: fc.constantFrom(...regions),
      multiRegion: fc.boolean(),
      replicas: fc.subarray([...regions]),
      enabled: fc.boolean(),
      aliases: fc.integer({ min: 1, max: 3 }),
      tagged: fc.boolean(),
      rotation: fc.constantFrom(undefined, { enabled: true, periodDays: undefined }, { enabled: true, periodDays: 90 }),
    }),
    { minLength: 1, maxLength: 5, selector: ({ name }) => name },
  )
  .map((keys) =>
    keys.flatMap(({ name, region, replicas, aliases, tagged, ...made }) => {
      const plain = aKey(name, region, made);
      const key = {
        ...plain,
        tags: tagged ? plain.tags : {},
        aliases: Array.from({ length: aliases }, (_, index) => ({
          name: `alias/${name}${index === 0 ? "" : index}`,
          address: `aws_kms_alias.${name}${index}_${region}`,
        })),
      };
      const inRegions = made.multiRegion ? replicas.filter((each) => each !== region) : [];
      return [key, ...inRegions.map((each) => aReplica(key, each))];
    }),
  );

/** The same in any order. */
function shuffled(live: readonly LiveRegion[], order: readonly number[]): LiveRegion[] {
  let next = 0;
  const mixed = <Value>(list: readonly Value[]): Value[] =>
    list
      .map((value) => ({ value, at: order[next++ % order.length] ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  return mixed(live).map((each) => ({
    ...each,
    keys: "value" in each.keys ? { value: mixed(each.keys.value) } : each.keys,
    aliases: "value" in each.aliases ? { value: mixed(each.aliases.value) } : each.aliases,
  }));
}

const anOrder = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 60 });

function drifts(reviewed: readonly ReviewedKey[], live: readonly LiveRegion[]): Drift[] {
  return compareKeys(reviewed, live, matchKeys(reviewed, live, []), keyContext);
}

/** One thing done to one key in AWS, and what that is. Undefined where it cannot be done to that key. */
type Mutation = (key: ReviewedKey, all: readonly ReviewedKey[]) => readonly [LiveEdit, DriftId] | undefined;

function change(key: ReviewedKey, all: readonly ReviewedKey[], edit: (live: LiveKey) => Partial<LiveKey>): LiveEdit {
  return editKeys(key.region, (live) => [live.keyId === keyIdOf(key, all) ? { ...live, ...edit(live) } : live]);
}

const nameOf = ({ description }: ReviewedKey): string => description.split(" ")[0] ?? "";
const hasReplicas = (key: ReviewedKey, all: readonly ReviewedKey[]): boolean =>
  all.some(({ primary }) => primary === key.address);

const mutations: Readonly<Record<string, Mutation>> = {
  "toggle the state": (key, all) => [
    change(key, all, () => ({ state: key.enabled ? "Disabled" : "Enabled" })),
    key.enabled ? "key-disabled" : "key-enabled",
  ],
  "schedule deletion": (key, all) => [
    change(key, all, () => ({ state: "PendingDeletion", deletedAt: "2027-02-20T00:00:00.000Z" })),
    "key-pending-deletion",
  ],
  "turn rotation off": (key, all) =>
    key.rotation === undefined
      ? undefined
      : [change(key, all, () => ({ rotation: { value: { enabled: false, periodDays: undefined } } })), "rotation-off"],
  "change the period": (key, all) =>
    key.rotation === undefined
      ? undefined
      : [change(key, all, () => ({ rotation: { value: { enabled: true, periodDays: 700 } } })), "rotation-period"],
  "add a tag": (key, all) => [
    change(key, all, () => ({ tags: { value: { ...key.tags, Cost: "7" } } })),
    "tags-changed",
  ],
  "change a tag": (key, all) =>
    key.tags.Workload === undefined
      ? undefined
      : [change(key, all, () => ({ tags: { value: { ...key.tags, Workload: "other" } } })), "tags-changed"],
  "remove all tags": (key, all) =>
    key.tags.Workload === undefined ? undefined : [change(key, all, () => ({ tags: { value: {} } })), "tags-changed"],
  "change the description": (key, all) =>
    // Without tags, the description is all that tells it from a stranger behind its alias.
    key.tags.Workload === undefined && key.kind === "key"
      ? undefined
      : [change(key, all, () => ({ description: "Mine" })), "description-changed"],
  "change the spec": (key, all) =>
    key.spec === undefined ? undefined : [change(key, all, () => ({ spec: "HMAC_256" })), "key-different"],
  "drop an alias": (key) => {
    const last = key.aliases.at(-1)?.name ?? "";
    // Of a key without tags one alias is all that it is known by.
    if (key.tags.Workload === undefined && key.aliases.length === 1 && key.kind === "key") return undefined;
    return [dropAlias(key.region, last), "alias-missing"];
  },
  "let an alias lead nowhere": (key) => {
    if (key.tags.Workload === undefined && key.aliases.length === 1 && key.kind === "key") return undefined;
    return [pointAlias(key.region, key.aliases.at(-1)?.name ?? "", undefined), "alias-moved"];
  },
  "add an alias": (key, all) => [pointAlias(key.region, "alias/mine", keyIdOf(key, all)), "alias-unmanaged"],
  "delete it": (key, all) =>
    key.kind === "key" && hasReplicas(key, all)
      ? undefined
      : [deleteKey(key.region, nameOf(key)), key.kind === "key" ? "key-missing" : "replica-missing"],
  "replicate it where the zone has no Region": (key, all) =>
    key.kind !== "key" || !key.multiRegion
      ? undefined
      : [
          (live) => {
            const found = live.flatMap(({ keys }) => ("value" in keys ? keys.value : []));
            const own = found.find(({ keyId }) => keyId === keyIdOf(key, all));
            return own === undefined || "unread" in own ? [...live] : addKey("ap-south-1", own)(live);
          },
          "replica-forbidden-region",
        ],
};

describe("keys that are in AWS as they were reviewed", () => {
  test("are no drift, in whatever order they are listed", () => {
    fc.assert(
      fc.property(reviewedKeys, anOrder, anOrder, (reviewed, one, other) => {
        const live = shuffled(asReviewed(reviewed), one);
        const mixed = shuffled(
          [{ region: "x", keys: { value: [] }, aliases: { value: [] }, keyStores: undefined }],
          other,
        );
        expect(drifts([...reviewed].reverse(), [...live, ...mixed])).toEqual([]);
        expect(matchKeys(reviewed, live, []).pairs).toHaveLength(reviewed.length);
      }),
      { numRuns: 200 },
    );
  });

  test("are one drift after one change, of its kind and at its place", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        reviewedKeys,
        fc.constantFrom(...Object.keys(mutations)),
        fc.nat(),
        anOrder,
        (reviewed, mutation, index, order) => {
          const key = reviewed[index % reviewed.length];
          const mutated = key === undefined ? undefined : mutations[mutation]?.(key, reviewed);
          fc.pre(key !== undefined && mutated !== undefined);
          if (key === undefined || mutated === undefined) return;
          const [edit, id] = mutated;
          const found = drifts(reviewed, shuffled(edit(asReviewed(reviewed, { regions: ["ap-south-1"] })), order));
          expect(found.map((each) => each.id)).toEqual([id]);
          expect(found[0]?.place.region).toBe(id === "replica-forbidden-region" ? "ap-south-1" : key.region);
          seen.add(mutation);
        },
      ),
      { numRuns: 500 },
    );
    expect([...seen].sort()).toEqual(Object.keys(mutations).sort());
  });
});

/** Anything that people may do to keys, one thing after another. */
const anyEdits = fc.array(
  fc.tuple(
    fc.constantFrom("tags", "description", "alias to another", "alias gone", "copy", "unread", "delete", "other id"),
    fc.constantFrom(...regions),
    fc.nat(),
    fc.nat(),
  ),
  { maxLength: 8 },
);

function edited(
  live: readonly LiveRegion[],
  edits: readonly (readonly [string, string, number, number])[],
): LiveRegion[] {
  return edits.reduce<LiveRegion[]>(
    (now, [what, region, first, second]) => {
      const here = now.find((each) => each.region === region);
      const ids = here !== undefined && "value" in here.keys ? here.keys.value.map(({ keyId }) => keyId) : [];
      const [one, other] = [ids[first % ids.length], ids[second % ids.length]];
      const to = (edit: (key: LiveKey) => readonly (LiveKey | { keyId: string; unread: string; whatToDo: string })[]) =>
        editKeys(region, (key) => (key.keyId === one ? edit(key) : [key]))(now);
      switch (what) {
        case "tags":
          return to((key) => [{ ...key, tags: { value: {} } }]);
        case "description":
          return to((key) => [{ ...key, description: "Mine" }]);
        case "copy":
          return to((key) => [key, { ...key, keyId: `${key.keyId}-${first}-${second}` }]);
        case "unread":
          return to(({ keyId }) => [{ keyId, unread: "AccessDenied", whatToDo: "" }]);
        case "delete":
          return to(() => []);
        case "other id":
          return to((key) => [{ ...key, keyId: `own-${first}-${second}` }]);
        case "alias gone":
          return editAliases(region, (aliases) => aliases.filter((_, index) => index !== first % aliases.length))(now);
        default:
          return editAliases(region, (aliases) =>
            aliases.map((alias, index) => (index === first % aliases.length ? { ...alias, keyId: other } : alias)),
          )(now);
      }
    },
    [...live],
  );
}

describe("matching", () => {
  test("is one to one, leaves nobody out, and hangs on no order, whatever was done", () => {
    fc.assert(
      fc.property(reviewedKeys, anyEdits, anOrder, fc.boolean(), (reviewed, edits, order, blind) => {
        const made = edited(asReviewed(reviewed, { regions }), edits);
        const denied = { unread: "AccessDenied", whatToDo: "" };
        const live = blind ? editRegion("us-west-2", (each) => ({ ...each, aliases: denied }))(made) : made;
        const matches = matchKeys(reviewed, live, []);
        const taken = matches.pairs.map((pair) => `${pair.region} ${pair.live.keyId}`);
        expect(new Set(taken).size).toBe(taken.length);
        expect(everyReviewed(matches)).toEqual(sorted(reviewed.map(named)));
        const there = live.flatMap(({ region, keys }) =>
          "value" in keys ? keys.value.flatMap((key) => ("unread" in key ? [] : [`${region} ${key.keyId}`])) : [],
        );
        const left = matches.unmanaged.map((key) => `${key.region} ${key.live.keyId}`);
        expect(sorted([...taken, ...left])).toEqual(sorted([...new Set(there)]));
        expect(matchKeys([...reviewed].reverse(), shuffled(live, order), []).pairs).toEqual(matches.pairs);
      }),
      { numRuns: 300 },
    );
  });
});

function everyReviewed({ pairs, missing, unchecked }: KeyMatches): string[] {
  return sorted([...pairs.map(({ reviewed }) => reviewed), ...missing, ...unchecked].map(named));
}

function named({ address }: ReviewedKey): string {
  return address;
}

function sorted(list: readonly string[]): string[] {
  return [...list].sort();
}
