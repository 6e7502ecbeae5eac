import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackNode } from "../../../modules/terraform/graph/stack-node";
import type { PlanJson } from "../../../modules/terraform/plan-json";
import { newReport } from "../../../modules/terraform/run/new-report";
import { resumeReport } from "../../../modules/terraform/run/resume-run";
import type {
  DoubleKey,
  GateVerdict,
  Question,
  RunParts,
  RunRequest,
  StackPlan,
  StrayKey,
} from "../../../modules/terraform/run/run-parts";
import { RunRecord } from "../../../modules/terraform/run/run-record";
import type { RunReport } from "../../../modules/terraform/run/run-report";
import { runStacks } from "../../../modules/terraform/run/run-stacks";
import { runState } from "../../../modules/terraform/run/run-state";
import { planFile } from "../../../modules/terraform/steps/private-files";
import type { Clock, StepContext, StepFailure, StepName, StopSignal } from "../../../modules/terraform/steps/step";

/** A stack of a fake output. */
export interface FakeStack {
  readonly name: string;
  readonly needs?: readonly string[];
  /** Needs without which it cannot even be planned. */
  readonly hardNeeds?: readonly string[];
  readonly kind?: StackNode["kind"];
  readonly production?: boolean;
  readonly providers?: number;
}

/** What a fake Terraform does instead of going well: undefined goes well. */
export type Behave = (
  step: StepName,
  stack: string,
  world: FakeWorld,
) => Promise<StepFailure | undefined> | StepFailure | undefined;

