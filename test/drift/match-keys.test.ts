import { describe, expect, test } from "@jest/globals";
import { type KeyMatches, matchKeys } from "../../modules/drift/match/match-keys";
import type { RestingKey } from "../../modules/drift/reviewed/resting-key";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveKey, LiveRegion, Unread } from "../../modules/live/live-account";
import { asReviewed, keyIdOf, liveKeyOf } from "./as-reviewed";
import {
  addKey,
  both,
  deleteKey,
  dropAlias,
  editKey,
  editKeys,
  editRegion,
  type LiveEdit,
  pointAlias,
} from "./edit-live";
import { aKey, aReplica, stackName } from "./key-context";

const [home, west] = ["us-east-1", "us-west-2"] as const;
const denied: Unread = { unread: "AccessDeniedException", whatToDo: "let the audit role read keys" };
const ledger = aKey("ledger", home, { multiRegion: false });
const payments = aKey("payments");
const paymentsWest = aReplica(payments, west);
const all = [ledger, payments, paymentsWest];
const ledgerId = keyIdOf(ledger, all);
const paymentsId = keyIdOf(payments, all);

/** A second key with all that the ledger carries. */
function twin(keyId: string, other: Partial<LiveKey> = {}): LiveKey {
  return { ...liveKeyOf(ledger, all), keyId, createdAt: "2026-06-01T00:00:00.000Z", ...other };
}

/** A key that carries nothing. */
const strange: LiveKey = twin("strange", { tags: { value: {} }, description: "" });

function hasStrange({ keys }: LiveRegion): boolean {
  return "value" in keys && keys.value.some(({ keyId }) => keyId === strange.keyId);
}

function told({ pairs, missing, unchecked, resting, unmanaged }: KeyMatches): Record<string, readonly string[]> {
  return {
    pairs: pairs.map(({ reviewed, live }) => `${reviewed.address} ${live.keyId}`),
    missing: missing.map(({ address }) => address),
    unchecked: unchecked.map(({ address }) => address),
    resting: resting.map(({ resting: key, live }) => `${key.address} ${live.keyId}`),
    unmanaged: unmanaged.map(
      ({ live, twinOf }) => `${live.keyId}${twinOf === undefined ? "" : ` twin of ${twinOf.address}`}`,
    ),
  };
}

function matched(edit: LiveEdit, reviewed: readonly ReviewedKey[] = all, resting: readonly RestingKey[] = []) {
  return told(matchKeys(reviewed, edit(asReviewed(all)), resting));
}

const asTheyAre = {
  pairs: [
    `aws_kms_key.ledger_us-east-1 ${ledgerId}`,
    `aws_kms_key.payments_us-east-1 ${paymentsId}`,
    `aws_kms_replica_key.payments_us-west-2 ${paymentsId}`,
  ],
  missing: [],
  unchecked: [],
  resting: [],
  unmanaged: [],
};
const withLedger = (id: string, unmanaged: readonly string[]) => ({
  ...asTheyAre,
  pairs: [`aws_kms_key.ledger_us-east-1 ${id}`, ...asTheyAre.pairs.slice(1)],
  unmanaged,
});
const twinLine = (id: string): string => `${id} twin of aws_kms_key.ledger_us-east-1`;
const noTags: Partial<LiveKey> = { tags: { value: {} } };

