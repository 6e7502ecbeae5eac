import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { accessSample, renderAccessRoles } from "./access-sample";
import { type Request, RolesInAccount } from "./roles-in-account";

const corporate = renderAccessRoles(accessSample(), "corporate").document;
const management = new RolesInAccount(corporate, "100000000001");
const administrator = new RolesInAccount(corporate, "100000000002");
const any = new RolesInAccount(corporate, "210000000001");

const consumerPolicy = "arn:aws:iam::210000000001:policy/orgkeys/orgkeys-web";
const guardrail = "arn:aws:organizations::100000000001:policy/o-a1b2c3d4e5/service_control_policy/p-12345678";
const stackSet = "arn:aws:cloudformation:us-east-1:100000000001:stackset/orgkeys-pci-access-roles:1";
const stackOf = (account: string): string =>
  `arn:aws:cloudformation:eu-west-1:${account}:stack/orgkeys-corporate-key-events/1`;

/** Every call that is made of these services to see what there is, by the SDK's package and the name of the call. */
const calls: Readonly<Record<string, readonly (readonly [account: RolesInAccount, request: Request])[]>> = {
  "client-cloudformation DescribeStackSet": [
    [administrator, { action: "cloudformation:DescribeStackSet", resource: stackSet, delegated: true }],
  ],
  "client-cloudformation DescribeStacks": [
    [management, { action: "cloudformation:DescribeStacks", resource: stackOf("100000000001") }],
    [administrator, { action: "cloudformation:DescribeStacks", resource: stackOf("100000000002") }],
  ],
  "client-cloudformation GetTemplate": [
    [management, { action: "cloudformation:GetTemplate", resource: stackOf("100000000001") }],
    [administrator, { action: "cloudformation:GetTemplate", resource: stackOf("100000000002") }],
  ],
  "client-cloudformation ListStackInstances": [
    [administrator, { action: "cloudformation:ListStackInstances", resource: stackSet, delegated: true }],
  ],
  "client-cloudformation ListStackSets": [[administrator, { action: "cloudformation:ListStackSets" }]],
  "client-iam GetPolicyVersion": [[any, { action: "iam:GetPolicyVersion", resource: consumerPolicy }]],
  "client-iam ListEntitiesForPolicy": [[any, { action: "iam:ListEntitiesForPolicy", resource: consumerPolicy }]],
  "client-iam ListPolicies": [[any, { action: "iam:ListPolicies" }]],
  "client-organizations DescribePolicy": [
    [management, { action: "organizations:DescribePolicy", resource: guardrail }],
  ],
  "client-organizations ListPolicies": [[management, { action: "organizations:ListPolicies" }]],
  "client-organizations ListTargetsForPolicy": [
    [management, { action: "organizations:ListTargetsForPolicy", resource: guardrail }],
  ],
};

describe("the audit role may", () => {
  const rows = Object.entries(calls).flatMap(([call, requests]) => requests.map((each) => [call, ...each] as const));
  test.each(rows)("%s", async (_call, account, request) => {
    expect(await account.may("Audit", request)).toBe("allowed");
  });

  test("make every call that is made", () => {
    const folder = "modules/live";
    const made = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      const imports = text.matchAll(
        /import \{([^}]*)\} from "@aws-sdk\/(client-(?:cloudformation|iam|organizations))"/g,
      );
      return [...imports].flatMap(([, names = "", client = ""]) =>
        [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(
          ([, paged, call]) => `${client} ${paged ?? call}`,
        ),
      );
    });
    expect([...new Set(made)].sort()).toEqual(Object.keys(calls).sort());
  });
});
