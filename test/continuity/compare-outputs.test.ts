import { describe, expect, test } from "@jest/globals";
import { refusalText } from "../../modules/continuity/refusal";
import type { LoadedPlan } from "../../stacks/load-plan";
import type { Json } from "../checks/sample-output";
import { planOf } from "../stacks/small-organization";
import { recordOf, withLifecycles } from "../stacks/with-lifecycles";
import { compare, editedSources, smallPlan, smallTexts, type Texts, textsOf } from "./compare-small";

const keys = "acme.security.keys";
const clinic = "acme.health.clinic";
const ledger = "ledger_us-east-1";

/** A copy of an output in which one stack's JSON is edited. */
function edited(texts: Texts, stack: string, change: (json: Json) => void): Texts {
  const json: Json = JSON.parse(texts.get(stack) ?? "");
  change(json);
  return new Map([...texts, [stack, JSON.stringify(json)]]);
}

function found(before: Texts, after: Texts, loaded: LoadedPlan = smallPlan, keepOthers = false): string[] {
  return compare(before, loaded, after, keepOthers).refusals.map(({ id, where }) => `${id} ${where}`);
}

const onKeys = (change: (json: Json) => void): string[] => found(smallTexts, edited(smallTexts, keys, change));

describe("an argument that makes another key", () => {
  test.each<[name: string, value: unknown]>([
    ["multi_region", false],
    ["multi_region", undefined],
    ["customer_master_key_spec", "RSA_2048"],
    ["key_usage", "SIGN_VERIFY"],
    ["custom_key_store_id", "cks-1234567890abcdef0"],
    ["xks_key_id", "bb8562717f809024"],
    ["provider", "aws.us-west-2"],
  ])("%s: %s", (name, value) => {
    const is = onKeys((json) => Object.assign(json.resource.aws_kms_key[ledger], { [name]: value }));
    expect(is).toEqual([`key-replaced keys aws_kms_key.${ledger}`]);
  });

  test.each<[name: string, value: unknown]>([
    ["customer_master_key_spec", "SYMMETRIC_DEFAULT"],
    ["key_usage", "ENCRYPT_DECRYPT"],
    ["multi_region", "true"],
    ["custom_key_store_id", ""],
    ["xks_key_id", null],
    ["description", "other"],
    ["policy", "{}"],
  ])("is none: %s: %s", (name, value) => {
    expect(onKeys((json) => Object.assign(json.resource.aws_kms_key[ledger], { [name]: value }))).toEqual([]);
  });

  test("another primary of a replica", () => {
    const is = onKeys((json) => {
      json.resource.aws_kms_replica_key["ledger_us-west-2"].primary_key_arn =
        `\${aws_kms_key.ledger__ebs_us-east-1.arn}`;
    });
    expect(is).toEqual(["key-replaced keys aws_kms_replica_key.ledger_us-west-2"]);
  });

  test("another type of resource, told once", () => {
    const change = (json: Json): void => {
      json.resource.aws_kms_external_key = { [ledger]: json.resource.aws_kms_key[ledger] };
      delete json.resource.aws_kms_key[ledger];
    };
    expect(onKeys(change)).toContain(`key-replaced keys aws_kms_key.${ledger}`);
    expect(onKeys(change).filter((each) => each.includes("vanishes"))).toEqual([]);
  });
});

describe("a key store", () => {
  const withStore = edited(smallTexts, keys, (json) => {
    json.resource.aws_kms_custom_key_store = {
      "hsm_us-east-1": {
        provider: "aws.us-east-1",
        custom_key_store_name: "hsm",
        custom_key_store_type: "AWS_CLOUDHSM",
      },
    };
  });

  const store = "aws_kms_custom_key_store.hsm_us-east-1";
  const withKey = edited(withStore, keys, (json) => {
    json.resource.aws_kms_key[ledger].custom_key_store_id = `\${${store}.id}`;
  });
  const withScheduled = edited(withStore, keys, (json) => {
    json["//"].orgkeys.keys.old_prod_us_east_1 = { step: "scheduled" };
  });

  test("that vanishes with a key in it is refused, and one that is new is not", () => {
    expect(found(withKey, smallTexts)).toContain(`key-vanishes keys ${store}`);
    expect(found(smallTexts, withStore)).toEqual([]);
  });

  test("goes when no key is in it, and none that waits for its deletion may be", () => {
    expect(found(withStore, smallTexts)).toEqual([]);
    expect(found(withScheduled, smallTexts)).toContain(`key-vanishes keys ${store}`);
  });
});

