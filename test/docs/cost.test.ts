import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { kmsPrices } from "../../modules/aws/kms-prices";
import { requestQuotas } from "../../modules/aws/kms-quotas";
import { recommendationRules } from "../../modules/keys/recommend-strategy";
import { orgkeys } from "../cli/recorded-terminal";
import { holdGeneratedPart } from "./generated-part";

const page = join(__dirname, "../../docs/cost.md");
const config = join(__dirname, "../../config");
const example = (command: string, printed: string): string[] => [
  "```text",
  `$ npm run -s orgkeys -- ${command}`,
  ...printed.split("\n"),
  "```",
];

describe("the page on cost", () => {
  test("has the sample's report; UPDATE_DOCS=1 writes it anew", () => {
    const out = mkdtempSync(join(tmpdir(), "orgkeys-cost-"));
    try {
      expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
      const { printed } = orgkeys("report", "--cost", "--out", out);
      holdGeneratedPart(page, "report", example("report --cost", printed));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  test("has the sample's strategies; UPDATE_DOCS=1 writes them anew", () => {
    const { printed } = orgkeys("explain", "--strategy", "--config", config);
    holdGeneratedPart(page, "strategies", example("explain --strategy", printed));
  });

  test("names prices, quotas and rules as the code has them", () => {
    const text = readFileSync(page, "utf8").replaceAll(/\s+/g, " ");
    const { requests } = kmsPrices;
    const { workloads, policyShare, worthReplacing } = recommendationRules;
    for (const fact of [
      `${requests.symmetric} USD for 10,000 with symmetric, HMAC and RSA_2048 keys, ${requests["other-asymmetric"]} USD`,
      `${requestQuotas.perSecond.symmetric.toLocaleString("en")} a second for symmetric keys`,
      `store has ${requestQuotas.perKeyStore.toLocaleString("en")} besides`,
      `fills more than ${policyShare * 100} % of a key policy`,
      `a key is for ${workloads} workloads at most`,
      `unless another has over ${worthReplacing * 100} % fewer`,
    ]) {
      expect(text).toContain(fact);
    }
  });
});
