import { describe, expect, test } from "@jest/globals";
import type { KeyLifecycle } from "../../modules/organization/key-lifecycle";
import { type ReviewOutput, reviewOutputs } from "../../modules/review/review-outputs";
import { verdictOf } from "../../modules/review/verdict";
import { type Json, type Output, outputOfPlan } from "../checks/sample-output";
import { both, consumer, type Edit, ledger, onResource, records, shared, small } from "../checks/small-output";
import { editedSources, smallPlan } from "../continuity/compare-small";
import { planOf } from "../stacks/small-organization";
import { decommission, recordOf, withLifecycles } from "../stacks/with-lifecycles";
import { linesOf, reviewOf, reviewTexts, sideOf } from "./reviewed";

const onLedger = (change: (key: Json) => void): Edit => onResource(ledger.stack, "aws_kms_key", ledger.key, change);
const onReplica = (change: (key: Json) => void): Edit =>
  onResource(ledger.stack, "aws_kms_replica_key", ledger.replica, change);

function disableKey(key: Json): void {
  key.is_enabled = false;
}

function disableReplica(replica: Json): void {
  replica.enabled = false;
}

/** What a hand's edit of the small organization means, most risky first. */
const edits: readonly (readonly [name: string, edit: Edit, ...lines: unknown[]])[] = [
  [
    "a disabled key",
    onLedger((key) => {
      key.is_enabled = false;
    }),
    "high key-disabled alias/ledger [us-east-1] is disabled: nobody can use it, and everything under it stays",
  ],
  [
    "a key that is disabled with its replica, once",
    both(
      onLedger((key) => {
        key.is_enabled = false;
      }),
      onReplica((key) => {
        key.enabled = "false";
      }),
    ),
    "high key-disabled alias/ledger [us-east-1, us-west-2] is disabled: nobody can use it, and everything under it stays",
  ],
  [
    "another description",
    onLedger((key) => {
      key.description = "Books";
    }),
    'information description-changed alias/ledger [us-east-1] has another description: "ledger prod test: restricted data of zone corporate. Books of account" becomes "Books"',
  ],
  [
    "another description that has no room in a line",
    onLedger((key) => {
      key.description = "Books ".repeat(20);
    }),
    "information description-changed alias/ledger [us-east-1] has another description",
  ],
  [
    "no rotation any more",
    onLedger((key) => {
      key.enable_key_rotation = false;
      delete key.rotation_period_in_days;
    }),
    "high rotation-changed alias/ledger [us-east-1] no longer rotates by itself: every 365 days until then",
  ],
  [
    "rotation after more days",
    onLedger((key) => {
      key.rotation_period_in_days = 700;
    }),
    "medium rotation-changed alias/ledger [us-east-1] rotates every 700 days: every 365 until then",
  ],
  [
    "a shorter deletion window",
    onLedger((key) => {
      key.deletion_window_in_days = 7;
    }),
    "medium deletion-window-changed alias/ledger [us-east-1] leaves 7 days to cancel its deletion: 30 until then",
  ],
  [
    "no protection any more",
    onLedger((key) => {
      delete key.lifecycle;
    }),
    "high protection-changed alias/ledger [us-east-1] is no longer protected: Terraform may destroy it",
  ],
  [
    "another spec",
    onLedger((key) => {
      key.customer_master_key_spec = "RSA_2048";
    }),
    "critical key-replaced alias/ledger [us-east-1] is deleted and made anew, and the new key decrypts nothing that the old one encrypted: customer_master_key_spec SYMMETRIC_DEFAULT becomes RSA_2048",
  ],
  [
    "a key in another Region at its address",
    onLedger((key) => {
      key.provider = "aws.us-west-2";
    }),
    "critical key-replaced alias/ledger [us-east-1] is deleted and made anew, and the new key decrypts nothing that the old one encrypted: Region us-east-1 becomes us-west-2",
  ],
  [
    "the way around the lockout check",
    onLedger((key) => {
      key.bypass_policy_lockout_safety_check = true;
    }),
    "high key-changed alias/ledger [us-east-1] is another in what it is made of: bypass_policy_lockout_safety_check none becomes true",
  ],
  [
    "an alias on another key",
    onResource(ledger.stack, "aws_kms_alias", ledger.key, (alias) => {
      alias.target_key_id = "${aws_kms_key.ledger__ebs_us-east-1.key_id}";
    }),
    "high alias-moved alias/ledger [us-east-1] leads to aws_kms_key.ledger__ebs_us-east-1 and led to aws_kms_key.ledger_us-east-1: what is encrypted by this name next is under the other key",
  ],
  [
    "another role that deploys",
    (output) =>
      output.edit(consumer.stack, (json) => {
        json.provider.aws[0].assume_role[0].role_arn = "arn:aws:iam::210000000001:role/Other";
      }),
    'high deploy-access-changed account shop-prod is deployed otherwise: role_arn "arn:aws:iam::210000000001:role/OrgKeysDeploy" becomes "arn:aws:iam::210000000001:role/Other"',
  ],
  [
    "a state without its lock",
    (output) =>
      output.edit(records.stack, (json) => {
        const [backend] = Object.values<Json>(json.terraform.backend);
        backend.path = "elsewhere/310000000001.tfstate";
      }),
    expect.stringContaining("high state-moved account clinic keeps its state otherwise: path"),
  ],
  [
    "a resource that nobody here writes",
    (output) =>
      output.edit(consumer.stack, (json) => {
        json.resource.aws_s3_bucket = { x: { bucket: "b", provider: "aws.us-east-1" } };
      }),
    "critical stack-unreadable account shop-prod cannot be understood in full: /resource/aws_s3_bucket resources of type aws_s3_bucket are not understood here",
    "high other-changed aws_s3_bucket.x aws_s3_bucket.x is added",
  ],
  [
    "other versions, once for all stacks",
    (output) =>
      [...output.texts.keys()].reduce(
        (edited, stack) =>
          edited.edit(stack, (json) => {
            json.terraform.required_version = ">= 1.11.0";
          }),
        output,
      ),
    'medium other-changed 6 stacks asks for other versions: required_version ">= 1.10.0" becomes ">= 1.11.0"',
  ],
  [
    "a file that is no JSON",
    (output) => output.withText(records.stack, "{"),
    expect.stringContaining("critical stack-unreadable stack acme.health.clinic cannot be read at head"),
  ],
  [
    "a key let go",
    (output) =>
      output.edit(records.stack, (json) => {
        delete json.resource.aws_kms_key;
        delete json.resource.aws_kms_alias;
        delete json.output;
        json.removed = [
          { from: `aws_kms_key.${records.key}`, lifecycle: { destroy: false } },
          { from: "aws_kms_alias.records-prod_us-east-1", lifecycle: { destroy: false } },
        ];
      }),
    "high key-let-go alias/records-prod [us-east-1] is let go: Terraform leaves the key as it is, and nothing looks after it from then on",
  ],
  [
    "a replica let go alone",
    (output) =>
      output.edit(ledger.stack, (json) => {
        delete json.resource.aws_kms_replica_key[ledger.replica];
        delete json.resource.aws_kms_alias[ledger.replica];
        json.removed = [
          { from: `aws_kms_replica_key.${ledger.replica}`, lifecycle: { destroy: false } },
          { from: `aws_kms_alias.${ledger.replica}`, lifecycle: { destroy: false } },
        ];
      }),
    "medium replica-removed alias/ledger [us-west-2] is let go: Terraform leaves the replica as it is, and its data is readable with the primary",
  ],
  [
    "a stack that is gone",
    (output) => output.without(records.stack),
    "high stack-removed account clinic is gone with 2 resources, 1 key (alias/records-prod) among them: they stay in AWS as they are, in a state that no run looks at any more",
  ],
];

