import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CancelKeyDeletionCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { every } from "./faulty-proxy";
import { isChange, type LiveRuns, startRuns } from "./live-runs";
import { type Edit, replace } from "./living-map";

const clinic = "acme.health.clinic";
const CLINIC = "310000000001";
const KEYS = "100000000001";
const keys = "acme.security.keys";
const guardrails = "acme.guardrails.health";
const recordsKey = "aws_kms_key.records_prod_us-east-1";

let runs: LiveRuns;
/** What was synthesized, by stack. */
const reviewed = new Map<string, string>();

// biome-ignore lint/suspicious/noExplicitAny: what somebody does to a stack by hand has no type.
type Hand = (stack: any) => void;

const file = (stack: string): string => join(runs.live.stackFolder(stack), "cdk.tf.json");

/** Somebody edits what was synthesized. */
function byHand(stack: string, edit: Hand): void {
  const text = readFileSync(file(stack), "utf8");
  reviewed.set(stack, text);
  const json: unknown = JSON.parse(text);
  edit(json);
  writeFileSync(file(stack), JSON.stringify(json, null, 2));
}

/** Somebody edits the map, and synthesizes it without asking what the last output had. */
async function byMap(...edits: Edit[]): Promise<void> {
  cpSync(runs.config, `${runs.config}.kept`, { recursive: true });
  await runs.edit(...edits);
}

const TEST_ENVIRONMENT = [
  "    test:",
  "      account: shop-test",
  "      use:",
  "        - {principal: role/shop-api, operations: [encrypt, decrypt]}",
  "",
].join("\n");

const ONE_REGION = replace(
  "data-classes.yaml",
  "per: workload-environment",
  "per: workload-environment, multiRegion: false",
);

/** An outsider for zone health. */
const EXTRA = {
  Sid: "Extra",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::210000000002:role/shop-api" },
  Action: "kms:Decrypt",
  Resource: "*",
};

beforeAll(async () => {
  runs = await startRuns("gate", "test/fixtures/plan-and-apply");
  await runs.edit();
  const end = await runs.orgkeys("apply", keys, clinic, guardrails, "--auto-approve");
  if (end.code !== 0) throw new Error(end.stdout + end.stderr);
});
afterAll(() => runs?.stop());
afterEach(async () => {
  runs.proxy.use();
  for (const [stack, text] of reviewed) writeFileSync(file(stack), text);
  reviewed.clear();
  if (!existsSync(`${runs.config}.kept`)) return;
  rmSync(runs.config, { recursive: true });
  renameSync(`${runs.config}.kept`, runs.config);
  await runs.edit();
});

/** What stops a command, as `id address`; every one of them is open, and nothing changes in AWS. */
async function stoppedBy(...words: string[]): Promise<string[]> {
  runs.proxy.forget();
  const { code, stdout, stderr } = await runs.orgkeys(...words);
  if (code !== 1) throw new Error(`ended with ${code}\n${stdout}${stderr}`);
  const { gate, status } = runs.report();
  if (status !== "held") throw new Error(`${status}\n${stdout}${stderr}`);
  const findings = gate?.findings ?? [];
  expect(gate?.open).toBe(findings.length);
  for (const { id, address } of findings) {
    expect(stdout + stderr).toContain(id);
    if (address !== undefined) expect(stdout + stderr).toContain(address);
  }
  expect(runs.proxy.calls.filter(isChange)).toEqual([]);
  return findings.map(({ id, address }) => `${id} ${address ?? ""}`.trimEnd()).sort();
}

/** What it prints when the zone proof of the whole output does not hold. */
async function refusedBeforeTerraform(stack: string): Promise<string> {
  runs.proxy.forget();
  const before = runs.ids();
  const { code, stdout, stderr } = await runs.orgkeys("plan", stack);
  expect(code).toBe(1);
  expect(runs.proxy.calls).toEqual([]);
  expect(runs.ids()).toEqual(before);
  return stdout + stderr;
}

describe("a map that would lose something, synthesized without the last output", () => {
  test("what Terraform itself refuses fails its stack: a replaced key, the last replica in a Region", async () => {
    await byMap(ONE_REGION, replace("workloads/commerce.yaml", "      replicas: [us-west-2]\n", ""));
    runs.proxy.forget();
    const { code } = await runs.orgkeys("apply", clinic, keys, "--auto-approve", "--keep-going");
    expect(code).toBe(1);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
    const messages = new Map(runs.report().stacks.map(({ stack, failure }) => [stack, failure?.message]));
    expect(messages.get(clinic)).toContain("Instance cannot be destroyed");
    expect(messages.get(keys)).toContain("Provider configuration not present");
  });

  test("a key that is deleted with its alias, and one that is replaced where nothing prevents it any more", async () => {
    await byMap(ONE_REGION, replace("workloads/commerce.yaml", TEST_ENVIRONMENT, ""));
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].lifecycle = undefined;
    });
    expect(await stoppedBy("plan", clinic, keys)).toEqual([
      "alias-retargeted aws_kms_alias.records-prod_us-east-1",
      "alias-retargeted aws_kms_alias.shared-test-key_us-east-1",
      "key-destroyed aws_kms_key.shared_confidential_test_us-east-1",
      `key-replaced ${recordsKey}`,
      `prevent-destroy-dropped ${recordsKey}`,
    ]);
  });
});

