import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { SourceFile } from "../../modules/organization/map-file";
import type { LoadedPlan } from "../../stacks/load-plan";
import { edit, planOf } from "../stacks/small-organization";
import { compare, editedSources, textsOf } from "./compare-small";

type Edit = readonly [path: string, from: string, to: string];
const shop = "workloads/shop.yaml";
const clinic = "workloads/clinic.yaml";
const zones = "zones.yaml";

/** The map of a day: the small organization with edits, and the text of its `lifecycle.yaml`. */
interface Map {
  readonly edits?: readonly Edit[];
  readonly lifecycle?: string;
}

function sourcesOf({ edits = [], lifecycle }: Map): SourceFile[] {
  const sources = editedSources(...edits);
  if (lifecycle === undefined) return sources;
  const path = "lifecycle.yaml";
  return [...sources, { name: `config/${path}`, path, bytes: new TextEncoder().encode(lifecycle) }];
}

function entry(account: string, key: string, ...record: readonly string[]): string {
  const lines = [`account: ${account}`, `key: ${key}`, "owner: security", "reason: It is tested", ...record];
  return ["it:", ...lines.map((line) => `  ${line}`), ""].join("\n");
}

const records = (...record: readonly string[]): string => entry("clinic", "records_prod", ...record);
const ledger = (...record: readonly string[]): string => entry("keys", "ledger", ...record);
const replica = (...days: readonly string[]): string =>
  ledger(`replicas: {us-west-2: {decommission: {${days.join(", ")}}}}`);
const [disabled, scheduled, gone] = ["disabled: 2026-06-01", "scheduled: 2026-07-15", "gone: 2026-09-01"];
/** Its prefix stays the same, so that only the alias differs. */
const otherAlias: Edit = [clinic, "dataClass: regulated", "dataClass: regulated\n  alias: patients"];
const bothAliases: Edit = [
  clinic,
  "dataClass: regulated",
  "dataClass: regulated\n  alias: patients\n  aliases: [records-prod]",
];
const withoutReplicas: Edit = [shop, "      replicas: [us-west-2]\n", ""];
const keyId = "mrk-1234567890abcdef1234567890abcdef";
const others = ["ledger__ebs_us-west-2", "shared_confidential_prod_us-west-2"].map(
  (id) => `key-vanishes keys aws_kms_replica_key.${id}`,
);

const cases: readonly (readonly [name: string, before: Map, after: Map, ...refused: string[]])[] = [
  [
    "a replica that is gone leaves the map",
    { lifecycle: replica(disabled, scheduled, gone) },
    { edits: [withoutReplicas] },
    ...others,
  ],
  [
    "a replica that is scheduled does not",
    { lifecycle: replica(disabled, scheduled) },
    { edits: [withoutReplicas] },
    ...others,
    "step-skipped keys ledger_us-west-2",
  ],
  [
    "a key that is taken back without its replica",
    { lifecycle: ledger("handOver: {to: acquirer, day: 2026-06-01}") },
    { lifecycle: ledger(`adopt: {keyId: ${keyId}, aliases: [ledger]}`) },
    "key-comes-back keys ledger_us-west-2",
  ],
  [
    "a key that is taken back with all that is its own",
    { lifecycle: ledger("handOver: {to: acquirer, day: 2026-06-01}") },
    { lifecycle: ledger(`adopt: {keyId: ${keyId}, replicas: [us-west-2], aliases: [ledger]}`) },
  ],
  [
    "a key that is handed over without its alias",
    {},
    { edits: [otherAlias], lifecycle: records("handOver: {to: acquirer, day: 2026-06-01}") },
    "alias-vanishes clinic alias/records-prod",
  ],
  [
    "a key that is replaced no more",
    { lifecycle: records("replaced: 2026-06-01") },
    {},
    "key-vanishes clinic aws_kms_key.records_prod_2_us-east-1",
  ],
  [
    "a workload that is renamed, with a key that was replaced",
    { lifecycle: records("replaced: 2026-06-01") },
    {
      edits: [[clinic, "records:\n  owner", "patients:\n  formerly: records\n  owner"]],
      lifecycle: records("replaced: 2026-06-01"),
    },
  ],
  [
    "another alias of a key that is replaced in the same change",
    {},
    { edits: [otherAlias], lifecycle: records("replaced: 2026-06-01") },
    "alias-vanishes clinic alias/records-prod",
  ],
  [
    "another alias of a key that is replaced in the same change, with the old one beside it",
    {},
    { edits: [bothAliases], lifecycle: records("replaced: 2026-06-01") },
  ],
  [
    "another alias of a key that was replaced: the former key's number is on it as well",
    { lifecycle: records("replaced: 2026-06-01") },
    { edits: [otherAlias], lifecycle: records("replaced: 2026-06-01") },
    "alias-vanishes clinic alias/records-prod",
    "alias-vanishes clinic alias/records-prod-1",
  ],
  [
    "another alias of a key that was replaced, with the old one beside it",
    { lifecycle: records("replaced: 2026-06-01") },
    { edits: [bothAliases], lifecycle: records("replaced: 2026-06-01") },
  ],
  [
    "the number of a former key's alias given to the key that replaced it",
    { lifecycle: records("replaced: 2026-06-01") },
    {
      edits: [[clinic, "dataClass: regulated", "dataClass: regulated\n  alias: patients\n  aliases: [records-prod-1]"]],
      lifecycle: records("replaced: 2026-06-01"),
    },
    "alias-moves clinic alias/records-prod-1",
    "alias-vanishes clinic alias/records-prod",
  ],
  [
    "an old alias that goes at last, with the number of the former key",
    { edits: [bothAliases], lifecycle: records("replaced: 2026-06-01") },
    {
      edits: [
        [
          clinic,
          "dataClass: regulated",
          "dataClass: regulated\n  alias: patients\n  dropAliases: [records-prod, records-prod-1]",
        ],
      ],
      lifecycle: records("replaced: 2026-06-01"),
    },
  ],
  [
    "a zone that is divided, and its name gone",
    {},
    {
      edits: [
        [zones, "corporate:\n", "central:\n"],
        [zones, "ous: [Security, Workloads]", "ous: [Security, Workloads/Prod]"],
        [
          zones,
          "health:\n",
          "testing:\n  organization: acme\n  owner: testers\n  ous: [Workloads/Test]\n  topology: decentralized\n  administrators: [role/TestKeyAdministrator]\n  breakGlass: role/TestKeyBreakGlass\n  regions: [us-east-1, us-west-2]\n\nhealth:\n",
        ],
      ],
    },
    "zone-moved keys",
    "zone-moved shop-test",
    "guardrails-vanish acme.guardrails.corporate",
  ],
];

