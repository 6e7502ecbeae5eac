import { describe, expect, test } from "@jest/globals";
import { findUnmanaged } from "../../modules/drift/compare/unmanaged";
import { coverageOf, NOTHING_COVERED } from "../../modules/drift/coverage";
import type { Drift } from "../../modules/drift/drift";
import type { KeyMatches, UnmanagedKey } from "../../modules/drift/match/match-keys";
import type { RestingKey } from "../../modules/drift/reviewed/resting-key";
import type { LiveAlias, LiveKey, LiveRegion } from "../../modules/live/live-account";
import { outputOf } from "../checks/sample-output";
import { driftContext } from "./drift-context";
import { appliedGrant, liveGrant } from "./live-grant";
import { keyPolicy, liveKey } from "./live-key";
import { reviewedKey } from "./reviewed-output";

const sample = outputOf("config");
const context = driftContext(sample, "310000000001");
const reviewed = reviewedKey(
  sample,
  "commercial.regulated.pci.pci-key-management",
  "aws_kms_key.payments_prod_us-east-1",
);
const region = "us-east-1";
const stranger = "arn:aws:iam::210000000001:role/shop";
const dynamodb = "dynamodb.us-east-1.amazonaws.com";
const unread = { unread: "AccessDeniedException", whatToDo: "let OrgKeysAudit read it" };
const nobodys: KeyMatches = { pairs: [], missing: [], unchecked: [], resting: [], unmanaged: [] };

function regionWith(keys: readonly LiveKey[], aliases: readonly LiveAlias[] = []): LiveRegion {
  return { region, keys: { value: keys }, aliases: { value: aliases }, keyStores: undefined };
}

function unmanaged(live: LiveKey, given: Partial<UnmanagedKey> = {}): UnmanagedKey {
  return { live, region, twinOf: undefined, relatedTo: undefined, ...given };
}

function find(live: LiveKey, aliases: readonly string[] = [], given: Partial<UnmanagedKey> = {}): Drift[] {
  const names = aliases.map((name) => ({ name, keyId: live.keyId }));
  return findUnmanaged([regionWith([live], names)], { ...nobodys, unmanaged: [unmanaged(live, given)] }, context);
}

