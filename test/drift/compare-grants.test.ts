import { describe, expect, test } from "@jest/globals";
import { compareGrants } from "../../modules/drift/compare/compare-grants";
import type { Drift } from "../../modules/drift/drift";
import type { DriftContext } from "../../modules/drift/drift-context";
import type { ReviewedGrant, ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveGrant } from "../../modules/live/live-account";
import { outputOf } from "../checks/sample-output";
import { driftContext } from "./drift-context";
import { appliedGrant, liveGrant } from "./live-grant";
import { liveKey } from "./live-key";
import { reviewedIn, reviewedKey, stacksOf } from "./reviewed-output";

const sample = outputOf("config");
const features = outputOf("test/fixtures/features");
const context = driftContext(sample, "310000000001");
const key = reviewedKey(sample, "commercial.regulated.pci.pci-key-management", "aws_kms_key.payments_prod_us-east-1");
const batch = onlyGrantOf(key);
const applied = appliedGrant(batch);

/** Of the zone, and of zone corporate. */
const reader = "arn:aws:iam::310000000002:role/reader";
const stranger = "arn:aws:iam::210000000001:role/shop";

function onlyGrantOf({ grants, address }: ReviewedKey): ReviewedGrant {
  const [grant, ...others] = grants;
  if (grant === undefined || others.length > 0) throw new Error(`${address} has ${grants.length} grants`);
  return grant;
}

function compare(live: readonly LiveGrant[], reviewed = key, at: DriftContext = context): Drift[] {
  return compareGrants({ reviewed, live: liveKey({ grants: { value: live } }), region: reviewed.region }, at);
}

/** What is found, in a line each. */
function told(live: readonly LiveGrant[], reviewed = key, at = context): string[] {
  return compare(live, reviewed, at).map(
    ({ id, severity, why }) => `${id}${severity === undefined ? "" : ` (${severity})`}: ${why}`,
  );
}

/** The reviewed key with its grant edited. */
function withGrant(edit: Partial<ReviewedGrant>): ReviewedKey {
  return { ...key, grants: [{ ...batch, ...edit }] };
}

describe("grants as they were reviewed", () => {
  test.each([
    ["the sample", sample],
    ["the features", features],
  ])("are no drift, on any key of %s", (_, output) => {
    const accounts = new Set([...output.rules.zones.all].flatMap(({ accounts }) => [...accounts.keys()]));
    const stacks = stacksOf(output);
    const keys = [...accounts].flatMap((id) => reviewedIn(stacks, id).map((each) => [id, each] as const));
    expect(keys.filter(([, { grants }]) => grants.length > 0).length).toBeGreaterThan(4);
    for (const [id, each] of keys) {
      const live = each.grants.map((grant) => appliedGrant(grant)).reverse();
      expect(told(live, each, driftContext(output, id))).toEqual([]);
    }
  });

  test("are no drift where AWS shows an account's id as its root", () => {
    const reviewed = withGrant({ grantee: "310000000002", retiring: "arn:aws:iam::310000000001:root" });
    const live = { ...applied, grantee: "arn:aws:iam::310000000002:root", retiring: "310000000001" };
    expect(told([live], reviewed)).toEqual([]);
  });

  test("are no drift where AWS answers with an empty constraint for none", () => {
    expect(told([{ ...applied, equals: {}, subset: {} }], withGrant({ constraint: undefined }))).toEqual([]);
  });

  test("are no drift without a name, when there are several", () => {
    const reviewed = {
      ...key,
      grants: ["a", "b"].map((role) => ({ ...batch, id: role, name: "", grantee: `${reader}-${role}` })),
    };
    expect(told(reviewed.grants.map((grant) => appliedGrant(grant)).reverse(), reviewed)).toEqual([]);
  });

  test("are no drift beside those that AWS services made", () => {
    const grantee = "dynamodb.us-east-1.amazonaws.com";
    const services = ["a", "b"].map((id) => liveGrant({ id, grantee, retiring: grantee }));
    expect(told([...services, applied])).toEqual([]);
  });
});

