import { expect, test } from "@jest/globals";
import { parse, parseDocument } from "yaml";
import type { Refusal } from "../../modules/continuity/refusal";
import type { SourceFile } from "../../modules/organization/map-file";
import { planOf } from "../stacks/small-organization";
import { compare, editedSources, textsOf } from "./compare-small";

type Edit = readonly [path: string, from: string, to: string];
const [classes, clinic, shop, zones] = [
  "data-classes.yaml",
  "workloads/clinic.yaml",
  "workloads/shop.yaml",
  "zones.yaml",
];

/** The map with what the refusals say under `aliases`, where they say it. */
function mended(sources: readonly SourceFile[], refusals: readonly Refusal[]): SourceFile[] {
  const patterns = new Map<string, Set<string>>();
  for (const { whatToDo, lines } of refusals) {
    const [, place = ""] = /write aliases at ([^;]+);/.exec(whatToDo) ?? [];
    const { aliases }: { readonly aliases: readonly string[] } = parse(lines[0] ?? "");
    patterns.set(place, new Set([...(patterns.get(place) ?? []), ...aliases]));
  }
  return sources.map((source) => {
    const document = parseDocument(new TextDecoder().decode(source.bytes));
    for (const [place, aliases] of patterns) {
      const [path, name] = place.split(" ");
      if (path === source.path) document.setIn([name, "aliases"], [...aliases]);
    }
    return { ...source, bytes: new TextEncoder().encode(document.toString()) };
  });
}

const inOneAccount: Edit = [zones, "[{environments: [prod]}, ", "[{environments: [prod, test]}, "];
const byEnvironment: Edit = [
  classes,
  "restricted: {key: customer-managed, per: workload}",
  "restricted: {key: customer-managed, per: workload-environment}",
];
const asClass = (alias: string): Edit => [classes, "per: environment}", `per: environment, alias: "${alias}"}`];
const asLedger = (alias: string): Edit => [shop, "  perService: [ebs]\n", `  perService: [ebs]\n  alias: "${alias}"\n`];
const asRecords = (alias: string): Edit => [
  clinic,
  "dataClass: regulated",
  `dataClass: regulated\n  alias: "${alias}"`,
];
const prodData: Edit = [clinic, "records:\n  owner", "prod-data:\n  owner"];
const renamed: Edit = [clinic, "    prod:\n", "    live:\n      formerly: prod\n"];

/** Aliases that would be gone, and the lines of the map by which they are kept. */
const cases: readonly (readonly [name: string, before: readonly Edit[], after: readonly Edit[], ...lines: string[]])[] =
  [
    ["one key", [], [asRecords("patients")], 'clinic alias/records-prod aliases: ["records-{environment}"]'],
    [
      "a key and the one of its service",
      [],
      [asLedger("books/{workload}")],
      "keys alias/ledger aliases: [ledger]",
      'keys alias/ledger-ebs aliases: ["ledger-{service}"]',
    ],
    [
      "keys that workloads share",
      [],
      [asClass("common-{environment}")],
      'keys alias/shared-prod-key aliases: ["shared-{environment}-key"]',
      'shop-test alias/shared-test-key aliases: ["shared-{environment}-key"]',
    ],
    [
      "such keys in one account",
      [inOneAccount],
      [inOneAccount, asClass("common-{environment}")],
      'keys alias/shared-prod-key aliases: ["shared-{environment}-key"]',
      'keys alias/shared-test-key aliases: ["shared-{environment}-key"]',
    ],
    [
      "environments and services in one account",
      [byEnvironment],
      [byEnvironment, asLedger("{environment}/{workload}")],
      'keys alias/ledger-prod aliases: ["ledger-{environment}"]',
      'keys alias/ledger-prod-ebs aliases: ["ledger-{environment}-{service}"]',
      'keys alias/ledger-test aliases: ["ledger-{environment}"]',
      'keys alias/ledger-test-ebs aliases: ["ledger-{environment}-{service}"]',
    ],
    [
      "a service before all else",
      [asLedger("{service}/{workload}")],
      [],
      'keys alias/ebs/ledger aliases: ["{service}/ledger"]',
    ],
    [
      "a workload that is called as its environment",
      [prodData],
      [prodData, [clinic, "dataClass: regulated", "dataClass: regulated\n  alias: patients"]],
      'clinic alias/prod-data-prod aliases: ["prod-data-{environment}"]',
    ],
    [
      "an environment under another name",
      [renamed],
      [renamed, asRecords("patients")],
      'clinic alias/records-live aliases: ["records-{environment}"]',
      'clinic alias/records-prod aliases: ["records-{environment}"]',
    ],
    [
      "words that YAML takes for something else",
      [asRecords("123"), asClass("true")],
      [],
      'clinic alias/123 aliases: ["123"]',
      'keys alias/true aliases: ["true"]',
      'shop-test alias/true aliases: ["true"]',
    ],
  ];

test.each(cases)("the lines keep the aliases of %s", (_name, before, after, ...expected) => {
  const texts = textsOf(planOf(editedSources(...before)));
  const sources = editedSources(...after);
  const { refusals } = compare(texts, planOf(sources));
  expect(refusals.map(({ where, lines }) => `${where} ${lines[0]}`)).toEqual(expected);
  expect(compare(texts, planOf(mended(sources, refusals))).refusals).toEqual([]);
});