/** The small organization, made anew from an edited map. */
function mapped(...changes: readonly (readonly [path: string, from: string, to: string])[]): Output {
  return outputOfPlan(planOf(editedSources(...changes)));
}

/** The organization whose one clinical key is recorded like this. */
function recorded(record: Partial<KeyLifecycle>): Output {
  return outputOfPlan(
    withLifecycles(smallPlan, [recordOf(smallPlan.map, "clinic", "records_prod", "us-east-1", record)]),
  );
}

describe("a review of an edited stack", () => {
  test.each(edits)("tells %s", (_, edit, ...lines) => {
    expect(linesOf(reviewOf(small, edit(small)))).toEqual(lines);
  });

  test("tells everything that a file has as new or gone only where it can be read", () => {
    expect(reviewOf(small.withText(ledger.stack, "{"), small).changes.map(({ id }) => id)).toEqual([
      "stack-unreadable",
    ]);
  });

  test("tells a file that is not there any more, though the stack is", () => {
    const { zones } = small.rules;
    const head: ReviewOutput = {
      ...sideOf(small.texts, "head"),
      textOf: (stack) => (stack === records.stack ? undefined : small.texts.get(stack)),
    };
    const settings = { zones, zonesBefore: zones, today: undefined };
    const idsOf = (before: ReviewOutput, after: ReviewOutput): string[] =>
      reviewOutputs(before, after, settings).changes.map(({ id }) => id);
    expect(idsOf(sideOf(small.texts, "base"), head)).toEqual(["stack-unreadable"]);
    expect(idsOf(head, head)).toEqual(["stack-unreadable", "stack-unreadable"]);
  });
});

