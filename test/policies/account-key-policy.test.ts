import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { allKeyActions, kmsActions } from "../../modules/aws/kms-actions";
import {
  type AccountKeyPolicyRequest,
  accountKeyDuties,
  accountKeyPolicy,
} from "../../modules/policies/account-key-policy";
import { guardAccountKeyPolicy } from "../../modules/policies/guard-account-key-policy";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "../../modules/policies/policy-document";
import { namesOf } from "../../modules/policies/statement-reach";
import { asGolden, golden } from "./golden";
import { type Call, everything, isAllowed } from "./simulate";
import { administrator, duties, other, owner, role, rootOf } from "./small-key";

const { rootAccess: _, organizationPaths: __, ...holders } = duties;
const request: AccountKeyPolicyRequest = { ...holders, region: "us-east-1", multiRegion: true };
const policy = accountKeyPolicy(request);
const { auditRole, breakGlass, deployRole } = duties;
const app = role(owner, "app");
const person = `arn:aws:iam::${owner}:user/person`;
const root = rootOf(owner);
const stackSets = role(owner, "stacksets-exec-0123456789abcdef0123456789abcdef");
const managers = [administrator, auditRole, breakGlass, deployRole];
const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];

/** An IAM policy with these actions on every key. */
function iam(...actions: readonly string[]): PolicyDocument {
  return policyDocument([{ Sid: "X", Effect: "Allow", Action: actions, Resource: ["*"] }]);
}

/** What somebody may do whose IAM policy is the widest that there is. */
function mayDo(principal: string, call: Partial<Call> = {}, keyPolicy = policy): string[] {
  return allKeyActions.filter((action) => isAllowed(keyPolicy, { principal, action, ...call }, [everything]));
}

