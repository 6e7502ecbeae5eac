import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { iamLimits } from "../../modules/aws/kms-limits";
import {
  type ConsumedGrant,
  type ConsumedKey,
  type Consumption,
  consumerPolicies,
  exceedsManagedPolicy,
} from "../../modules/policies/consumer-policy";
import type { KeyUse } from "../../modules/policies/key-use";
import { type PolicyStatement, policyText } from "../../modules/policies/policy-document";
import { asGolden, golden } from "./golden";
import { alias, other, owner, role, smallRequest, third, useBy } from "./small-key";

const app = role(other, "app");
const key: ConsumedKey = { partition: "aws", ownerAccountId: owner, regions: ["us-east-1"], alias, by: "alias" };
const everywhere: ConsumedKey = { ...key, regions: ["us-east-1", "us-west-2"] };
const behindAlias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [alias] } };

function consume(use: Partial<KeyUse> = {}, of: ConsumedKey = key): Consumption {
  return { key: of, use: useBy(app, use) };
}

function consumeGrant(grant: Partial<ConsumedGrant>, of: ConsumedKey = key): Consumption {
  return { key: of, grant: { label: "payments-prod-batch", operations: ["Decrypt"], constraint: undefined, ...grant } };
}

function statements(...consumptions: Consumption[]): PolicyStatement[] {
  return consumerPolicies(consumptions).flatMap(({ Statement }) => Statement);
}

describe("a consumer policy", () => {
  test("for the small key's foreign users and grants is this document", () => {
    const foreign = smallRequest.uses.filter(({ principals }) =>
      principals.some((principal) => !principal.includes(`:${owner}:`)),
    );
    const documents = consumerPolicies([
      ...foreign.map((use) => ({ key: everywhere, use })),
      consumeGrant({ constraint: { kind: "subset", pairs: { job: "settlement" } } }, everywhere),
    ]);
    expect(asGolden(documents)).toBe(golden("consumer-policy.json", documents));
  });

  test("names the owner's keys in their Regions and the alias, never a key", () => {
    expect(statements(consume({ operations: ["decrypt"] }))).toEqual([
      {
        Sid: "UsePaymentsProdApp",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom"],
        Resource: ["arn:aws:kms:us-east-1:111111111111:key/*"],
        Condition: behindAlias,
      },
    ]);
  });

  test.each<[string, Partial<KeyUse>]>([
    ["services", { via: ["s3"] }],
    ["endpoints", { sourceVpce: ["vpce-0a1b2c3d"] }],
    ["addresses", { sourceIp: ["203.0.113.0/24"] }],
    ["an OU", { organizationPath: { organizationId: "o-a1b2c3d4e5", idPath: "o-a1b2c3d4e5/r-ab12/" } }],
    ["an encryption context", { encryptionContext: { app: "payments" } }],
  ])("without its alias is never unconditional, also when narrowed by %s", (_, use) => {
    for (const { Condition } of statements(consume(use))) {
      expect(Condition?.["ForAnyValue:StringEquals"]).toEqual({ "kms:ResourceAliases": [alias] });
      expect(JSON.stringify(Condition)).not.toContain("kms:CallerAccount");
    }
  });

  test("lets grant to AWS services only for AWS resources, as the key policy does", () => {
    const [, grant] = statements(consume({ operations: ["grant-to-aws-services"], via: ["ebs"] }));
    expect(grant?.Condition).toEqual({
      ...behindAlias,
      Bool: { "kms:GrantIsForAWSResource": ["true"] },
      StringEquals: { "kms:ViaService": ["ec2.us-east-1.amazonaws.com"] },
    });
  });

  test.each<[string, Partial<ConsumedGrant>, [string, string[], unknown][]]>([
    ["without a constraint", {}, [["Granted", ["kms:Decrypt"], behindAlias]]],
    [
      "constrained to at least these pairs",
      { constraint: { kind: "subset", pairs: { job: "x" } } },
      [["Granted", ["kms:Decrypt"], { ...behindAlias, StringEquals: { "kms:EncryptionContext:job": ["x"] } }]],
    ],
    [
      "constrained to exactly these pairs",
      { constraint: { kind: "equals", pairs: { job: "x" } } },
      [
        [
          "Granted",
          ["kms:Decrypt"],
          {
            ...behindAlias,
            "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["job"] },
            StringEquals: { "kms:EncryptionContext:job": ["x"] },
          },
        ],
      ],
    ],
    [
      "with DescribeKey, which has no context, and RetireGrant, which takes no permission",
      { operations: ["Decrypt", "DescribeKey", "RetireGrant"], constraint: { kind: "subset", pairs: { job: "x" } } },
      [
        ["GrantedDescribe", ["kms:DescribeKey"], behindAlias],
        ["Granted", ["kms:Decrypt"], { ...behindAlias, StringEquals: { "kms:EncryptionContext:job": ["x"] } }],
      ],
    ],
    ["to retire alone, for which nothing is needed", { operations: ["RetireGrant"] }, []],
  ])("takes a grant %s", (_, grant, expected) => {
    expect(statements(consumeGrant(grant)).map(({ Sid, Action, Condition }) => [Sid, Action, Condition])).toEqual(
      expected.map(([prefix, actions, condition]) => [`${prefix}PaymentsProdBatch`, actions, condition]),
    );
  });
});