describe("a review of an edited map", () => {
  test("of the same map says nothing", () => {
    const review = reviewOf(small, mapped());
    expect(review.changes).toEqual([]);
    expect(review.sameMeaning).toEqual([]);
    expect(review.head).toEqual({ name: "head", commit: undefined, stacks: 6, keys: 5, replicas: 3 });
  });

  test("sums up tags over all stacks", () => {
    const review = reviewOf(small, mapped(["zones.yaml", 'CostCenter: "4711"', 'CostCenter: "4712"']));
    expect(linesOf(review)).toEqual([
      expect.stringMatching(/^low tags-changed tag CostCenter becomes "4712", where it was "4711"/),
      expect.stringMatching(/^low tags-changed tag CostCenter becomes "4712", where it was "4711"/),
    ]);
    expect(review.zones.map(({ zone, changes }) => [zone, changes])).toEqual([["health", 2]]);
    expect(verdictOf(review)).toEqual({ level: "harmless", line: "Harmless: only tags." });
  });

  test.each<[string, Edit, string]>([
    ["a key", onLedger(disableKey), "1 key is"],
    ["a replica", onReplica(disableReplica), "1 replica is"],
    ["a key with its replica", both(onLedger(disableKey), onReplica(disableReplica)), "1 key is"],
    [
      "another key besides a replica",
      both(onReplica(disableReplica), onResource(records.stack, "aws_kms_key", records.key, disableKey)),
      "1 key and 1 replica are",
    ],
  ])("says of %s that is disabled what it is", (_, edit, words) => {
    expect(verdictOf(reviewOf(small, edit(small))).line).toBe(`Look: ${words} disabled.`);
  });

  test("keeps the key of a workload with a former name, and its former alias", () => {
    const review = reviewOf(small, mapped(["workloads/clinic.yaml", "records:", "patients:\n  formerly: records"]));
    const ids = review.changes.map(({ id }) => id);
    expect(ids).toContain("alias-added");
    expect(ids.filter((id) => id.startsWith("key-"))).toEqual([]);
    expect(verdictOf(review).level).toBe("look");
  });

  test("stops at a workload with another name and no former one", () => {
    const review = reviewOf(small, mapped(["workloads/clinic.yaml", "records:", "patients:"]));
    expect(review.changes.map(({ id, risk }) => `${risk} ${id}`).slice(0, 1)).toEqual(["critical key-removed"]);
    expect(verdictOf(review).line).toBe("Stop: 1 key is deleted with the data under it; 1 key is new.");
    expect(review.zones).toEqual([{ zone: "health", stacks: 1, changes: 2, wall: false }]);
  });

  test("tells a renamed OU as renamed stacks and nothing else", () => {
    const renamed = small.texts.get(records.stack)?.replaceAll("acme.health.clinic", "acme.care.clinic") ?? "";
    const head = new Map([...small.texts].filter(([name]) => name !== records.stack));
    head.set("acme.care.clinic", renamed);
    const review = reviewTexts(small.texts, head, small.rules.zones);
    expect(linesOf(review)).toEqual([
      "information stack-renamed account clinic was called acme.health.clinic, and goes on with its state",
    ]);
  });

  test("tells an account that moves to another zone with its keys", () => {
    const after = small.edit(records.stack, (json) => {
      json["//"].orgkeys.zone = "corporate";
    });
    const corporate = small.rules.zones.named("corporate");
    if (corporate === undefined) throw new Error("there is no zone corporate");
    const { zones } = small.rules.zones.withAccount(corporate, records.account, "clinic");
    const review = reviewTexts(small.texts, after.texts, zones, small.rules.zones);
    expect(linesOf(review)).toEqual([
      "critical zone-changed account clinic goes from zone health to zone corporate, with 1 key (alias/records-prod): what zone health encrypted would be in zone corporate",
    ]);
    expect(review.zones.map(({ zone, wall }) => `${zone} ${wall}`)).toEqual(["corporate true", "health true"]);
  });

  test("tells a key that goes to another account as moved", () => {
    const review = reviewOf(small, mapped(["zones.yaml", "{environments: [prod]}, ", ""]));
    const ids = review.changes.map(({ id }) => id);
    expect(ids).toContain("key-moved");
    expect(ids).not.toContain("key-removed");
  });

  test("tells bytes without a meaning as such", () => {
    const after = new Map([...small.texts].map(([name, text]) => [name, `${text}\n`]));
    const review = reviewTexts(small.texts, after, small.rules.zones);
    expect(review.changes).toEqual([]);
    expect(review.sameMeaning).toEqual([...small.texts.keys()].sort());
    expect(verdictOf(review)).toEqual({ level: "none", line: "No change of meaning; 6 stacks differ in bytes." });
  });
});

