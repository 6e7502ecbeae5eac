import { describe, expect, test } from "@jest/globals";
import { compareKeys } from "../../modules/drift/compare/compare-keys";
import type { Drift } from "../../modules/drift/drift";
import { matchKeys } from "../../modules/drift/match/match-keys";
import type { RestingKey } from "../../modules/drift/reviewed/resting-key";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveRegion } from "../../modules/live/live-account";
import { asReviewed, keyIdOf, liveKeyOf } from "./as-reviewed";
import {
  addKey,
  both,
  deleteKey,
  dropAlias,
  editAliases,
  editKey,
  editRegion,
  type LiveEdit,
  pointAlias,
} from "./edit-live";
import { aKey, aReplica, keyContext } from "./key-context";
import { keyPolicy } from "./live-key";

const [home, west, far] = ["us-east-1", "us-west-2", "ap-south-1"] as const;
const payments = aKey("payments");
const paymentsWest = aReplica(payments, west);
const ledger = aKey("ledger", home, { multiRegion: false });
const retired = aKey("retired", home, { enabled: false, step: "disabled" });
const imported = aKey("imported", home, { imported: true, rotation: undefined });
const importedWest = aReplica(imported, west);
const signing = aKey("signing", home, { spec: "RSA_2048", usage: "SIGN_VERIFY", rotation: undefined });
const steady = aKey("steady", home, { rotation: { enabled: false, periodDays: undefined } });
const stored = aKey("stored", home, { multiRegion: false, keyStore: "cks-1", rotation: undefined });
const all = [payments, paymentsWest, ledger, retired, imported, importedWest, signing, steady, stored];
const also = { regions: [far, "eu-west-1"] };

function driftsAfter(
  edit: LiveEdit,
  reviewed: readonly ReviewedKey[] = all,
  resting: readonly RestingKey[] = [],
): Drift[] {
  const regions = edit(asReviewed(reviewed, also));
  return compareKeys(reviewed, regions, matchKeys(reviewed, regions, resting), keyContext);
}

/** `key-disabled us-east-1 alias/payments` */
function lines(drifts: readonly Drift[]): string[] {
  return drifts.map(({ id, place, detail }) => [id, place.region, place.resource, ...detail].join(" | "));
}

const days = (count: number): string => new Date(Date.parse(keyContext.now) + count * 86_400_000).toISOString();
const paymentsId = keyIdOf(payments, all);
const ledgerId = keyIdOf(ledger, all);
const paymentsTags = payments.tags;
const multi = (kind: "primary" | "replica", primaryRegion: string, replicas: readonly string[]) => ({
  multiRegion: { kind, primaryRegion, replicas },
});

