import { describe, expect, test } from "@jest/globals";
import type { SourceFile } from "../../modules/organization/map-file";
import { edit, planOf, smallSources } from "./small-organization";

/** Terraform addresses of everything that must never be replaced by accident, by account id. */
function addresses(sources: readonly SourceFile[]): string[] {
  return planOf(sources)
    .accounts.flatMap(({ account, keys, consumerPolicies }) => [
      ...keys.flatMap((key) => [
        `${account.id} aws_kms_key.${key.id}_${key.region}`,
        ...key.replicas.map((replica) => `${account.id} aws_kms_replica_key.${key.id}_${replica.region}`),
        ...key.grants.map((grant) => `${account.id} aws_kms_grant.${grant.id}`),
      ]),
      ...consumerPolicies.map((policy) => `${account.id} aws_iam_policy.${policy.id}`),
    ])
    .sort();
}

const pinned = [
  "100000000001 aws_kms_grant.shared_confidential_prod_us-east-1_shop_shop-batch",
  "100000000001 aws_kms_grant.shared_confidential_prod_us-west-2_shop_shop-batch",
  "100000000001 aws_kms_key.ledger__ebs_us-east-1",
  "100000000001 aws_kms_key.ledger_us-east-1",
  "100000000001 aws_kms_key.shared_confidential_prod_us-east-1",
  "100000000001 aws_kms_replica_key.ledger__ebs_us-west-2",
  "100000000001 aws_kms_replica_key.ledger_us-west-2",
  "100000000001 aws_kms_replica_key.shared_confidential_prod_us-west-2",
  "210000000001 aws_iam_policy.role_ledger",
  "210000000001 aws_iam_policy.role_shop-api",
  "210000000001 aws_iam_policy.role_shop-batch",
  "220000000001 aws_iam_policy.role_ledger",
  "220000000001 aws_kms_key.shared_confidential_test_us-east-1",
  "310000000001 aws_kms_key.records_prod_us-east-1",
];

test("Terraform addresses are pinned: a change here replaces keys in every organization", () => {
  expect(addresses(smallSources())).toEqual(pinned);
});

describe("addresses do not change", () => {
  test.each<[string, string, string, string]>([
    ["when a workload's owner is renamed", "workloads/shop.yaml", "owner: finance", "owner: accounting"],
    ["when a description changes", "workloads/shop.yaml", "Books of account", "The books"],
    ["when an alias changes", "workloads/shop.yaml", "dataClass: restricted", "dataClass: restricted\n  alias: books"],
    ["when an OU is renamed", "organizations/acme.yaml", "      Prod:", "      Production:"],
    ["when tags change", "organizations/acme.yaml", "Company: Acme", "Company: Acme Inc"],
    ["when the deploy role is renamed", "organizations/acme.yaml", "OrgKeysDeploy", "Deployer"],
    ["when rotation changes", "data-classes.yaml", "rotationDays: 365", "rotationDays: 90"],
  ])("%s", (_, path, from, to) => {
    expect(addresses(edit(smallSources(), path, from, to))).toEqual(pinned);
  });

  test("when an account moves to another OU", () => {
    const moved = edit(
      edit(smallSources(), "organizations/acme.yaml", 'accounts: {shop-prod: "210000000001"}', "accounts: {}"),
      "organizations/acme.yaml",
      'accounts: {keys: "100000000001"}',
      'accounts: {keys: "100000000001", shop-prod: "210000000001"}',
    );
    expect(addresses(moved)).toEqual(pinned);
    expect(planOf(moved).accounts.map((plan) => plan.stack)).toContain("acme.security.shop-prod");
  });
});

test("a replica that is added adds an address and changes none", () => {
  const more = edit(
    smallSources(),
    "zones.yaml",
    "regions: [us-east-1]\n  floor",
    "regions: [us-east-1, us-west-2]\n  floor",
  );
  const withReplica = edit(
    edit(more, "workloads/clinic.yaml", "account: clinic", "account: clinic\n      replicas: [us-west-2]"),
    "organizations/acme.yaml",
    "regions: [us-east-1]}",
    "regions: [us-east-1, us-west-2]}",
  );
  expect(addresses(withReplica)).toEqual([...pinned, "310000000001 aws_kms_replica_key.records_prod_us-west-2"].sort());
  const before = planOf(smallSources()).plan.keys.find((key) => key.id === "records_prod");
  const after = planOf(withReplica).plan.keys.find((key) => key.id === "records_prod");
  expect(after?.multiRegion).toBe(before?.multiRegion);
});

test("the state of an account does not move with its OU", () => {
  const [first] = planOf(smallSources()).accounts;
  expect(first?.stack).toBe("acme.health.clinic");
  const renamed = planOf(
    edit(smallSources(), "organizations/acme.yaml", "  Health:", "  Medicine:").map((source) =>
      source.path === "zones.yaml"
        ? {
            ...source,
            bytes: new TextEncoder().encode(new TextDecoder().decode(source.bytes).replace("[Health]", "[Medicine]")),
          }
        : source,
    ),
  );
  expect(renamed.accounts.map(({ stack, account }) => `${stack} ${account.id}`)).toContain(
    "acme.medicine.clinic 310000000001",
  );
});
