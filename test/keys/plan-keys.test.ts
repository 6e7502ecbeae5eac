import { describe, expect, test } from "@jest/globals";
import type { PlannedKey } from "../../modules/keys/key-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import { planSources } from "../../stacks/load-plan";
import { edit, planOf, smallSources } from "../stacks/small-organization";

function keyOf(sources: readonly SourceFile[], id: string): PlannedKey {
  const key = planOf(sources).plan.keys.find((each) => each.id === id);
  if (key === undefined) throw new Error(`no key ${id}`);
  return key;
}

function problemsOf(sources: readonly SourceFile[]): string[] {
  const loaded = planSources(sources, "config");
  return "problems" in loaded ? loaded.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

const shop = "workloads/shop.yaml";

describe("a key", () => {
  test("is cut, owned and named as its data class, topology and workload say", () => {
    const rows = planOf(smallSources()).plan.keys.map((key) => [
      key.account,
      key.id,
      key.alias,
      key.environments.join(" "),
    ]);
    expect(rows).toEqual([
      ["clinic", "records_prod", "alias/records-prod", "prod"],
      ["keys", "ledger", "alias/ledger", "prod test"],
      ["keys", "ledger__ebs", "alias/ledger-ebs", "prod test"],
      ["keys", "shared_confidential_prod", "alias/shared-prod-key", "prod"],
      ["shop-test", "shared_confidential_test", "alias/shared-test-key", "test"],
    ]);
  });

  test("has the tags that tell whose it is", () => {
    expect(keyOf(smallSources(), "ledger").tags).toEqual({
      Company: "Acme",
      DataClass: "restricted",
      Environment: "prod test",
      Formula: "a=b",
      ManagedBy: "orgkeys",
      Owner: "finance",
      Workload: "ledger",
      Zone: "corporate",
    });
  });

  test("rotates as often as its zone's floor asks, and says so", () => {
    const key = keyOf(smallSources(), "records_prod");
    expect(key.rotationDays).toBe(180);
    expect(key.why).toContainEqual({
      principle: "zone-floor",
      reason: "rotation every 180 days: zone health allows no longer period (365 asked for)",
    });
  });

  test("is described by its workload's own words", () => {
    expect(keyOf(smallSources(), "ledger").description).toBe(
      "ledger prod test: restricted data of zone corporate. Books of account",
    );
  });
});

describe("a use through several services", () => {
  const sources = edit(smallSources(), shop, "via: [ebs]", "via: [ebs, sqs]");
  const endpoints = (id: string): string[] => [
    ...new Set(JSON.stringify(keyOf(sources, id).policy).match(/[a-z0-9]+\.us-east-1\.amazonaws\.com/g) ?? []),
  ];

  test("reaches the key of a heavy service through that service alone", () => {
    expect(endpoints("ledger__ebs")).toEqual(["ec2.us-east-1.amazonaws.com"]);
  });

  test("is known by either of its words", () => {
    const synonym = edit(smallSources(), shop, "via: [ebs]", "via: [ec2]");
    expect(JSON.stringify(keyOf(synonym, "ledger__ebs").policy)).toContain("ec2.us-east-1.amazonaws.com");
  });

  test("reaches the general key through the others", () => {
    expect(endpoints("ledger")).toEqual(["sqs.us-east-1.amazonaws.com"]);
  });
});

describe("the accounts of an OU", () => {
  const sources = edit(
    smallSources(),
    shop,
    "principal: role/shop-api, operations: [encrypt, decrypt], via: [s3]",
    'principal: "ou:Workloads", operations: [decrypt], via: [s3]',
  );

  test("share one statement in the key policy, bound to the OU's path", () => {
    const statement = keyOf(sources, "shared_confidential_prod").policy.Statement.find(
      ({ Sid }) => Sid === "UseShopAccounts",
    );
    expect(statement?.Principal?.AWS).toEqual(["arn:aws:iam::210000000001:root", "arn:aws:iam::220000000001:root"]);
    expect(statement?.Condition).toMatchObject({
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/*"] },
      StringEquals: { "kms:CallerAccount": ["210000000001", "220000000001"], "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] },
    });
  });

  test("get a consumer policy each, which they attach themselves", () => {
    const offered = planOf(sources).plan.consumerPolicies.filter((policy) => policy.id === "offered");
    expect(offered.map(({ account, attachTo }) => [account, attachTo])).toEqual([
      ["shop-prod", undefined],
      ["shop-test", undefined],
    ]);
  });
});

describe("the alias of the general key beside keys per service", () => {
  test.each([
    ["{service}-{workload}-key", "alias/ledger-key", "alias/ebs-ledger-key"],
    ["{workload}/{service}", "alias/ledger", "alias/ledger/ebs"],
    ["{service}", "alias/ledger", "alias/ebs"],
    ["books", "alias/books", "alias/books-ebs"],
  ])("of the pattern %s is %s, and %s the service's", (pattern, general, own) => {
    const sources = edit(smallSources(), shop, "perService: [ebs]", `perService: [ebs]\n  alias: "${pattern}"`);
    expect([keyOf(sources, "ledger").alias, keyOf(sources, "ledger__ebs").alias]).toEqual([general, own]);
  });
});

describe("a service-linked role of another account", () => {
  test("gets no policy attached, because AWS owns its policies", () => {
    const role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    const sources = edit(smallSources(), shop, "grantee: role/shop-batch", `grantee: ${role}`);
    const { plan } = planOf(sources);
    expect(plan.keys.flatMap((key) => key.grants.map((grant) => grant.grantee))).toContain(
      `arn:aws:iam::210000000001:${role}`,
    );
    expect(plan.consumerPolicies.filter((policy) => policy.attachTo === role)).toEqual([]);
  });
});

describe("a role whose name starts with a digit", () => {
  test("has an address that Terraform takes", () => {
    const sources = edit(
      smallSources(),
      shop,
      "principal: role/ledger, operations: [decrypt]",
      "principal: role/2027_loader, operations: [decrypt]",
    );
    const { plan } = planOf(sources);
    expect(plan.consumerPolicies.map(({ id, name }) => [id, name])).toContainEqual([
      "role_2027_loader",
      "orgkeys-2027_loader",
    ]);
    for (const { id } of plan.consumerPolicies) expect(id).toMatch(/^[A-Za-z_][\w-]*$/);
  });
});

describe("the plan refuses", () => {
  test.each<[string, string, string, string, string]>([
    [
      "a grant to somebody who manages the key",
      shop,
      "grantee: role/shop-batch",
      'grantee: "keys:role/KeyAdministrator"',
      "KeyAdministrator",
    ],
    [
      "a whole account as a user where root access is for administration only",
      "workloads/clinic.yaml",
      "principal: role/records",
      'principal: "account:clinic"',
      "a whole account (account:, ou:) would hand use on to its IAM",
    ],
    [
      "a Region that the owner has not enabled",
      "organizations/acme.yaml",
      'accounts: {keys: "100000000001"}',
      'accounts: {keys: {id: "100000000001", regions: [us-east-1]}}',
      "which its owner keys has not enabled",
    ],
    [
      "a private source address",
      shop,
      "sourceVpce: [vpce-0a1b2c3d4e5f60718]",
      "sourceIp: [10.0.0.0/8]",
      "is a private address",
    ],
    [
      "an encryption context on grants of AWS services",
      shop,
      "operations: [encrypt, decrypt, grant-to-aws-services], via: [ebs]",
      "operations: [encrypt, grant-to-aws-services], via: [ebs], encryptionContext: {a: b}",
      "cannot go with grant-to-aws-services",
    ],
  ])("%s", (_, path, from, to, message) => {
    const problems = problemsOf(edit(smallSources(), path, from, to));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join("\n")).toContain(message);
  });
});

test("a bucket's ARN, which has no account id, is enough for a service that sends its account", () => {
  const sources = edit(
    smallSources(),
    shop,
    "{profile: cloudtrail}",
    '{profile: s3-inventory, sourceArns: ["arn:aws:s3:::ledger"]}',
  );
  const text = JSON.stringify(keyOf(sources, "ledger").policy);
  expect(text).toContain('"aws:SourceArn":["arn:aws:s3:::ledger"]');
  expect(text).toContain('"aws:SourceAccount":["210000000001"]');
});

test("one key per workload that the topology splits over accounts is a finding", () => {
  const sources = edit(
    smallSources(),
    "zones.yaml",
    "centralize: [{environments: [prod]}, {dataClasses: [restricted]}]",
    "centralize: [{environments: [prod]}]",
  );
  const { plan } = planOf(sources);
  expect(
    plan.findings
      .filter(({ id }) => id === "split-workload-key")
      .map(({ where }) => where)
      .sort(),
  ).toEqual(["alias/ledger", "alias/ledger-ebs"]);
});

describe("accounts that look up each other's keys", () => {
  const apart = edit(
    smallSources(),
    "zones.yaml",
    "topology: hybrid\n  centralize: [{environments: [prod]}, {dataClasses: [restricted]}]",
    "topology: decentralized",
  );
  /** Prod reads what is under test's key, and test what is under prod's. */
  const reading = (prod: string, test: string): readonly SourceFile[] =>
    edit(
      edit(
        apart,
        shop,
        "{principal: role/shop-api, operations: [encrypt, decrypt], via: [s3]}",
        `{principal: "shop-test:role/reports", operations: [decrypt]${test}}`,
      ),
      shop,
      '{principal: "shop-new:role/shop-api", operations: [decrypt]}',
      `{principal: "shop-prod:role/reports", operations: [decrypt]${prod}}`,
    );
  const circles = (sources: readonly SourceFile[]): string[] =>
    planOf(sources)
      .plan.findings.filter(({ id }) => id === "lookup-circle")
      .map(({ where, why }) => `${where}: ${why}`);

  test("are told, because none of their stacks could be planned first", () => {
    expect(circles(reading(", by: arn", ", by: arn"))).toEqual([
      "accounts shop-prod, shop-test: shop-prod looks up alias/shared-test-key of shop-test, shop-test looks up alias/shared-prod-key of shop-prod: none of these stacks can be planned before the others are applied (workloads/shop.yaml shop.environments.prod, workloads/shop.yaml shop.environments.test)",
    ]);
  });

  test("are not where one of them names the other's key by its alias", () => {
    expect(circles(reading(", by: arn", ""))).toEqual([]);
    expect(circles(reading("", ", by: arn"))).toEqual([]);
  });
});