describe("the life of a key", () => {
  const inUse = recorded({});
  const disabled = recorded({ decommission: decommission("disabled") });
  const scheduled = recorded({ decommission: decommission("scheduled") });
  const gone = recorded({ decommission: decommission("gone") });
  const handedOver = recorded({ handOver: { to: "acquirer", day: "2026-12-01" } });
  const keyId = "mrk-1234567890abcdef1234567890abcdef";
  const adopted = recorded({ adopt: { keyId, replicas: [], aliases: ["alias/records-prod"], grants: new Map() } });

  test.each<[name: string, before: Output, after: Output, ...ids: string[]]>([
    ["disabled", inUse, disabled, "high key-disabled"],
    ["in use again", disabled, inUse, "medium key-enabled"],
    ["scheduled", disabled, scheduled, "high key-let-go"],
    ["gone", scheduled, gone, "medium key-step-changed"],
    ["handed over", inUse, handedOver, "high key-let-go"],
    ["taken over again", scheduled, adopted, "high key-adopted"],
    ["made anew where it was let go", scheduled, inUse, "critical key-added"],
  ])("is told when it is %s", (_, before, after, ...ids) => {
    const told = reviewOf(before, after).changes.map(({ risk, id }) => `${risk} ${id}`);
    // Who may use a key that is disabled or comes back is for the comparison of access.
    expect(told.filter((line) => !/access|other-changed|grant/.test(line))).toEqual(ids);
  });

  test("is not silent about a step whose day moves back", () => {
    const earlier = recorded({ decommission: { ...decommission("scheduled"), scheduled: "2027-01-10" } });
    expect(linesOf(reviewOf(scheduled, earlier))).toEqual([
      "high key-step-changed alias/records-prod has another day for its step scheduled: 2027-01-10, and it was 2027-01-15",
    ]);
  });
});

describe("what nobody asked about", () => {
  test("is told of grants until somebody tells it", () => {
    const review = reviewOf(
      small,
      onResource(shared.stack, "aws_kms_grant", `${shared.key}_shop_shop-batch`, (grant) => {
        grant.retire_on_delete = true;
      })(small),
    );
    expect(linesOf(review)).not.toEqual([]);
  });
});
