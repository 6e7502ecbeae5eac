import { describe, expect, test } from "@jest/globals";
import { explain, subjectsOf } from "../../modules/keys/explain-keys";
import { planKeys } from "../../modules/keys/plan-keys";
import { explanationText } from "../../modules/report/explanation-text";
import { summarizeByZone } from "../../modules/report/plan-summary";
import { baselineRollout, mapWithBaselineClasses } from "../rollouts/baseline-map";

const workloads = `notes:
  owner: notes
  dataClass: account-default
  environments:
    test: {account: shop-test, use: [{principal: role/notes, operations: [encrypt, decrypt]}, {principal: role/notes, operations: [decrypt], via: [s3]}]}
drafts:
  owner: notes
  dataClass: account-default
  environments:
    test: {account: shop-test, use: [{principal: user/editor, operations: [encrypt], via: [ebs]}]}
`;
const linked = mapWithBaselineClasses(workloads);
const map = { ...linked, rollouts: [baselineRollout(linked, "corporate", { replicas: ["us-west-2"] })] };
const planned = planKeys(map);
if ("problems" in planned) throw new Error(JSON.stringify(planned.problems));
const { plan } = planned;

function explained(subject: string): string[] {
  const explanation = explain(map, plan, subject);
  if (explanation === undefined) throw new Error(`nothing is known of ${subject}`);
  return explanationText(explanation);
}

describe("a key that each account has by itself", () => {
  test("is in the plan of whoever uses it, and no stack makes it", () => {
    expect(plan.awsKeys.filter(({ workload }) => workload === "notes")).toEqual([
      {
        zone: "corporate",
        account: "shop-test",
        workload: "notes",
        environment: "test",
        dataClass: "account-default",
        key: "baseline",
        region: "us-east-1",
        aliases: ["alias/default-account-default"],
        baseline: {
          rollout: "corporate.baseline-keys",
          regions: ["us-east-1", "us-west-2"],
          users: ["arn:aws:iam::220000000001:role/notes"],
        },
        why: [
          {
            reason: "data class account-default is a key that each account of zone corporate has by itself",
            principle: "there-from-the-start",
          },
        ],
        sources: ["workloads/shop.yaml notes.environments.test"],
      },
    ]);
    expect(plan.keys.filter(({ dataClass }) => dataClass === "account-default")).toEqual([]);
  });

  test("is no key of AWS in the summary", () => {
    const [before] = summarizeByZone(map, { ...plan, awsKeys: [] });
    const own = plan.awsKeys.filter(({ key }) => key === "baseline");
    expect(own).toHaveLength(2);
    expect(summarizeByZone(map, { ...plan, awsKeys: own })[0]).toEqual(before);
  });

  test("is explained by its alias: who brings it, who may use it, and what it costs once an account", () => {
    expect(explained("default-account-default")).toEqual([
      "drafts test in shop-test: the account's own key alias/default-account-default",
      "    brought by rollout corporate.baseline-keys to us-east-1, with replicas in us-west-2",
      "    arn:aws:iam::220000000001:user/editor may use it, as far as the IAM of the account lets it",
      "    because data class account-default is a key that each account of zone corporate has by itself. Every account has a key of its own before anybody asks for one: data that nobody has classed is not under AWS's keys.",
      "",
      "notes test in shop-test: the account's own key alias/default-account-default",
      "    brought by rollout corporate.baseline-keys to us-east-1, with replicas in us-west-2",
      "    arn:aws:iam::220000000001:role/notes may use it, as far as the IAM of the account lets it",
      "    because data class account-default is a key that each account of zone corporate has by itself. Every account has a key of its own before anybody asks for one: data that nobody has classed is not under AWS's keys.",
      "",
      "cost      2 USD a month, 6 USD after two rotations; requests come on top",
    ]);
  });

  test("is explained to whoever uses it, and to the workload", () => {
    const editor = explained("user/editor");
    expect(editor[0]).toBe("drafts test in shop-test: the account's own key alias/default-account-default");
    expect(explained("drafts")).toEqual(editor);
    expect(subjectsOf(map, plan)).toEqual(
      expect.arrayContaining(["default-account-default", "user/editor", "arn:aws:iam::220000000001:role/notes"]),
    );
  });
});