describe("an alias", () => {
  test("of the same name in the same Region is the same, whatever its address", () => {
    const older = edited(smallTexts, keys, (json) => {
      const aliases = Object.entries<Json>(json.resource.aws_kms_alias);
      json.resource.aws_kms_alias = Object.fromEntries(aliases.map(([id, alias]) => [`older_${id}`, alias]));
    });
    expect(found(older, smallTexts)).toEqual([]);
  });

  test("that leads to another key is refused, and says which", () => {
    const change = (json: Json): void => {
      json.resource.aws_kms_alias["ledger_us-east-1"].target_key_id = `\${aws_kms_key.ledger__ebs_us-east-1.key_id}`;
    };
    expect(onKeys(change)).toEqual(["alias-moves keys alias/ledger"]);
    expect(
      onKeys((json) => {
        change(json);
        json["//"].orgkeys.keys[ledger].replaced = "2026-12-01";
      }),
    ).toEqual([]);
  });

  test("goes when the map tells it to", () => {
    const loaded = planOf(
      editedSources(["workloads/clinic.yaml", "dataClass: regulated", "dataClass: regulated\n  alias: patients"]),
    );
    const told: LoadedPlan = {
      ...loaded,
      map: {
        ...loaded.map,
        workloads: loaded.map.workloads.map((each) =>
          each.name === "records" ? { ...each, dropAliases: ["records-prod"] } : each,
        ),
      },
    };
    expect(found(smallTexts, textsOf(loaded), loaded)).toEqual(["alias-vanishes clinic alias/records-prod"]);
    expect(found(smallTexts, textsOf(loaded), told)).toEqual([]);
  });
});

describe("a selection", () => {
  test("loses nothing of what it leaves as it is", () => {
    const only: Texts = new Map([[clinic, smallTexts.get(clinic) ?? ""]]);
    expect(found(smallTexts, only, smallPlan, true)).toEqual([]);
    expect(found(smallTexts, only, smallPlan, false)).toContain(`key-vanishes keys aws_kms_key.${ledger}`);
  });

  test("is held against what it replaces, under another stack's name as well", () => {
    const gone = edited(smallTexts, clinic, (json) => {
      delete json.resource;
    });
    const moved: Texts = new Map([["acme.medicine.clinic", gone.get(clinic) ?? ""]]);
    expect(found(smallTexts, moved, smallPlan, true)).toEqual([
      "key-vanishes clinic aws_kms_key.records_prod_us-east-1",
    ]);
    const less = edited(smallTexts, keys, (json) => {
      delete json.resource.aws_kms_key[ledger];
      delete json.resource.aws_kms_replica_key["ledger_us-west-2"];
    });
    const other: Texts = new Map([["acme.other.keys", less.get(keys) ?? ""]]);
    expect(found(smallTexts, other, smallPlan, true)).toEqual([`key-vanishes keys aws_kms_key.${ledger}`]);
  });
});

test("an account's stack may be there twice, under its old name and its new one", () => {
  const before = new Map([...smallTexts, ["acme.medicine.clinic", smallTexts.get(clinic) ?? ""]]);
  const after = new Map([...before].filter(([name]) => name !== clinic));
  expect(found(before, after)).toEqual([]);
});

describe("zones", () => {
  const zones = "zones.yaml";
  test("that are merged are a move of their accounts", () => {
    const sources = editedSources(
      [zones, "ous: [Security, Workloads]", "ous: [Security, Workloads, Health]"],
      [
        zones,
        "topology: hybrid\n  centralize: [{environments: [prod]}, {dataClasses: [restricted]}]",
        "topology: decentralized",
      ],
    );
    const loaded = planOf(
      sources.map((source) => {
        const text = new TextDecoder().decode(source.bytes);
        return source.path === zones
          ? { ...source, bytes: new TextEncoder().encode(text.slice(0, text.indexOf("health:"))) }
          : source;
      }),
    );
    expect(found(smallTexts, textsOf(loaded), loaded)).toContain("zone-moved clinic");
  });

  test("may be left with the key handed over", () => {
    const [before, moved] = [smallTexts.get(clinic) ?? "", planOf(editedSources([zones, "health:", "medical:"]))];
    const handedOver = withLifecycles(moved, [
      recordOf(moved.map, "clinic", "records_prod", "us-east-1", { handOver: { to: "health", day: "2026-12-01" } }),
    ]);
    const other = new Map([
      ...smallTexts,
      [
        "acme.other",
        before.replace('"zone": "health"', '"zone": "medical"').replaceAll("310000000001", "310000000002"),
      ],
    ]);
    expect(found(other, textsOf(moved), moved)).toContain("zone-moved clinic");
    expect(found(other, textsOf(handedOver), handedOver)).not.toContain("zone-moved clinic");
  });
});

