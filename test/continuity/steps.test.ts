import { describe, expect, test } from "@jest/globals";
import type { KeyStep } from "../../modules/aws/key-step";
import type { Decommission, KeyLifecycle } from "../../modules/organization/key-lifecycle";
import type { LoadedPlan } from "../../stacks/load-plan";
import { planOf } from "../stacks/small-organization";
import { decommission, recordOf, withLifecycles } from "../stacks/with-lifecycles";
import { compare, editedSources, smallPlan, smallTexts, type Texts, textsOf } from "./compare-small";

const keyId = "mrk-1234567890abcdef1234567890abcdef";
const adopt = { keyId, replicas: [], aliases: ["alias/records-prod"], grants: new Map() };

function recorded(record: Partial<KeyLifecycle>, loaded: LoadedPlan = smallPlan): LoadedPlan {
  return withLifecycles(loaded, [recordOf(loaded.map, "clinic", "records_prod", "us-east-1", record)]);
}

const at: Readonly<Record<KeyStep | "adopted", LoadedPlan>> = {
  "in-use": smallPlan,
  disabled: recorded({ decommission: decommission("disabled") }),
  scheduled: recorded({ decommission: decommission("scheduled") }),
  gone: recorded({ decommission: decommission("gone") }),
  "handed-over": recorded({ handOver: { to: "acquirer", day: "2026-12-01" } }),
  adopted: recorded({ adopt }),
};
const dropped = planOf(editedSources(["workloads/clinic.yaml", "records:", "patients:"]));
/** What each would write. */
const texts = new Map<LoadedPlan, Texts>();
function textsOnce(loaded: LoadedPlan): Texts {
  const known = texts.get(loaded) ?? textsOf(loaded);
  texts.set(loaded, known);
  return known;
}

function refused(before: LoadedPlan, after: LoadedPlan): string[] {
  return compare(textsOnce(before), after, textsOnce(after)).refusals.map(({ id, where }) => `${id} ${where}`);
}

describe("a key's steps", () => {
  const skipped = "step-skipped clinic records_prod_us-east-1";
  const back = "key-comes-back clinic records_prod_us-east-1";
  test.each<[from: KeyStep, to: KeyStep | "adopted", refused?: string]>([
    ["in-use", "disabled"],
    ["disabled", "in-use"],
    ["disabled", "scheduled"],
    ["scheduled", "gone"],
    ["in-use", "handed-over"],
    ["disabled", "handed-over"],
    ["scheduled", "adopted"],
    ["handed-over", "adopted"],
    ["in-use", "scheduled", skipped],
    ["in-use", "gone", skipped],
    ["disabled", "gone", skipped],
    ["scheduled", "handed-over", skipped],
    ["gone", "scheduled", skipped],
    ["handed-over", "gone", skipped],
    ["scheduled", "in-use", back],
    ["scheduled", "disabled", back],
    ["handed-over", "in-use", back],
    ["gone", "in-use", back],
    ["gone", "adopted", back],
    ["in-use", "adopted", "adopted-too-late clinic aws_kms_key.records_prod_us-east-1"],
  ])("from %s to %s", (from, to, ...expected) => {
    const found = refused(at[from], at[to]);
    // An alias that exists is taken over with its key.
    expect(found.filter((each) => !each.startsWith("adopted-too-late clinic aws_kms_alias"))).toEqual(expected);
  });

  test.each<[from: KeyStep, ...refused: string[]]>([
    ["in-use", "key-vanishes clinic aws_kms_key.records_prod_us-east-1"],
    ["disabled", "key-vanishes clinic aws_kms_key.records_prod_us-east-1"],
    ["scheduled", skipped],
    ["gone"],
    ["handed-over"],
  ])("from %s to nowhere in the map", (from, ...expected) => {
    expect(refused(at[from], dropped)).toEqual(expected);
  });

  test("say which is next", () => {
    const [refusal] = compare(smallTexts, at.scheduled, textsOnce(at.scheduled)).refusals;
    expect(refusal).toMatchObject({
      why: "is in-use and would be scheduled at once: nobody has seen yet that nothing needs it",
      sources: ["workloads/clinic.yaml records.environments.prod"],
      lines: [
        "records-prod:",
        "  account: clinic",
        "  key: records_prod",
        "  region: us-east-1",
        "  owner: TEAM",
        "  reason: WHY",
        "  decommission: {disabled: DAY}",
      ],
    });
  });
});