describe("a grant that is missing", () => {
  test("is told with what its grantee loses", () => {
    const [drift, ...others] = compare([]);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({
      id: "grant-missing",
      place: {
        account: "pci-key-management",
        accountId: "310000000001",
        zone: "pci",
        region: "us-east-1",
        stack: "commercial.regulated.pci.pci-key-management",
        address: "aws_kms_grant.payments_prod_us-east-1_payments-batch",
        resource: "alias/payments-prod",
      },
      detail: ["grant orgkeys-payments_prod_us-east-1_payments-batch"],
      why: "has no grant orgkeys-payments_prod_us-east-1_payments-batch, by which arn:aws:iam::310000000002:role/payments-batch may do Decrypt, GenerateDataKey",
      subject: { reviewedKey: key },
    });
    expect(drift?.severity).toBeUndefined();
    expect(drift?.access?.map(({ effect, who }) => `${effect} ${who}`)).toContain(`loses ${batch.grantee}`);
  });

  test("is told in the stack of the account that makes it", () => {
    const cart = reviewedKey(features, "everything.core.core-keys", "aws_kms_replica_key.cart_us-west-2");
    const own = cart.grants.filter(({ stack }) => stack === cart.stack).map((grant) => appliedGrant(grant));
    expect(
      compare(own, cart, driftContext(features, "510000000001")).map(({ id, place }) => [
        id,
        place.stack,
        place.address,
      ]),
    ).toEqual([
      [
        "grant-missing",
        "everything.core.prod.app-prod",
        "aws_kms_grant.cart_510000000001_us-west-2_prod_orders-migration",
      ],
    ]);
  });

  test("is none past its day, when it should be gone", () => {
    expect(told([], key, { ...context, today: "2027-01-31" })).toEqual([]);
  });
});

describe("a grant past its day", () => {
  test("is told from that day on", () => {
    expect(told([applied], key, { ...context, today: "2027-01-30" })).toEqual([]);
    expect(told([applied], key, { ...context, today: "2027-01-31" })).toEqual([
      "grant-expired: still has grant orgkeys-payments_prod_us-east-1_payments-batch, which ended on 2027-01-31: arn:aws:iam::310000000002:role/payments-batch may do GenerateDataKey, Decrypt",
    ]);
  });

  test("never comes where the record has no day of the calendar", () => {
    expect(told([applied], withGrant({ expires: "soon" }), { ...context, today: "2030-01-01" })).toEqual([]);
  });
});

