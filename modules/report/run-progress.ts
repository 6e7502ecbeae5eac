import { nameOrder } from "../aws/name-order";
import { planSeconds } from "../terraform/graph/stack-cost";
import type { StackReport } from "../terraform/run/run-report";
import type { StepEvent, StepName } from "../terraform/steps/step";
import { durationText } from "./duration-text";
import { oneLine } from "./one-line";

export type StackStatus = StackReport["status"];

/** What can be told of a stack while a run goes on. */
export type ProgressEvent = StepEvent | { readonly kind: "status"; readonly status: StackStatus };

export type ProgressStack = Pick<StackReport, "stack" | "providers" | "resources">;

/** A stack at whose step Terraform is. */
interface Running {
  readonly begunAt: number;
  step: StepName | undefined;
  /** Of the step. */
  since: number;
  readonly seen: Set<string>;
  readonly done: Set<string>;
  waitsFor: string | undefined;
  /** When anything was last told of it. */
  heardAt: number;
  /** How many minutes of silence were told. */
  silentMinutes: number;
}

/** So long without a word is more than a slow resource: the provider repeats throttled requests for minutes, and says nothing. */
const SILENT_MS = 30_000;
const MINUTE_MS = 60_000;

/** Steps that wait for AWS. */
const asking: ReadonlySet<StepName | undefined> = new Set<StepName>(["plan", "apply", "import"]);

const planned: ReadonlySet<StackStatus> = new Set([
  "unchanged",
  "planned",
  "held",
  "failed",
  "interrupted",
  "skipped",
  "deferred",
]);
const settled: ReadonlySet<StackStatus> = new Set(["unchanged", "applied", "held", "failed", "interrupted", "skipped"]);
const active: ReadonlySet<StackStatus> = new Set(["planning", "applying"]);

/** How far a run is. Pure: what it is told, with the time, and the lines that come of it. */
export class RunProgress {
  readonly #stacks: ReadonlyMap<string, ProgressStack>;
  readonly #status: Map<string, StackStatus>;
  readonly #running = new Map<string, Running>();
  readonly #startedAt: number;
  #phase: "plan" | "apply" = "plan";
  #phaseStartedAt: number;
  /** Seconds of `planSeconds` that have been worked off in this phase. */
  #worked = 0;

  /** @param now milliseconds, as all times here */
  constructor(stacks: readonly ProgressStack[], now: number) {
    this.#stacks = new Map(stacks.map((each) => [each.stack, each]));
    this.#status = new Map(stacks.map(({ stack }) => [stack, "waiting"]));
    this.#startedAt = now;
    this.#phaseStartedAt = now;
  }

  /** @returns a line for a log, when a stack's state has changed; nothing for each of its resources */
  event(stack: string, event: ProgressEvent, now: number): string | undefined {
    if (event.kind === "status") return this.#changed(stack, event.status, now);
    const running = this.#running.get(stack) ?? this.#begin(stack, now);
    Object.assign(running, { heardAt: now, silentMinutes: 0 });
    if (event.kind === "started") {
      Object.assign(running, { step: event.step, since: now, waitsFor: undefined });
      running.seen.clear();
      running.done.clear();
      return undefined;
    }
    if (event.kind === "resource") {
      running.seen.add(event.address);
      if (event.done) running.done.add(event.address);
      return undefined;
    }
    running.waitsFor = event.cause;
    return this.#line(stack, `${event.step} again in ${durationText(event.waitMs)}: ${event.cause}`, now);
  }

  /** @returns a line for each stack of which nothing was heard for one more minute */
  silences(now: number): string[] {
    return [...this.#running].flatMap(([stack, running]) => {
      const minutes = Math.floor((now - running.heardAt) / MINUTE_MS);
      if (!isSilent(running, now) || minutes <= running.silentMinutes) return [];
      running.silentMinutes = minutes;
      return [this.#line(stack, `${running.step}  ${silence(running, now)}`, now)];
    });
  }

