import { describe, expect, test } from "@jest/globals";
import { cutKeys, type KeyCandidate } from "../../modules/keys/key-identity";
import { lifeOf } from "../../modules/keys/key-life";
import { lifecycleFindings } from "../../modules/keys/lifecycle-findings";
import type { KeyLifecycle } from "../../modules/organization/key-lifecycle";
import { planOf, smallSources } from "../stacks/small-organization";

const { map } = planOf(smallSources());

/** The ledger's key, in us-east-1 with a replica in us-west-2, with a record. */
function ledgerWith(record: Partial<KeyLifecycle>): KeyCandidate {
  const key = cutKeys(map.workloads, new Map(map.zones.map((zone) => [zone.name, zone]))).find(
    ({ id }) => id === "ledger",
  );
  if (key === undefined) throw new Error("the small organization has a ledger");
  const lifecycle: KeyLifecycle = {
    name: "ledger",
    account: key.owner,
    key: key.id,
    region: key.region,
    owner: "finance",
    reason: "A new ledger takes over",
    rotated: [],
    material: undefined,
    adopt: undefined,
    replaced: undefined,
    decommission: undefined,
    handOver: undefined,
    replicas: new Map(),
    source: "lifecycle.yaml ledger",
    ...record,
  };
  return { ...key, life: lifeOf([lifecycle], key.owner.id, key.id, key.region) };
}

const idIn = (region: string): string =>
  `"$(aws kms describe-key --key-id alias/ledger --region ${region} --query KeyMetadata.KeyId --output text)"`;
const disabled = { disabled: "2026-12-01", scheduled: undefined, gone: undefined };

describe("the next step", () => {
  test("of a disabled key is to disable it in each Region, and then to wait", () => {
    const [finding] = lifecycleFindings(ledgerWith({ decommission: disabled }), [], undefined);
    expect(finding).toEqual({
      id: "key-disabled",
      severity: "medium",
      where: "lifecycle.yaml ledger",
      why: "key alias/ledger is disabled since 2026-12-01: A new ledger takes over",
      whatToDo: [
        "as role/KeyBreakGlass of keys (100000000001), before the apply:",
        `aws kms disable-key --key-id ${idIn("us-west-2")} --region us-west-2`,
        `aws kms disable-key --key-id ${idIn("us-east-1")} --region us-east-1`,
        "From 2026-12-31 on, if nobody has missed it: add scheduled. If somebody does: delete these days and apply, which enables it",
      ].join("\n"),
    });
  });

  test("of a scheduled key is to schedule its deletion, replicas first, and says how to stop it", () => {
    const [finding] = lifecycleFindings(
      ledgerWith({ decommission: { ...disabled, scheduled: "2027-01-15" } }),
      [],
      undefined,
    );
    expect(finding?.severity).toBe("high");
    expect(finding?.whatToDo.split("\n")).toEqual([
      "as role/KeyBreakGlass of keys (100000000001), after the apply that lets go of it, replicas first:",
      `aws kms schedule-key-deletion --key-id ${idIn("us-west-2")} --pending-window-in-days 30 --region us-west-2`,
      `aws kms schedule-key-deletion --key-id ${idIn("us-east-1")} --pending-window-in-days 30 --region us-east-1`,
      "AWS has deleted it on 2027-03-16 at the earliest: add gone then. To stop that, until then:",
      `aws kms cancel-key-deletion --key-id ${idIn("us-east-1")} --region us-east-1`,
      `aws kms cancel-key-deletion --key-id ${idIn("us-west-2")} --region us-west-2`,
      "It is then disabled, and Terraform's again with adopt in place of scheduled",
    ]);
  });

  test("leaves a replica alone whose own end has come further", () => {
    const replicas = new Map([["us-west-2", { ...disabled, scheduled: "2027-01-10" }]]);
    const found = lifecycleFindings(
      ledgerWith({ decommission: { ...disabled, scheduled: "2027-01-15" }, replicas }),
      [],
      undefined,
    );
    expect(found.map(({ why }) => why)).toEqual([
      "key alias/ledger is to be deleted since 2027-01-15: A new ledger takes over",
      "key alias/ledger has a replica in us-west-2 that is to be deleted since 2027-01-10: A new ledger takes over",
    ]);
    expect(found[0]?.whatToDo).not.toContain("us-west-2");
    expect(found[0]?.whatToDo).toContain("on 2027-03-11 at the earliest");
    expect(found[1]?.whatToDo).toContain("on 2027-02-09 at the earliest");
  });

  test.each([
    [
      "key",
      { decommission: { disabled: "2026-12-01", scheduled: "2027-01-15", gone: "2027-03-16" } },
      "delete what makes the key",
    ],
    [
      "replica",
      { replicas: new Map([["us-west-2", { disabled: "2026-12-01", scheduled: "2027-01-15", gone: "2027-02-14" }]]) },
      "drop us-west-2 from replicas",
    ],
  ] as const)("of a %s that is gone is to delete its lines", (_, record, next) => {
    expect(lifecycleFindings(ledgerWith(record), [], undefined).map(({ id, whatToDo }) => [id, whatToDo])).toEqual([
      ["key-gone", expect.stringContaining(next)],
    ]);
  });

  test("of an adopted key that is disabled names it by its id", () => {
    const keyId = "mrk-0123456789abcdef0123456789abcdef";
    const adopt = { keyId, replicas: [], aliases: [], grants: new Map() };
    const found = lifecycleFindings(ledgerWith({ adopt, decommission: disabled }), [], undefined);
    expect(found.find(({ id }) => id === "key-disabled")?.whatToDo).toContain(
      `aws kms disable-key --key-id ${keyId} --region us-east-1`,
    );
  });

  test("of a key that is handed over is nothing but the apply", () => {
    const [finding] = lifecycleFindings(ledgerWith({ handOver: { to: "acquirer", day: "2026-12-01" } }), [], undefined);
    expect(finding?.whatToDo).toMatch(/^apply: Terraform lets go of the key and leaves it/);
  });
});