describe("stacks that somebody edits by hand", () => {
  test("what the zone proof of the output finds stops the run before Terraform", async () => {
    byHand(clinic, (stack) => {
      delete stack.resource;
      delete stack.output;
      stack.removed = [{ from: recordsKey, lifecycle: { destroy: false } }];
    });
    byHand(keys, (stack) => {
      const aliases = stack.resource.aws_kms_alias;
      aliases["shared-test-key_us-east-1"].target_key_id = aliases["shared-prod-key_us-east-1"].target_key_id;
      const Principal = { AWS: `arn:aws:iam::${CLINIC}:role/records` };
      stack.locals["shared_confidential_prod_us-east-1-policy"].Statement.push({ ...EXTRA, Principal });
    });
    const printed = await refusedBeforeTerraform(guardrails);
    for (const check of ["keys-as-mapped", "zone-aliases", "zone-key-access"]) expect(printed).toContain(check);
  });

  test("a file that Terraform reads beside the stack: Terraform does not even run", async () => {
    const beside = join(runs.live.stackFolder(clinic), "more_override.tf.json");
    writeFileSync(
      beside,
      JSON.stringify({ resource: { aws_kms_key: { "records_prod_us-east-1": { policy: "{}" } } } }),
    );
    try {
      expect(await refusedBeforeTerraform(clinic)).toContain("more_override.tf.json");
    } finally {
      rmSync(beside);
    }
  });

  test("a replica with its alias, a key's protection, a guardrail's attachments", async () => {
    byHand(keys, (stack) => {
      delete stack.resource.aws_kms_replica_key;
      delete stack.resource.aws_kms_alias["shared-prod-key_us-west-2"];
      delete stack.output;
    });
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].lifecycle = undefined;
    });
    const attachments: string[] = [];
    byHand(guardrails, (stack) => {
      attachments.push(...Object.keys(stack.resource.aws_organizations_policy_attachment));
      delete stack.resource.aws_organizations_policy_attachment;
    });
    expect(attachments).not.toEqual([]);
    expect(await stoppedBy("plan", keys, clinic, guardrails)).toEqual(
      [
        "alias-retargeted aws_kms_alias.shared-prod-key_us-west-2",
        ...attachments.map((name) => `guardrail-removed aws_organizations_policy_attachment.${name}`),
        `prevent-destroy-dropped ${recordsKey}`,
        "replica-destroyed aws_kms_replica_key.shared_confidential_prod_us-west-2",
      ].sort(),
    );
  });
});

test("a stand-in for Terraform that plans something else: what nobody has reviewed, knows or understands", async () => {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [EXTRA] });
  const program = standIn({
    [clinic]: { overrides: { aws_kms_key: { "records_prod_us-east-1": { policy } } } },
    [keys]: {
      overrides: {
        aws_kms_key: {
          "shared_confidential_test_us-east-1": { policy: "${jsonencode({ now = timestamp() })}" },
        },
      },
      more: { aws_sns_topic: { extra: { provider: "aws.us-east-1", name: "extra" } } },
    },
  });
  const found = await stoppedBy("plan", clinic, keys, "--terraform", program);
  expect(found).toContain(`plan-not-reviewed ${recordsKey}`);
  expect(found).toContain(`policy-widened ${recordsKey}`);
  expect(found).toContain("policy-unknown aws_kms_key.shared_confidential_test_us-east-1");
  expect(found).toContain("unreadable-plan aws_sns_topic.extra");
});

/** A program that plans stacks with other arguments, or resources more, than they have, and leaves no trace of them. */
function standIn(stacks: Record<string, { readonly overrides: unknown; readonly more?: unknown }>): string {
  const [program, beside] = [join(runs.live.folder, "stand-in"), join(runs.live.folder, "beside")];
  for (const [stack, { overrides, more }] of Object.entries(stacks)) {
    mkdirSync(join(beside, stack), { recursive: true });
    writeFileSync(join(beside, stack, "more_override.tf.json"), JSON.stringify({ resource: overrides }));
    writeFileSync(join(beside, stack, "more.tf.json"), JSON.stringify(more === undefined ? {} : { resource: more }));
  }
  const lines = [
    "#!/bin/sh",
    'if [ "$1" != plan ]; then exec terraform "$@"; fi',
    `cp '${beside}'/"$(basename "$PWD")"/* . || exit 1`,
    'terraform "$@"; code=$?',
    "rm more_override.tf.json more.tf.json; exit $code",
  ];
  writeFileSync(program, `${lines.join("\n")}\n`, { mode: 0o755 });
  return program;
}