describe("a grant that says something else", () => {
  const name = "orgkeys-payments_prod_us-east-1_payments-batch";
  const context1 = 'encryption context is "app"="payments" "job"="settlement"';

  test.each<[string, Partial<LiveGrant>, string]>([
    [
      "one operation more",
      { operations: ["Decrypt", "GenerateDataKey", "Encrypt"] },
      `grant-changed: has grant ${name} with operations Decrypt, Encrypt, GenerateDataKey where Decrypt, GenerateDataKey was reviewed`,
    ],
    [
      "one operation less",
      { operations: ["Decrypt"] },
      `grant-changed (medium): has grant ${name} with operations Decrypt where Decrypt, GenerateDataKey was reviewed`,
    ],
    [
      "no constraint",
      { equals: undefined },
      `grant-changed: has grant ${name} with constraint none where ${context1} was reviewed`,
    ],
    [
      "a weaker kind of constraint",
      { equals: undefined, subset: applied.equals },
      `grant-changed: has grant ${name} with constraint ${context1.replace("is", "has")} where ${context1} was reviewed`,
    ],
    [
      "another pair",
      { equals: { ...applied.equals, app: "fraud" } },
      `grant-changed: has grant ${name} with constraint ${context1.replace("payments", "fraud")} where ${context1} was reviewed`,
    ],
    [
      "another grantee of the zone",
      { grantee: reader },
      `grant-changed: has grant ${name} with grantee ${reader} where ${batch.grantee} was reviewed`,
    ],
    [
      "a session of the grantee",
      { grantee: "arn:aws:sts::310000000002:assumed-role/payments-batch/job" },
      `grant-changed: has grant ${name} with grantee arn:aws:sts::310000000002:assumed-role/payments-batch/job where ${batch.grantee} was reviewed`,
    ],
    [
      "a grantee outside of the zone",
      { grantee: stranger },
      `grant-changed (critical): has grant ${name} with grantee ${stranger} where ${batch.grantee} was reviewed`,
    ],
    [
      "a grantee that is gone",
      { grantee: "AROADBQP57FF2AEXAMPLE" },
      `grant-changed (medium): has grant ${name} with grantee AROADBQP57FF2AEXAMPLE where ${batch.grantee} was reviewed, which is nobody any more`,
    ],
    [
      "nobody who may retire it",
      { retiring: undefined },
      `grant-changed (medium): has grant ${name} with retiring principal none where ${batch.retiring} was reviewed`,
    ],
    [
      "somebody outside of the zone who may retire it",
      { retiring: stranger },
      `grant-changed (critical): has grant ${name} with retiring principal ${stranger} where ${batch.retiring} was reviewed`,
    ],
    [
      "a service as grantee, by the field for services",
      { grantee: "sns.amazonaws.com", namesService: true, retiring: "sns.amazonaws.com" },
      `grant-changed (critical): has grant ${name} with grantee service principal sns.amazonaws.com where ${batch.grantee} was reviewed, and retiring principal service principal sns.amazonaws.com where ${batch.retiring} was reviewed`,
    ],
    [
      "another name",
      { name: "mine" },
      `grant-changed (low): has grant ${name} with name mine where ${name} was reviewed`,
    ],
  ])("has %s", (_, change, expected) => {
    expect(told([{ ...applied, ...change }])).toEqual([expected]);
  });

  test("gives nobody more where its constraint is narrower", () => {
    const reviewed = withGrant({ constraint: { kind: "subset", pairs: { app: "payments" } } });
    const live = { ...applied, equals: undefined, subset: { app: "payments", job: "settlement" } };
    const [drift, ...others] = compare([live], reviewed);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({ id: "grant-changed", severity: "medium", access: [{ effect: "loses" }] });
  });

  test("is known by its name before what it says", () => {
    const renamed = { ...applied, id: "renamed", name: "mine" };
    const changed = { ...applied, operations: ["Decrypt"] };
    expect(compare([renamed, changed]).map(({ id, detail }) => [id, ...detail])).toEqual([
      ["grant-changed", `grant ${name}`, "operations"],
      ["grant-unmanaged", "grant renamed"],
    ]);
  });

  test("is the one that says what was reviewed, where two have the name", () => {
    const older = { ...applied, id: "older", grantee: reader, createdAt: "2025-01-01T00:00:00.000Z" };
    expect(compare([older, applied]).map(({ id, detail }) => [id, ...detail])).toEqual([
      ["grant-unmanaged", "grant older"],
    ]);
  });

  test("is the oldest, where several have the name and say something else", () => {
    const grants = ["2026-02-01", "2026-01-01"].map((day) => ({
      ...applied,
      id: day,
      operations: ["Encrypt"],
      createdAt: `${day}T00:00:00.000Z`,
    }));
    expect(compare(grants).map(({ id, subject }) => [id, subject?.grant?.id])).toEqual([
      ["grant-changed", "2026-01-01"],
      ["grant-unmanaged", "2026-02-01"],
    ]);
  });

  test("is known by its grantee where it has no name", () => {
    const reviewed = withGrant({ name: "" });
    const live = { ...applied, name: "", operations: ["Decrypt"] };
    expect(compare([live], reviewed).map(({ id, detail }) => [id, ...detail])).toEqual([
      ["grant-changed", "grant payments_prod_us-east-1_payments-batch", "operations"],
    ]);
  });
});