describe("what one change in AWS is", () => {
  test("nothing, where there is none", () => {
    expect(driftsAfter((regions) => [...regions])).toEqual([]);
  });

  test.each<[string, LiveEdit, string]>([
    [
      "a key that is disabled",
      editKey(home, "payments", { state: "Disabled" }),
      "key-disabled | us-east-1 | alias/payments",
    ],
    [
      "a replica that is disabled",
      editKey(west, "payments", { state: "Disabled" }),
      "key-disabled | us-west-2 | alias/payments",
    ],
    [
      "a key that is enabled again",
      editKey(home, "retired", { state: "Enabled" }),
      "key-enabled | us-east-1 | alias/retired",
    ],
    [
      "a key that is scheduled for deletion",
      editKey(home, "ledger", { state: "PendingDeletion", deletedAt: days(12.9), rotation: { value: undefined } }),
      "key-pending-deletion | us-east-1 | alias/ledger",
    ],
    [
      "a key whose rotation AWS says is off because it waits for its deletion",
      editKey(home, "ledger", {
        state: "PendingDeletion",
        deletedAt: days(7),
        rotation: { value: { enabled: false, periodDays: undefined } },
      }),
      "key-pending-deletion | us-east-1 | alias/ledger",
    ],
    [
      "a primary that waits for its replicas' deletion",
      editKey(home, "payments", { state: "PendingReplicaDeletion" }),
      "key-pending-deletion | us-east-1 | alias/payments",
    ],
    [
      "a disabled key that is scheduled for deletion before its day",
      editKey(home, "retired", { state: "PendingDeletion", deletedAt: days(7) }),
      "key-pending-deletion | us-east-1 | alias/retired",
    ],
    [
      "material that has expired",
      editKey(home, "imported", { state: "PendingImport" }),
      "key-pending-import | us-east-1 | alias/imported",
    ],
    [
      "a replica without the material of its primary",
      editKey(west, "imported", { state: "PendingImport" }),
      "replica-out-of-parity | us-west-2 | alias/imported",
    ],
    [
      "a key store that does not answer",
      editKey(home, "stored", { state: "Unavailable" }),
      "key-unavailable | us-east-1 | alias/stored",
    ],
    [
      "a state that nobody knows",
      editKey(home, "ledger", { state: "Melting" }),
      "key-unavailable | us-east-1 | alias/ledger",
    ],
    [
      "rotation that is off",
      editKey(home, "ledger", { rotation: { value: { enabled: false, periodDays: undefined } } }),
      "rotation-off | us-east-1 | alias/ledger",
    ],
    [
      "another period",
      editKey(home, "ledger", { rotation: { value: { enabled: true, periodDays: 2560 } } }),
      "rotation-period | us-east-1 | alias/ledger",
    ],
    [
      "rotation that nobody reviewed",
      editKey(home, "steady", { rotation: { value: { enabled: true, periodDays: 365 } } }),
      "rotation-on | us-east-1 | alias/steady",
    ],
    [
      "a tag of another value",
      editKey(home, "payments", { tags: { value: { ...paymentsTags, Owner: "somebody" } } }),
      "tags-changed | us-east-1 | alias/payments | tag Owner",
    ],
    [
      "a tag by which the key is known",
      editKey(home, "payments", { tags: { value: { ...paymentsTags, Workload: "other" } } }),
      "tags-changed | us-east-1 | alias/payments | tag Workload",
    ],
    [
      "a tag more and one less",
      editKey(west, "payments", { tags: { value: { ...without(paymentsTags, "Owner"), Cost: "7" } } }),
      "tags-changed | us-west-2 | alias/payments | tag Cost | tag Owner",
    ],
    ["no tags at all", editKey(home, "ledger", { tags: { value: {} } }), tagLine("alias/ledger")],
    [
      "another description",
      editKey(home, "ledger", { description: "Mine" }),
      "description-changed | us-east-1 | alias/ledger",
    ],
    ["an alias that is gone", dropAlias(home, "alias/ledger"), "alias-missing | us-east-1 | alias/ledger"],
    [
      "an alias of a replica that is gone",
      dropAlias(west, "alias/payments"),
      "alias-missing | us-west-2 | alias/payments",
    ],
    [
      "an alias that leads to another key",
      pointAlias(home, "alias/ledger", paymentsId),
      "alias-moved | us-east-1 | alias/ledger",
    ],
    [
      "an alias that leads nowhere",
      pointAlias(home, "alias/ledger", undefined),
      "alias-moved | us-east-1 | alias/ledger",
    ],
    ["an alias more", pointAlias(home, "alias/books", ledgerId), "alias-unmanaged | us-east-1 | alias/books"],
    [
      "an alias more that leads nowhere",
      pointAlias(home, "alias/books", undefined),
      "alias-unmanaged | us-east-1 | alias/books",
    ],
    [
      "an alias more that leads to a key that is not there",
      pointAlias(home, "alias/books", "0000"),
      "alias-unmanaged | us-east-1 | alias/books",
    ],
    ["a key that is gone", deleteKey(home, "ledger"), "key-missing | us-east-1 | alias/ledger"],
    [
      "a key that is gone with its replica",
      both(deleteKey(home, "payments"), deleteKey(west, "payments")),
      "key-missing | us-east-1 | alias/payments | replica in us-west-2",
    ],
    ["a replica that is gone", deleteKey(west, "payments"), "replica-missing | us-west-2 | alias/payments"],
    [
      "a key that is gone, whose alias leads to another",
      both(deleteKey(home, "ledger"), pointAlias(home, "alias/ledger", paymentsId)),
      "alias-taken | us-east-1 | alias/ledger\nkey-missing | us-east-1 | alias/ledger",
    ],
    [
      "a replica in a Region of the zone",
      addKey("eu-west-1", { ...liveKeyOf(paymentsWest, all), arn: "arn:aws:kms:eu-west-1:310000000001:key/x" }),
      `replica-extra | eu-west-1 | ${paymentsId} | replica of aws_kms_key.payments_us-east-1`,
    ],
    [
      "a replica in a Region that the zone has not",
      addKey(far, liveKeyOf(paymentsWest, all)),
      `replica-forbidden-region | ap-south-1 | ${paymentsId} | replica of aws_kms_key.payments_us-east-1`,
    ],
    [
      "a replica in a Region that nobody reads",
      editKey(home, "payments", multi("primary", home, [west, "sa-east-1"])),
      "replica-forbidden-region | sa-east-1 | alias/payments | replica of aws_kms_key.payments_us-east-1",
    ],
    [
      "a primary in another Region",
      both(
        editKey(home, "payments", multi("replica", west, [home])),
        editKey(west, "payments", multi("primary", west, [home])),
      ),
      "primary-moved | us-east-1 | alias/payments",
    ],
    [
      "a primary in another Region, and the key deleted",
      both(deleteKey(home, "payments"), editKey(west, "payments", multi("primary", west, []))),
      "key-missing | us-east-1 | alias/payments\nprimary-moved | us-west-2 | alias/payments",
    ],
    [
      "a key of another spec under the same tags",
      editKey(home, "signing", { spec: "RSA_4096" }),
      "key-different | us-east-1 | alias/signing | spec",
    ],
    [
      "a key of another usage",
      editKey(home, "signing", { usage: "ENCRYPT_DECRYPT" }),
      "key-different | us-east-1 | alias/signing | usage",
    ],
    [
      "a key of another origin",
      editKey(home, "imported", { origin: "AWS_KMS" }),
      "key-different | us-east-1 | alias/imported | origin",
    ],
    [
      "a key in another key store",
      editKey(home, "stored", { keyStoreId: "cks-2" }),
      "key-different | us-east-1 | alias/stored | key store",
    ],
    [
      "a single-Region key in place of one with replicas",
      both(deleteKey(west, "payments"), editKey(home, "payments", { multiRegion: undefined })),
      "key-different | us-east-1 | alias/payments | multi-Region",
    ],
    [
      "a key of its own in place of a replica",
      both(
        editKey(west, "payments", { keyId: "mrk-own", ...multi("primary", west, []) }),
        pointAlias(west, "alias/payments", "mrk-own"),
      ),
      "key-different | us-west-2 | alias/payments | primary",
    ],
  ])("%s", (_, edit, expected) => {
    expect(lines(driftsAfter(edit))).toEqual(expected.split("\n"));
  });

  test.each<[string, LiveEdit]>([
    [
      "tags of AWS's own",
      editKey(home, "ledger", { tags: { value: { ...ledger.tags, "aws:cloudformation:stack-name": "x" } } }),
    ],
    ["tags that nobody may read", editKey(home, "ledger", { tags: { unread: "AccessDenied", whatToDo: "" } })],
    ["rotation that nobody may read", editKey(home, "ledger", { rotation: { unread: "AccessDenied", whatToDo: "" } })],
    [
      "aliases that nobody may read",
      editRegion(home, (live) => ({ ...live, aliases: { unread: "AccessDenied", whatToDo: "" } })),
    ],
    [
      "keys that nobody may read",
      editRegion(home, (live) => ({ ...live, keys: { unread: "AccessDenied", whatToDo: "" } })),
    ],
    [
      "a key and an alias of somebody's own",
      both(
        addKey(home, { ...liveKeyOf(aKey("mine"), []), keyId: "mine", tags: { value: {} }, description: "" }),
        pointAlias(home, "alias/mine", "mine"),
      ),
    ],
  ])("nothing is told here of %s", (_, edit) => {
    expect(driftsAfter(edit)).toEqual([]);
  });

  test("what goes with a key that is gone is told by that alone: its replicas, and the names and grants of all of them", () => {
    const edit = both(deleteKey(home, "payments"), deleteKey(west, "payments"));
    const [missing] = driftsAfter(edit);
    expect(missing?.goneAlong?.map(({ address }) => address)).toEqual([
      payments.address,
      "aws_kms_alias.payments_us-east-1",
      paymentsWest.address,
      "aws_kms_alias.payments_us-west-2",
    ]);
  });

  test.each([
    ["PendingImport", ["key-pending-import | us-east-1 | alias/old"]],
    ["Disabled", []],
  ])("a key with imported material that the map disables, in state %s", (state, told) => {
    const key = aKey("old", home, { imported: true, enabled: false, step: "disabled", rotation: undefined });
    expect(lines(driftsAfter(editKey(home, "old", { state }), [key]))).toEqual(told);
  });

  test("a replica without the material of its primary, which is disabled as reviewed", () => {
    const key = aKey("old", home, { imported: true, enabled: false, step: "disabled", rotation: undefined });
    const edit = editKey(west, "old", { state: "PendingImport" });
    expect(lines(driftsAfter(edit, [key, aReplica(key, west)]))).toEqual([
      "replica-out-of-parity | us-west-2 | alias/old",
    ]);
  });
});

