import { describe, expect, test } from "@jest/globals";
import { uniqueNames } from "../../modules/aws/name-order";
import { compareKeys } from "../../modules/drift/compare/compare-keys";
import { matchKeys } from "../../modules/drift/match/match-keys";
import { restingKeys } from "../../modules/drift/reviewed/resting-key";
import { kindsOutput } from "../checks/kinds-output";
import { outputOf, outputOfPlan } from "../checks/sample-output";
import { planOf, smallSources } from "../stacks/small-organization";
import { decommission, recordOf, withLifecycles } from "../stacks/with-lifecycles";
import { asReviewed } from "./as-reviewed";
import { driftContext } from "./drift-context";
import { reviewedIn, stacksOf } from "./reviewed-output";

describe("an organization that is in AWS as it was reviewed", () => {
  test.each([
    ["the sample", () => outputOf("config")],
    ["one with keys of every kind", kindsOutput],
    ["one with features of every kind", () => outputOf("test/fixtures/features")],
  ])("has no drift of keys, each of which is found: %s", (_, make) => {
    const output = make();
    const stacks = stacksOf(output);
    let pairs = 0;
    for (const accountId of accountsOf(output)) {
      const reviewed = reviewedIn(stacks, accountId);
      const live = asReviewed(reviewed);
      const matches = matchKeys(reviewed, live, []);
      expect(matches).toMatchObject({ missing: [], unchecked: [], resting: [], unmanaged: [] });
      for (const { reviewed: key, live: found } of matches.pairs) expect(found.description).toBe(key.description);
      expect(compareKeys(reviewed, live, matches, driftContext(output, accountId))).toEqual([]);
      pairs += matches.pairs.length;
    }
    expect(pairs).toBeGreaterThan(2);
  });
});

describe("a key that Terraform lets go of", () => {
  const loaded = planOf(smallSources());
  const before = stacksOf(outputOfPlan(loaded));
  const [id, accountId] = [
    "shared_confidential_prod",
    loaded.map.accounts.find(({ name }) => name === "keys")?.id ?? "",
  ];
  const output = outputOfPlan(
    withLifecycles(loaded, [
      recordOf(loaded.map, "keys", id, "us-east-1", { decommission: decommission("scheduled") }),
    ]),
  );
  const after = stacksOf(output);
  const reviewed = reviewedIn(after, accountId);
  const resting = after.filter((stack) => stack.accountId === accountId).flatMap(restingKeys);

  test.each([
    ["with its aliases", true],
    ["without them", false],
  ])("is expected, %s", (_, keepsAliases) => {
    const live = asReviewed(reviewedIn(before, accountId)).map((each) => ({
      ...each,
      keys: {
        value: ("value" in each.keys ? each.keys.value : []).map((key) =>
          "unread" in key || !key.description.startsWith("Shared prod") ? key : { ...key, state: "PendingDeletion" },
        ),
      },
      aliases: {
        value: ("value" in each.aliases ? each.aliases.value : []).filter(
          ({ name }) => name !== "alias/shared-prod-key" || keepsAliases,
        ),
      },
    }));
    const matches = matchKeys(reviewed, live, resting);
    expect(matches.resting.map(({ resting: key }) => key.address)).toEqual([
      `aws_kms_key.${id}_us-east-1`,
      `aws_kms_replica_key.${id}_us-west-2`,
    ]);
    expect(matches.unmanaged).toEqual([]);
    expect(compareKeys(reviewed, live, matches, driftContext(output, accountId))).toEqual([]);
  });
});

function accountsOf(output: ReturnType<typeof outputOf>): readonly string[] {
  return uniqueNames(output.rules.zones.all.flatMap(({ accounts }) => [...accounts.keys()]));
}
