import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { accessOfKey } from "../../modules/review/access/access-of-key";
import { hasOtherWalls } from "../../modules/review/access/access-place";
import type { Json, Output } from "../checks/sample-output";
import {
  adding,
  asText,
  consumer,
  type Edit,
  ledger,
  onPolicy,
  onResource,
  shared,
  small,
  withoutStatement,
} from "../checks/small-output";
import { contextOf, pairsOf, reviewAccess } from "./review-access";

/** `RISK ID RESOURCE REGIONS WHAT`, as a reviewer reads it. */
function told(edit: Edit, from: Output = small): string[] {
  return reviewAccess(from, edit(from)).map(
    ({ risk, id, place, what }) => `${risk} ${id} ${[place.resource, ...place.regions].join(" ")} ${what}`,
  );
}

const app = "arn:aws:iam::210000000001:role/new-app";
const grantId = "shared_confidential_prod_us-east-1_shop_shop-batch";
const onGrant = (change: (grant: Json) => void): Edit => onResource(shared.stack, "aws_kms_grant", grantId, change);
const onConsumer =
  (role: string, change: (statement: Json) => void): Edit =>
  (output) =>
    output.edit(consumer.stack, (json) => json.locals[`consumer_role_${role}-policy`].Statement.forEach(change));

const noHalf = ", and no consumer policy of its account lets it so far";
const viaServices = {
  StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "rds.us-west-2.amazonaws.com"] },
};

