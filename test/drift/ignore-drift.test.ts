import { describe, expect, test } from "@jest/globals";
import type { AccountDrift } from "../../modules/drift/drift-report";
import { ignoreDrift, type LookedAt } from "../../modules/drift/ignore-drift";
import type { IgnoreRule } from "../../modules/findings/ignore-rule";
import { findingOf, ruleOf, shopRead } from "./drift-findings";

const looked: LookedAt = { today: "2026-06-01", accounts: [shopRead], whole: true, engine: "aws" };
const isIgnored = (rule: Partial<IgnoreRule>, finding = findingOf()): boolean =>
  ignoreDrift([finding], [ruleOf(rule)], looked).ignored.length === 1;
const idle = (rule: Partial<IgnoreRule>, change: Partial<LookedAt> = {}): number =>
  ignoreDrift([], [ruleOf(rule)], { ...looked, ...change }).idle.length;

describe("a rule ignores drift", () => {
  test.each<[string, Partial<IgnoreRule>, boolean]>([
    ["everywhere, where it says no place", {}, true],
    ["of its kind alone", { drift: "alias-moved" }, false],
    ["in an account by name", { accounts: ["billing-prod", "shop-prod"] }, true],
    ["in an account by id", { accounts: ["210000000001"] }, true],
    ["in no other account", { accounts: ["billing-prod"] }, false],
    ["in a zone", { zones: ["corporate"] }, true],
    ["in no other zone", { zones: ["pci"] }, false],
    ["where account and zone both match", { accounts: ["shop-prod"], zones: ["pci"] }, false],
    ["of a resource in full", { resource: "alias/legacy-shop" }, true],
    ["of a resource by a pattern", { resource: "alias/legacy-*" }, true],
    ["of a resource by a character", { resource: "alias/legacy-sho?" }, true],
    ["of no resource that only begins so", { resource: "alias/legacy" }, false],
    ["of no resource that only ends so", { resource: "*shop-prod" }, false],
    ["until the day before it expires", { expires: "2026-06-02" }, true],
    ["no longer on the day on which it expires", { expires: "2026-06-01" }, false],
    ["no longer after that", { expires: "2025-12-31" }, false],
  ])("%s", (_, rule, expected) => {
    expect(isIgnored(rule)).toBe(expected);
  });

  test("and characters of regular expressions mean themselves", () => {
    expect(isIgnored({ resource: "alias.legacy-shop" })).toBe(false);
    expect(isIgnored({ resource: "(alias|x)/legacy-shop" })).toBe(false);
  });

  test("that is critical, or was not checked, only where it names both account and resource in full", () => {
    const exact = { accounts: ["shop-prod"], resource: "alias/legacy-shop" };
    for (const finding of [findingOf({ severity: "critical" }), findingOf({ id: "unchecked", severity: "high" })]) {
      const { id: drift } = finding;
      const critical = drift !== "unchecked";
      expect(isIgnored({ drift, critical, ...exact }, finding)).toBe(true);
      expect(isIgnored({ drift, critical }, finding)).toBe(false);
      expect(isIgnored({ drift, critical, accounts: exact.accounts }, finding)).toBe(false);
      expect(isIgnored({ drift, critical, resource: exact.resource }, finding)).toBe(false);
      expect(isIgnored({ drift, critical, ...exact, resource: "alias/legacy-*" }, finding)).toBe(false);
      expect(isIgnored({ drift, critical, ...exact, accounts: undefined, zones: ["corporate"] }, finding)).toBe(false);
    }
  });
});

describe("a rule that was written for something milder", () => {
  const exact = { accounts: ["shop-prod"], resource: "alias/legacy-shop" };

  test("does not hold when that has become critical", () => {
    expect(isIgnored(exact)).toBe(true);
    expect(isIgnored(exact, findingOf({ severity: "critical" }))).toBe(false);
  });

  test("holds for a kind that is critical wherever it is", () => {
    const finding = findingOf({ id: "key-pending-deletion", severity: "critical" });
    expect(isIgnored({ ...exact, drift: "key-pending-deletion" }, finding)).toBe(true);
  });
});

describe("what is left of the findings", () => {
  test("is everything once, in its order", () => {
    const findings = [findingOf({ resource: "alias/a" }), findingOf(), findingOf({ resource: "alias/b" })];
    const { open, ignored } = ignoreDrift(findings, [ruleOf({ resource: "alias/legacy-*" })], looked);
    expect([open, ignored.map(({ finding }) => finding)]).toEqual([[findings[0], findings[2]], [findings[1]]]);
  });

  test("names the first rule that ignores, and calls no other that does idle", () => {
    const rules = [ruleOf({ name: "first" }), ruleOf({ name: "second", zones: ["corporate"] })];
    const { ignored, idle: none } = ignoreDrift([findingOf()], rules, looked);
    expect([ignored.map(({ rule }) => rule.name), none]).toEqual([["first"], []]);
  });
});

describe("a rule is idle", () => {
  const unread: AccountDrift = { ...shopRead, account: "billing-prod", accountId: "210000000002", status: "unread" };
  test.each<[string, Partial<IgnoreRule>, Partial<LookedAt>, number]>([
    ["when nothing matches it", {}, {}, 1],
    ["not in a run over a part", {}, { whole: false }, 0],
    ["when it is expired, in any run", { expires: "2026-06-01" }, { whole: false }, 1],
    ["not while an account that it may be about is unread", {}, { accounts: [shopRead, unread] }, 0],
    ["not while one was read in part", {}, { accounts: [{ ...shopRead, status: "partly" }] }, 0],
    ["while another account is unread", { accounts: ["shop-prod"] }, { accounts: [shopRead, unread] }, 1],
    ["while another zone is unread", { zones: ["pci"] }, { accounts: [shopRead, unread] }, 1],
    ["for an account that is suspended", {}, { accounts: [{ ...shopRead, status: "inactive" }] }, 1],
    ["not for what only Terraform sees", { drift: "terraform-drift" }, {}, 0],
    ["for what only Terraform sees, when it was asked", { drift: "terraform-drift" }, { engine: "terraform" }, 1],
  ])("%s", (_, rule, change, expected) => {
    expect(idle(rule, change)).toBe(expected);
  });

  test("when it is expired, whether or not it would match", () => {
    const expired = ruleOf({ expires: "2026-06-01" });
    expect(ignoreDrift([findingOf()], [expired], looked)).toEqual({
      open: [findingOf()],
      ignored: [],
      idle: [expired],
    });
  });
});

test("10,000 findings are soon held against 500 rules", () => {
  const findings = Array.from({ length: 10_000 }, (_, number) => findingOf({ resource: `alias/legacy-${number}` }));
  const rules = Array.from({ length: 500 }, (_, number) => ruleOf({ resource: `alias/legacy-${number}-*` }));
  const all = [...rules, ruleOf({ resource: "alias/legacy-1*" })];
  expect(ignoreDrift(findings, all, looked).ignored).toHaveLength(1111);
});
