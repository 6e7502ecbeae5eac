import { expect, test } from "@jest/globals";
import { rolloutSummaryText, summarizeRollouts } from "../../modules/report/rollout-summary";
import { stackCountsText } from "../../modules/report/stack-counts";
import { corporateRollouts } from "../stacks/rollout-plans";
import { planOf, smallSources } from "../stacks/small-organization";

const plans = corporateRollouts(planOf(smallSources()).map);

test("a rollout's waves and replicas are counted together, its accounts once", () => {
  expect(rolloutSummaryText(summarizeRollouts(plans))).toEqual([
    "rollout                  StackSets  accounts  direct",
    "corporate.access-roles           2         3       1",
    "corporate.baseline-keys          2         3       1",
  ]);
});

test("a rollout that no StackSet brings is one as well", () => {
  expect(summarizeRollouts({ ...plans, zones: [] }).map(({ stackSets, accounts }) => [stackSets, accounts])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test("without rollouts there is nothing to say", () => {
  expect(rolloutSummaryText(summarizeRollouts({ zones: [], direct: [] }))).toEqual([]);
});

test.each<[kinds: string[], text: string]>([
  [["account", "account"], ""],
  [["account", "guardrails"], " (1 of them a zone's guardrails)"],
  [["guardrails", "account", "guardrails"], " (2 of them zones' guardrails)"],
  [
    ["guardrails", "rollouts", "rollouts", "direct-rollouts"],
    " (1 of them a zone's guardrails, 2 zones' rollouts, 1 an account's direct rollouts)",
  ],
  [["rollouts", "direct-rollouts", "direct-rollouts"], " (1 of them a zone's rollouts, 2 accounts' direct rollouts)"],
])("stacks of %j are told apart", (kinds, text) => {
  expect(stackCountsText(kinds.map((kind) => ({ kind })))).toBe(text);
});
