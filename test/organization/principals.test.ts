import { describe, expect, test } from "@jest/globals";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import { baseMapWith, sourcesOf } from "./base-map";

/** The principals of the first use of shop in dev, with another text for it. */
function principalsOf(text: string, more = "") {
  const texts = baseMapWith([
    "workloads/shop.yaml",
    "      account: shop-dev\n      use:\n        - {principal: role/shop-api, operations: [encrypt, decrypt]}",
    `      account: shop-dev\n      use:\n        - {principal: "${text}", operations: [encrypt, decrypt]${more}}`,
  ]);
  const read = readOrganizationMap(sourcesOf(texts), "config");
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  const shop = read.map.workloads.find(({ name }) => name === "shop");
  const [use] = shop?.environments.find(({ name }) => name === "dev")?.use ?? [];
  return use?.principals.map(({ kind, name, arn, account, status }) => [kind, name, arn, account.name, status]);
}

describe("a principal", () => {
  test.each([
    ["role/api", ["role", "role/api", "arn:aws:iam::220000000001:role/api", "shop-dev", "active"]],
    ["user/ci", ["user", "user/ci", "arn:aws:iam::220000000001:user/ci", "shop-dev", "active"]],
    [
      "role/service/team/api",
      ["role", "role/service/team/api", "arn:aws:iam::220000000001:role/service/team/api", "shop-dev", "active"],
    ],
    ["shop-prod:role/api", ["role", "role/api", "arn:aws:iam::210000000001:role/api", "shop-prod", "active"]],
    ["account:shop-prod", ["account", "root", "arn:aws:iam::210000000001:root", "shop-prod", "active"]],
    [
      "arn:aws:iam::210000000002:role/api",
      ["role", "role/api", "arn:aws:iam::210000000002:role/api", "billing-prod", "active"],
    ],
    ["arn:aws:iam::210000000002:root", ["account", "root", "arn:aws:iam::210000000002:root", "billing-prod", "active"]],
    ["shop-next:role/api", ["role", "role/api", "arn:aws:iam::220000000002:role/api", "shop-next", "pending"]],
    ["old-prod:role/api", ["role", "role/api", "arn:aws:iam::900000000001:role/api", "old-prod", "suspended"]],
  ])("written as %s is found", (text, expected) => {
    expect(principalsOf(text)).toEqual([expected]);
  });

  test("written as an OU is each account below it", () => {
    expect(principalsOf("ou:Workloads")?.map(([kind, , , account]) => [kind, account])).toEqual([
      ["account", "shop-prod"],
      ["account", "billing-prod"],
      ["account", "shop-dev"],
      ["account", "shop-next"],
    ]);
  });

  test("that is pending by itself is so in an active account too", () => {
    expect(principalsOf("role/api", ", status: pending")?.[0]?.[4]).toBe("pending");
  });
});
