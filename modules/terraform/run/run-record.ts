import { join } from "node:path";
import { makePrivateFolder } from "../steps/private-files";
import type { Clock } from "../steps/step";
import type { RunReport, StackReport } from "./run-report";
import { writeAtomically } from "./write-atomically";

export const REPORT_FILE = "report.json";

/** What happens in between reaches the disk this often: the report of 10,000 stacks is too long for each single step. */
const WRITE_EVERY_MS = 1000;

/** Whoever shows what a run does. */
export interface RunListener {
  onStack(report: StackReport): void;
}

/** The report of a run, kept on the disk. */
export class RunRecord {
  readonly #clock: Clock;
  readonly #listener: RunListener;
  readonly #stacks: Map<string, StackReport>;
  #run: Omit<RunReport, "stacks">;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #isWritten = false;

  /** @param folder `runs/<id>`, absolute; made with mode 700 */
  constructor(
    readonly folder: string,
    { stacks, ...run }: RunReport,
    clock: Clock,
    listener: RunListener,
  ) {
    this.#run = run;
    this.#stacks = new Map(stacks.map((stack) => [stack.stack, stack]));
    this.#clock = clock;
    this.#listener = listener;
    makePrivateFolder(folder);
    this.write();
  }

  get report(): RunReport {
    return { ...this.#run, stacks: [...this.#stacks.values()] };
  }

  get stacks(): readonly StackReport[] {
    return [...this.#stacks.values()];
  }

  stack(name: string): StackReport {
    const found = this.#stacks.get(name);
    if (found === undefined) throw new Error(`stack ${name} is not of this run`);
    return found;
  }

  /** A stack's folder in the run, with its logs and its plan. */
  folderOf(name: string): string {
    const folder = join(this.folder, "stacks", name);
    makePrivateFolder(folder);
    return folder;
  }

  /** @throws the disk's error */
  change(changes: Partial<Omit<RunReport, "stacks" | "schema" | "id">>): void {
    this.#run = { ...this.#run, ...changes };
    this.write();
  }

  /**
   * @param durable "now" for what has to be on the disk before anything else happens
   * @throws the disk's error
   */
  changeStack(name: string, changes: Partial<StackReport>, durable: "now" | "soon" = "soon"): void {
    const changed = { ...this.stack(name), ...changes };
    this.#stacks.set(name, changed);
    this.#isWritten = false;
    if (durable === "now" || this.#clock.now() - this.#writtenAt >= WRITE_EVERY_MS) this.write();
    this.#listener.onStack(changed);
  }

  /** @throws the disk's error */
  flush(): void {
    if (!this.#isWritten) this.write();
  }

  write(): void {
    writeAtomically(join(this.folder, REPORT_FILE), `${JSON.stringify(this.report, null, 2)}\n`);
    this.#writtenAt = this.#clock.now();
    this.#isWritten = true;
  }
}