describe("a grant that nobody reviewed", () => {
  test("is told with whom it lets do what, and stands at the key", () => {
    const [drift] = compare([
      applied,
      liveGrant({ id: "by-hand", name: "quick-fix", grantee: reader, subset: { app: "x" } }),
    ]);
    expect(drift).toMatchObject({
      id: "grant-unmanaged",
      place: { address: "aws_kms_key.payments_prod_us-east-1", resource: "alias/payments-prod" },
      detail: ["grant by-hand"],
      why: `has a grant that is in no reviewed JSON: quick-fix lets ${reader} do Decrypt where encryption context has "app"="x", made by account 310000000001 on 2026-11-02`,
      subject: { reviewedKey: key, grant: { id: "by-hand" } },
    });
    expect(drift?.severity).toBeUndefined();
    expect(drift?.access).toMatchObject([
      { effect: "gains", who: reader, actions: ["kms:Decrypt"], outside: undefined },
    ]);
  });

  test("is critical for somebody outside of the zone", () => {
    const [drift] = compare([applied, liveGrant({ grantee: stranger })]);
    expect(drift).toMatchObject({
      severity: "critical",
      access: [{ who: stranger, outside: "account shop-prod (210000000001) of zone corporate" }],
    });
  });

  test.each<[string, Partial<LiveGrant>, string | undefined]>([
    ["an account outside of the zone", { grantee: "arn:aws:iam::210000000001:root" }, "critical"],
    ["a role that a stranger may retire", { grantee: reader, retiring: stranger }, "critical"],
    ["nobody that anybody knows", { grantee: "somebody" }, "critical"],
    ["a service for whoever uses it", { grantee: "sns.amazonaws.com" }, "critical"],
    [
      "a service for a resource of the zone",
      {
        grantee: "sns.amazonaws.com",
        namesService: true,
        sourceArn: "arn:aws:sns:us-east-1:310000000002:alerts",
        retiring: "arn:aws:iam::310000000001:role/PciKeyAdministrator",
      },
      undefined,
    ],
    [
      "a service for a resource of another zone",
      { grantee: "sns.amazonaws.com", namesService: true, sourceArn: "arn:aws:sns:us-east-1:210000000001:alerts" },
      "critical",
    ],
    [
      "EC2, by hand",
      { grantee: "arn:aws:sts::310000000002:assumed-role/aws:ec2-infrastructure/i-5d476fab" },
      undefined,
    ],
    ["somebody who is gone", { grantee: "AIDACKCEVSQ6C2EXAMPLE" }, "low"],
    ["a session of a role that is gone", { grantee: "AROADBQP57FF2AEXAMPLE:session" }, "low"],
  ])("is for %s", (_, given, severity) => {
    const drifts = compare([applied, liveGrant(given)]);
    expect(drifts.map((drift) => [drift.id, drift.severity])).toEqual([["grant-unmanaged", severity]]);
  });

  test("is a second one with the content of a reviewed one", () => {
    expect(told([applied, { ...applied, id: "twice", name: "" }]).map((line) => line.split(":")[0])).toEqual([
      "grant-unmanaged",
    ]);
  });
});

test("grants that AWS did not tell are none that is missing", () => {
  const unread = { unread: "AccessDeniedException: not authorized", whatToDo: "let OrgKeysAudit do kms:ListGrants" };
  expect(compareGrants({ reviewed: key, live: liveKey({ grants: unread }), region: "us-east-1" }, context)).toEqual([]);
});

test("10,000 grants on a key are read at once", () => {
  const grantee = "dynamodb.us-east-1.amazonaws.com";
  const byServices = Array.from({ length: 9_000 }, (_, index) =>
    liveGrant({ id: `service-${index}`, grantee, retiring: grantee }),
  );
  const byPeople = Array.from({ length: 500 }, (_, index) =>
    liveGrant({ id: `person-${index}`, grantee: `${reader}-${index}` }),
  );
  const reviewed = {
    ...key,
    grants: Array.from({ length: 500 }, (_, index) => ({ ...batch, id: `${index}`, name: `${index}` })),
  };
  const live = [...byPeople, ...byServices, ...reviewed.grants.map((grant) => appliedGrant(grant))];
  const before = process.cpuUsage();
  const drifts = compare(live, reviewed);
  expect(drifts.map(({ id }) => id)).toEqual(Array(500).fill("grant-unmanaged"));
  // Milliseconds of this process, whatever else runs: a second would be the square of the number.
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