describe("a key that is taken over again", () => {
  const unnamed = recorded({ adopt: { ...adopt, aliases: [] } });
  const told = (before: LoadedPlan, after: LoadedPlan): string[] =>
    compare(textsOnce(before), after, textsOnce(after)).findings.map(({ id, where }) => `${id} ${where}`);

  test.each(["scheduled", "handed-over"] as const)("has the aliases that it had when it was %s", (step) => {
    expect(told(at[step], unnamed)).toEqual(["alias-not-adopted clinic alias/records-prod"]);
    expect(told(at[step], at.adopted)).toEqual([]);
  });

  test("has them with each of its replicas that was let go", () => {
    const ledger = (record: Partial<KeyLifecycle>): LoadedPlan =>
      withLifecycles(smallPlan, [recordOf(smallPlan.map, "keys", "ledger", "us-east-1", record)]);
    const before = ledger({ decommission: decommission("scheduled") });
    const after = ledger({ adopt: { ...adopt, replicas: ["us-west-2"], aliases: [] } });
    const { findings } = compare(textsOnce(before), after, textsOnce(after));
    expect(findings).toMatchObject([
      {
        where: "keys alias/ledger",
        why: expect.stringContaining("in us-east-1, us-west-2"),
        whatToDo: expect.stringContaining("aliases: [ledger]"),
      },
    ]);
  });

  test("has no such names when nothing says that it was there", () => {
    const fresh = planOf(editedSources(["workloads/clinic.yaml", "records:", "patients:"]));
    const taken = withLifecycles(fresh, [
      recordOf(fresh.map, "clinic", "patients_prod", "us-east-1", { adopt: { ...adopt, aliases: [] } }),
    ]);
    expect(told(at.gone, taken)).toEqual([]);
  });
});

test("a skipped step says which comes between", () => {
  const { refusals } = compare(textsOnce(at.disabled), at.gone, textsOnce(at.gone));
  expect(refusals[0]?.lines.at(-1)).toBe("  decommission: {disabled: DAY, scheduled: DAY}");
});

describe("a replica's steps", () => {
  const withReplica = (step: "disabled" | "scheduled" | "gone" | undefined): LoadedPlan =>
    withLifecycles(smallPlan, [
      recordOf(smallPlan.map, "keys", "ledger", "us-east-1", {
        replicas: step === undefined ? new Map() : new Map([["us-west-2", decommission(step)]]),
      }),
    ]);

  test.each<[Parameters<typeof withReplica>[0], Parameters<typeof withReplica>[0], string[]]>([
    [undefined, "disabled", []],
    ["disabled", "scheduled", []],
    ["scheduled", "gone", []],
    [undefined, "scheduled", ["step-skipped keys ledger_us-west-2"]],
    ["disabled", "gone", ["step-skipped keys ledger_us-west-2"]],
    ["scheduled", undefined, ["key-comes-back keys ledger_us-west-2"]],
  ])("from %s to %s", (from, to, expected) => {
    expect(refused(withReplica(from), withReplica(to))).toEqual(expected);
  });

  const withoutLine = (loaded: LoadedPlan): LoadedPlan => {
    const line = "      replicas: [us-west-2]\n";
    const plan = planOf(editedSources(["workloads/shop.yaml", line, ""]));
    return withLifecycles(plan, loaded.map.lifecycles);
  };

  test.each<[Parameters<typeof withReplica>[0], boolean, string[]]>([
    ["gone", true, []],
    ["gone", false, []],
    ["scheduled", false, ["step-skipped keys ledger_us-west-2"]],
    ["disabled", false, ["key-vanishes keys aws_kms_replica_key.ledger_us-west-2"]],
  ])("from %s to nowhere in the map, its record kept: %s", (from, kept, expected) => {
    const before = withReplica(from);
    const found = refused(before, withoutLine(kept ? before : smallPlan));
    expect(found.filter((each) => each.endsWith("ledger_us-west-2"))).toEqual(expected);
  });

  test("are recorded under their primary", () => {
    const after = withReplica("scheduled");
    expect(compare(smallTexts, after, textsOnce(after)).refusals[0]?.lines).toEqual([
      "ledger:",
      "  account: keys",
      "  key: ledger",
      "  region: us-east-1",
      "  owner: TEAM",
      "  reason: WHY",
      "  replicas: {us-west-2: {decommission: {disabled: DAY}}}",
    ]);
  });

  test("go with their primary's, told once", () => {
    const after = withLifecycles(smallPlan, [
      recordOf(smallPlan.map, "keys", "ledger", "us-east-1", { decommission: decommission("scheduled") }),
    ]);
    expect(refused(smallPlan, after)).toEqual(["step-skipped keys ledger_us-east-1"]);
  });
});