  /**
   * What a terminal shows: one line for the whole, then the stacks that are being worked on, longest first.
   *
   * @param height how many lines there may be, at least 1
   * @param width how many characters a line may have
   */
  view(now: number, height: number, width: number): string[] {
    const running = [...this.#running].sort(([a, { since }], [b, other]) => since - other.since || nameOrder(a, b));
    const room = Math.max(0, height - 1);
    const shown = running.length <= room ? running : running.slice(0, Math.max(0, room - 1));
    const more = running.length - shown.length;
    const names = shown.reduce((longest, [stack]) => Math.max(longest, stack.length), 0);
    return [
      this.#whole(now),
      ...shown.map(([stack, state]) => `  ${stack.padEnd(names)}  ${this.#doing(stack, state, now)}`),
      ...(more > 0 && room > 0 ? [`  and ${more} more`] : []),
    ].map((line) => cutLine(oneLine(line), width));
  }

  #changed(stack: string, status: StackStatus, now: number): string | undefined {
    const before = this.#status.get(stack);
    if (before === status) return undefined;
    this.#status.set(stack, status);
    if (status === "applying" && this.#phase === "plan") {
      this.#phase = "apply";
      this.#phaseStartedAt = now;
      this.#worked = 0;
    }
    const took = this.#running.get(stack);
    if (active.has(status)) this.#begin(stack, now);
    else {
      this.#running.delete(stack);
      if (before !== undefined && active.has(before) && this.#isDone(stack)) this.#worked += this.#cost(stack);
    }
    const time = took === undefined || active.has(status) ? "" : ` after ${durationText(now - took.begunAt)}`;
    return this.#line(stack, `${status}${time}`, now);
  }

  #begin(stack: string, now: number): Running {
    const running: Running = {
      begunAt: now,
      step: undefined,
      since: now,
      seen: new Set(),
      done: new Set(),
      waitsFor: undefined,
      heardAt: now,
      silentMinutes: 0,
    };
    this.#running.set(stack, running);
    return running;
  }

  #isDone(stack: string): boolean {
    const status = this.#status.get(stack) ?? "waiting";
    return (this.#phase === "plan" ? planned : settled).has(status);
  }

  #doneCount(): number {
    return [...this.#stacks.keys()].filter((stack) => this.#isDone(stack)).length;
  }

  #cost(stack: string): number {
    const known = this.#stacks.get(stack);
    return known === undefined ? 0 : planSeconds(known);
  }

  /** At the pace of this phase; undefined before anything of it is finished. */
  #leftMs(now: number): number | undefined {
    const left = [...this.#stacks.values()]
      .filter(({ stack }) => !this.#isDone(stack))
      .reduce((sum, each) => sum + planSeconds(each), 0);
    if (this.#worked === 0 || left === 0) return undefined;
    return (left / this.#worked) * (now - this.#phaseStartedAt);
  }

  #whole(now: number): string {
    const done = this.#doneCount();
    const count = (status: StackStatus): number => [...this.#status.values()].filter((each) => each === status).length;
    const left = this.#leftMs(now);
    return [
      `${this.#phase}  ${done} of ${this.#stacks.size} stacks`,
      `${this.#running.size} running`,
      ...(["failed", "interrupted", "held", "deferred"] as const).flatMap((status) =>
        count(status) === 0 ? [] : [`${count(status)} ${status}`],
      ),
      durationText(now - this.#startedAt),
      ...(left === undefined ? [] : [`about ${durationText(left)} left`]),
    ].join(", ");
  }

  #doing(stack: string, running: Running, now: number): string {
    const { step, since, seen, done, waitsFor } = running;
    const status = this.#status.get(stack) ?? "waiting";
    const total = step === "plan" ? Math.max(seen.size, this.#stacks.get(stack)?.resources ?? 0) : seen.size;
    return [
      step ?? status,
      ...(total === 0 || step === "init" ? [] : [`${done.size} of ${total} resources`]),
      durationText(now - since),
      ...(waitsFor === undefined ? [] : [`waits: ${waitsFor}`]),
      ...(isSilent(running, now) ? [silence(running, now)] : []),
    ].join("  ");
  }

  #line(stack: string, what: string, now: number): string {
    const done = this.#doneCount();
    const share = `${done}/${this.#stacks.size}`;
    return oneLine(`${durationText(now - this.#startedAt).padStart(7)}  ${share}  ${stack}  ${what}`);
  }
}

function isSilent({ step, waitsFor, heardAt }: Running, now: number): boolean {
  return asking.has(step) && waitsFor === undefined && now - heardAt >= SILENT_MS;
}

function silence({ heardAt }: Running, now: number): string {
  return `waiting on AWS, ${durationText(now - heardAt)}`;
}

function cutLine(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