describe("a last output that cannot be read", () => {
  test.each<[name: string, text: (text: string) => string]>([
    ["not JSON", (text) => text.slice(1)],
    ["not an object", () => "[]"],
    ["empty", () => "{}"],
    ["with a list of resources", (text) => text.replace(/"resource": \{/, '"resource": [], "other": {')],
    ["with a list of keys", (text) => text.replace('"aws_kms_key": {', '"aws_kms_key": [], "other": {')],
    ["nobody's", (text) => text.replace('"orgkeys"', '"others"')],
    ["without a state", (text) => text.replace("310000000001.tfstate", "state")],
    ["with a key of no Region", (text) => text.replace('"provider": "aws.us-east-1"', '"provider": "aws.other"')],
    [
      "with a day that is none",
      (text) => text.replace('"dataClass": "regulated",', '"dataClass": "regulated", "days": {"disabled": "soon"},'),
    ],
    [
      "with days that are none",
      (text) => text.replace('"dataClass": "regulated",', '"dataClass": "regulated", "days": ["2026-12-01"],'),
    ],
    [
      "with a step that is none",
      (text) => text.replace('"dataClass": "regulated",', '"dataClass": "regulated", "step": "retired",'),
    ],
  ])("is refused: %s", (_name, change) => {
    const text = smallTexts.get(clinic) ?? "";
    expect(change(text)).not.toBe(text);
    const before = new Map([...smallTexts, [clinic, change(text)]]);
    expect(found(before, smallTexts)).toEqual([`previous-unreadable stack ${clinic}`]);
  });

  test("and a stack that its manifest names and nobody has", () => {
    const { refusals } = compare(new Map([...smallTexts, ["acme.other", ""]]), smallPlan, smallTexts);
    expect(refusals.map(({ id, where }) => `${id} ${where}`)).toEqual(["previous-unreadable stack acme.other"]);
  });
});

describe("what is only told", () => {
  const told = (change: (json: Json) => void): string[] =>
    compare(smallTexts, smallPlan, edited(smallTexts, keys, change)).findings.map(({ id, where }) => `${id} ${where}`);

  test("protection that ends", () => {
    expect(told((json) => delete json.resource.aws_kms_key[ledger].lifecycle)).toEqual([
      `protection-ends keys aws_kms_key.${ledger}`,
    ]);
  });

  test("a shorter deletion window, not a longer one", () => {
    expect(told((json) => Object.assign(json.resource.aws_kms_key[ledger], { deletion_window_in_days: 7 }))).toEqual([
      `deletion-window-shortened keys aws_kms_key.${ledger}`,
    ]);
    const before = edited(smallTexts, keys, (json) =>
      Object.assign(json.resource.aws_kms_key[ledger], { deletion_window_in_days: 7 }),
    );
    expect(compare(before, smallPlan, smallTexts).findings).toEqual([]);
  });

  test("nothing of an account that is suspended", () => {
    const loaded = planOf(
      editedSources([
        "organizations/acme.yaml",
        'id: "310000000001", regions',
        'id: "310000000001", status: suspended, regions',
      ]),
    );
    const { refusals, findings } = compare(smallTexts, loaded);
    expect([refusals, findings]).toEqual([[], []]);
  });

  test("a state in another place", () => {
    const is = told((json) => Object.assign(json.terraform.backend.s3, { bucket: "another" }));
    expect(is).toEqual(["state-moves keys"]);
  });
});

test("a refusal reads as a whole", () => {
  const loaded = planOf(editedSources(["workloads/clinic.yaml", "records:", "patients:"]));
  expect(compare(smallTexts, loaded).refusals.flatMap(refusalText)).toEqual([
    "critical  key-vanishes  clinic aws_kms_key.records_prod_us-east-1",
    "    the key (alias/records-prod) would be destroyed, with its aliases and grants: the map no longer has workload records, and the key of workload patients would be a new one",
    "    was in the map at workloads/clinic.yaml records.environments.prod",
    "    -> if patients is records under a new name, write at workloads/clinic.yaml patients; otherwise put workload records back",
    "         formerly: records",
  ]);
});
