import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CancelKeyDeletionCommand, EnableKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { every } from "./faulty-proxy";
import { isChange, type LiveRuns, startRuns } from "./live-runs";
import { init, terraform } from "./terraform";

const clinic = "acme.health.clinic";
const CLINIC = "310000000001";
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

beforeAll(async () => {
  runs = await startRuns("gate", "test/fixtures/runs");
  await runs.edit();
  const end = await runs.orgkeys("apply", "--auto-approve");
  if (end.code !== 0) throw new Error(end.stdout + end.stderr);
});
afterAll(() => runs?.stop());
afterEach(() => {
  runs.proxy.use();
  for (const [stack, text] of reviewed) writeFileSync(file(stack), text);
  reviewed.clear();
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

describe("a stack that somebody edits by hand", () => {
  test("a key that is deleted, with its alias", async () => {
    byHand(clinic, (stack) => {
      delete stack.resource.aws_kms_key;
      delete stack.resource.aws_kms_alias;
    });
    expect(await stoppedBy(clinic)).toEqual([
      "alias-retargeted aws_kms_alias.records-prod_us-east-1",
      `key-destroyed ${recordsKey}`,
    ]);
  });

  test("a key that is let go by Terraform without a record", async () => {
    byHand(clinic, (stack) => {
      delete stack.resource.aws_kms_key;
      delete stack.resource.aws_kms_alias;
      stack.removed = [{ from: recordsKey, lifecycle: { destroy: false } }];
    });
    expect(await stoppedBy(clinic)).toContain(`key-destroyed ${recordsKey}`);
  });

  test("a key that is replaced", async () => {
    byHand(clinic, (stack) => {
      const key = stack.resource.aws_kms_key["records_prod_us-east-1"];
      key.multi_region = !(key.multi_region ?? false);
      key.lifecycle = undefined;
    });
    const found = await stoppedBy(clinic);
    expect(found).toContain(`key-replaced ${recordsKey}`);
    expect(found).toContain(`prevent-destroy-dropped ${recordsKey}`);
  });

  test("a replica that is deleted", async () => {
    byHand(keys, (stack) => {
      delete stack.resource.aws_kms_replica_key;
      delete stack.resource.aws_kms_alias["shared-prod-key_us-west-2"];
    });
    expect(await stoppedBy(keys)).toContain("replica-destroyed aws_kms_replica_key.shared_confidential_prod_us-west-2");
  });

  test("an alias that leads to another key", async () => {
    byHand(keys, (stack) => {
      const aliases = stack.resource.aws_kms_alias;
      aliases["shared-test-key_us-east-1"].target_key_id = aliases["shared-prod-key_us-east-1"].target_key_id;
    });
    expect(await stoppedBy(keys)).toEqual(["alias-retargeted aws_kms_alias.shared-test-key_us-east-1"]);
  });

  test("a key that Terraform would no longer refuse to destroy", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].lifecycle = undefined;
    });
    expect(await stoppedBy(clinic)).toEqual([`prevent-destroy-dropped ${recordsKey}`]);
  });

  test("a shorter deletion window", async () => {
    byHand(clinic, (stack) => {
      stack.resource.aws_kms_key["records_prod_us-east-1"].deletion_window_in_days = 7;
    });
    expect(await stoppedBy(clinic)).toEqual([`deletion-window-shortened ${recordsKey}`]);
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
    runs.proxy.forget();
    const before = runs.ids();
    const { code, stdout, stderr } = await runs.orgkeys("plan", clinic);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("zone-key-access");
    expect(runs.proxy.calls).toEqual([]);
    expect(runs.ids()).toEqual(before);
  });

  test("in a file that Terraform reads beside it: the plan is not what was reviewed", async () => {
    const beside = join(runs.live.stackFolder(clinic), "more_override.tf.json");
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const key = { aws_kms_key: { "records_prod_us-east-1": { policy } } };
    writeFileSync(beside, JSON.stringify({ resource: key }));
    try {
      const found = await stoppedBy(clinic);
      expect(found).toContain(`plan-not-reviewed ${recordsKey}`);
      expect(found).toContain(`policy-widened ${recordsKey}`);
    } finally {
      rmSync(beside);
    }
  });

  test("a policy that nobody knows before it is applied", async () => {
    const beside = join(runs.live.stackFolder(clinic), "more_override.tf.json");
    const key = { aws_kms_key: { "records_prod_us-east-1": { policy: "${jsonencode({ now = timestamp() })}" } } };
    writeFileSync(beside, JSON.stringify({ resource: key }));
    try {
      expect(await stoppedBy(clinic)).toContain(`policy-unknown ${recordsKey}`);
    } finally {
      rmSync(beside);
    }
  });

  test("a resource that was not reviewed", async () => {
    const beside = join(runs.live.stackFolder(clinic), "more.tf.json");
    const topic = { aws_sns_topic: { extra: { name: "extra" } } };
    writeFileSync(beside, JSON.stringify({ resource: topic }));
    try {
      expect(await stoppedBy(clinic)).toContain("unreadable-plan aws_sns_topic.extra");
    } finally {
      rmSync(beside);
    }
  });
});

describe("a key that AWS and Terraform do not agree about", () => {
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