describe("Regions", () => {
  test("in which the same holds share a statement", () => {
    const [statement, ...more] = statements(consume({}, everywhere));
    expect(statement?.Resource).toEqual([
      "arn:aws:kms:us-east-1:111111111111:key/*",
      "arn:aws:kms:us-west-2:111111111111:key/*",
    ]);
    expect(more).toEqual([]);
  });

  test("with another service endpoint have a statement each", () => {
    expect(
      statements(consume({ via: ["s3"] }, everywhere)).map(({ Resource, Condition }) => [
        Resource,
        Condition?.StringEquals,
      ]),
    ).toEqual([
      [["arn:aws:kms:us-east-1:111111111111:key/*"], { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] }],
      [["arn:aws:kms:us-west-2:111111111111:key/*"], { "kms:ViaService": ["s3.us-west-2.amazonaws.com"] }],
    ]);
  });

  test("of keys behind different aliases are never mixed", () => {
    const another: ConsumedKey = { ...key, regions: ["us-west-2"], alias: "alias/other" };
    const both = statements(consume(), consume({}, another));
    expect(both.map(({ Resource, Condition }) => [Resource, Condition?.["ForAnyValue:StringEquals"]])).toEqual([
      [["arn:aws:kms:us-east-1:111111111111:key/*"], { "kms:ResourceAliases": [alias] }],
      [["arn:aws:kms:us-west-2:111111111111:key/*"], { "kms:ResourceAliases": ["alias/other"] }],
    ]);
  });
});

describe("IAM's limit", () => {
  const many = (count: number): Consumption[] =>
    Array.from({ length: count }, (_, index) =>
      consume(
        { label: `workload-${index}-prod-app`, encryptionContext: { app: `w${index}` } },
        { ...key, alias: `alias/w${index}` },
      ),
    );

  test("of 6,144 characters splits a policy, and every part but the last is as full as it can be", () => {
    const documents = consumerPolicies(many(40));
    expect(documents.length).toBeGreaterThan(1);
    for (const [index, document] of documents.entries()) {
      expect(policyText(document).length).toBeLessThanOrEqual(iamLimits.managedPolicyCharacters);
      const next = documents[index + 1]?.Statement[0];
      if (next === undefined) continue;
      const fuller = { ...document, Statement: [...document.Statement, next] };
      expect(policyText(fuller).length).toBeGreaterThan(iamLimits.managedPolicyCharacters);
    }
  });

  test("is met to the character: 6,144 fit, and one more does not", () => {
    const padded = (length: number): Consumption[] => [
      consume({ label: "a" }),
      consume({ label: "b", encryptionContext: { app: "x".repeat(length) } }),
    ];
    const [small] = consumerPolicies(padded(0));
    const room =
      iamLimits.managedPolicyCharacters - policyText(small ?? { Version: "2012-10-17", Statement: [] }).length;
    expect(consumerPolicies(padded(room)).map((document) => policyText(document).length)).toEqual([6144]);
    expect(consumerPolicies(padded(room + 1))).toHaveLength(2);
  });

  test("splits without losing a statement, or having one twice", () => {
    const documents = consumerPolicies(many(40));
    const sids = documents.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
    expect(sids.sort()).toEqual(
      [...many(40).keys()].flatMap((index) => [`DescribeWorkload${index}ProdApp`, `UseWorkload${index}ProdApp`]).sort(),
    );
  });

  test("is exceeded by one statement that is too long by itself", () => {
    const long = consume({ encryptionContext: { app: "x".repeat(iamLimits.managedPolicyCharacters) } });
    expect(consumerPolicies([consume(), long]).map(exceedsManagedPolicy)).toEqual([false, true]);
  });
});

test("consumer policies do not depend on the order of what is consumed, and no Sid comes twice in one", () => {
  const consumption = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    of: fc.constantFrom(key, everywhere, { ...key, alias: "alias/other" }, { ...key, ownerAccountId: third }),
    via: fc.constantFrom([], ["s3"], ["ebs"]),
    context: fc.constantFrom({}, { app: "a" }, { app: "b" }),
  });
  fc.assert(
    fc.property(
      fc
        .array(consumption, { minLength: 1, maxLength: 30 })
        .map((all) =>
          all.map(({ name, of, via, context }) => consume({ label: name, via, encryptionContext: context }, of)),
        )
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        const documents = consumerPolicies(all);
        expect(consumerPolicies(shuffled)).toEqual(documents);
        for (const { Statement } of documents) {
          expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
        }
      },
    ),
  );
});