describe("by its key policy", () => {
  test.each<[string, Edit, string[]]>([
    [
      "a role of the zone",
      adding(ledger, { Principal: { AWS: app } }),
      [
        `high access-gained alias/ledger us-east-1 lets role/new-app in shop-prod do Decrypt, through statement Extra${noHalf}`,
      ],
    ],
    [
      "a role that only looks",
      adding(ledger, { Principal: { AWS: app }, Action: "kms:DescribeKey" }),
      [
        `medium access-gained alias/ledger us-east-1 lets role/new-app in shop-prod do DescribeKey, through statement Extra${noHalf}`,
      ],
    ],
    [
      "a role of another zone, through services",
      adding(ledger, { Principal: { AWS: "arn:aws:iam::310000000001:role/x" }, Condition: viaServices }),
      [
        `critical access-gained-outside alias/ledger us-east-1 lets role/x in clinic do Decrypt, through statement Extra, only through s3 or rds in us-west-2${noHalf}; outside zone corporate: account clinic (310000000001) of zone health`,
      ],
    ],
    [
      "everybody",
      adding(ledger, { Principal: "*" }),
      [
        "critical access-gained-outside alias/ledger us-east-1 lets anybody do Decrypt, through statement Extra; outside zone corporate: anybody: Any * can be in any account",
      ],
    ],
    [
      "an account as a whole",
      adding(ledger, { Principal: { AWS: "210000000001" } }),
      [
        "high access-gained alias/ledger us-east-1 lets anyone of shop-prod whom its IAM allows do Decrypt, through statement Extra",
      ],
    ],
    [
      "a service for one account",
      adding(ledger, {
        Principal: { Service: "sns.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "210000000001" } },
      }),
      [
        "high access-gained alias/ledger us-east-1 lets sns.amazonaws.com do Decrypt, through statement Extra, only for shop-prod",
      ],
    ],
    [
      "users who lose their statement",
      withoutStatement(ledger, "UseLedgerProdLedger"),
      [
        "medium access-lost alias/ledger us-east-1 no longer lets role/ledger in shop-prod do Decrypt, Encrypt, GenerateDataKey and 5 more, through statement UseLedgerProdLedger, which is gone, with encryption context aws:ledger=${book}",
      ],
    ],
    [
      "a policy that nobody can read",
      onPolicy(ledger, (policy) => policy.Statement.push("?")),
      [
        "critical access-unreadable alias/ledger us-east-1 has a key policy that cannot be understood, so that nobody can tell whom it lets in",
      ],
    ],
    ["the same policy as a text", asText(ledger), []],
  ])("%s", (_, edit, lines) => {
    expect(told(edit)).toEqual(lines);
  });

  test("those who gain the same in the same way are one change", () => {
    const names = ["a", "b", "c", "d", "e"].map((name) => `arn:aws:iam::100000000001:role/${name}`);
    const [change, ...others] = reviewAccess(small, adding(ledger, { Principal: { AWS: names } })(small));
    expect(others).toEqual([]);
    expect(change?.access).toHaveLength(5);
    expect(change?.what).toBe(
      "lets role/a in keys, role/b in keys, role/c in keys and 2 more do Decrypt, through statement Extra",
    );
    expect(change?.explains).toEqual([`aws_kms_key.${ledger.key} policy`]);
    expect(change?.lines).toEqual([
      { side: "head", stack: ledger.stack, path: `/locals/${ledger.key}-policy/Statement/14` },
    ]);
  });

  test("a Deny that no Allow is behind is told of grants", () => {
    const deny = adding(shared, { Effect: "Deny", Principal: { AWS: shared.grantee } });
    const lines = told(deny).map((line) => line.replace(/^.* no longer/, "no longer"));
    expect(lines).toEqual([
      "no longer lets whoever has a grant on it do Decrypt, through statement Extra, which is new",
    ]);
  });
});

describe("by grants", () => {
  const place = "alias/shared-prod-key us-east-1";
  const batch = "role/shop-batch in shop-prod";
  test.each<[string, Edit, string[]]>([
    [
      "an operation more",
      onGrant((grant) => grant.operations.push("Encrypt")),
      [
        `high access-gained ${place} lets ${batch} do Encrypt, through grant shop_shop-batch, until 2027-01-31, with encryption context app=shop`,
      ],
    ],
    [
      "no constraint",
      onGrant((grant) => {
        grant.constraints = undefined;
      }),
      [`high access-gained ${place} lets ${batch} do Decrypt, through grant shop_shop-batch, until 2027-01-31`],
    ],
    [
      "no grant",
      (output) => output.edit(shared.stack, (json) => delete json.resource.aws_kms_grant[grantId]),
      [
        `medium grant-removed ${place} no longer lets ${batch} do Decrypt, through grant shop_shop-batch, until 2027-01-31, with encryption context app=shop`,
      ],
    ],
    [
      "a grant to another zone",
      onGrant((grant) => {
        grant.grantee_principal = "arn:aws:iam::310000000001:role/x";
      }),
      [
        `critical access-gained-outside ${place} lets role/x in clinic do Decrypt, through grant shop_shop-batch, until 2027-01-31, with encryption context app=shop${noHalf}; outside zone corporate: account clinic (310000000001) of zone health`,
        `medium access-lost ${place} no longer lets ${batch} do Decrypt, through grant shop_shop-batch, until 2027-01-31, with encryption context app=shop`,
      ],
    ],
    [
      "a later end",
      (output) =>
        output.edit(shared.stack, (json) => {
          json["//"].orgkeys.keys[shared.key].grants[grantId].expires = "2028-01-31";
        }),
      [
        `high access-gained ${place} lets ${batch} do Decrypt, through grant shop_shop-batch, until 2028-01-31, with encryption context app=shop, where it was until 2027-01-31`,
      ],
    ],
    [
      "the same grant under another name",
      (output) =>
        output.edit(shared.stack, (json) => {
          const { [grantId]: grant, ...others } = json.resource.aws_kms_grant;
          json.resource.aws_kms_grant = { ...others, renamed: grant };
          json["//"].orgkeys.keys[shared.key].grants.renamed = { expires: "2027-01-31" };
        }),
      [],
    ],
  ])("%s", (_, edit, lines) => {
    expect(told(edit)).toEqual(lines);
  });
});

describe("by consumer policies", () => {
  const noKey = ", and nothing lets it through the key policy so far";
  test.each<[string, Edit, string[]]>([
    [
      "no service asked for",
      onConsumer("shop-api", (statement) => {
        delete statement.Condition.StringEquals;
      }),
      [
        "high access-gained policy orgkeys-shop-api lets role/shop-api in shop-prod do Decrypt, DescribeKey, Encrypt and 6 more on alias/shared-prod-key (corporate), through statement UseSharedConfidentialProdShopUsEast1 and statement UseSharedConfidentialProdShopUsWest2",
      ],
    ],
    [
      "one more alias, and no more of those that are there",
      onConsumer("shop-api", (statement) => {
        statement.Condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"].push("alias/ledger");
      }),
      [
        `high access-gained policy orgkeys-shop-api lets role/shop-api in shop-prod do Decrypt, DescribeKey, Encrypt and 6 more on alias/ledger (corporate), through statement UseSharedConfidentialProdShopUsEast1 and statement UseSharedConfidentialProdShopUsWest2, only through s3${noKey}`,
      ],
    ],
    [
      "somebody else in place of its role",
      onResource(consumer.stack, "aws_iam_role_policy_attachment", "role_shop-batch", (attachment) => {
        attachment.role = "intruder";
      }),
      [
        `high consumer-policy-attached policy orgkeys-shop-batch lets role/intruder in shop-prod do Decrypt on alias/shared-prod-key (corporate), through statement GrantedSharedConfidentialProdShop, with encryption context app=shop${noKey}`,
        "medium consumer-policy-detached policy orgkeys-shop-batch no longer lets role/shop-batch in shop-prod do Decrypt on alias/shared-prod-key (corporate), through statement GrantedSharedConfidentialProdShop, with encryption context app=shop",
      ],
    ],
    [
      "keys of anybody",
      onConsumer("shop-batch", (statement) => {
        statement.Resource = ["*"];
        statement.Condition = undefined;
      }),
      [
        "critical access-gained-outside policy orgkeys-shop-batch lets role/shop-batch in shop-prod do Decrypt on *, through statement GrantedSharedConfidentialProdShop; outside zone corporate: reaches *, which can be in any account",
      ],
    ],
  ])("%s", (_, edit, lines) => {
    expect(told(edit)).toEqual(lines);
  });
});

test("of a new key only those from outside are changes by themselves, and its own access stands with it", () => {
  const without = small.edit(ledger.stack, (json) => delete json.resource.aws_kms_key[ledger.key]);
  expect(told(() => small, without)).toEqual([]);
  const opened = adding(ledger, { Principal: { AWS: "arn:aws:iam::310000000001:role/x" } })(small);
  expect(told(() => opened, without)).toHaveLength(1);
  const [pair] = pairsOf(without, small);
  const key = pair?.after?.keys.find(({ address }) => address === `aws_kms_key.${ledger.key}`);
  if (pair?.after === undefined || key === undefined) throw new Error("the key is not there");
  const whoms = accessOfKey(key, pair.after, pair, contextOf(without, small)).map(({ whom }) => whom);
  expect(whoms).toContain("role/ledger in shop-prod");
});

test("an account that goes to another zone is told without any difference in a policy", () => {
  const zones = new ZoneBoundaries(
    small.rules.zones.all.map((zone) => {
      const accounts = new Map(zone.accounts);
      if (zone.name === "corporate") accounts.delete("210000000001");
      if (zone.name === "health") accounts.set("210000000001", "shop-prod");
      return { ...zone, accounts };
    }),
  );
  const moved = small.withRules({ zones });
  expect(hasOtherWalls(contextOf(small, moved))).toBe(true);
  const lines = told(() => moved);
  expect(lines).toContainEqual(
    expect.stringContaining(
      "alias/ledger us-east-1 lets role/ledger in shop-prod do Decrypt, DescribeKey, Encrypt and 6 more, in 2 ways, as before: the zones are others; outside zone corporate: account shop-prod (210000000001) of zone health",
    ),
  );
  expect(lines.every((line) => line.startsWith("critical access-gained-outside "))).toBe(true);
});