describe("one dangerous plan among two", () => {
  test("stops the apply of both, until somebody answers for it", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].deletion_window_in_days = 7;
    });
    byHand(keys, (stack) => {
      for (const key of Object.values<{ tags: Record<string, string> }>(stack.resource.aws_kms_key)) {
        key.tags.Owner = "somebody-else";
      }
    });
    const dangerous = `deletion-window-shortened ${recordsKey}`;
    expect(await stoppedBy("apply", clinic, keys, "--auto-approve", "--keep-going")).toEqual([dangerous]);

    const resumed = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runs.orgkeys("plan", "--resume", runs.ids().at(-1) ?? "", ...words);
      return `${code} ${code === 2 ? "" : stdout + stderr}`;
    };
    const most = ["--max-changes", "2"];
    const allow = ["--allow", `clinic ${recordsKey}=Agreed with the clinic`];
    const useless = await resumed(...most, ...allow, "--allow", "aws_kms_key.nobody=For no reason");
    expect(useless).toMatch(/^1 /);
    expect(useless).toContain("aws_kms_key.nobody");
    expect(useless).toContain("too-many-changes");
    expect(runs.report().gate).toMatchObject({ open: 1, mistakes: [expect.stringContaining("aws_kms_key.nobody")] });

    expect(await resumed(...most, ...allow, "--allow", "run=All of them are meant")).toBe("2 ");
    const { findings = [], open } = runs.report().gate ?? {};
    expect(open).toBe(0);
    expect(Object.fromEntries(findings.map(({ id, allowed }) => [id, allowed]))).toEqual({
      "deletion-window-shortened": { by: "command line", reason: "Agreed with the clinic" },
      "too-many-changes": { by: "command line", reason: "All of them are meant" },
    });

    await byException(findings.find(({ address }) => address === recordsKey)?.where ?? "", async () => {
      expect(await resumed()).toBe("2 ");
    });
    expect(runs.report().gate).toMatchObject({
      open: 0,
      findings: [{ address: recordsKey, allowed: { by: "exception", reason: "The clinic has agreed to it." } }],
    });
  });
});

/** With an exception in the map. */
async function byException(subject: string, use: () => Promise<void>): Promise<void> {
  const path = join(runs.config, "exceptions.yaml");
  const lines = [
    "shorter-window:",
    "  check: deletion-window-shortened",
    `  subject: ${subject}`,
    "  owner: clinic",
    "  reason: The clinic has agreed to it.",
    "  expires: 2999-01-01",
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  try {
    await use();
  } finally {
    rmSync(path);
  }
}

describe("keys that AWS and Terraform do not agree about", () => {
  test("an alias that leads to another key, and a key that waits for its deletion", async () => {
    const { kms: ofKeys } = await runs.live.emulator.clientsFor({ accountId: KEYS, region: "us-east-1" });
    const { kms: ofClinic } = await runs.live.emulator.clientsFor({ accountId: CLINIC, region: "us-east-1" });
    const shared = (await runs.keysIn(KEYS)).filter(({ region }) => region === "us-east-1");
    const idOf = (alias: string): string => shared.find(({ aliases }) => aliases.includes(alias))?.keyId ?? "";
    const [prod, testing] = [idOf("alias/shared-prod-key"), idOf("alias/shared-test-key")];
    const KeyId = (await runs.keysIn(CLINIC))[0]?.keyId;
    await ofKeys.send(new UpdateAliasCommand({ AliasName: "alias/shared-test-key", TargetKeyId: prod }));
    await ofClinic.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    const found = await stoppedBy("plan", keys, clinic);
    expect(found).toContain("alias-retargeted aws_kms_alias.shared-test-key_us-east-1");
    expect(found).toContain(`key-pending-deletion ${recordsKey}`);

    await ofKeys.send(new UpdateAliasCommand({ AliasName: "alias/shared-test-key", TargetKeyId: testing }));
    await ofClinic.send(new CancelKeyDeletionCommand({ KeyId }));
    await ofClinic.send(new EnableKeyCommand({ KeyId }));
    const { code, stdout, stderr } = await runs.orgkeys("plan", keys, clinic);
    expect(`${code} ${code === 0 ? "" : stdout + stderr}`).toBe("0 ");
  });

  test("a state that is lost: the key is not made a second time, whether or not anybody may look for it", async () => {
    const { path } = JSON.parse(readFileSync(file(clinic), "utf8")).terraform.backend.local;
    rmSync(resolve(runs.live.stackFolder(clinic), path));
    expect(await stoppedBy("apply", clinic, "--auto-approve")).toContain(`key-exists ${recordsKey}`);
    runs.proxy.use(every(1, "deny", ({ action }) => action === "ListKeys"));
    expect(await stoppedBy("plan", clinic)).toContain(`keys-unread ${recordsKey}`);
    expect(await runs.keysIn(CLINIC)).toHaveLength(1);
  });
});
