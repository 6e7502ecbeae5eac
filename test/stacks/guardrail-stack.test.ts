import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { App } from "cdktf";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { StackGuardrail } from "../../modules/access/synthesized-stack";
import { GuardrailStack } from "../../stacks/guardrail-stack";
import { loadPlan } from "../../stacks/load-plan";
import { writeStacks } from "../../stacks/synthesize";
import { askEngine, askOracle } from "../access/oracle/ask";
import type { Json, PolicyCase } from "../access/oracle/policy-cases";
import { edit, planOf, smallSources } from "./small-organization";

const loaded = loadPlan(join(__dirname, "../../config"));
if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
const folder = mkdtempSync(join(tmpdir(), "orgkeys-guardrails-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeStacks(loaded.stacks, folder);

const textOf = (stack: string): string => readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8");
// biome-ignore lint/suspicious/noExplicitAny: any part of a JSON file
const jsonOf = (stack: string): any => JSON.parse(textOf(stack));
const guardrailStacks = loaded.stacks.filter(({ kind }) => kind === "guardrails").map(({ name }) => name);

test("every zone of the sample has one, in its organization's management account", () => {
  expect(
    guardrailStacks.map((name) => {
      const { accountId, partition, metadata, providers, backend } = readSynthesizedStack(name, textOf(name));
      const file = backend?.kind === "local" ? backend.file : undefined;
      return [name, metadata.kind, metadata.zone, accountId, partition, providers.map(({ region }) => region), file];
    }),
  ).toEqual([
    ...["corporate", "hipaa", "pci"].map((zone) => [
      `commercial.guardrails.${zone}`,
      "guardrails",
      zone,
      "100000000001",
      "aws",
      ["us-east-1"],
      `../../../state/100000000001-guardrails-${zone}.tfstate`,
    ]),
    [
      "govcloud.guardrails.govcloud",
      "guardrails",
      "govcloud",
      "410000000001",
      "aws-us-gov",
      ["us-gov-west-1"],
      "../../../state/410000000001-guardrails-govcloud.tfstate",
    ],
  ]);
});

test("is signed for the Region of AWS Organizations, whatever the organization's home Region is", () => {
  const sources = edit(smallSources(), "organizations/acme.yaml", "homeRegion: us-east-1", "homeRegion: us-west-2");
  const { guardrails } = planOf(sources.filter(({ path }) => !path.startsWith("workloads/")));
  const [plan] = guardrails;
  if (plan === undefined) throw new Error("the small organization has no guardrails");
  expect(new GuardrailStack(new App({ outdir: folder }), plan).toTerraform()).toMatchObject({
    provider: { aws: [{ region: "us-east-1", allowed_account_ids: ["000000000001"] }] },
  });
});

describe.each(guardrailStacks)("%s", (name) => {
  const stack = readSynthesizedStack(name, textOf(name));

  test("is understood down to the last argument, and says nothing twice", () => {
    expect(stack.unreadable).toEqual([]);
    expect(stack.guardrails.map(({ kind }) => kind).sort()).toEqual(["resource-control", "service-control"]);
    for (const { policy, targets } of stack.guardrails) {
      expect(policy?.understood).toBe(true);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets).size).toBe(targets.length);
    }
  });

  test("names nothing of another organization", () => {
    const { organization } = loaded.guardrails.find((plan) => plan.stack === name)?.zone ?? {};
    const ids = textOf(name).match(/\bo-[a-z0-9]{10,}/g) ?? [];
    expect(new Set(ids)).toEqual(new Set([organization?.id]));
    const partitions = textOf(name).match(/arn:[a-z-]+:/g) ?? [];
    expect(new Set(partitions)).toEqual(new Set([`arn:${organization?.partition}:`]));
  });

  test("cannot lose a policy to terraform destroy or a replacement", () => {
    const policies = Object.values<Json>(jsonOf(name).resource.aws_organizations_policy);
    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(policy).toMatchObject({ lifecycle: { prevent_destroy: true } });
  });

  test("says why each policy is there, and what its targets are", () => {
    const { aws_organizations_policy: policies, aws_organizations_policy_attachment: attachments } =
      jsonOf(name).resource;
    const noted = jsonOf(name)["//"].orgkeys.guardrails;
    expect(Object.keys(noted)).toEqual(Object.keys(policies));
    for (const [id, { targets, why, sources }] of Object.entries<Record<string, object>>(noted)) {
      expect(why).not.toEqual([]);
      expect(sources).toEqual([`zones.yaml ${stack.metadata.zone}`]);
      const attached = Object.keys(attachments).filter((attachment) => attachment.startsWith(`${id}_`));
      expect(attached).toEqual(Object.keys(targets ?? {}).map((target) => `${id}_${target}`));
    }
  });
});

/** A policy of a stack as JSON. */
function documentOf(stack: string, kind: StackGuardrail["kind"]): Json {
  return jsonOf(stack).locals[`${stack.split(".").at(-1)}_${kind}-policy`];
}

test("a key policy that is edited by hand to let a HIPAA role decrypt a PCI key gives it nothing", async () => {
  const role = "arn:aws:iam::320000000002:role/patient-portal";
  const keyPolicy = jsonOf("commercial.regulated.pci.pci-key-management").locals["payments_prod_us-east-1-policy"];
  const edited = {
    ...keyPolicy,
    Statement: [
      ...keyPolicy.Statement,
      { Sid: "ByHand", Effect: "Allow", Principal: { AWS: role }, Action: "kms:Decrypt", Resource: "*" },
    ],
  };
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const asked: PolicyCase = {
    principal: role,
    action: "kms:Decrypt",
    context: {
      "aws:PrincipalArn": role,
      "aws:PrincipalAccount": "320000000002",
      "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-32000000/"],
      "aws:PrincipalIsAWSService": "false",
      "aws:ResourceAccount": "310000000001",
      "aws:ResourceOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/"],
    },
    keyPolicy: edited,
    identityPolicies: [everything],
    serviceControl: [],
    resourceControl: [],
  };
  const resourceControl = [[documentOf("commercial.guardrails.pci", "resource-control")]];
  const serviceControl = [[everything, documentOf("commercial.guardrails.hipaa", "service-control")]];
  const outcomes = async (given: PolicyCase): Promise<string[]> => [
    askEngine(given).outcome,
    (await askOracle(given)).outcome,
  ];
  expect(await outcomes(asked)).toEqual(["allowed", "allowed"]);
  // Either of the two zones' guardrails is enough.
  expect(await outcomes({ ...asked, resourceControl })).toEqual(["denied", "denied"]);
  expect(await outcomes({ ...asked, serviceControl })).toEqual(["denied", "denied"]);
});
