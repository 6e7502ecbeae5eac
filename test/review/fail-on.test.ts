import { describe, expect, test } from "@jest/globals";
import { failuresOf } from "../../modules/review/fail-on";
import type { Review, ReviewChange } from "../../modules/review/review";
import { changed, outsider } from "../report/review-reports";

const all = ["replacement", "zone", "widening"] as const;

function reasonsOf(change: Partial<ReviewChange>, zones: Review["zones"] = []): string[] {
  const review = { ...changed.review, changes: [{ ...outsider, access: [], ...change }], zones };
  return failuresOf(review, all).map(({ reason }) => reason);
}

describe("what --fail-on stops at", () => {
  test.each<[string, Partial<ReviewChange>, string[]]>([
    ["somebody who gains", { id: "access-gained", risk: "high", access: outsider.access }, ["widening"]],
    ["a grant that gives", { id: "grant-added", risk: "high", access: outsider.access }, ["widening"]],
    ["a guardrail that denies less", { id: "guardrail-denies-less" }, ["widening"]],
    ["a guardrail that is gone", { id: "guardrail-removed" }, ["widening"]],
    ["OUs without their guardrail", { id: "guardrail-targets-removed" }, ["widening"]],
    ["a key that is replaced", { id: "key-replaced" }, ["replacement"]],
    ["a key that is removed", { id: "key-removed" }, ["replacement"]],
    ["a key that moves", { id: "key-moved" }, ["replacement"]],
    ["a key that is disabled", { id: "key-disabled", risk: "high" }, ["replacement"]],
    ["a key that is let go", { id: "key-let-go", risk: "high" }, ["replacement"]],
    ["a key's step towards its end", { id: "key-step-changed", risk: "high" }, ["replacement"]],
    ["a replica that is removed", { id: "replica-removed", risk: "high" }, ["replacement"]],
    ["a stack that is gone", { id: "stack-removed", risk: "high" }, ["replacement"]],
    ["a stack that is gone and had nothing", { id: "stack-removed", risk: "low" }, []],
    ["a state that is elsewhere", { id: "state-moved", risk: "high" }, ["replacement"]],
    ["a key store that is gone", { id: "key-store-removed" }, ["replacement"]],
    ["a key store that is made anew", { id: "key-store-changed", risk: "critical" }, ["replacement"]],
    ["a rollout that is gone with its keys", { id: "rollout-removed", risk: "critical" }, ["replacement"]],
    ["a rollout that is made anew", { id: "rollout-changed", risk: "critical" }, ["widening", "replacement"]],
    ["a rollout that makes other roles", { id: "rollout-changed", risk: "high" }, ["widening"]],
    ["a rollout of roles that is new", { id: "rollout-added", risk: "high" }, ["widening"]],
    ["a rollout of no roles that is new", { id: "rollout-added", risk: "medium" }, []],
    ["a stack that nobody can read", { id: "stack-unreadable" }, ["zone", "widening", "replacement"]],
    ["a policy that nobody can read", { id: "access-unreadable" }, ["zone", "widening", "replacement"]],
    ["what no rule knows", { id: "other-changed", risk: "high" }, ["zone", "widening", "replacement"]],
    ["what no rule knows and does nothing", { id: "other-changed", risk: "low" }, []],
    ["a key's step back into use", { id: "key-step-changed", risk: "low" }, []],
    [
      "who gains the other half of a new key",
      { id: "consumer-policy-added", risk: "low", access: outsider.access },
      [],
    ],
    ["who gains nothing but reading", { id: "access-gained", risk: "medium", access: outsider.access }, ["widening"]],
    ["a new key with its own users", { id: "key-added", risk: "low", access: outsider.access }, []],
    [
      "somebody who loses",
      { id: "access-lost", access: outsider.access.map((row) => ({ ...row, effect: "loses" })) },
      [],
    ],
    ["a tag", { id: "tags-changed", risk: "low" }, []],
  ])("%s", (_, change, expected) => {
    expect(reasonsOf(change)).toEqual(expected);
  });

  test("a zone's wall, and no other touched zone", () => {
    const tags: Partial<ReviewChange> = { id: "tags-changed", risk: "low" };
    expect(reasonsOf(tags, [{ zone: "pci", stacks: 1, changes: 1, wall: true }])).toEqual(["zone"]);
    expect(reasonsOf(tags, [{ zone: "pci", stacks: 1, changes: 1, wall: false }])).toEqual([]);
  });

  test("names an account as a whole once", () => {
    const place = { ...outsider.place, resource: "account payments-prod", account: "payments-prod" };
    const review = { ...changed.review, changes: [{ ...outsider, id: "stack-unreadable" as const, place }], zones: [] };
    expect(failuresOf(review, ["zone"]).map(({ of }) => of)).toEqual([["account payments-prod"]]);
  });

  test("is what was asked for, and named once", () => {
    const [failure, ...more] = failuresOf(
      { ...changed.review, changes: [outsider, { ...outsider, detail: "another" }] },
      ["widening", "widening"],
    );
    expect(failure).toEqual({
      reason: "widening",
      why: "somebody can do what was not allowed before",
      of: ["alias/payments-prod in pci-key-management"],
    });
    expect(more).toEqual([]);
    expect(failuresOf(changed.review, [])).toEqual([]);
  });
});