describe("the policy of a key that each account has by itself", () => {
  test("is what reviewers read", () => {
    expect(golden("account-key-policy.json", policy)).toBe(asGolden(policy));
  });

  test.each([
    ["one Region", { ...request, multiRegion: false }],
    ["several Regions", request],
    ["a replica, in whichever Region", { ...request, region: undefined }],
    ["a zone of one Region", { ...request, zoneRegions: ["us-east-1"] }],
  ])("passes its guard for %s, and names nobody but the account", (_name, each) => {
    const document = accountKeyPolicy(each);
    expect(guardAccountKeyPolicy(document, accountKeyDuties(each))).toEqual([]);
    expect(new Set(document.Statement.flatMap(({ Principal }) => namesOf(Principal)))).toEqual(new Set([root]));
  });

  test.each([
    ["a role without an IAM policy", app, [], "kms:Decrypt", false],
    ["a role that may decrypt", app, [iam("kms:Decrypt")], "kms:Decrypt", true],
    ["a role that may decrypt", app, [iam("kms:Decrypt")], "kms:Encrypt", false],
    ["a user that may encrypt", person, [iam("kms:Encrypt", "kms:GenerateDataKey*")], "kms:GenerateDataKey", true],
    ["a role that reads all of KMS", app, [iam("kms:Describe*", "kms:Get*", "kms:List*")], "kms:GetKeyPolicy", true],
    ["a role that reads all of KMS", app, [iam("kms:Describe*", "kms:Get*", "kms:List*")], "kms:Decrypt", false],
    ["the deploy role without its IAM policy", deployRole, [], "kms:PutKeyPolicy", false],
    ["the deploy role", deployRole, [iam(...kmsActions.administering)], "kms:PutKeyPolicy", true],
    ["the audit role", auditRole, [iam(...kmsActions.reading)], "kms:GetKeyPolicy", true],
    ["an administrator", administrator, [iam(...kmsActions.administering)], "kms:EnableKeyRotation", true],
    ["break-glass", breakGlass, [iam(...kmsActions.destroying)], "kms:ScheduleKeyDeletion", true],
    ["CloudFormation", stackSets, [everything], "kms:PutKeyPolicy", true],
    ["CloudFormation", stackSets, [everything], "kms:ScheduleKeyDeletion", false],
    ["CloudFormation", stackSets, [everything], "kms:DisableKey", false],
    ["the account's administrator", app, [everything], "kms:ScheduleKeyDeletion", false],
    ["the root user", root, [], "kms:ScheduleKeyDeletion", false],
  ])("answers %s %#", (_name, principal, identity, action, expected) => {
    expect(isAllowed(policy, { principal, action }, identity)).toBe(expected);
  });

  test("lets the account's IAM give its use, without grants of one's own", () => {
    const used = mayDo(app).filter((action) => using.includes(action));
    expect(used).toEqual([
      "kms:Decrypt",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyPair",
      "kms:GenerateDataKeyPairWithoutPlaintext",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]);
  });

  test.each([
    ["to a role of another account", role(other, "app"), false, false],
    ["to a role of its own", role(owner, "batch"), false, false],
    ["to an AWS service for somebody's resource", role(owner, "batch"), true, true],
  ])("lets nobody create a grant %s, unless AWS asks for it", (_name, grantee, forAwsResource, expected) => {
    const grant = { grantee, operations: ["Decrypt"], forAwsResource };
    expect(isAllowed(policy, { principal: app, action: "kms:CreateGrant", grant }, [everything])).toBe(expected);
  });

  test.each(managers)("makes %s no user, whatever its IAM says", (manager) => {
    const grant = { grantee: manager, operations: ["Decrypt"], forAwsResource: true };
    expect(mayDo(manager, { grant }).filter((action) => using.includes(action))).toEqual([]);
  });

  test("lets nobody but break-glass take the key away", () => {
    const destroyers = [root, app, person, stackSets, ...managers].filter((principal) =>
      mayDo(principal).some((action) => kmsActions.destroying.some((each) => each === action)),
    );
    expect(destroyers).toEqual([breakGlass]);
  });

  test.each([
    ["CloudFormation", stackSets, "us-west-2", true],
    ["CloudFormation, outside the zone", stackSets, "eu-west-1", false],
    ["the deploy role, where StackSets do not reach", deployRole, "us-west-2", true],
    ["the deploy role, outside the zone", deployRole, "eu-west-1", false],
    ["the account's administrator", app, "us-west-2", false],
    ["an administrator of the zone", administrator, "us-west-2", false],
    ["a role that only sounds like it", role(owner, "team/stacksets-exec-0123"), "us-west-2", false],
  ])("is replicated by %s: %#", (_name, principal, replicaRegion, expected) => {
    const call = { principal, action: "kms:ReplicateKey", replicaRegion };
    expect(isAllowed(policy, call, [everything])).toBe(expected);
  });

  test("moves its primary within the zone by break-glass alone, also from a replica's side", () => {
    const move = (keyPolicy: PolicyDocument, principal: string, primaryRegion: string): boolean =>
      isAllowed(keyPolicy, { principal, action: "kms:UpdatePrimaryRegion", primaryRegion }, [everything]);
    const replica = accountKeyPolicy({ ...request, region: undefined });
    expect(move(policy, breakGlass, "us-west-2") && move(replica, breakGlass, "us-west-2")).toBe(true);
    expect(move(policy, breakGlass, "eu-west-1")).toBe(false);
    expect(move(policy, deployRole, "us-west-2")).toBe(false);
  });

  test("of one Region can neither be replicated nor moved", () => {
    const single = accountKeyPolicy({ ...request, multiRegion: false });
    for (const principal of [stackSets, deployRole, breakGlass]) {
      const done = mayDo(principal, { replicaRegion: "us-west-2", primaryRegion: "us-west-2" }, single);
      expect(done).not.toEqual(expect.arrayContaining(["kms:ReplicateKey"]));
      expect(done).not.toEqual(expect.arrayContaining(["kms:UpdatePrimaryRegion"]));
      expect(done).not.toEqual(expect.arrayContaining(["kms:SynchronizeMultiRegionKey"]));
    }
  });

  test("lets in nobody of another account and no service of AWS, whoever it is and whatever it asks for", () => {
    const names = ["OrgKeysDeploy", "ops/KeyBreakGlass", "stacksets-exec-0123456789abcdef", "app"];
    const foreigners = fc.oneof(
      fc
        .tuple(fc.stringMatching(/^\d{12}$/), fc.constantFrom(...names))
        .filter(([account]) => account !== owner)
        .map(([account, name]) => role(account, name)),
      fc.stringMatching(/^\d{12}$/).map((account) => rootOf(account === owner ? other : account)),
      fc.constantFrom("s3.amazonaws.com", "cloudtrail.amazonaws.com", "logs.us-east-1.amazonaws.com"),
    );
    const calls = fc.record({
      action: fc.constantFrom(...allKeyActions),
      via: fc.constantFrom(undefined, "s3.us-east-1.amazonaws.com"),
      replicaRegion: fc.constantFrom("us-west-2", "eu-west-1"),
      primaryRegion: fc.constantFrom("us-west-2", "us-east-1"),
      source: fc.constantFrom({}, { account: owner }),
      grant: fc.record({
        grantee: fc.constantFrom(app, role(other, "app")),
        operations: fc.constant(["Decrypt"]),
        forAwsResource: fc.boolean(),
      }),
    });
    const documents = fc
      .record({ multiRegion: fc.boolean(), region: fc.constantFrom("us-east-1", undefined) })
      .map((own) => accountKeyPolicy({ ...request, ...own }));
    fc.assert(
      fc.property(documents, foreigners, calls, (document, principal, call) => {
        const identity = principal.startsWith("arn:") ? [everything] : [];
        expect(isAllowed(document, { principal, ...call }, identity)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("its guard", () => {
  const flaws = (statements: readonly PolicyStatement[]): string[] =>
    guardAccountKeyPolicy(policyDocument(statements), accountKeyDuties(request)).map(({ message }) => message);
  const without = (sid: string): PolicyStatement[] => policy.Statement.filter(({ Sid }) => Sid !== sid);
  const added = (statement: Partial<PolicyStatement>): string[] =>
    flaws([
      ...policy.Statement,
      {
        Sid: "X",
        Effect: "Allow",
        Principal: { AWS: [root] },
        Action: ["kms:DescribeKey"],
        Resource: ["*"],
        ...statement,
      },
    ]);

  test.each([
    ["a role", { Principal: { AWS: [app] } }, `statement X names ${app}`],
    ["another account", { Principal: { AWS: [rootOf(other)] } }, `statement X names ${rootOf(other)}`],
    ["a service", { Principal: { Service: ["s3.amazonaws.com"] } }, "statement X names s3.amazonaws.com"],
    ["everybody", { Principal: { AWS: ["*"] } }, "statement X has a wildcard principal"],
    ["a grant to anybody", { Action: ["kms:CreateGrant"] }, "lets the account's IAM create any grant"],
    ["use by managers", { Action: ["kms:Decrypt"] }, "make managers of the key its users"],
    ["replication anywhere", { Action: ["kms:ReplicateKey"] }, "lets the key leave the zone's Regions"],
    ["a Deny for the audit role", { Effect: "Deny", Action: ["kms:GetKeyPolicy"] } as const, "audit role"],
  ])("refuses %s", (_name, statement, message) => {
    expect(added(statement)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });

  test("refuses a policy that leaves destruction to the account, or the key to nobody", () => {
    expect(flaws(without("OnlyBreakGlassDestroys"))).toEqual([
      expect.stringMatching(/^nothing keeps .*kms:ScheduleKeyDeletion with /),
    ]);
    expect(flaws(without("AccountRootAdministration"))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^account root .* would be locked out/)]),
    );
  });
});
