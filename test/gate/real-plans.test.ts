import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gate } from "../../modules/gate/gate";
import { loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import { gateRules, lines } from "./gated";
import { nodeOf } from "./simulated-plan";

/** Plans of Terraform 1.11 and provider 5.100 against the emulator, each with the stack's JSON that was planned. */
const folder = join(__dirname, "../fixtures/plans");

const guardrails = "acme.guardrails.corporate";
const attachment = "aws_organizations_policy_attachment.corporate_resource-control_ou-ab12";
const everything = "CancelKeyDeletion, CreateAlias, CreateGrant and 40 more";

/** What is found in each; nothing in those that the reviewed JSON means. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "aliases-dropped": [],
  "consumer-created": [],
  "consumer-widened": [
    "policy-widened shop-prod aws_iam_policy.role_ledger statement Extra arn:aws:kms:us-east-1:310000000001:key/*: would give the account Decrypt where it reaches arn:aws:kms:us-east-1:310000000001:key/*, which is in account clinic (310000000001) of zone health, outside zone corporate",
  ],
  "disabled-as-recorded": [],
  "guardrail-detached": [
    `guardrail-removed ${guardrails} ${attachment}-20000000: would be deleted, and ou-ab12-20000000 would be without it`,
  ],
  "guardrail-removed": [
    `guardrail-removed ${guardrails} aws_organizations_policy.corporate_resource-control: would be deleted`,
    `guardrail-removed ${guardrails} ${attachment}-10000000: would be deleted, and ou-ab12-10000000 would be without it`,
    `guardrail-removed ${guardrails} ${attachment}-20000000: would be deleted, and ou-ab12-20000000 would be without it`,
  ],
  "guardrail-weakened": [
    `policy-widened ${guardrails} aws_organizations_policy.corporate_resource-control resourceControl.principals: would no longer surely deny ${everything} to anybody outside zone corporate`,
    `policy-widened ${guardrails} aws_organizations_policy.corporate_resource-control resourceControl.principals anonymous: would no longer surely deny ${everything} to requests without credentials on keys of zone corporate`,
  ],
  "guardrails-created": [],
  "handed-over": [],
  "let-go": [],
  made: [],
  "replaced-as-recorded": [],
  "taken-over": [],
};

describe("plans of Terraform itself", () => {
  test.each(readdirSync(folder).sort())("%s", async (file) => {
    const { config, stack, text, plan } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const loaded = loadPlan(`test/fixtures/${config}`);
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
    const { zones } = rulesOf(loaded.map);
    const report = await gate([{ node: nodeOf(stack, text), text, plan }], gateRules({ zones }));
    expect(lines(report)).toEqual(expected[file.replace(".json", "")]);
  });
});