describe("of a key that waits for its deletion", () => {
  test.each([
    [12.9, "in 12 days, on 2027-02-13"],
    [1.5, "in 1 day, on 2027-02-02"],
    [0.5, "within a day, on 2027-02-01"],
    [-3, "within a day, on 2027-01-28"],
  ])("%d days are told in whole days", (left, words) => {
    const [drift] = driftsAfter(editKey(home, "ledger", { state: "PendingDeletion", deletedAt: days(left) }));
    expect(drift?.why).toBe(`key ${ledgerId} is to be deleted ${words}; what is encrypted under it is lost then`);
  });

  test("a replica is told from a key, whose data is lost with it", () => {
    const [drift] = driftsAfter(editKey(west, "payments", { state: "PendingDeletion", deletedAt: days(7) }));
    expect(drift?.why).toContain("readable with its primary alone");
  });
});

describe("a drift", () => {
  test("says where it is, and has both sides", () => {
    const [drift] = driftsAfter(editKey(west, "payments", { state: "Disabled" }));
    expect(drift).toMatchObject({
      place: {
        account: "clinic",
        accountId: "310000000001",
        partition: "aws",
        zone: "health",
        region: west,
        stack: "acme.health.clinic",
        address: "aws_kms_replica_key.payments_us-west-2",
        resource: "alias/payments",
      },
      subject: { reviewedKey: paymentsWest, key: { keyId: paymentsId, state: "Disabled" } },
    });
  });

  test("of an alias has its address, and the key that it leads to", () => {
    const [drift] = driftsAfter(pointAlias(home, "alias/ledger", paymentsId));
    expect(drift).toMatchObject({
      place: { address: "aws_kms_alias.ledger_us-east-1", resource: "alias/ledger" },
      subject: { aliasName: "alias/ledger", alias: { keyId: paymentsId }, key: { keyId: ledgerId } },
      why: `the alias leads to key ${paymentsId}, reviewed is key ${ledgerId}`,
    });
  });
});

