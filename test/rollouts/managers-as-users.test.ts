import { describe, expect, test } from "@jest/globals";
import type { AccountPlan } from "../../modules/keys/account-plan";
import { managersAsUsers } from "../../modules/rollouts/managers-as-users";
import { accessSample } from "./access-sample";

const permissionSet = "role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_KeyAdmin_0123456789abcdef";
const map = accessSample((zone) =>
  zone.name === "pci" ? { ...zone, administrators: [...zone.administrators, permissionSet] } : zone,
);

/** Who would get a policy in an account, and is told so. */
function told(accountName: string, principal: string, of = map): string[] {
  const account = of.accounts.find(({ name }) => name === accountName);
  const consumerPolicies = [{ principal, sources: ["workloads/cards.yaml cards.environments.prod"] }];
  return managersAsUsers(of, [{ account, consumerPolicies } as unknown as AccountPlan]).map(
    ({ source, message, fix }) => `${source}: ${message}; ${fix}`,
  );
}

describe("who runs or manages keys gets no policy that the deploy role writes", () => {
  test.each([
    "role/PciPipeline",
    "role/PciDriftReader",
    "role/PciKeyAdministrator",
    "role/PciKeyBreakGlass",
    "role/orgkeys-reader",
    "role/stacksets-exec-0123456789abcdef0123456789abcdef",
    "permission-set/KeyAdmin",
  ])("%s", (principal) => {
    expect(told("payments-prod", principal)).toEqual([
      `workloads/cards.yaml cards.environments.prod: ${principal} of account payments-prod runs or manages the keys of zone pci, and would get a policy that the zone's deploy role writes; let another role use the key: whoever has the deploy role would be that role`,
    ]);
  });

  test.each([
    ["payments-prod", "role/payments-api"],
    ["payments-prod", "role/PciPipeline2"],
    ["payments-prod", "permission-set/KeyAdminReader"],
    ["shop-prod", "role/PciPipeline"],
  ])("but in %s %s does", (account, principal) => {
    expect(told(account, principal)).toEqual([]);
  });

  test("where its role comes from here", () => {
    expect(told("payments-prod", "role/PciPipeline", { ...map, rollouts: [] })).toEqual([]);
  });
});
