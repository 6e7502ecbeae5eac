import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { InventoryKey, InventoryRollout } from "../../modules/inventory/inventory";
import { costDocument, costJsonSchema } from "../../modules/report/cost-document";
import { type CostedOutput, costDocumentOf, costJson } from "../../modules/report/cost-json";
import { costMarkdown } from "../../modules/report/cost-markdown";
import { costSummary, costText } from "../../modules/report/cost-text";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";

const schemaPath = join(__dirname, "../../docs/schemas/cost.schema.json");

const key: InventoryKey = {
  id: "310000000001/payments_prod_us-east-1",
  stack: "commercial.regulated.payments-prod",
  address: "aws_kms_key.payments_prod_us-east-1",
  organization: "commercial",
  partition: "aws",
  ou: "Regulated/PCI",
  account: "payments-prod",
  accountId: "310000000001",
  zone: "pci",
  alias: "alias/payments-prod",
  aliases: ["alias/payments-prod"],
  region: "us-east-1",
  multiRegion: true,
  replicas: [
    {
      region: "us-west-2",
      address: "aws_kms_replica_key.r",
      step: "in-use",
      enabled: true,
      grants: 0,
      policyBytes: 900,
    },
  ],
  owner: "payments-platform",
  workload: "payments",
  environment: "prod",
  dataClass: "regulated",
  spec: "SYMMETRIC_DEFAULT",
  imported: false,
  keyStore: undefined,
  rotationDays: 180,
  rotationsOnDemand: 0,
  deletionWindowDays: 30,
  step: "in-use",
  enabled: true,
  grants: 0,
  policyBytes: 30_000,
  requests: [{ accountId: "310000000001", perMonth: 300_000_000, peakPerSecond: 90_000 }],
  sources: [],
};
const rollout: InventoryRollout = {
  stack: "commercial.rollouts.pci",
  address: "aws_cloudformation_stack_set.pci_baseline-keys",
  rollout: "pci.baseline-keys",
  organization: "commercial",
  partition: "aws",
  zone: "pci",
  accountIds: ["310000000001", "310000000002"],
  regions: ["us-east-1"],
  keys: 2,
  replicas: 0,
  rotating: 2,
};
const output: CostedOutput = {
  keys: [
    key,
    { ...key, id: "gov", partition: "aws-us-gov", zone: "gov", requests: [], policyBytes: 1 },
    {
      ...key,
      id: "bare",
      zone: undefined,
      requests: [{ ...rate("999999999999"), peakPerSecond: undefined }],
      policyBytes: 1,
    },
  ],
  rollouts: [rollout],
  stacks: 3,
  unreadable: ["commercial.workloads.shop"],
  accounts: new Map([["310000000001", "payments-prod"]]),
};

function rate(accountId: string) {
  return { accountId, perMonth: 26_298_000, peakPerSecond: 10 };
}

const hostile = (text: string): CostedOutput => ({
  ...output,
  keys: [{ ...key, zone: text, alias: text }],
  accounts: new Map([["310000000001", text]]),
});

describe("a report of cost", () => {
  test.each([
    ["text", () => costText(costDocumentOf(output, "zone")).join("\n")],
    ["json", () => costJson(costDocumentOf(output, "zone"))],
    ["markdown", () => costMarkdown(costDocumentOf(output, "zone"))],
  ])("reads as its golden file in %s", (format, report) => {
    const text = report();
    expect(text).toBe(golden(`cost.${{ text: "txt", json: "json", markdown: "md" }[format]}`, text));
  });

  test("is a document of the schema", () => {
    for (const each of [output, ...hostileTexts.map(hostile), { ...output, keys: [], rollouts: [] }]) {
      expect(costDocument.safeParse(JSON.parse(costJson(costDocumentOf(each, "owner")))).error).toBeUndefined();
    }
  });

  test("has a schema beside it; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, costJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(costJsonSchema());
  });

  test.each(hostileTexts)("keeps what the map says within its line: %j", (text) => {
    const lines = (of: CostedOutput, format: (document: ReturnType<typeof costDocumentOf>) => string) =>
      format(costDocumentOf(of, "zone")).split("\n").length;
    const asText = (document: ReturnType<typeof costDocumentOf>) => costText(document).join("\n");
    for (const format of [asText, costMarkdown])
      expect(lines(hostile(text), format)).toBe(lines(hostile("pci"), format));
    expect(costMarkdown(costDocumentOf(hostile(text), "zone"))).not.toMatch(/<script|<img|\]\(/);
  });

  test("says of one key or one request without a price that it is one", () => {
    const lone: InventoryKey = {
      ...key,
      partition: "aws-us-gov",
      replicas: [],
      requests: [{ accountId: "310000000001", perMonth: 1, peakPerSecond: undefined }],
    };
    const document = costDocumentOf({ ...output, keys: [lone], rollouts: [] }, "zone");
    const text = costText(document).join("\n");
    expect(text).toContain("In no sum: 1 key or replica in partitions other than aws, ");
    expect(text).toContain("In no sum: 1 request a month there.");
    expect(costSummary(document)).toMatch(/^1 key and 0 replicas: /);
  });

  test("sums up in one line, with what nobody knows", () => {
    expect(costSummary(costDocumentOf(output, "zone"))).toBe(
      "5 keys and 3 replicas: 6 USD a month, 18 after two rotations, 978.89 for requests; 2 of them in partitions whose prices are not known here.",
    );
  });
});
