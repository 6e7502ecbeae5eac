import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
import { init, terraform } from "./terraform";

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

beforeAll(async () => {
  runs = await startRuns("gate", "test/fixtures/plan-and-apply");
  await runs.edit();
  const end = await runs.orgkeys("apply", "--auto-approve");
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

/** What stops a plan of the stack, as `id address`; every one of them is open. */
async function stoppedBy(stack: string, ...options: string[]): Promise<string[]> {
  runs.proxy.forget();
  const { code, stdout, stderr } = await runs.orgkeys("plan", stack, ...options);
  if (code !== 1) throw new Error(`ended with ${code}\n${stdout}${stderr}`);
  const { gate, status } = runs.report();
  expect(status).toBe("held");
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
  test("a key that is deleted, with its alias", async () => {
    await byMap(replace("workloads/commerce.yaml", TEST_ENVIRONMENT, ""));
    expect(await stoppedBy(keys)).toEqual([
      "alias-retargeted aws_kms_alias.shared-test-key_us-east-1",
      "key-destroyed aws_kms_key.shared_confidential_test_us-east-1",
    ]);
  });

  test("the last replica in a Region: Terraform has no provider there any more, and does not plan", async () => {
    await byMap(replace("workloads/commerce.yaml", "      replicas: [us-west-2]\n", ""));
    const { code, stdout, stderr } = await runs.orgkeys("plan", keys);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("Provider configuration not present");
  });

  test("a key that is replaced: Terraform refuses, and the gate does where that was taken out", async () => {
    await byMap(
      replace("data-classes.yaml", "per: workload-environment", "per: workload-environment, multiRegion: false"),
    );
    const refused = await runs.orgkeys("plan", clinic);
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("Instance cannot be destroyed");
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].lifecycle = undefined;
    });
    const found = await stoppedBy(clinic);
    expect(found).toContain(`key-replaced ${recordsKey}`);
    expect(found).toContain(`prevent-destroy-dropped ${recordsKey}`);
  });

  test("a shorter deletion window", async () => {
    await byMap(
      replace("data-classes.yaml", "per: workload-environment", "per: workload-environment, deletionWindowDays: 7"),
    );
    expect(await stoppedBy(clinic)).toEqual([`deletion-window-shortened ${recordsKey}`]);
  });
});

describe("a stack that somebody edits by hand", () => {
  test("a key that is taken out: it is not what the map says, and Terraform does not even run", async () => {
    byHand(clinic, (stack) => {
      delete stack.resource;
      delete stack.output;
      stack.removed = [{ from: recordsKey, lifecycle: { destroy: false } }];
    });
    expect(await refusedBeforeTerraform(clinic)).toContain("keys-as-mapped");
  });

  test("a replica that is taken out, with its alias", async () => {
    byHand(keys, (stack) => {
      delete stack.resource.aws_kms_replica_key;
      delete stack.resource.aws_kms_alias["shared-prod-key_us-west-2"];
      delete stack.output;
    });
    expect(await stoppedBy(keys)).toEqual([
      "alias-retargeted aws_kms_alias.shared-prod-key_us-west-2",
      "replica-destroyed aws_kms_replica_key.shared_confidential_prod_us-west-2",
    ]);
  });

  test("an alias that leads to another key", async () => {
    byHand(keys, (stack) => {
      const aliases = stack.resource.aws_kms_alias;
      aliases["shared-test-key_us-east-1"].target_key_id = aliases["shared-prod-key_us-east-1"].target_key_id;
    });
    expect(await refusedBeforeTerraform(keys)).toContain("zone-aliases");
  });

  test("a key that Terraform would no longer refuse to destroy", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].lifecycle = undefined;
    });
    expect(await stoppedBy(clinic)).toEqual([`prevent-destroy-dropped ${recordsKey}`]);
  });

  test("a guardrail that is taken from an OU", async () => {
    byHand(guardrails, (stack) => {
      delete stack.resource.aws_organizations_policy_attachment;
    });
    const found = await stoppedBy(guardrails);
    expect(found).not.toEqual([]);
    expect(found.every((one) => one.startsWith("guardrail-removed aws_organizations_policy_attachment."))).toBe(true);
  });
});