describe("a key is known", () => {
  test.each<[string, LiveEdit]>([
    ["as it is", (regions) => [...regions]],
    ["by its tags, where its alias is gone", dropAlias(home, "alias/ledger")],
    ["by its tags, where its alias leads to another", pointAlias(home, "alias/ledger", paymentsId)],
    ["by its alias, where its tags are gone", editKey(home, "ledger", noTags)],
    ["by its alias, where its description is another", editKey(home, "ledger", { description: "Mine" })],
    ["by its alias, where nobody may read its tags", editKey(home, "ledger", { tags: denied })],
    [
      "by its description, where nobody may read its tags and its alias is gone",
      both(editKey(home, "ledger", { tags: denied }), dropAlias(home, "alias/ledger")),
    ],
    [
      "by its primary's id, where all else of a replica is gone",
      both(editKey(west, "payments", { ...noTags, description: "" }), dropAlias(west, "alias/payments")),
    ],
    [
      "by its primary's id, where the primary is known by its alias alone",
      both(
        editKey(home, "payments", noTags),
        dropAlias(west, "alias/payments"),
        editKey(west, "payments", { ...noTags, description: "" }),
      ),
    ],
    [
      "by its alias and tags, where another has its tags too",
      editKey(home, "payments", { tags: { value: ledger.tags } }),
    ],
  ])("%s", (_, edit) => {
    expect(matched(edit)).toEqual(asTheyAre);
  });

  test("by the id that an import names, whatever it carries", () => {
    const adopted = { ...ledger, importId: "0000" };
    const edit = addKey(home, twin("0000", { ...noTags, description: "Mine" }));
    expect(matched(edit, [adopted, payments, paymentsWest])).toEqual(withLedger("0000", [twinLine(ledgerId)]));
    expect(matched((regions) => [...regions], [adopted, payments, paymentsWest])).toEqual(asTheyAre);
  });

  test("by nothing, once alias and tags are gone", () => {
    const edit = both(editKey(home, "ledger", noTags), dropAlias(home, "alias/ledger"));
    expect(matched(edit)).toMatchObject({ missing: [ledger.address], unmanaged: [ledgerId] });
  });

  test("not by an alias that leads to a key of somebody's own", () => {
    const mine = twin("mine", { ...noTags, description: "Mine" });
    const edit = both(deleteKey(home, "ledger"), addKey(home, mine), pointAlias(home, "alias/ledger", "mine"));
    expect(matched(edit)).toMatchObject({ missing: [ledger.address], unmanaged: ["mine"] });
  });

  test("not by an alias that leads to another reviewed key", () => {
    const edit = both(editKey(home, "ledger", noTags), pointAlias(home, "alias/ledger", paymentsId));
    expect(matched(edit)).toMatchObject({
      missing: [ledger.address],
      unmanaged: [ledgerId],
      pairs: asTheyAre.pairs.slice(1),
    });
  });

  test("not by tags where a key has none: every other one would be the same", () => {
    const bare = aKey("bare", home, { tags: {}, description: "", aliases: [] });
    const edit = addKey(home, twin("mine", { ...noTags, description: "" }));
    expect(matched(edit, [...all, bare])).toMatchObject({ missing: [bare.address], unmanaged: ["mine"] });
  });
});

describe("of two keys with the same tags", () => {
  const dropped = dropAlias(home, "alias/ledger");
  test.each<[string, LiveEdit, string, string]>([
    [
      "the one behind the alias",
      both(addKey(home, twin("0000")), pointAlias(home, "alias/ledger", "0000")),
      "0000",
      ledgerId,
    ],
    [
      "the one that does not wait for its deletion",
      both(dropped, deleted("ledger"), addKey(home, twin("0000", { state: "Disabled" }))),
      "0000",
      ledgerId,
    ],
    ["the one that is enabled", both(addKey(home, twin("0000", { state: "Disabled" })), dropped), ledgerId, "0000"],
    ["the older one", both(addKey(home, twin("0000")), dropped), ledgerId, "0000"],
    [
      "the one of its kind",
      both(
        addKey(
          home,
          twin("0000", { createdAt: "2020", multiRegion: { kind: "replica", primaryRegion: west, replicas: [home] } }),
        ),
        dropped,
      ),
      ledgerId,
      "0000",
    ],
  ])("it is %s", (_, edit, ours, other) => {
    expect(matched(edit)).toEqual(withLedger(ours, [twinLine(other)]));
  });
});

test("a key that replaces another comes after it, where nothing but tags tells them apart", () => {
  const [first, second] = [aKey("ledger_prod"), aKey("ledger_prod_2")].map((key) => ({
    ...key,
    tags: ledger.tags,
    description: "Books",
  })) as [ReviewedKey, ReviewedKey];
  const older = { ...liveKeyOf(first, []), keyId: "mrk-b" };
  const newer = { ...liveKeyOf(second, []), keyId: "mrk-a", createdAt: "2026-06-01T00:00:00.000Z" };
  const region: LiveRegion = {
    region: home,
    keys: { value: [newer, older] },
    aliases: { value: [] },
    keyStores: undefined,
  };
  expect(told(matchKeys([second, first], [region], [])).pairs).toEqual([
    "aws_kms_key.ledger_prod_us-east-1 mrk-b",
    "aws_kms_key.ledger_prod_2_us-east-1 mrk-a",
  ]);
});

