import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { accountPlans } from "../../modules/keys/account-plan";
import type { SourceFile } from "../../modules/organization/map-file";
import { planSources } from "../../stacks/load-plan";
import { edit, planOf } from "../stacks/small-organization";

const folder = join(__dirname, "../fixtures/users");
const teams = "workloads/teams.yaml";

/** The files of the organization whose keys are used in every way from other accounts. */
function sources(): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .sort()
    .map((path) => ({ name: `config/${path}`, path, bytes: readFileSync(join(folder, path)) }));
}

function keyPolicy(of: readonly SourceFile[], today?: string): string {
  return JSON.stringify(planOf(of, today).plan.keys.find(({ id }) => id === "shop_prod")?.policy);
}

describe("a use for a time", () => {
  const ended = (today?: string) => planOf(sources(), today).plan.findings.filter(({ id }) => id === "use-ended");

  test("that is over is a finding, and stays in the policies", () => {
    expect(ended("2026-12-03")).toEqual([
      expect.objectContaining({ severity: "low", where: "workloads/teams.yaml shop.environments.prod.use.4" }),
    ]);
    expect(keyPolicy(sources(), "2026-12-03")).toBe(keyPolicy(sources()));
  });

  test.each([undefined, "2026-12-02"])("is none on the day %s", (today) => {
    expect(ended(today)).toEqual([]);
  });
});

describe("a grant that the user's account makes", () => {
  test("is in its stack and in no other", () => {
    const { map, plan } = planOf(sources());
    const made = accountPlans(map, plan).map(({ account, userGrants }) => [account.name, userGrants.length]);
    expect(made).toContainEqual(["keys", 0]);
    expect(made).toContainEqual(["shop-prod", 3]);
    expect(made).toContainEqual(["media-prod", 1]);
    expect(plan.keys.flatMap(({ grants }) => grants)).toEqual([]);
  });

  test("is left out with its statement from its last day on", () => {
    const migration = /shop-migration/;
    expect(keyPolicy(sources(), "2027-01-30")).toMatch(migration);
    expect(keyPolicy(sources(), "2027-01-31")).not.toMatch(migration);
    const { plan } = planOf(sources(), "2027-01-31");
    expect(plan.userGrants.map(({ id }) => id).join(" ")).not.toMatch(migration);
    expect(plan.findings.map(({ id }) => id)).toContain("grant-expired");
  });

  test("waits for its account, and the key policy with it", () => {
    const pending = edit(
      sources(),
      "organizations/acme.yaml",
      '{id: "210000000002", regions: [us-east-1]}',
      '{id: "210000000002", status: pending}',
    );
    expect(keyPolicy(pending)).not.toContain("210000000002");
    expect(planOf(pending).plan.userGrants.map(({ account }) => account)).not.toContain("media-prod");
  });

  test("waits for the key, which Terraform would not find", () => {
    const pending = edit(
      sources(),
      "organizations/acme.yaml",
      '"100000000001"',
      '{id: "100000000001", status: pending}',
    );
    const { plan } = planOf(pending);
    expect(new Set(plan.userGrants.map(({ status }) => status))).toEqual(new Set(["held"]));
    const waiting = JSON.stringify(plan.consumerPolicies);
    expect(waiting).not.toContain("key/${alias/shop-prod}");
    expect(waiting).toContain("kms:ResourceAliases");
  });

  test("is one for two workloads' groups on one key", () => {
    const twice = edit(sources(), teams, "      services:\n", "      services:\n        - {profile: autoscaling}\n");
    const ids = planOf(twice).plan.userGrants.map(({ account, id }) => `${account} ${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(4);
  });
});

describe("a consumer policy", () => {
  test("does not take the name of another: one that is only there, and a role called so", () => {
    const taken = edit(sources(), teams, "role/shop-responder", "role/shop-report-offered");
    const loaded = planSources(taken, "config");
    expect("problems" in loaded ? loaded.problems.map(({ message }) => message) : []).toEqual([
      "the consumer policies of role/shop-report and role/shop-report-offered in account shop-prod would have one Terraform address (role_shop-report-offered)",
    ]);
  });

  test("by ARN leaves out Regions that its account has not enabled", () => {
    const foreign = edit(sources(), teams, "role/shop-api", '"media-prod:role/shop-api"');
    const { plan } = planOf(foreign);
    const policy = plan.consumerPolicies.find(({ name }) => name === "orgkeys-shop-api");
    expect(policy?.keys.map(({ regions }) => regions)).toEqual([["us-east-1"]]);
    expect(JSON.stringify(policy?.policy)).not.toContain("us-west-2");
  });
});