describe("a policy that is widened across the zone", () => {
  const outsider = { AWS: "arn:aws:iam::210000000002:role/shop-api" };
  const statement = { Sid: "Extra", Effect: "Allow", Principal: outsider, Action: "kms:Decrypt", Resource: "*" };

  test("in the JSON: the zone proof of the output stops it before Terraform runs", async () => {
    byHand(clinic, (stack) => {
      const [policy] = Object.keys(stack.locals).filter((name) => name.endsWith("policy"));
      stack.locals[policy ?? ""].Statement.push(statement);
    });
    expect(await refusedBeforeTerraform(clinic)).toContain("zone-key-access");
  });

  test("in a file that Terraform reads beside it: Terraform does not even run", async () => {
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

  test("by what stands in for Terraform and plans something else: the plan is not what was reviewed", async () => {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const program = plansBeside({ aws_kms_key: { "records_prod_us-east-1": { policy } } });
    const found = await stoppedBy(clinic, "--terraform", program);
    expect(found).toContain(`plan-not-reviewed ${recordsKey}`);
    expect(found).toContain(`policy-widened ${recordsKey}`);
  });

  test("by a policy that nobody knows before it is applied, and by a resource that nobody knows", async () => {
    const program = plansBeside(
      { aws_kms_key: { "records_prod_us-east-1": { policy: "${jsonencode({ now = timestamp() })}" } } },
      { aws_sns_topic: { extra: { provider: "aws.us-east-1", name: "extra" } } },
    );
    const found = await stoppedBy(clinic, "--terraform", program);
    expect(found).toContain(`policy-unknown ${recordsKey}`);
    expect(found).toContain("unreadable-plan aws_sns_topic.extra");
  });
});

/** A program that plans with resources more, or other arguments, than the stack has, and leaves no trace of them. */
function plansBeside(overrides: unknown, more?: unknown): string {
  const [program, beside] = [join(runs.live.folder, "terraform-beside"), join(runs.live.folder, "beside.json")];
  writeFileSync(beside, JSON.stringify({ resource: overrides }));
  writeFileSync(`${beside}.more`, JSON.stringify(more === undefined ? {} : { resource: more }));
  const lines = [
    "#!/bin/sh",
    'if [ "$1" != plan ]; then exec terraform "$@"; fi',
    `cp '${beside}' more_override.tf.json && cp '${beside}.more' more.tf.json || exit 1`,
    'terraform "$@"; code=$?',
    "rm more_override.tf.json more.tf.json; exit $code",
  ];
  writeFileSync(program, `${lines.join("\n")}\n`, { mode: 0o755 });
  return program;
}

describe("a key that AWS and Terraform do not agree about", () => {
  test("an alias that somebody has led to another key", async () => {
    const { kms } = await runs.live.emulator.clientsFor({ accountId: KEYS, region: "us-east-1" });
    const found = (await runs.keysIn(KEYS)).filter(({ region }) => region === "us-east-1");
    const idOf = (alias: string): string => found.find(({ aliases }) => aliases.includes(alias))?.keyId ?? "";
    const [prod, testing] = [idOf("alias/shared-prod-key"), idOf("alias/shared-test-key")];
    await kms.send(new UpdateAliasCommand({ AliasName: "alias/shared-test-key", TargetKeyId: prod }));
    try {
      expect(await stoppedBy(keys)).toEqual(["alias-retargeted aws_kms_alias.shared-test-key_us-east-1"]);
    } finally {
      await kms.send(new UpdateAliasCommand({ AliasName: "alias/shared-test-key", TargetKeyId: testing }));
    }
  });

  test("one that waits for its deletion behind Terraform's back", async () => {
    const [key] = await runs.keysIn(CLINIC);
    const { kms } = await runs.live.emulator.clientsFor({ accountId: CLINIC, region: "us-east-1" });
    const KeyId = key?.keyId;
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }));
    try {
      const found = await stoppedBy(clinic);
      expect(found).toContain(`key-pending-deletion ${recordsKey}`);
    } finally {
      await kms.send(new CancelKeyDeletionCommand({ KeyId }));
      await kms.send(new EnableKeyCommand({ KeyId }));
    }
    expect((await runs.orgkeys("plan", clinic)).code).toBe(0);
  });

  test("one that the state has lost, and whether there is one when nobody may look", async () => {
    const folder = runs.live.stackFolder(clinic);
    const [key] = await runs.keysIn(CLINIC);
    await init(folder, runs.environment);
    const removed = await terraform(folder, ["state", "rm", recordsKey], runs.environment);
    expect(`${removed.code} ${removed.stderr}`).toBe("0 ");
    try {
      const found = await stoppedBy(clinic);
      expect(found).toContain(`key-exists ${recordsKey}`);
      const end = await runs.orgkeys("apply", clinic, "--auto-approve");
      expect(end.code).toBe(1);
      expect(await runs.keysIn(CLINIC)).toHaveLength(1);

      runs.proxy.use(every(1, "deny", ({ action }) => action === "ListKeys"));
      expect(await stoppedBy(clinic)).toContain(`keys-unread ${recordsKey}`);
      runs.proxy.use();
    } finally {
      const imported = await terraform(
        folder,
        ["import", "-input=false", recordsKey, key?.keyId ?? ""],
        runs.environment,
      );
      expect(`${imported.code} ${imported.code === 0 ? "" : imported.stderr}`).toBe("0 ");
    }
    // AWS keeps no deletion window: what is imported has none before the next apply.
    expect((await runs.orgkeys("apply", clinic, "--auto-approve")).code).toBe(0);
  });
});

describe("what somebody answers for", () => {
  test("--max-changes stops a run that changes more", async () => {
    byHand(keys, (stack) => {
      for (const key of Object.values<{ tags: Record<string, string> }>(stack.resource.aws_kms_key)) {
        key.tags.Owner = "somebody-else";
      }
    });
    expect(await stoppedBy(keys, "--max-changes", "1")).toEqual(["too-many-changes"]);
  });

  test("--allow lets exactly that pass, with its reason in the report", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].deletion_window_in_days = 14;
    });
    const { code } = await runs.orgkeys("plan", clinic, "--allow", `clinic ${recordsKey}=Agreed with the clinic`);
    expect(code).toBe(2);
    expect(runs.report().gate).toMatchObject({
      open: 0,
      findings: [
        {
          id: "deletion-window-shortened",
          address: recordsKey,
          allowed: { by: "command line", reason: "Agreed with the clinic" },
        },
      ],
    });
  });

  test("an allowance that allows nothing is an error", async () => {
    const { code, stdout, stderr } = await runs.orgkeys("plan", clinic, "--allow", "aws_kms_key.nobody=For no reason");
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("aws_kms_key.nobody");
  });

  test("an apply of the others does not begin while one is stopped", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].deletion_window_in_days = 7;
    });
    byHand(keys, (stack) => {
      stack.resource.aws_kms_key["shared_confidential_test_us-east-1"].tags.Owner = "somebody-else";
    });
    runs.proxy.forget();
    const { code } = await runs.orgkeys("apply", clinic, keys, "--auto-approve", "--keep-going");
    expect(code).toBe(1);
    expect(runs.proxy.calls.filter(isChange)).toEqual([]);
  });
});