describe("a replica that nobody reviewed", () => {
  test("is related to the key", () => {
    const [, ...others] = matchKeys([ledger, payments], asReviewed(all), []).unmanaged;
    expect(others).toEqual([]);
    expect(matchKeys([ledger, payments], asReviewed(all), []).unmanaged[0]).toMatchObject({
      relatedTo: payments,
      region: west,
    });
  });

  test("of a key that nobody reviewed is related to none", () => {
    const { unmanaged } = matchKeys([ledger], asReviewed(all), []);
    expect(unmanaged.map(({ relatedTo }) => relatedTo)).toEqual([undefined, undefined]);
  });
});

describe("what could not be read", () => {
  const hide = (name: string): LiveEdit =>
    editKeys(home, (key) => [key.description.startsWith(`${name} `) ? { keyId: key.keyId, ...denied } : key]);

  test("is a whole Region: of its keys nobody can tell", () => {
    const edit = editRegion(home, (live) => ({ ...live, keys: denied }));
    expect(matched(edit)).toMatchObject({ missing: [], unchecked: [ledger.address, payments.address], unmanaged: [] });
  });

  test("is a Region that nobody asked", () => {
    expect(matched((regions) => regions.filter(({ region }) => region !== west))).toMatchObject({
      unchecked: [paymentsWest.address],
    });
  });

  test("is one key, which its alias tells", () => {
    expect(matched(hide("ledger"))).toMatchObject({ missing: [], unchecked: [ledger.address] });
  });

  test("is a key without an alias, which may be any that is not there", () => {
    expect(matched(both(dropAlias(home, "alias/ledger"), hide("ledger")))).toMatchObject({
      unchecked: [ledger.address],
    });
  });

  test("is a key of another name: the missing one is missing", () => {
    const mine = editRegion(home, (live) => ({
      ...live,
      keys: { value: [{ keyId: "mine", ...denied }, ...("value" in live.keys ? live.keys.value : [])] },
    }));
    const edit = both(deleteKey(home, "ledger"), mine, pointAlias(home, "alias/mine", "mine"));
    expect(matched(edit)).toMatchObject({ missing: [ledger.address], unchecked: [] });
  });

  test("is a replica, which its primary's id tells", () => {
    const edit = both(
      pointAlias(west, "alias/mine", paymentsId),
      dropAlias(west, "alias/payments"),
      editKeys(west, (key) => [{ keyId: key.keyId, ...denied }]),
    );
    expect(matched(edit)).toMatchObject({ missing: [], unchecked: [paymentsWest.address] });
  });
});

