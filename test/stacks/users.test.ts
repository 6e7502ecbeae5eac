import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { indexStacks } from "../../modules/access/access-index";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { type KeyAccess, whoCan } from "../../modules/access/who-can";
import { explain } from "../../modules/keys/explain-keys";
import { explanationText } from "../../modules/report/explanation-text";
import { loadPlan } from "../../stacks/load-plan";
import { writeStacks } from "../../stacks/synthesize";

/** A stack that looks up, grants and uses keys of another account, and one with a key that a permission set uses. */
const reviewed = ["acme.workloads.media-prod", "acme.workloads.shop-prod"];
const golden = join(__dirname, "users/golden");
const output = mkdtempSync(join(tmpdir(), "orgkeys-users-"));
afterAll(() => rmSync(output, { recursive: true }));

const found = loadPlan("test/fixtures/users");
if ("problems" in found) throw new Error(JSON.stringify(found.problems));
const loaded = found;
beforeAll(() => {
  writeStacks(loaded.stacks, output);
  if (process.env.UPDATE_GOLDEN !== "1") return;
  mkdirSync(golden, { recursive: true });
  for (const stack of reviewed) writeFileSync(join(golden, `${stack}.json`), synthesized(stack));
});

function synthesized(stack: string): string {
  return readFileSync(join(output, "stacks", stack, "cdk.tf.json"), "utf8");
}

function readStack(name: string): SynthesizedStack {
  return readSynthesizedStack(name, synthesized(name));
}

test.each(reviewed)("the stack %s is what was reviewed", (stack) => {
  const path = join(golden, `${stack}.json`);
  expect(existsSync(path)).toBe(true);
  expect(synthesized(stack)).toBe(readFileSync(path, "utf8"));
});

describe("read from the synthesized stacks", () => {
  const accessTo = (alias: string): KeyAccess => {
    const index = indexStacks(["acme.security.keys", ...reviewed].map(readStack));
    const [key] = index.keysByAlias(alias).filter((entry) => entry.key.region === "us-east-1");
    if (key === undefined) throw new Error(`no ${alias}`);
    return whoCan(index, key);
  };

  test("every byte is understood", () => {
    for (const stack of ["acme.security.keys", ...reviewed]) expect(readStack(stack).unreadable).toEqual([]);
  });

  test("a looked up key is the one behind its alias: users are known by their policies", () => {
    const users = accessTo("alias/shop-prod").access.flatMap(({ who, identity }) =>
      who.kind === "principal" && identity.kind === "needed"
        ? [[who.arn.split("/").at(-1), identity.known.map(({ policy }) => policy.name)]]
        : [],
    );
    expect(users).toContainEqual(["shop-api", ["orgkeys-shop-api"]]);
    expect(users).toContainEqual(["shop-responder", ["orgkeys-shop-responder"]]);
  });

  test("the grants of using accounts are on the key that they look up", () => {
    const grantees = accessTo("alias/shop-prod").access.flatMap(({ who, through }) =>
      through.kind === "grant" && who.kind === "principal" ? [who.arn] : [],
    );
    expect(grantees).toEqual([
      "arn:aws:iam::210000000002:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      "arn:aws:iam::210000000001:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      "arn:aws:iam::210000000001:role/shop-migration",
    ]);
  });

  test("a permission set is bounded by its account", () => {
    const [row] = accessTo("alias/shop-prod").access.filter(
      ({ through }) => through.kind === "key-policy" && through.statement.sid?.includes("PermissionSet"),
    );
    expect([row?.who, row?.bounds]).toEqual([
      { kind: "account", accountId: "210000000001" },
      { accounts: new Set(["210000000001"]), organizationPaths: new Set(), unbounded: [] },
    ]);
  });
});

describe("explained", () => {
  const textOf = (subject: string): string => {
    const explanation = explain(loaded.map, loaded.plan, subject);
    return explanation === undefined ? "" : explanationText(explanation).join("\n");
  };

  test("is a permission set, with its statements and its policy", () => {
    const text = textOf("permission-set/ShopSupport");
    expect(text).toContain("UseShopProdPermissionSetShopSupport");
    expect(text).toContain(
      "consumer policy orgkeys-permission-set-ShopSupport in shop-prod, for permission-set/ShopSupport, which names it as a customer managed policy",
    );
    expect(text).not.toContain("UseShopProdShopApi");
  });

  test("is the role of a permission set, through its account", () => {
    const name = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_ShopSupport_1234567890abcdef";
    expect(textOf(`arn:aws:iam::210000000001:role/${name}`)).toContain("UseShopProdPermissionSetShopSupport");
  });

  test("is a grantee, with the account that makes its grant", () => {
    expect(textOf("role/shop-migration")).toContain(
      "orgkeys-shop_prod_100000000001_us-east-1_shop-migration  us-east-1, made by shop-prod",
    );
  });

  test("is a using account, with the grants that it makes", () => {
    expect(textOf("210000000002")).toContain(
      "on alias/shop-prod of keys in us-east-1, to arn:aws:iam::210000000002:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    );
  });

  test("is a policy that somebody else attaches", () => {
    expect(textOf("role/shop-report")).toContain(
      "consumer policy orgkeys-shop-report-offered in shop-prod, for role/shop-report, attached by somebody else",
    );
  });
});
