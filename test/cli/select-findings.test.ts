import { describe, expect, test } from "@jest/globals";
import type { CheckedStack, CheckFinding } from "../../modules/checks/frame/run-checks";
import { isAboutSelected } from "../../modules/cli/select-findings";
import { selectAccounts } from "../../modules/organization/select-accounts";
import { loadPlan } from "../../stacks/load-plan";

function smallMap() {
  const loaded = loadPlan("test/fixtures/small");
  if ("problems" in loaded) throw new Error("the small organization is not valid");
  return loaded.map;
}
const map = smallMap();

/** A stack that says of itself what `orgkeys` says, with the account that its state names. */
function stack(
  name: string,
  { kind = "account", zone }: { readonly kind?: string; readonly zone?: string },
  accountId: string | undefined,
): CheckedStack {
  return { name, accountId, kind, zone, keys: 0 };
}
const stacks = [
  stack("acme.health.clinic", { kind: "account" }, "310000000001"),
  stack("acme.workloads.prod.shop-prod", { kind: "account" }, "210000000001"),
  stack("acme.guardrails.health", { kind: "guardrails", zone: "health" }, "999999999999"),
  stack("acme.guardrails.corporate", { kind: "guardrails", zone: "corporate" }, "999999999999"),
  stack("acme.guardrails.nobody", { kind: "guardrails" }, "999999999999"),
  stack("acme.unreadable", {}, undefined),
];

function finding(where: string, stackName?: string, sources: readonly string[] = [], id = "zone-state"): CheckFinding {
  const place = stackName === undefined ? undefined : { document: stackName, path: "" };
  return { id, severity: "high", where, why: "b", whatToDo: "c", place, sources };
}

function isAbout(zone: string, each: CheckFinding): boolean {
  const selected = selectAccounts(map, { ous: [], zones: [zone], accounts: [] });
  if ("problems" in selected) throw new Error(selected.problems.join());
  return isAboutSelected(selected.accounts, map.accounts, stacks)(each);
}

describe("a finding is about the selected accounts", () => {
  test.each<[string, CheckFinding, boolean]>([
    ["in a stack of one", finding("clinic x", "acme.health.clinic"), true],
    ["in the stack of another", finding("shop-prod x", "acme.workloads.prod.shop-prod"), false],
    ["in the guardrails of their zone", finding("acme.guardrails.health x", "acme.guardrails.health"), true],
    ["in the guardrails of another zone", finding("acme.guardrails.corporate", "acme.guardrails.corporate"), false],
    ["in guardrails of nobody knows which zone", finding("x", "acme.guardrails.nobody"), true],
    ["in a stack of nobody knows which account", finding("x", "acme.unreadable"), true],
    ["about a stack without a place in it", finding("acme.guardrails.corporate x"), false],
    ["about their zone in the map", finding("x", undefined, ["zones.yaml health.state"]), true],
    ["about another zone in the map", finding("x", undefined, ["zones.yaml corporate"]), false],
    ["about their rollout in the map", finding("x", undefined, ["rollouts.yaml health.templates.access-roles"]), true],
    ["about a rollout of another zone", finding("x", undefined, ["rollouts.yaml corporate.templates.keys"]), false],
    ["about both zones", finding("x", undefined, ["zones.yaml corporate", "zones.yaml health"]), true],
    ["about an account of another zone without a place", finding("shop-prod x"), false],
    ["about one of them without a place", finding("clinic x"), true],
    ["about nobody knows what", finding("something x"), true],
    ["in a document that is no stack", finding("something x", "AWS"), true],
    ["about the exceptions", finding("old-reports", undefined, ["exceptions.yaml a"], "exceptions-used"), false],
  ])("%s", (_, each, expected) => {
    expect(isAbout("health", each)).toBe(expected);
  });

  test("everything is, when nothing is selected", () => {
    const all = isAboutSelected(undefined, map.accounts, stacks);
    expect(all(finding("x", undefined, [], "exceptions-used"))).toBe(true);
    expect(all(finding("shop-prod x", "acme.workloads.prod.shop-prod"))).toBe(true);
  });
});
