import { expect, test } from "@jest/globals";
import { compareAccount, type LiveParts } from "../../modules/drift/compare-account";
import { type ReviewedAccount, reviewedAccount } from "../../modules/drift/reviewed/reviewed-account";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveKey } from "../../modules/live/live-account";
import { asReviewed, liveKeyOf } from "./as-reviewed";
import { aKey, keyContext, stackName } from "./key-context";
import { contextOf, sampleStack } from "./sample-in-aws";

const denied = { unread: "AccessDenied", whatToDo: "let OrgKeysAudit read it" } as const;
const nothing = reviewedAccount(
  { stack: undefined, direct: [], reaching: [], guardrails: [], rollouts: [], foreignGrants: [] },
  keyContext.accountId,
);

function compare(keys: readonly ReviewedKey[], live: readonly LiveKey[]) {
  const reviewed: ReviewedAccount = { ...nothing, keys };
  const [region, ...others] = asReviewed(keys);
  if (region === undefined || others.length > 0) throw new Error("all keys are of one Region here");
  const parts: LiveParts = {
    kms: { accountId: keyContext.accountId, regions: [{ ...region, keys: { value: live } }] },
    identityPolicies: undefined,
    guardrails: undefined,
    templates: new Map(),
    instances: undefined,
  };
  return compareAccount(reviewed, parts, keyContext);
}

test("what AWS does not tell of keys is unchecked once, whoever's they are", () => {
  const key = aKey("payments");
  const unread = { ...liveKeyOf(key, [key]), policy: denied, grants: denied };
  const { drifts, unread: parts } = compare([key], [unread, { ...unread, keyId: "by-hand", tags: { value: {} } }]);
  expect(drifts.map(({ id, place }) => `${id} ${place.resource}`)).toEqual([
    "key-unmanaged by-hand",
    `unchecked policy of 2 keys: by-hand, ${unread.keyId}`,
    `unchecked grants of 2 keys: by-hand, ${unread.keyId}`,
  ]);
  expect(parts).toHaveLength(2);
});

test("a reviewed policy that nobody can read leaves its key unchecked, and never as reviewed", () => {
  const policy = { document: stackName, path: "", statements: [], understood: false };
  const key = aKey("payments", "us-east-1", { policy });
  const { drifts, unread } = compare([key], [liveKeyOf(key, [key])]);
  expect(drifts.map(({ id, place }) => `${id} ${place.resource}`)).toEqual(["unchecked alias/payments, policy"]);
  expect(unread).toMatchObject([
    { what: "alias/payments, policy", whatToDo: expect.stringContaining("orgkeys check") },
  ]);
});

test.each(["commercial.regulated.pci.pci-key-management", "commercial.regulated.pci.payments-prod"])(
  "%s, of which nothing is there, is one finding that explains whatever Terraform calls gone",
  (name) => {
    const stack = sampleStack(name);
    const context = contextOf(stack);
    const reviewed = reviewedAccount({ ...nothing, stack }, context.accountId);
    const regions = ["us-east-1", "us-west-2"].map((region) => {
      return { region, keys: { value: [] }, aliases: { value: [] }, keyStores: undefined };
    });
    const parts: LiveParts = {
      kms: { accountId: context.accountId, regions },
      identityPolicies: { value: [] },
      guardrails: undefined,
      templates: new Map(),
      instances: undefined,
    };
    const { drifts } = compareAccount(reviewed, parts, context);
    expect(drifts.map(({ id }) => id)).toEqual(["stack-not-applied"]);
    const own = stack.userGrants.map(({ path }) => path);
    expect(drifts[0]?.goneAlong?.map(({ address }) => address).toSorted()).toHaveLength(stack.resources - own.length);
  },
);