describe("a key that nobody reviewed", () => {
  test("is told with its aliases and its grants, once", () => {
    const grants = [liveGrant(), liveGrant({ id: "b" }), liveGrant({ id: "c", grantee: dynamodb, retiring: dynamodb })];
    expect(find(liveKey({ grants: { value: grants } }), ["alias/old", "alias/legacy"])).toMatchObject([
      {
        id: "key-unmanaged",
        place: {
          account: "pci-key-management",
          accountId: "310000000001",
          partition: "aws",
          zone: "pci",
          region,
          stack: undefined,
          address: undefined,
          resource: "alias/legacy",
        },
        detail: ["key 1234abcd-12ab-34cd-56ef-1234567890ab"],
        why: "is in no reviewed JSON: SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT, Enabled, made on 2026-01-01, with alias/legacy, alias/old, 2 grants",
        access: [],
      },
    ]);
  });

  test("is called by its id where it has no alias", () => {
    const [drift] = find(liveKey());
    expect(drift?.place.resource).toBe("1234abcd-12ab-34cd-56ef-1234567890ab");
    expect(drift?.severity).toBeUndefined();
  });

  test("is the second one of a reviewed key", () => {
    expect(find(liveKey(), [], { twinOf: reviewed })).toMatchObject([
      {
        id: "key-doubled",
        why: expect.stringMatching(
          /^carries the identity tags and the description of aws_kms_key.payments_prod_us-east-1 as well, and is another key: /,
        ),
        subject: { reviewedKey: reviewed },
      },
    ]);
  });

  test("is told with the key whose replica it is, and not here", () => {
    expect(find(liveKey(), [], { relatedTo: reviewed })).toEqual([]);
  });

  test("is critical where its policy lets somebody in from outside of the zone", () => {
    const policy = keyPolicy(
      { Sid: "Root", Principal: { AWS: "arn:aws:iam::310000000001:root" }, Action: "kms:*" },
      { Sid: "Shop", Principal: { AWS: stranger }, Action: ["kms:Decrypt", "kms:Encrypt"] },
    );
    expect(find(liveKey({ policy: { value: policy } }))).toMatchObject([
      {
        severity: "critical",
        why: expect.stringMatching(
          /; it lets account shop-prod \(210000000001\) of zone corporate do Decrypt and Encrypt$/,
        ),
        access: [
          { effect: "gains", who: stranger, actions: ["kms:Decrypt", "kms:Encrypt"], through: "statement Shop" },
        ],
      },
    ]);
  });

  test.each<[string, Partial<LiveKey>]>([
    ["anybody", { policy: { value: keyPolicy({ Principal: "*", Action: "kms:Decrypt" }) } }],
    ["everybody but one", { policy: { value: keyPolicy({ NotPrincipal: { AWS: stranger }, Action: "kms:Decrypt" }) } }],
    [
      "a service that acts for anybody",
      { policy: { value: keyPolicy({ Principal: { Service: "sns.amazonaws.com" }, Action: "kms:*" }) } },
    ],
    [
      "nobody knows whom, in a statement with a part that is not understood",
      {
        policy: {
          value: keyPolicy({ Principal: { AWS: "arn:aws:iam::310000000001:root" }, Action: "kms:*", Actions: [] }),
        },
      },
    ],
    ["nobody knows whom, in what is no policy", { policy: { value: "{}" } }],
    ["nobody knows whom, in what is no JSON", { policy: { value: "" } }],
    ["a grantee from outside", { grants: { value: [liveGrant({ grantee: stranger })] } }],
  ])("is critical where it lets in %s", (_, given) => {
    expect(find(liveKey(given)).map(({ id, severity }) => [id, severity])).toEqual([["key-unmanaged", "critical"]]);
  });

  test("is not where its policy names somebody who was deleted, and is nobody any more", () => {
    const policy = keyPolicy(
      { Principal: { AWS: "arn:aws:iam::310000000001:root" }, Action: "kms:*" },
      { Principal: { AWS: ["AROAEXAMPLEID1234567", "AIDAEXAMPLEID1234567"] }, Action: "kms:Decrypt" },
    );
    const [drift] = find(liveKey({ policy: { value: policy } }));
    expect(drift?.severity).toBeUndefined();
  });

  test("is critical where its policy says one thing twice", () => {
    const policy = keyPolicy({ Principal: { AWS: "arn:aws:iam::310000000001:root" }, Action: "kms:*" });
    const value = policy.replace("{", '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}],');
    expect(find(liveKey({ policy: { value } }))[0]?.severity).toBe("critical");
  });

  test("is critical when AWS is to delete it", () => {
    const going = { state: "PendingDeletion", deletedAt: "2026-12-06T00:00:00Z" };
    const [drift] = find(liveKey(going));
    expect(drift?.severity).toBe("critical");
    expect(drift?.why).toMatch(/; AWS deletes it on 2026-12-06, and all data under it is lost then$/);
    const multiRegion = { kind: "replica", primaryRegion: "us-west-2", replicas: [region] } as const;
    expect(find(liveKey({ ...going, multiRegion }))[0]?.severity).toBeUndefined();
  });

  test.each<[string, string, Partial<LiveKey>, string | undefined]>([
    ["made after it", "2026-01-02T00:00:00.000Z", {}, undefined],
    ["made before it", "2025-12-31T00:00:00.000Z", {}, "high"],
    ["made before it, and about to go", "2025-12-31T00:00:00.000Z", { state: "PendingDeletion" }, "critical"],
  ])("that carries what a reviewed one does may have its data when it was %s", (_, createdAt, given, severity) => {
    const live = liveKey({ keyId: "second", createdAt, ...given });
    const matches: KeyMatches = {
      ...nobodys,
      pairs: [{ reviewed, live: liveKey(), region }],
      unmanaged: [unmanaged(live, { twinOf: reviewed })],
    };
    expect(findUnmanaged([regionWith([live])], matches, context)).toMatchObject([{ id: "key-doubled" }]);
    expect(findUnmanaged([regionWith([live])], matches, context)[0]?.severity).toBe(severity);
  });

  test("tells thousands of grants of one stranger in a line", () => {
    const grants = Array.from({ length: 3_000 }, (_, index) => liveGrant({ id: String(index), grantee: stranger }));
    const [drift] = find(liveKey({ grants: { value: grants } }));
    expect(drift?.access).toMatchObject([
      { who: stranger, actions: ["kms:Decrypt"], through: "grant 0 and 2999 more" },
    ]);
  });

  test("says nothing of what AWS did not tell", () => {
    expect(find(liveKey({ policy: unread, grants: unread })).map(({ id, access }) => [id, access])).toEqual([
      ["key-unmanaged", []],
    ]);
  });
});

