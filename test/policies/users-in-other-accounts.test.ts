import { describe, expect, test } from "@jest/globals";
import { keyBehindAlias } from "../../modules/aws/key-behind-alias";
import type { KeyPlan, PlannedConsumerPolicy, PlannedKey } from "../../modules/keys/key-plan";
import { exceedsManagedPolicy } from "../../modules/policies/consumer-policy";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { loadPlan } from "../../stacks/load-plan";
import { type Call, everything, isAllowed } from "./simulate";
import { rootOf } from "./small-key";

const owner = "100000000001";
const shop = "210000000001";
const media = "210000000002";
const clinic = "310000000001";
const plan = planOf("test/fixtures/users");
const key = keyOf("shop_prod");
const keyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
const arnIn = (region: string): string => `arn:aws:kms:${region}:${owner}:key/${keyId}`;
const role = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const permissionSetRole = (account: string, name: string, region = "eu-west-2/"): string =>
  role(account, `aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${name}`);

function planOf(config: string): KeyPlan {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.plan;
}

function keyOf(id: string): PlannedKey {
  const found = plan.keys.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no key ${id}`);
  return found;
}

function policyNamed(name: string, account = "shop-prod"): PlannedConsumerPolicy {
  const found = plan.consumerPolicies.find((each) => each.name === name && each.account === account);
  if (found === undefined) throw new Error(`no policy ${name} in ${account}`);
  return found;
}

/** As Terraform writes it, when it has found the key. */
function lookedUp({ policy }: PlannedConsumerPolicy): PolicyDocument {
  const statements = policy.Statement.map((statement) => ({
    ...statement,
    Resource: statement.Resource.map((resource) =>
      ["us-east-1", "us-west-2"].reduce(
        (text, region) => (text === keyBehindAlias("aws", region, owner, key.alias) ? arnIn(region) : text),
        resource,
      ),
    ),
  }));
  return { ...policy, Statement: statements };
}

describe("a permission set", () => {
  const call: Call = {
    principal: permissionSetRole(shop, "ShopSupport_1234567890abcdef"),
    action: "kms:Decrypt",
    key: arnIn("us-east-1"),
    aliases: [key.alias],
    via: "s3.us-east-1.amazonaws.com",
  };
  const offered = policyNamed("orgkeys-permission-set-ShopSupport");

  test("is offered its policy by the name that it refers to, in each account", () => {
    expect([offered.attachTo, offered.principal]).toEqual([undefined, "permission-set/ShopSupport"]);
    expect(policyNamed("orgkeys-permission-set-MediaSupport", "media-prod").attachTo).toBeUndefined();
  });

  test.each<[string, string]>([
    ["of an Identity Center in us-east-1", ""],
    ["of one in another Region", "eu-west-2/"],
  ])("uses the key through both halves, as the role %s", (_, region) => {
    const principal = permissionSetRole(shop, "ShopSupport_1234567890abcdef", region);
    expect(isAllowed(key.policy, { ...call, principal }, [lookedUp(offered)])).toBe(true);
    expect(isAllowed(key.policy, { ...call, principal })).toBe(false);
  });

  test.each<[string, string]>([
    ["a permission set whose name goes on", permissionSetRole(shop, "ShopSupport_Admin_1234567890abcdef")],
    ["a permission set whose name begins earlier", permissionSetRole(shop, "MyShopSupport_1234567890abcdef")],
    ["a permission set that has its role's name in its own", permissionSetRole(shop, "X_AWSReservedSSO_ShopSupport_1")],
    ["a role of that name which anybody can make", role(shop, "AWSReservedSSO_ShopSupport_1234567890abcdef")],
    ["the same permission set in another account", permissionSetRole(media, "ShopSupport_1234567890abcdef")],
    ["any other role", role(shop, "anybody")],
    ["the account's root user", rootOf(shop)],
  ])("does not let in %s", (_, principal) => {
    expect(isAllowed(key.policy, { ...call, principal }, [everything])).toBe(false);
  });

  test("uses a key of its own account by IAM, narrowed to it, and never manages the key", () => {
    const own = keyOf("media_prod");
    const local: Call = {
      principal: permissionSetRole(media, "MediaSupport_1234567890abcdef"),
      action: "kms:Decrypt",
      key: `arn:aws:kms:us-east-1:${media}:key/mrk-1`,
      aliases: [own.alias],
    };
    const consumer = policyNamed("orgkeys-permission-set-MediaSupport", "media-prod").policy;
    expect(isAllowed(own.policy, local, [consumer])).toBe(true);
    expect(isAllowed(own.policy, local)).toBe(false);
    expect(isAllowed(own.policy, { ...local, action: "kms:PutKeyPolicy" }, [everything])).toBe(false);
    expect(isAllowed(own.policy, { ...local, principal: role(media, "anybody") }, [everything])).toBe(false);
    for (const manager of ["KeyAdministrator", "OrgKeysDeploy", "OrgKeysAudit", "KeyBreakGlass"]) {
      expect(isAllowed(own.policy, { ...local, principal: role(media, manager) }, [everything])).toBe(false);
    }
  });
});

describe("a use for a time", () => {
  const principal = role(shop, "shop-responder");
  const consumer = lookedUp(policyNamed("orgkeys-shop-responder"));
  const call: Call = { principal, action: "kms:Decrypt", key: arnIn("us-east-1"), aliases: [key.alias] };

  test.each<[string, boolean]>([
    ["2026-12-01T16:59:59Z", false],
    ["2026-12-01T17:00:00Z", true],
    ["2026-12-02T04:59:59Z", true],
    ["2026-12-02T05:00:00Z", false],
  ])("from 18:00 until 06:00 in UTC+1: at %s %s, by either half", (time, allowed) => {
    expect(isAllowed(key.policy, { ...call, time }, [consumer])).toBe(allowed);
    expect(isAllowed(key.policy, { ...call, time }, [everything])).toBe(allowed);
  });
});

describe("a consumer policy by the key's ARN", () => {
  const consumer = lookedUp(policyNamed("orgkeys-shop-api"));
  const call: Call = {
    principal: role(shop, "shop-api"),
    action: "kms:Decrypt",
    key: arnIn("us-east-1"),
    encryptionContext: { app: "shop" },
  };

  test("reaches the key in each of its Regions, whatever aliases it has", () => {
    expect(isAllowed(key.policy, { ...call, aliases: [] }, [consumer])).toBe(true);
    const [replica] = key.replicas;
    expect(isAllowed(replica?.policy ?? key.policy, { ...call, key: arnIn("us-west-2") }, [consumer])).toBe(true);
  });

  test("reaches no other key behind the same alias", () => {
    const other = { ...call, key: `arn:aws:kms:us-east-1:${owner}:key/other`, aliases: [key.alias] };
    expect(isAllowed(key.policy, other, [everything])).toBe(true);
    expect(isAllowed(key.policy, other, [consumer])).toBe(false);
  });

  test("is nothing to AWS before Terraform has found the key", () => {
    const { policy } = policyNamed("orgkeys-shop-api");
    expect(isAllowed(key.policy, { ...call, aliases: [key.alias] }, [policy])).toBe(false);
  });

  test("is measured with the key's id, and not with its alias", () => {
    const statement = (alias: string, count: number) => ({
      Sid: "A",
      Effect: "Allow" as const,
      Action: ["kms:Decrypt"],
      Resource: Array.from({ length: count }, () => keyBehindAlias("aws", "us-east-1", owner, alias)),
    });
    const documentOf = (alias: string): PolicyDocument => ({
      Version: "2012-10-17",
      Statement: [statement(alias, 72)],
    });
    expect(exceedsManagedPolicy(documentOf("alias/x"))).toBe(
      exceedsManagedPolicy(documentOf(`alias/${"x".repeat(200)}`)),
    );
    expect(exceedsManagedPolicy({ Version: "2012-10-17", Statement: [statement("alias/x", 80)] })).toBe(true);
  });

  test("is for some principals, and one by alias for others: the entry beats the zone", () => {
    expect(JSON.stringify(policyNamed("orgkeys-shop-report").policy)).toContain("kms:ResourceAliases");
    expect(JSON.stringify(policyNamed("orgkeys-shop-api").policy)).not.toContain("kms:ResourceAliases");
  });
});

test("one principal has a policy that is attached and one that is only there, each by its name", () => {
  const ofReport = plan.consumerPolicies.filter(({ principal }) => principal === "role/shop-report");
  expect(ofReport.map(({ id, name, attachTo }) => [id, name, attachTo])).toEqual([
    ["role_shop-report", "orgkeys-shop-report", "role/shop-report"],
    ["role_shop-report-offered", "orgkeys-shop-report-offered", undefined],
  ]);
});

describe("the deploy role of a using account", () => {
  const deployRole = role(shop, "OrgKeysDeploy");
  const autoScaling = role(shop, "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling");
  const operations = plan.userGrants.find(({ grantee }) => grantee === autoScaling)?.operations ?? [];
  const right: Call = {
    principal: deployRole,
    action: "kms:CreateGrant",
    key: arnIn("us-east-1"),
    grant: { grantee: autoScaling, operations, retiring: deployRole },
  };
  const allows = (call: Partial<Call>): boolean => isAllowed(key.policy, { ...right, ...call }, [everything]);
  const granting = (change: Partial<NonNullable<Call["grant"]>>): boolean =>
    allows({ grant: { grantee: autoScaling, operations, retiring: deployRole, ...change } });

  test("makes the grant that AWS documents for Auto Scaling, and fewer operations", () => {
    expect(operations).toEqual([
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ]);
    expect(allows({})).toBe(true);
    expect(granting({ operations: ["Decrypt"] })).toBe(true);
  });

  test.each<[string, boolean]>([
    ["a grant to another role of the account", granting({ grantee: role(shop, "web") })],
    ["a grant to Auto Scaling in another account", granting({ grantee: autoScaling.replace(shop, media) })],
    ["a grant to another zone", granting({ grantee: role(clinic, "web") })],
    ["a grant to itself", granting({ grantee: deployRole })],
    ["a grant of more operations", granting({ operations: [...operations, "GenerateDataKeyPair"] })],
    ["a grant that somebody else may retire", granting({ retiring: role(shop, "web") })],
    [
      "a grant without anybody who retires it",
      isAllowed(key.policy, { ...right, grant: { grantee: autoScaling, operations } }, [everything]),
    ],
    ["the grant from another account", allows({ principal: role(media, "OrgKeysDeploy") })],
    ["the grant by another role", allows({ principal: role(shop, "web") })],
    ["to decrypt", allows({ action: "kms:Decrypt" })],
    ["to end the grants of others", allows({ action: "kms:RevokeGrant" })],
    ["to change the policy", allows({ action: "kms:PutKeyPolicy" })],
  ])("is not allowed %s", (_, allowed) => {
    expect(allowed).toBe(false);
  });

  test("makes a grant with a constraint with that constraint alone", () => {
    const constraint = { kind: "subset", pairs: { app: "shop" } } as const;
    const grant = { grantee: role(shop, "shop-migration"), operations: ["Decrypt"], retiring: deployRole };
    expect(allows({ grant: { ...grant, constraint } })).toBe(true);
    expect(allows({ grant })).toBe(false);
    expect(allows({ grant: { ...grant, constraint: { kind: "subset", pairs: { app: "other" } } } })).toBe(false);
  });

  test("finds the key and reads its grants, and that of an account that does neither cannot", () => {
    for (const action of ["kms:DescribeKey", "kms:ListGrants"]) {
      expect(allows({ action })).toBe(true);
      expect(allows({ action, principal: role(clinic, "OrgKeysDeploy") })).toBe(false);
    }
  });

  test("has nothing to do with a replica in a Region that its account has not enabled", () => {
    const [replica] = key.replicas;
    const text = JSON.stringify(replica?.policy);
    expect(text).toContain(deployRole);
    expect(text).not.toContain(role(media, "OrgKeysDeploy"));
    expect(plan.userGrants.filter(({ account }) => account === "media-prod").map(({ region }) => region)).toEqual([
      "us-east-1",
    ]);
  });
});