describe("a day of a key's end", () => {
  const ended = (days: Partial<Decommission>, replica?: Partial<Decommission>): LoadedPlan => {
    const filled = (given: Partial<Decommission>): Decommission => ({
      disabled: "2026-12-01",
      scheduled: undefined,
      gone: undefined,
      ...given,
    });
    return withLifecycles(smallPlan, [
      recordOf(smallPlan.map, "keys", "ledger", "us-east-1", {
        decommission: Object.keys(days).length === 0 ? undefined : filled(days),
        replicas: replica === undefined ? new Map() : new Map([["us-west-2", filled(replica)]]),
      }),
    ]);
  };
  const disabled = "2026-12-01";
  const [key, replica] = ["day-moved-back keys ledger_us-east-1", "day-moved-back keys ledger_us-west-2"];

  test.each<[name: string, before: LoadedPlan, after: LoadedPlan, refused: string[]]>([
    ["stays", ended({ disabled }), ended({ disabled }), []],
    ["stays while the next is added", ended({ disabled }), ended({ disabled, scheduled: "2027-01-01" }), []],
    ["may be later", ended({ disabled }), ended({ disabled: "2026-12-02" }), []],
    ["may go with its step", ended({ disabled }), smallPlan, []],
    ["is not earlier", ended({ disabled }), ended({ disabled: "2026-11-30" }), [key]],
    [
      "is not earlier where the next one comes with it",
      ended({ disabled }),
      ended({ disabled: "2026-11-01", scheduled: "2026-12-02" }),
      [key],
    ],
    [
      "is not earlier of what is scheduled",
      ended({ disabled, scheduled: "2027-01-15" }),
      ended({ disabled, scheduled: "2027-01-05", gone: "2027-03-06" }),
      [key],
    ],
    ["is not earlier of a replica", ended({}, { disabled }), ended({}, { disabled: "2026-11-30" }), [replica]],
    [
      "is not earlier of a replica that gets a record of its own",
      ended({ disabled }),
      ended({ disabled }, { disabled: "2026-11-01", scheduled: "2026-12-02" }),
      [replica],
    ],
    [
      "is not earlier of a replica that ends with its primary after all",
      ended({}, { disabled }),
      ended({ disabled: "2026-11-30" }),
      [replica],
    ],
    [
      "may stay that of the primary",
      ended({ disabled: "2026-11-30" }, { disabled }),
      ended({ disabled: "2026-11-30" }),
      [],
    ],
    [
      "is said once of those that move together",
      ended({ disabled }, { disabled }),
      ended({ disabled: "2026-11-30" }, { disabled }),
      [key],
    ],
    [
      "is said of each that moves by itself",
      ended({ disabled }, { disabled }),
      ended({ disabled: "2026-11-30" }, { disabled: "2026-11-29" }),
      [key, replica],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(refused(before, after)).toEqual(expected);
  });

  test("is put back by lines that say what was reviewed", () => {
    const after = ended({ disabled: "2026-11-01", scheduled: "2026-12-02" }, { disabled: "2026-10-01" });
    const { refusals } = compare(textsOnce(ended({ disabled }, { disabled })), after, textsOnce(after));
    expect(refusals.map(({ why, lines }) => [why.split(":")[0], lines.at(-1)])).toEqual([
      ["is disabled since 2026-12-01 and would be since 2026-11-01", "  decommission: {disabled: 2026-12-01}"],
      [
        "is disabled since 2026-12-01 and would be since 2026-10-01",
        "  replicas: {us-west-2: {decommission: {disabled: 2026-12-01}}}",
      ],
    ]);
  });
});