describe("coverage", () => {
  const managed = liveKey({
    keyId: "mrk-1",
    grants: {
      value: [
        ...reviewed.grants.map((grant) => appliedGrant(grant)),
        liveGrant({ id: "by-hand", grantee: stranger }),
        liveGrant({ id: "service", grantee: dynamodb, retiring: dynamodb }),
      ],
    },
  });
  const byHand = liveKey({ keyId: "by-hand", grants: { value: [liveGrant()] } });
  const letGo = liveKey({ keyId: "let-go" });
  const resting: RestingKey = {
    stack: reviewed.stack,
    address: "aws_kms_key.journal_us-east-1",
    identity: "journal",
    region,
    step: "handed-over",
    since: "2026-11-01",
    aliases: ["alias/journal"],
    zone: "pci",
    dataClass: undefined,
    sources: [],
  };
  const matches: KeyMatches = {
    pairs: [{ reviewed, live: managed, region }],
    missing: [],
    unchecked: [],
    resting: [{ resting, live: letGo, region }],
    unmanaged: [unmanaged(byHand)],
  };

  test("counts what is in AWS, and what of it reviewed JSON has", () => {
    const aliases = [
      { name: "alias/payments-prod", keyId: "mrk-1" },
      { name: "alias/journal", keyId: "let-go" },
      { name: "alias/by-hand", keyId: "by-hand" },
      { name: "alias/second", keyId: "mrk-1" },
      { name: "alias/nowhere", keyId: undefined },
    ];
    expect(coverageOf([regionWith([managed, byHand, letGo], aliases)], matches, context)).toEqual({
      keys: { managed: 2, total: 3 },
      aliases: { managed: 2, total: 5 },
      grants: { managed: 1, total: 3 },
      serviceGrants: 1,
    });
  });

  test("counts a key that nobody may look at as nobody's", () => {
    const keys = { value: [managed, { keyId: "secret", ...unread }] };
    const found = coverageOf([{ ...regionWith([]), keys }], { ...nobodys, pairs: matches.pairs }, context);
    expect(found.keys).toEqual({ managed: 1, total: 2 });
  });

  test("counts the alias of a key that is missing, whatever it points to", () => {
    const region = regionWith([byHand], [{ name: "alias/payments-prod", keyId: "by-hand" }]);
    const found = coverageOf([region], { ...nobodys, missing: [reviewed], unmanaged: matches.unmanaged }, context);
    expect(found.aliases).toEqual({ managed: 1, total: 1 });
  });

  test("counts a grant that says something else as the reviewed one", () => {
    const grants = { value: reviewed.grants.map((grant) => appliedGrant(grant, { operations: ["Decrypt"] })) };
    const live = liveKey({ grants });
    const found = coverageOf([regionWith([live])], { ...nobodys, pairs: [{ reviewed, live, region }] }, context);
    expect(found.grants).toEqual({ managed: 1, total: 1 });
  });

  test("is nothing of a Region that could not be read", () => {
    const dark = { region, keys: unread, aliases: unread, keyStores: undefined };
    expect(coverageOf([dark], nobodys, context)).toEqual(NOTHING_COVERED);
  });
});
