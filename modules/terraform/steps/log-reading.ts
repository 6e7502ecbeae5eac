import { nameOrder } from "../../aws/name-order";
import type { StepEvent, StepName } from "./step";

/** What Terraform says went wrong. */
export interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  /** The resource, or the provider, that it is about. */
  readonly address: string | undefined;
}

/** Of each kind of text the last ones are kept: a log may be as long as it likes. */
const KEPT_LINES = 200;
const KEPT_DIAGNOSTICS = 50;
const KEPT_CHARACTERS = 20_000;

/** What is read of the output of one Terraform while it runs: JSON messages, and text in between. */
export class LogReading {
  readonly diagnostics: Diagnostic[] = [];
  /** Lines that are no JSON, the last ones. */
  readonly text: string[] = [];
  /** Addresses that an apply has begun to change, and not ended. */
  private readonly begun = new Set<string>();
  /** Addresses whose creation ended with an error: the request may have been heard all the same. */
  private readonly refused = new Set<string>();
  /** The operation that it told the sum of, which it does at its end. */
  summarized: string | undefined;
  private readonly everBegun = new Set<string>();

  constructor(private readonly step: StepName) {}

  /** Whether anything has begun to be changed. */
  get hasChanged(): boolean {
    return this.everBegun.size > 0;
  }

  /** Addresses of which a change was begun, whatever came of it. */
  get changed(): string[] {
    return [...this.everBegun].sort(nameOrder);
  }

  get unfinished(): string[] {
    return [...this.begun].sort(nameOrder);
  }

  get failedCreations(): string[] {
    return [...this.refused].sort(nameOrder);
  }

  /** @returns What is to be told of the line, if anything. */
  add(line: string): StepEvent | undefined {
    const message = line.startsWith("{") ? parsed(line) : undefined;
    if (message) return this.addMessage(message);
    // The tool's own log, of whoever set TF_LOG: no part of what it has to say.
    if (/^\d{4}-\d\d-\d\dT\S+ \[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.test(line)) return undefined;
    this.text.push(line.slice(0, KEPT_CHARACTERS));
    if (this.text.length > KEPT_LINES) this.text.shift();
    return undefined;
  }

  /** Diagnostics of commands that have no JSON are read out of their text. */
  allDiagnostics(): readonly Diagnostic[] {
    return [...this.diagnostics, ...diagnosticsOfText(this.text)];
  }

  private addMessage(message: Readonly<Record<string, unknown>>): StepEvent | undefined {
    const { diagnostic, hook, type } = message;
    if (isObject(diagnostic) && diagnostic.severity === "error" && this.diagnostics.length < KEPT_DIAGNOSTICS) {
      this.diagnostics.push({
        summary: textOf(diagnostic.summary),
        detail: textOf(diagnostic.detail),
        address: textOf(diagnostic.address) || undefined,
      });
    }
    if (type === "change_summary" && isObject(message.changes)) this.summarized = textOf(message.changes.operation);
    if (!isObject(hook) || !isObject(hook.resource)) return undefined;
    const address = textOf(hook.resource.addr);
    const phase = /^(apply|refresh)_(start|complete|errored)$/.exec(textOf(type));
    if (!phase || address === "") return undefined;
    if (phase[1] === "apply" && hook.action !== "read") this.mark(address, phase[2] ?? "", hook.action);
    const { action, id_key: key, id_value: value } = hook;
    const isMade = phase[1] === "apply" && phase[2] === "complete" && action === "create" && key === "id";
    const id = isMade ? textOf(value) : "";
    return { kind: "resource", step: this.step, address, done: phase[2] !== "start", ...(id === "" ? {} : { id }) };
  }

  private mark(address: string, phase: string, action: unknown): void {
    if (phase === "start") {
      this.everBegun.add(address);
      this.begun.add(address);
      this.refused.delete(address);
      return;
    }
    this.begun.delete(address);
    if (phase === "errored" && action === "create") this.refused.add(address);
  }
}

/** `Error: summary`, an empty line, and the detail up to the next block; with or without a frame around it. */
function diagnosticsOfText(lines: readonly string[]): Diagnostic[] {
  const found: { summary: string; detail: string[] }[] = [];
  let inside = false;
  for (const framed of lines) {
    const line = framed.replace(/^[│╷╵]\s?/, "");
    const summary = /^Error: (.*)$/.exec(line)?.[1];
    if (summary !== undefined) found.push({ summary, detail: [] });
    inside = summary !== undefined || (inside && !/^╵/.test(framed) && !/^Warning: /.test(line));
    if (inside && summary === undefined) found.at(-1)?.detail.push(line);
  }
  return found.map(({ summary, detail }) => ({ summary, detail: detail.join("\n").trim(), address: undefined }));
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, KEPT_CHARACTERS) : "";
}