describe("keys that Terraform let go of", () => {
  const former = aKey("former", home, { multiRegion: false });
  const letGo = (step: RestingKey["step"]): RestingKey => ({
    stack: "acme.health.clinic",
    address: former.address,
    identity: "former_prod",
    region: home,
    step,
    since: "2027-01-15",
    aliases: ["alias/former"],
    zone: "health",
    dataClass: "restricted",
    sources: [],
  });
  const linesFor = (step: RestingKey["step"], state: string): string[] => {
    const regions = editKey(home, "former", { state })(asReviewed([ledger, former]));
    return lines(compareKeys([ledger], regions, matchKeys([ledger], regions, [letGo(step)]), keyContext));
  };

  test.each<[RestingKey["step"], string]>([
    ["scheduled", "PendingDeletion"],
    ["scheduled", "PendingReplicaDeletion"],
    ["gone", "PendingDeletion"],
    ["handed-over", "Enabled"],
    ["handed-over", "Disabled"],
  ])("%s ones in state %s are expected", (step, state) => {
    expect(linesFor(step, state)).toEqual([]);
  });

  test.each<[RestingKey["step"], string]>([
    ["scheduled", "Enabled"],
    ["scheduled", "Disabled"],
    ["gone", "Enabled"],
  ])("%s ones in state %s wait for no deletion", (step, state) => {
    expect(linesFor(step, state)).toEqual([`key-enabled | us-east-1 | alias/former | on record as ${step}`]);
  });

  test("one that was handed over to be used, and that AWS is to delete, is told", () => {
    expect(linesFor("handed-over", "PendingDeletion")).toEqual([
      "key-pending-deletion | us-east-1 | alias/former | on record as handed-over",
    ]);
  });

  test.each<[RestingKey["step"], string]>([
    ["handed-over", "Enabled"],
    ["scheduled", "PendingDeletion"],
  ])("%s ones in state %s that let somebody from outside in are critical", (step, state) => {
    const stranger = { Sid: "Stranger", Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "kms:Decrypt" };
    const policy = { value: keyPolicy(stranger) };
    const regions = editKey(home, "former", { state, policy })(asReviewed([ledger, former]));
    const drifts = compareKeys([ledger], regions, matchKeys([ledger], regions, [letGo(step)]), keyContext);
    expect(drifts).toMatchObject([
      { id: "key-unmanaged", severity: "critical", place: { resource: "alias/former" }, access: [{ effect: "gains" }] },
    ]);
    expect(drifts[0]?.why).toContain("999999999999");
  });
});

