import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { KeyOperation } from "../../modules/aws/key-operations";
import { exampleOfPattern, permissionSetRolePatterns } from "../../modules/aws/permission-set";
import { guardKeyPolicy } from "../../modules/policies/guard-key-policy";
import { type KeyPolicyRequest, keyPolicy } from "../../modules/policies/key-policy";
import type { KeyUse } from "../../modules/policies/key-use";
import type { PolicyDocument } from "../../modules/policies/policy-document";
import { policyForms } from "../../modules/policies/policy-form";
import { type Call, everything, verdict } from "./simulate";
import { duties, managers, other, owner, role, rootOf, smallRequest, third, useBy } from "./small-key";

/** Two OUs: the owner and another account in the first, a third one in the second. Nobody else is in the organization. */
const organizationId = "o-a1b2c3d4e5";
const [first, second] = ["ou-ab12-21000000", "ou-ab12-22000000"].map((ou) => `${organizationId}/r-ab12/${ou}/`);
if (first === undefined || second === undefined) throw new Error("two OUs");
const stranger = "999999999999";
const paths: Readonly<Record<string, string>> = { [owner]: first, [other]: first, [third]: second };
const organizationPaths = [first, second];

const sets = [owner, other].map((account) => permissionSetRolePatterns("aws", account, "Support"));
const setRoles = sets.flat().map(exampleOfPattern);
const users = [role(owner, "a"), role(owner, "b"), role(other, "a"), role(other, "service/b"), role(third, "c")];
const ous = [
  { idPath: first, principals: [rootOf(owner), rootOf(other)] },
  { idPath: second, principals: [rootOf(third)] },
];
const vias = { s3: "s3.us-east-1.amazonaws.com", ebs: "ec2.us-east-1.amazonaws.com" } as const;

const terms = fc.record({
  operations: fc.subarray<KeyOperation>(["encrypt", "decrypt", "describe", "grant-to-aws-services"], { minLength: 1 }),
  via: fc.subarray<"s3" | "ebs">(["s3", "ebs"]),
  encryptionContext: fc.constantFrom<Record<string, string>[]>({}, { app: "a" }, { app: "b" }),
  sourceVpce: fc.subarray(["vpce-0a"]),
  until: fc.constantFrom(undefined, undefined, "2026-12-01T00:00:00Z"),
});
const named = terms.chain((narrowing) =>
  fc.constantFrom(...users, rootOf(owner), rootOf(other)).map((principal) => useBy(principal, narrowing)),
);
const bySet = fc.tuple(terms, fc.nat(1)).map(([narrowing, index]): KeyUse => {
  const account = [owner, other][index] ?? owner;
  const use = useBy(rootOf(account), { ...narrowing, permissionSet: sets[index] ?? [] });
  return { ...use, label: `set-${account}` };
});
const everybody = terms.chain((narrowing) =>
  fc.constantFrom(...ous).map(({ idPath, principals }): KeyUse => {
    const organizationPath = { organizationId, idPath, everybody: true };
    return { ...useBy(rootOf(owner), narrowing), label: `ou-${idPath}`, principals, organizationPath };
  }),
);
// Some terms several times, and some that differ in one thing alone: or hardly anything would be merged, or could be by mistake.
const again = fc.tuple(
  fc.nat(3),
  fc.constantFrom(...users),
  fc.constantFrom<Partial<KeyUse>[]>({}, {}, { encryptionContext: { app: "b" } }, { via: ["s3"] }, { sourceVpce: [] }),
);
const uses = fc
  .tuple(
    fc.array(fc.oneof(named, named, everybody, bySet), { minLength: 1, maxLength: 4 }),
    fc.array(again, { maxLength: 6 }),
  )
  .map(([some, more]) => [
    ...some,
    ...more.flatMap(([index, principal, other]) => {
      const same = some[index];
      if (same === undefined || same.organizationPath !== undefined || same.permissionSet.length > 0) return [];
      return [useBy(principal, { ...same, ...other, principals: [principal], label: `again-${principal}` })];
    }),
  ]);
const request = fc
  .record({ uses, rootAccess: fc.constantFrom("full" as const, "administration-only" as const) })
  .map((some): KeyPolicyRequest => ({ ...smallRequest, services: [], statements: [], organizationPaths, ...some }));

const call: fc.Arbitrary<Call> = fc
  .record({
    principal: fc.constantFrom(
      ...users,
      ...setRoles,
      ...managers,
      ...[owner, other, third, stranger].map((account) => role(account, "somebody")),
      "sns.amazonaws.com",
    ),
    action: fc.constantFrom(
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:DescribeKey",
      "kms:CreateGrant",
      "kms:PutKeyPolicy",
    ),
    encryptionContext: fc.constantFrom<Record<string, string>[]>({}, { app: "a" }, { app: "b" }),
    via: fc.constantFrom(undefined, ...Object.values(vias)),
    vpce: fc.constantFrom(undefined, "vpce-0a"),
    time: fc.constantFrom("2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z"),
    forAwsResource: fc.boolean(),
  })
  .map(({ forAwsResource, ...rest }): Call => {
    const path = paths[rest.principal.split(":")[4] ?? ""];
    return {
      ...rest,
      ...(path === undefined ? {} : { organization: { id: organizationId, path } }),
      ...(rest.action === "kms:CreateGrant"
        ? { grant: { grantee: role(other, "a"), operations: ["Decrypt"], forAwsResource }, encryptionContext: {} }
        : {}),
    };
  });

describe("a key policy", () => {
  test("says the same in every form, to callers with every IAM policy and with none", () => {
    fc.assert(
      fc.property(request, fc.array(call, { minLength: 5, maxLength: 5 }), (of, calls) => {
        const [plain, ...others] = policyForms.map((form) => keyPolicy(of, form));
        if (plain === undefined) throw new Error("no form");
        for (const each of calls) {
          for (const iam of [[everything], []]) {
            const verdicts = (policy: PolicyDocument): unknown => [each, iam.length, verdict(policy, each, iam)];
            for (const policy of others) expect(verdicts(policy)).toEqual(verdicts(plain));
          }
        }
      }),
      { numRuns: 120 },
    );
  });

  test("passes the guard in every form, or in none", () => {
    fc.assert(
      fc.property(request, (of) => {
        const flawed = policyForms.map((form) => {
          const policy = keyPolicy(of, form);
          const grantees = of.grants.map(({ grantee }) => grantee);
          return (
            guardKeyPolicy(policy, { ...duties, organizationPaths, rootAccess: of.rootAccess }, grantees).length > 0
          );
        });
        expect(new Set(flawed).size).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  test("has a Sid for each statement, the same for a principal more or less and in every Region", () => {
    fc.assert(
      fc.property(request, fc.constantFrom(...users), (of, principal) => {
        const sids = (policy: PolicyDocument): string[] =>
          policy.Statement.map(({ Sid }) => Sid).filter((sid) => /^\w+Merged[0-9a-f]{8}$/.test(sid));
        const [one] = of.uses.filter(({ organizationPath }) => organizationPath === undefined);
        const more = one === undefined ? [] : [{ ...one, principals: [principal], label: "one-more" }];
        const merged = sids(keyPolicy(of, "merged"));
        expect(new Set(merged).size).toBe(merged.length);
        expect(sids(keyPolicy({ ...of, uses: [...of.uses, ...more] }, "merged"))).toEqual(
          expect.arrayContaining(merged),
        );
        expect(sids(keyPolicy({ ...of, region: "us-west-2" }, "merged"))).toEqual(merged);
      }),
      { numRuns: 100 },
    );
  });
});
