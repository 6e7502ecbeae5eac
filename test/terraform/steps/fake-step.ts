import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Clock, StepContext, StepEvent, StopSignal } from "../../../modules/terraform/steps/step";

/** What the fake does when it is called with a command: the first entry for the first call, the last one for all after. */
export interface FakeCall {
  /** Texts, or messages that become JSON. */
  readonly print?: readonly unknown[];
  readonly error?: readonly string[];
  /** What it writes into its `-out` file. */
  readonly plan?: string;
  readonly exit?: number;
  readonly forMs?: number;
  /** What it exits with when it is interrupted. @default 1 */
  readonly onInterrupt?: number | "ignore";
  readonly thenPrint?: readonly unknown[];
  /** A file that it writes at its end. */
  readonly touch?: string;
}

export interface FakeStep {
  readonly context: StepContext;
  readonly events: StepEvent[];
  /** What was waited for, in milliseconds. */
  readonly waits: number[];
  readonly root: string;
  stop(level: StopSignal["level"]): void;
  calls(): readonly { readonly args: readonly string[]; readonly pid: number }[];
  remove(): void;
}

export const PROGRAM = resolve(__dirname, "../../fixtures/fake-terraform/terraform.cjs");

/** A stack whose Terraform is a script that does as it is told. */
export function fakeStep(script: Readonly<Record<string, readonly FakeCall[]>>, random = 0): FakeStep {
  const root = mkdtempSync(join(tmpdir(), "orgkeys-steps-"));
  const directory = join(root, "out");
  mkdirSync(directory);
  const record = join(root, "calls");
  writeFileSync(record, "");
  const events: StepEvent[] = [];
  const waits: number[] = [];
  const listeners = new Set<(level: StopSignal["level"]) => void>();
  const stop = {
    level: 0 as StopSignal["level"],
    onChange(listener: (level: StopSignal["level"]) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  let time = 0;
  const clock: Clock = {
    now: () => time++,
    random: () => random,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  };
  const environment = { PATH: process.env.PATH ?? "", FAKE_CALLS: record, FAKE_SCRIPT: JSON.stringify(script) };
  const tool = { name: "terraform", program: PROGRAM, version: "1.11.4" } as const;
  return {
    context: {
      tool,
      stack: "commercial.workloads.shop",
      directory,
      folder: join(root, "run", "shop"),
      environment,
      stop,
      clock,
      onEvent: (event) => events.push(event),
    },
    events,
    waits,
    root,
    stop(level) {
      stop.level = level;
      for (const listener of [...listeners]) listener(level);
    },
    calls: () =>
      readFileSync(record, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Of the machine-readable UI. */
export function hook(type: string, addr: string, action = "create"): unknown {
  return { "@level": "info", "@message": "", type, hook: { resource: { addr }, action } };
}

export function diagnostic(summary: string, detail = "", address?: string): unknown {
  return { "@level": "error", type: "diagnostic", diagnostic: { severity: "error", summary, detail, address } };
}

export const PLANNED = { "@level": "info", type: "change_summary", changes: { add: 1, operation: "plan" } };
