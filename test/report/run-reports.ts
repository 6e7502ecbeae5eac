import type { GateEntry, RunReport, StackReport } from "../../modules/terraform/run/run-report";
import type { ChangeCounts } from "../../modules/terraform/steps/step";

export const folder = "runs/20261122T125145Z-3f2a";

/** A stack's report by hand: `acme.workloads.prod.shop-prod` is account shop-prod in OU `Workloads/Prod`. */
export function stackReport(stack: string, more: Partial<StackReport> = {}): StackReport {
  const [organization = "", ...rest] = stack.split(".");
  const account = rest.pop() ?? "";
  const ou = rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("/");
  return {
    stack,
    kind: "account",
    organization,
    ou,
    zone: "corporate",
    account,
    accountId: "210000000001",
    providers: 2,
    resources: 12,
    layer: 1,
    why: `in OU ${ou}`,
    status: "unchanged",
    jsonSha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    changes: { actions: {}, types: {} },
    durations: { initMs: 1200, planMs: 7400 },
    attempts: 1,
    failure: undefined,
    note: undefined,
    applyStartedAt: undefined,
    process: undefined,
    imported: [],
    ...more,
  };
}

export const twoKeys: ChangeCounts = {
  actions: { create: 4, update: 1 },
  types: { aws_kms_key: { create: 2 }, aws_kms_alias: { create: 2 }, aws_iam_policy: { update: 1 } },
};
export const oneLost: ChangeCounts = { actions: { delete: 1 }, types: { aws_kms_key: { delete: 1 } } };

export const lostKey: GateEntry = {
  id: "key-destroyed",
  severity: "critical",
  where: "shop-prod aws_kms_key.shop_prod_us-east-1",
  why: "the plan destroys a key that data is encrypted with",
  whatToDo: "end the key in steps: docs/lifecycle.md",
  stack: "acme.workloads.prod.shop-prod",
  address: "aws_kms_key.shop_prod_us-east-1",
  allowed: undefined,
};
export const allowedAlias: GateEntry = {
  ...lostKey,
  id: "alias-retargeted",
  severity: "high",
  where: "shop-test aws_kms_alias.shop_test_us-east-1",
  why: "alias/shop-test moves to another key",
  stack: "acme.workloads.test.shop-test",
  address: "aws_kms_alias.shop_test_us-east-1",
  allowed: { by: "command line", reason: "it's a test account" },
};

/** A run of these stacks; without any, of one that is unchanged. */
export function runReport(more: Partial<RunReport> = {}): RunReport {
  return {
    schema: "orgkeys/run/v1",
    id: "20261122T125145Z-3f2a",
    command: "plan",
    status: "done",
    startedAt: "2026-11-22T12:51:45Z",
    endedAt: "2026-11-22T12:54:50Z",
    resumedAt: [],
    tool: { name: "terraform", version: "1.11.4" },
    out: "cdktf.out",
    selection: ["--ou", "Workloads"],
    concurrency: 2,
    canary: 0,
    canaries: undefined,
    gate: { findings: [], open: 0, mistakes: [] },
    stacks: [stackReport("acme.workloads.prod.shop-prod")],
    ...more,
  };
}

export const clean = runReport();

export const changing = runReport({
  stacks: [
    stackReport("acme.workloads.prod.shop-prod", { status: "planned", changes: twoKeys }),
    stackReport("acme.workloads.test.shop-test"),
    stackReport("acme.workloads.prod.web-prod", {
      status: "deferred",
      changes: undefined,
      note: "waits for acme.workloads.prod.shop-prod: its plan looks up alias/shop",
    }),
  ],
});

export const held = runReport({
  command: "apply",
  status: "held",
  gate: { findings: [lostKey, allowedAlias], open: 1, mistakes: [] },
  stacks: [
    stackReport("acme.workloads.prod.shop-prod", { status: "held", changes: oneLost, note: "key-destroyed" }),
    stackReport("acme.workloads.test.shop-test", { status: "planned", changes: twoKeys }),
  ],
});

export const failed = runReport({
  command: "apply",
  status: "failed",
  resumedAt: ["2026-11-22T12:53:50Z"],
  stacks: [
    stackReport("acme.security.keys", { status: "applied", changes: twoKeys, imported: ["aws_kms_key.a"] }),
    stackReport("acme.workloads.prod.shop-prod", {
      status: "failed",
      changes: twoKeys,
      attempts: 3,
      applyStartedAt: "2026-11-22T12:54:00Z",
      failure: {
        step: "apply",
        cause: "state-locked",
        message: "Error acquiring the state lock\nLock Info: ID 4f2a",
        whatToDo: "wait for whoever holds the lock",
        transient: true,
        uncertain: true,
        unfinished: [],
      },
    }),
    stackReport("acme.workloads.prod.web-prod", {
      status: "skipped",
      changes: twoKeys,
      note: "acme.workloads.prod.shop-prod failed",
    }),
    { ...stackReport("acme.guardrails.pci"), kind: "guardrails", ou: undefined, account: undefined, zone: "pci" },
  ],
});

export const waiting = runReport({
  command: "apply",
  status: "waiting",
  stacks: [
    stackReport("acme.workloads.test.shop-test", { status: "applied", changes: twoKeys }),
    stackReport("acme.workloads.prod.shop-prod", { status: "planned", changes: twoKeys }),
  ],
});

export const cut = runReport({
  command: "apply",
  status: "stopped",
  endedAt: undefined,
  stacks: [
    stackReport("acme.workloads.prod.shop-prod", {
      status: "interrupted",
      changes: twoKeys,
      applyStartedAt: "2026-11-22T12:54:00Z",
    }),
    stackReport("acme.workloads.prod.web-prod", { status: "waiting", changes: undefined, jsonSha256: undefined }),
  ],
});

/** Reports, by the name of their golden files. */
export const reports: Readonly<Record<string, RunReport>> = { clean, changing, held, failed, waiting, cut };

/** A thousand stacks of two hundred OUs, with everything wrong that can be. */
export function flooded(): RunReport {
  const stacks = Array.from({ length: 1000 }, (_, index) =>
    stackReport(`acme.workloads.team-${index % 200}.account-${index}`, {
      status: index % 3 === 0 ? "failed" : "planned",
      changes: twoKeys,
      failure:
        index % 3 === 0
          ? {
              step: "plan",
              cause: "role-not-assumed",
              message: "x".repeat(2000),
              whatToDo: "y".repeat(500),
              transient: false,
              uncertain: false,
              unfinished: [],
            }
          : undefined,
    }),
  );
  const findings = stacks.map(({ stack }): GateEntry => ({ ...lostKey, stack, where: `${stack} ${"z".repeat(300)}` }));
  return runReport({ status: "failed", stacks, gate: { findings, open: findings.length, mistakes: [] } });
}

/** The same text wherever somebody else writes one. */
export function hostile(text: string): RunReport {
  return runReport({
    out: text,
    selection: [text],
    status: "failed",
    gate: { findings: [{ ...lostKey, where: text, why: text, whatToDo: text, stack: text }], open: 1, mistakes: [] },
    stacks: [
      stackReport("acme.workloads.prod.shop-prod", {
        stack: text,
        organization: text,
        ou: text,
        note: text,
        status: "failed",
        changes: twoKeys,
        failure: {
          step: "plan",
          cause: text,
          message: text,
          whatToDo: text,
          transient: false,
          uncertain: false,
          unfinished: [],
        },
      }),
    ],
  });
}
