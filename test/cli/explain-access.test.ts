import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeMapFolder } from "./map-folder";
import { orgkeys } from "./recorded-terminal";

const ledger = "arn:aws:iam::210000000001:role/ledger";
const records = "arn:aws:iam::310000000001:role/records";
let folder: string;
let config: string;
let out: string;

beforeEach(() => {
  ({ folder, config, out } = makeMapFolder());
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens a key of zone health for a role of zone corporate, which has an IAM policy for it: both halves, by hand. */
function openByHand(): void {
  edit("acme.health.clinic", (stack) => {
    stack.locals["records_prod_us-east-1-policy"].Statement.push({
      Effect: "Allow",
      Principal: { AWS: [ledger, records] },
      Action: "kms:*",
      Resource: "*",
    });
  });
  edit("acme.workloads.prod.shop-prod", (stack) => {
    const policy = stack.locals["consumer_role_ledger-policy"];
    policy.Statement.push({ Effect: "Allow", Action: "kms:*", Resource: "*" });
  });
}

// biome-ignore lint/suspicious/noExplicitAny: it stands for any edit of a JSON file
function edit(stack: string, change: (json: any) => void): void {
  const path = join(out, "stacks", stack, "cdk.tf.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

function ask(principal: string, action: string, from = config): string {
  const question = ["explain", principal, "--action", action, "--key", "records-prod"];
  const { code, printed } = orgkeys(...question, "--out", out, "--config", from);
  expect(code).toBe(0);
  return printed;
}

describe("explain PRINCIPAL --action ACTION --key ALIAS with guardrails", () => {
  test("names the RCP that stops a role of another zone, whatever the key policy says", () => {
    openByHand();
    const printed = ask(ledger, "kms:DescribeKey");
    expect(printed).toContain("DENIED");
    expect(printed).toContain("+ resource control policy OnlyPrincipalsOfTheZone, acme.guardrails.health");
    expect(printed).toContain(`accounts are in the OUs that ${config} says`);
  });

  test("names the SCP that keeps it to keys of its own zone", () => {
    openByHand();
    expect(ask(ledger, "kms:Decrypt")).toContain(
      "+ service control policy OnlyKeysOfTheZone, acme.guardrails.corporate",
    );
  });

  test("lets the zone's own roles pass", () => {
    openByHand();
    expect(ask(records, "kms:Decrypt")).toContain("ALLOWED");
    expect(ask(records, "kms:PutKeyPolicy")).toContain(
      "+ service control policy OnlyDeployAndBreakGlassRewrite, acme.guardrails.health",
    );
  });

  const withoutMap: readonly (readonly [string, () => string, (from: string) => string])[] = [
    [
      "there is none",
      () => join(folder, "nowhere"),
      (from) => `no guardrail takes anything away: ${from} cannot be read (orgkeys validate says why), so that nobody`,
    ],
    [
      "it has mistakes",
      () => {
        writeFileSync(join(config, "zones.yaml"), "health: {}");
        return config;
      },
      (from) => `no guardrail takes anything away: ${from} cannot be read (orgkeys validate says why), so that nobody`,
    ],
    [
      "it is another one",
      () => "config",
      () =>
        "no guardrail takes anything away: config is not the map of acme.guardrails.corporate, so that nobody knows",
    ],
  ];

  test.each(withoutMap)("counts no guardrail without the map, and says so: %s", (_, makeMap, assumption) => {
    openByHand();
    const from = makeMap();
    const printed = ask(ledger, "kms:Decrypt", from);
    expect(printed).toContain("ALLOWED");
    expect(printed).toContain(assumption(from));
  });

  test("has the assumption in JSON too", () => {
    const question = ["explain", ledger, "--action", "kms:Decrypt", "--key", "records-prod", "--format", "json"];
    const { printed } = orgkeys(...question, "--out", out, "--config", config);
    const [explanation] = JSON.parse(printed).explanations;
    expect(explanation.assumptions).toContain(`accounts are in the OUs that ${config} says`);
  });
});

test("explain suggests an action that lacks its service", () => {
  for (const action of ["Decrypt", "decript", "kms:decrypt"]) {
    const { code, noted } = orgkeys("explain", ledger, "--action", action, "--key", "records-prod", "--out", out);
    expect(code).toBe(1);
    expect(noted).toContain(`--action ${action}: not an action on KMS keys; did you mean kms:Decrypt?`);
  }
});