/** AWS and the states, as far as a fake Terraform has them. */
export class FakeWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "orgkeys-run-"));
  /** Stacks that are as their JSON says. */
  readonly applied = new Set<string>();
  /** `plan a`, `apply b`, in the order in which they began. */
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  readonly texts = new Map<string, string>();
  readonly running = new Set<string>();
  readonly questions: Question[] = [];
  /** The last note of each stack. */
  readonly noted = new Map<string, string | undefined>();
  /** What steps were told that may lie beside a stack's JSON. */
  readonly beside = new Map<string, StepContext["beside"]>();
  mostAtOnce = 0;
  mostProviders = 0;
  level: StopSignal["level"] = 0;
  readonly #listeners = new Set<(level: StopSignal["level"]) => void>();

  constructor(readonly stacks: readonly FakeStack[]) {
    for (const { name } of stacks) this.texts.set(name, `{"stack": "${name}"}`);
  }

  readonly stop: StopSignal = ((world: FakeWorld) => ({
    get level() {
      return world.level;
    },
    onChange: (listener: (level: StopSignal["level"]) => void) => {
      world.#listeners.add(listener);
      return () => world.#listeners.delete(listener);
    },
  }))(this);

  raise(level: StopSignal["level"]): void {
    this.level = level;
    for (const listener of this.#listeners) listener(level);
  }

  applies(): string[] {
    return this.begun.flatMap((step) => (step.startsWith("apply ") ? step.slice("apply ".length) : []));
  }

  planFile(stack: string): string {
    return planFile({ folder: join(this.folder, "run", "stacks", stack) });
  }

  reportOnDisk(): RunReport {
    return JSON.parse(readFileSync(join(this.folder, "run", "report.json"), "utf8"));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface FakeRunOptions {
  readonly request?: Partial<RunRequest & { readonly canary: number }>;
  readonly behave?: Behave | undefined;
  readonly stacksAtOnce?: number;
  readonly providersAtOnce?: number;
  readonly gate?: (plans: readonly StackPlan[]) => GateVerdict;
  /** undefined: there is nobody to ask. */
  readonly answer?: boolean | ((question: Question) => boolean);
  readonly strayKeys?: (stack: string, since: string) => readonly StrayKey[] | { readonly unknown: string };
  readonly doubleKeys?: (
    stack: string,
    since: string,
    made: ReadonlyMap<string, string> | undefined,
  ) => readonly DoubleKey[] | { readonly unknown: string };
  readonly plan?: (stack: string, world: FakeWorld) => PlanJson;
  /** How an import fails. */
  readonly importing?: (address: string, id: string) => StepFailure | undefined;
  /** A stack whose JSON is not what the proof was held against. */
  readonly unproved?: string;
  /** Goes on with this one. */
  readonly resume?: RunReport;
  /** What happens while time passes. */
  readonly waiting?: () => Promise<void>;
  /** How long a step takes, in turns of the event loop. */
  readonly turns?: (step: StepName, stack: string) => number;
}

const passes: GateVerdict = { findings: [], open: 0, mistakes: [] };

export async function fakeRun(world: FakeWorld, options: FakeRunOptions = {}): Promise<RunReport> {
  const { behave = () => undefined, stacksAtOnce = 3, providersAtOnce = 100, answer } = options;
  const { canary = 0, ...asked } = options.request ?? {};
  const request: RunRequest = { command: "apply", keepGoing: false, autoApprove: true, ...asked };
  const nodes = world.stacks.map(nodeOf);
  const clock = fakeClock(options.waiting);
  const needs = world.stacks.flatMap(({ name, needs: soft = [], hardNeeds: hard = [] }) => [
    ...soft.map((to) => ({ from: name, to, hard: false, why: "order" })),
    ...hard.map((to) => ({ from: name, to, hard: true, why: "looks it up" })),
  ]);
  const order = { layers: layersOf(nodes, needs), needs, outside: [], leftOut: [] };
  const bounds = { stacks: stacksAtOnce, providers: providersAtOnce };

  const step = async (kind: StepName, context: StepContext): Promise<StepFailure | undefined> => {
    const { stack } = context;
    world.begun.push(`${kind} ${stack}`);
    world.running.add(stack);
    world.beside.set(stack, context.beside);
    world.mostAtOnce = Math.max(world.mostAtOnce, world.running.size);
    const providers = [...world.running].reduce(
      (sum, name) => sum + (nodes.find((node) => node.name === name)?.providers ?? 0),
      0,
    );
    world.mostProviders = Math.max(world.mostProviders, providers);
    for (let turn = options.turns?.(kind, stack) ?? 1; turn > 0; turn -= 1) await new Promise(setImmediate);
    const failure = await behave(kind, stack, world);
    world.running.delete(stack);
    world.ended.push(`${kind} ${stack}`);
    return failure;
  };
  const end = (failure: StepFailure | undefined) =>
    failure === undefined
      ? ({ ok: true, durationMs: 1000, attempts: 1 } as const)
      : ({ ok: false, durationMs: 1000, attempts: 1, failure } as const);
  const parts: RunParts = {
    steps: {
      warmCache: async (context) => end(await step("init", context)),
      init: async (context) => end(await step("init", context)),
      plan: async (context) => {
        const ended = end(await step("plan", context));
        if (!ended.ok) return ended;
        mkdirSync(context.folder, { recursive: true });
        writeFileSync(planFile(context), `plan of ${world.texts.get(context.stack)}`);
        return { ...ended, changes: !world.applied.has(context.stack) };
      },
      show: async (context) => {
        const file = readFileSync(planFile(context), "utf8");
        const plan = options.plan?.(context.stack, world) ?? planOf(world.applied.has(context.stack));
        return { ok: true, durationMs: 10, attempts: 1, plan, planSha256: sha256(file) };
      },
      apply: async (context, planSha256) => {
        if (sha256(readFileSync(planFile(context), "utf8")) !== planSha256) throw new Error("another plan");
        const ended = end(await step("apply", context));
        if (!world.applied.has(context.stack)) {
          const made = { step: "apply", address: "aws_kms_key.orders_us-east-1", done: true, id: "mrk-1" } as const;
          context.onEvent({ kind: "resource", ...made });
        }
        if (ended.ok) world.applied.add(context.stack);
        return ended;
      },
      importResource: async (context, address, id) => {
        world.begun.push(`import ${context.stack} ${address} ${id}`);
        return end(options.importing?.(address, id));
      },
      forgetResource: async (context, address) => {
        world.begun.push(`forget ${context.stack} ${address}`);
        return end(undefined);
      },
    },
    gate: async (plans) => options.gate?.(plans) ?? passes,
    doubleKeys: async ({ node }, since, made) => options.doubleKeys?.(node.name, since, made) ?? [],
    strayKeys: async ({ node }, since) => options.strayKeys?.(node.name, since) ?? [],
    confirm:
      answer === undefined
        ? undefined
        : async (question) => {
            world.questions.push(question);
            return typeof answer === "boolean" ? answer : answer(question);
          },
    clock,
    stop: world.stop,
    directoryOf: (stack) => join(world.folder, "out", stack),
    textOf: (stack) => world.texts.get(stack) ?? "",
    isProved: (stack) => options.unproved !== stack,
    besideOf: (stack) => [`accepted-${stack}.tf`],
    onEvent: () => undefined,
  };
  const setup = {
    id: "20270131T120000Z-0001",
    command: request.command,
    startedAt: "2027-01-31T12:00:00.000Z",
    tool: { name: "terraform", program: "terraform", version: "1.11.4" } as const,
    out: "cdktf.out",
    selection: [],
    concurrency: stacksAtOnce,
    canary,
  };
  const report =
    options.resume === undefined
      ? newReport(setup, order, () => "everything")
      : resumeReport(options.resume, request.command, "2027-01-31T13:00:00.000Z");
  const record = new RunRecord(join(world.folder, "run"), report, clock, {
    onStack: ({ stack, note }) => void world.noted.set(stack, note),
  });
  const run = runState({
    request,
    order,
    concurrency: { plans: bounds, applies: bounds },
    tool: setup.tool,
    environment: {},
    record,
    parts,
  });
  return runStacks(run, (stack) => world.stacks.find(({ name }) => name === stack)?.production === true);
}

export function failure(step: StepName, cause: string, more: Partial<StepFailure> = {}): StepFailure {
  return {
    step,
    cause,
    message: `${cause} it was`,
    whatToDo: "mend it",
    transient: false,
    uncertain: false,
    unfinished: [],
    ...more,
  };
}

export function statusesOf(report: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(report.stacks.map(({ stack, status }) => [stack, status]));
}

export function hasPlan(world: FakeWorld, stack: string): boolean {
  return existsSync(world.planFile(stack));
}

function nodeOf({ name, kind = "account", providers = 1 }: FakeStack): StackNode {
  return {
    name,
    kind,
    organization: "commercial",
    ou: "Workloads/Prod",
    zone: "corporate",
    account: name,
    accountId: "210000000001",
    state: "210000000001",
    providers,
    resources: 3,
  };
}

function layersOf(nodes: readonly StackNode[], needs: readonly { from: string; to: string }[]): StackNode[][] {
  const layerOf = (name: string): number =>
    Math.max(0, ...needs.filter(({ from }) => from === name).map(({ to }) => layerOf(to) + 1));
  const layers: StackNode[][] = [];
  for (const node of nodes) {
    const layer = layerOf(node.name);
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  }
  return layers;
}

function planOf(isEmpty: boolean): PlanJson {
  const change = { actions: [isEmpty ? "no-op" : "create"], before: null, after: {} };
  return {
    format_version: "1.2",
    resource_changes: [
      {
        address: "aws_kms_key.orders_us-east-1",
        mode: "managed",
        type: "aws_kms_key",
        name: "orders_us-east-1",
        change,
      },
    ],
  };
}

/** An hour passes in no time. */
function fakeClock(waiting?: () => Promise<void>): Clock {
  let now = Date.parse("2027-01-31T12:00:00Z");
  return {
    now: () => {
      now += 1;
      return now;
    },
    wait: async (milliseconds) => {
      now += milliseconds;
      await waiting?.();
    },
    random: () => 0.5,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
