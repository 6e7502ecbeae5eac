import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import type { KeyLifecycle } from "../../modules/organization/key-lifecycle";
import { type Json, type Output, outputOfPlan } from "../checks/sample-output";
import { planOf, smallSources } from "./small-organization";
import { decommission, recordOf, withLifecycles } from "./with-lifecycles";

const loaded = planOf(smallSources());
const before = outputOfPlan(loaded);
const stack = "acme.security.keys";
const id = "shared_confidential_prod";
const grant = `${id}_us-east-1_shop_shop-batch`;
const keyId = "mrk-1234567890abcdef1234567890abcdef";

function outputWith(record: Partial<KeyLifecycle>): Output {
  return outputOfPlan(withLifecycles(loaded, [recordOf(loaded.map, "keys", id, "us-east-1", record)]));
}

function jsonOf(output: Output): Json {
  return JSON.parse(output.texts.get(stack) ?? "");
}

/** Terraform addresses of everything there is of the key. */
function resources(json: Json): string[] {
  return Object.entries<Json>(json.resource)
    .flatMap(([type, each]) => Object.entries<Json>(each).map(([name, fields]) => [`${type}.${name}`, fields]))
    .filter(([address, fields]) => JSON.stringify([address, fields]).includes(`${id}_us-`))
    .map(([address]) => String(address))
    .sort();
}

const everything = ["us-east-1", "us-west-2"].flatMap((region) => [
  `aws_kms_alias.shared-prod-key_${region}`,
  `aws_kms_grant.${id}_${region}_shop_shop-batch`,
  `aws_kms_${region === "us-east-1" ? "key" : "replica_key"}.${id}_${region}`,
]);

describe("a stack", () => {
  test("of which no key has a step has neither block", () => {
    expect(outputOfPlan(withLifecycles(loaded, [])).texts).toEqual(before.texts);
    expect(Object.keys(jsonOf(before))).not.toEqual(expect.arrayContaining(["import"]));
    expect(Object.keys(jsonOf(before))).not.toEqual(expect.arrayContaining(["removed"]));
  });

  test("says of a disabled key that it is, and has all of it", () => {
    const json = jsonOf(outputWith({ decommission: decommission("disabled") }));
    expect(json.removed).toBeUndefined();
    expect(resources(json)).toEqual(resources(jsonOf(before)));
    expect(json.resource.aws_kms_key[`${id}_us-east-1`].is_enabled).toBe(false);
    expect(json.resource.aws_kms_replica_key[`${id}_us-west-2`].enabled).toBe(false);
    expect(json["//"].orgkeys.keys[`${id}_us-east-1`]).toMatchObject({
      step: "disabled",
      replicaSteps: { "us-west-2": "disabled" },
    });
  });

  test.each<[string, Partial<KeyLifecycle>]>([
    ["scheduled", { decommission: decommission("scheduled") }],
    ["gone", { decommission: decommission("gone") }],
    ["handed-over", { handOver: { to: "acquirer", day: "2026-12-01" } }],
  ])("lets a key that is %s go, with everything that is its own", (step, record) => {
    const output = outputWith(record);
    const json = jsonOf(output);
    expect(json.removed).toEqual([...everything].sort().map((from) => ({ from, lifecycle: { destroy: false } })));
    expect(resources(json)).toEqual([]);
    expect(Object.keys(json.output)).not.toContain(`${id}_us-east-1`);
    expect(Object.keys(json.locals).filter((name) => name.startsWith(id))).toEqual([]);
    expect(json["//"].orgkeys.keys[`${id}_us-east-1`].step).toBe(step);
    expect(json.provider).toEqual(jsonOf(before).provider);
    // Consumer policies that still name its alias are the planner's business.
    expect(output.check(allChecks).filter(({ severity }) => severity === "critical")).toEqual([]);
  });

  test("lets a replica go alone", () => {
    const output = outputWith({ replicas: new Map([["us-west-2", decommission("scheduled")]]) });
    const json = jsonOf(output);
    const left = everything.filter((address) => address.includes("us-west-2"));
    expect(json.removed.map(({ from }: Json) => from)).toEqual([...left].sort());
    expect(resources(json)).toEqual(everything.filter((address) => address.includes("us-east-1")).sort());
    expect(Object.keys(json.output[`${id}_us-east-1`].value)).toEqual(["us-east-1"]);
    expect(json["//"].orgkeys.keys[`${id}_us-east-1`]).toMatchObject({ replicaSteps: { "us-west-2": "scheduled" } });
    expect(output.check(allChecks).filter(({ severity }) => severity === "critical")).toEqual([]);
  });

  test("takes over a key with whatever exists of it", () => {
    const output = outputWith({
      adopt: {
        keyId,
        replicas: ["us-west-2"],
        aliases: ["alias/shared-prod-key"],
        grants: new Map([[grant, "a".repeat(64)]]),
      },
    });
    const json = jsonOf(output);
    expect(json.import).toEqual([
      { id: "alias/shared-prod-key", to: "aws_kms_alias.shared-prod-key_us-east-1" },
      { id: "alias/shared-prod-key", to: "aws_kms_alias.shared-prod-key_us-west-2" },
      { id: `${keyId}:${"a".repeat(64)}`, to: `aws_kms_grant.${grant}` },
      { id: keyId, to: `aws_kms_key.${id}_us-east-1` },
      { id: keyId, to: `aws_kms_replica_key.${id}_us-west-2` },
    ]);
    expect(resources(json)).toEqual(resources(jsonOf(before)));
    expect(json.resource.aws_kms_key[`${id}_us-east-1`].lifecycle).toEqual({ prevent_destroy: true });
    expect(output.check(allChecks)).toEqual([]);
  });

  test("takes over an alias only in Regions where the key is taken over", () => {
    const adopt = { keyId, replicas: [], aliases: ["alias/shared-prod-key"], grants: new Map() };
    expect(jsonOf(outputWith({ adopt })).import).toEqual([
      { id: "alias/shared-prod-key", to: "aws_kms_alias.shared-prod-key_us-east-1" },
      { id: keyId, to: `aws_kms_key.${id}_us-east-1` },
    ]);
  });

  test("takes nothing over that it lets go", () => {
    const adopt = { keyId, replicas: ["us-west-2"], aliases: ["alias/shared-prod-key"], grants: new Map() };
    const json = jsonOf(outputWith({ adopt, handOver: { to: "acquirer", day: "2026-12-01" } }));
    expect(json.import).toBeUndefined();
    expect(json.removed).toHaveLength(everything.length);
  });

  test("says that a key was replaced", () => {
    const json = jsonOf(outputWith({ replaced: "2026-12-01" }));
    expect(json["//"].orgkeys.keys[`${id}_us-east-1`].replaced).toBe("2026-12-01");
  });
});
