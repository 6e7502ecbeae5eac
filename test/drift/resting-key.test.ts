import { describe, expect, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { restingKeys } from "../../modules/drift/reviewed/resting-key";
import type { KeyLifecycle } from "../../modules/organization/key-lifecycle";
import { type Json, outputOfPlan } from "../checks/sample-output";
import { planOf, smallSources } from "../stacks/small-organization";
import { decommission, recordOf, withLifecycles } from "../stacks/with-lifecycles";

const loaded = planOf(smallSources());
const stack = "acme.security.keys";
const id = "shared_confidential_prod";

function resting(record: Partial<KeyLifecycle>, edit: (json: Json) => void = () => {}): ReturnType<typeof restingKeys> {
  const output = outputOfPlan(withLifecycles(loaded, [recordOf(loaded.map, "keys", id, "us-east-1", record)]));
  return restingKeys(readSynthesizedStack(stack, output.edit(stack, edit).texts.get(stack) ?? ""));
}

const common = {
  stack,
  identity: id,
  aliases: ["alias/shared-prod-key"],
  dataClass: "confidential",
};
const key = { ...common, address: `aws_kms_key.${id}_us-east-1`, region: "us-east-1" };
const replica = { ...common, address: `aws_kms_replica_key.${id}_us-west-2`, region: "us-west-2" };

describe("the keys that a stack lets go of", () => {
  test.each<[string, Partial<KeyLifecycle>, readonly Record<string, unknown>[]]>([
    ["none, where all are in use", {}, []],
    ["none, where they are disabled", { decommission: decommission("disabled") }, []],
    [
      "a scheduled key with its replica, since that day",
      { decommission: decommission("scheduled") },
      [
        { ...key, step: "scheduled", since: "2027-01-15" },
        { ...replica, step: "scheduled", since: "2027-01-15" },
      ],
    ],
    [
      "a key that is gone",
      { decommission: decommission("gone") },
      [
        { ...key, step: "gone", since: "2027-02-20" },
        { ...replica, step: "gone", since: "2027-02-20" },
      ],
    ],
    [
      "a key that is handed over",
      { handOver: { to: "acquirer", day: "2026-12-01" } },
      [
        { ...key, step: "handed-over", since: "2026-12-01" },
        { ...replica, step: "handed-over", since: "2026-12-01" },
      ],
    ],
    [
      "a replica by itself",
      { replicas: new Map([["us-west-2", decommission("scheduled")]]) },
      [{ ...replica, step: "scheduled", since: "2027-01-15" }],
    ],
  ])("are %s", (_, record, expected) => {
    expect(resting(record)).toEqual(expected.map((each) => expect.objectContaining(each)));
  });

  test.each<[string, (json: Json) => void]>([
    ["a record alone", (json) => delete json.removed],
    ["a block alone", (json) => delete json["//"].orgkeys.keys[`${id}_us-east-1`]],
    [
      "a block whose record has the key in use",
      (json) => Object.assign(json["//"].orgkeys.keys[`${id}_us-east-1`], { step: "in-use", replicaSteps: {} }),
    ],
    [
      "a step that is none",
      (json) =>
        Object.assign(json["//"].orgkeys.keys[`${id}_us-east-1`], {
          step: "asleep",
          replicaSteps: { "us-west-2": "asleep" },
        }),
    ],
    [
      "a block that would destroy",
      (json) => {
        for (const block of json.removed) block.lifecycle.destroy = true;
      },
    ],
  ])("are not there by %s", (_, edit) => {
    expect(resting({ decommission: decommission("scheduled") }, edit)).toEqual([]);
  });
});