describe("a key that Terraform let go of", () => {
  const letGo = (key: ReviewedKey, other: Partial<RestingKey> = {}): RestingKey => ({
    stack: stackName,
    address: key.address,
    identity: key.address.slice(key.address.indexOf(".") + 1, key.address.lastIndexOf("_")),
    region: key.region,
    step: "scheduled",
    since: "2027-01-15",
    aliases: key.aliases.map(({ name }) => name),
    zone: "health",
    dataClass: "restricted",
    sources: [],
    ...other,
  });
  const rest = [payments, paymentsWest];

  test.each<[string, LiveEdit, Partial<RestingKey>]>([
    ["by its alias", (regions) => [...regions], {}],
    ["by its tags and the names in its description", dropAlias(home, "alias/ledger"), {}],
    ["by its alias, handed over, whatever it carries", editKey(home, "ledger", noTags), { step: "handed-over" }],
    [
      "by its alias, where it waits for its deletion with the tags of a zone that has another name",
      both(editKey(home, "ledger", { tags: { value: { ManagedBy: "orgkeys", Zone: "clinics" } } }), deleted("ledger")),
      {},
    ],
    [
      "by its tags, handed over, where its alias leads to another key",
      both(addKey(home, strange), pointAlias(home, "alias/ledger", strange.keyId)),
      { step: "handed-over" },
    ],
    [
      "by its tags, where its alias leads to another key that waits for its deletion",
      both(addKey(home, { ...strange, state: "PendingDeletion" }), pointAlias(home, "alias/ledger", strange.keyId)),
      {},
    ],
  ])("is known %s", (_, edit, other) => {
    expect(matched(edit, rest, [letGo(ledger, other)])).toMatchObject({
      resting: [`${ledger.address} ${ledgerId}`],
      missing: [],
      unmanaged: edit(asReviewed(all)).some(hasStrange) ? [strange.keyId] : [],
    });
  });

  test.each<[string, LiveEdit, Partial<RestingKey>]>([
    ["its alias leads to, without its tags", editKey(home, "ledger", noTags), {}],
    [
      "its alias leads to, waiting for its deletion without its tags",
      both(editKey(home, "ledger", noTags), deleted("ledger")),
      {},
    ],
    [
      "its alias leads to, handed over before that one was made",
      editKey(home, "ledger", { ...noTags, createdAt: "2027-01-16T00:00:00.000Z" }),
      { step: "handed-over" },
    ],
    ["is of another zone", dropAlias(home, "alias/ledger"), { zone: "corporate" }],
    ["is of another data class", dropAlias(home, "alias/ledger"), { dataClass: "internal" }],
    ["has other names in its description", dropAlias(home, "alias/ledger"), { identity: "ledger_test" }],
    ["is another generation of it", dropAlias(home, "alias/ledger"), { identity: "ledger_prod_2" }],
  ])("is no key that %s", (_, edit, other) => {
    expect(matched(edit, rest, [letGo(ledger, other)])).toMatchObject({ resting: [], unmanaged: [ledgerId] });
  });

  test("is a replica with its primary's id", () => {
    const edit = both(editKey(west, "payments", { ...noTags, description: "" }), dropAlias(west, "alias/payments"));
    expect(matched(edit, [ledger, payments], [letGo(paymentsWest)])).toMatchObject({
      resting: [`${paymentsWest.address} ${paymentsId}`],
      unmanaged: [],
    });
  });

  test("is no key behind the alias of a replica with another id than its primary's", () => {
    const edit = both(addKey(west, strange), pointAlias(west, "alias/payments", strange.keyId));
    const step = { step: "handed-over" } as const;
    expect(matched(edit, [ledger, payments], [letGo(paymentsWest, step)])).toMatchObject({
      resting: [`${paymentsWest.address} ${paymentsId}`],
      unmanaged: [strange.keyId],
    });
  });

  test("is the key behind its alias, and none that looks like it and is reviewed", () => {
    const s3 = aKey("ledger_s3", home, { multiRegion: false, description: "ledger prod s3: restricted data" });
    const edit: LiveEdit = both(
      editKeys(home, (key) => [key.keyId === ledgerId ? { ...key, ...noTags } : key]),
      dropAlias(home, "alias/ledger_s3"),
    );
    const regions = edit(asReviewed([ledger, s3]));
    expect(told(matchKeys([s3], regions, [letGo(ledger, { step: "handed-over" })]))).toMatchObject({
      resting: [`${ledger.address} ${ledgerId}`],
      missing: [],
      unmanaged: [],
    });
  });

  test("goes before the key that replaces it, and has its tags", () => {
    const next = { ...ledger, address: "aws_kms_key.ledger_2_us-east-1" };
    const former = letGo(ledger, { aliases: ["alias/ledger-1"] });
    const edit = both(pointAlias(home, "alias/ledger-1", ledgerId), dropAlias(home, "alias/ledger"), deleted("ledger"));
    expect(matched(edit, [next, ...rest], [former])).toMatchObject({
      resting: [`${ledger.address} ${ledgerId}`],
      missing: [next.address],
    });
  });

  test("takes no key from a reviewed one that has alias and tags", () => {
    expect(matched((regions) => [...regions], all, [letGo(ledger)])).toEqual(asTheyAre);
  });

  test("is nothing where AWS has deleted it", () => {
    expect(matched(deleteKey(home, "ledger"), rest, [letGo(ledger, { step: "gone" })])).toMatchObject({
      resting: [],
      missing: [],
      unmanaged: [],
    });
  });
});

function deleted(name: string): LiveEdit {
  return editKey("us-east-1", name, { state: "PendingDeletion", deletedAt: "2027-02-20T00:00:00.000Z" });
}