test.each(cases)("%s", (_name, before, after, ...expected) => {
  const texts = textsOf(planOf(sourcesOf(before)));
  const { refusals } = compare(texts, planOf(sourcesOf(after)));
  expect(refusals.map(({ id, where }) => `${id} ${where}`)).toEqual(expected);
});

test("an alias of a replaced key is kept by the pattern that made it, without the number", () => {
  const lifecycle = records("replaced: 2026-06-01");
  const texts = textsOf(planOf(sourcesOf({ lifecycle })));
  const { refusals } = compare(texts, planOf(sourcesOf({ edits: [otherAlias], lifecycle })));
  expect(refusals.map(({ lines }) => lines)).toEqual([
    ['aliases: ["records-{environment}"]', "dropAliases: [records-prod]"],
    ['aliases: ["records-{environment}"]', "dropAliases: [records-prod-1]"],
  ]);
});

describe("another alias pattern of a data class, with keys in two Regions", () => {
  const folder = join(__dirname, "../fixtures/living");
  const replaced =
    "orders:\n  {account: orders, key: orders_prod, owner: shop, reason: It is tested, replaced: 2026-06-01}\n";
  const living = (regulated: string, lifecycle = ""): LoadedPlan => {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
    const sources = paths
      .sort()
      .map((path) => ({ name: `config/${path}`, path, bytes: readFileSync(join(folder, path)) }));
    const bytes = new TextEncoder().encode(lifecycle);
    const all = edit(
      sources,
      "data-classes.yaml",
      "per: workload-environment}",
      `per: workload-environment${regulated}}`,
    );
    return planOf([...all, { name: "config/lifecycle.yaml", path: "lifecycle.yaml", bytes }]);
  };
  const found = (before: LoadedPlan, after: LoadedPlan): string[] =>
    compare(textsOf(before), after).refusals.map(({ id, where }) => `${id} ${where}`);
  const other = ', alias: "{environment}/{workload}"';
  const both = `${other}, aliases: ["{workload}-{environment}"]`;

  test("loses the former key's alias with the others", () => {
    expect(found(living("", replaced), living(other, replaced))).toEqual(
      [
        "archive alias/archive-prod",
        "orders alias/orders-prod",
        "orders alias/orders-prod-1",
        "portal alias/portal-prod",
      ].map((where) => `alias-vanishes ${where}`),
    );
  });

  test("keeps all of them with the old pattern beside it, before, with and after the replacement", () => {
    expect(found(living("", replaced), living(both, replaced))).toEqual([]);
    expect(found(living(""), living(both, replaced))).toEqual([]);
    expect(found(living(both), living(both, replaced))).toEqual([]);
  });
});