test("the order in which AWS lists things makes no difference", () => {
  const edit = both(
    dropAlias(home, "alias/ledger"),
    editKey(home, "payments", { state: "Disabled" }),
    deleteKey(west, "imported"),
  );
  const backwards: LiveEdit = (regions) =>
    [...edit(regions)].reverse().map(
      (live): LiveRegion => ({
        ...live,
        keys: "value" in live.keys ? { value: [...live.keys.value].reverse() } : live.keys,
        aliases: "value" in live.aliases ? { value: [...live.aliases.value].reverse() } : live.aliases,
      }),
    );
  expect(driftsAfter(backwards)).toEqual(driftsAfter(edit));
  expect(driftsAfter(edit)).toHaveLength(3);
});

test("aliases of a key that could not be looked at are neither missing nor unmanaged", () => {
  const hidden = both(
    (regions) =>
      regions.map((each) => ({
        ...each,
        keys:
          each.region === home && "value" in each.keys
            ? {
                value: each.keys.value.map((key) =>
                  key.keyId === ledgerId ? { keyId: ledgerId, unread: "AccessDenied", whatToDo: "" } : key,
                ),
              }
            : each.keys,
      })),
    editAliases(home, (aliases) => [...aliases, { name: "alias/books", keyId: ledgerId }]),
  );
  expect(driftsAfter(hidden)).toEqual([]);
});

function without(tags: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([each]) => each !== name));
}

function tagLine(resource: string): string {
  const names = Object.keys(ledger.tags).sort();
  return ["tags-changed", home, resource, ...names.map((name) => `tag ${name}`)].join(" | ");
}
