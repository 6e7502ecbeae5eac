/** Something to do with one stack, when all that it needs is done. */
export interface Task {
  readonly name: string;
  /** Tasks that have to end well before; names that are no tasks are passed over. */
  readonly needs: readonly string[];
  /** Provider processes that it starts. */
  readonly providers: number;
}

/** What a machine bears. */
export interface Bounds {
  /** Stacks at once. */
  readonly stacks: number;
  /** Provider processes at once; one task that has more runs alone. */
  readonly providers: number;
}

/** left: nothing kept it from starting but the end of the run. skipped: something that it needs did not end well. */
export type TaskEnd =
  | { readonly kind: "done" | "not-done" | "left" }
  | { readonly kind: "skipped"; readonly because: string };

/**
 * Does tasks in the order of their needs, as many at once as the bounds allow, and the earlier ones of a list first.
 *
 * @param tasks without a cycle
 * @param work resolves to whether it ended well. When it throws, nothing new starts, and the error is thrown once all others have ended
 * @param mayStart asked before each start; once it says no, nothing else starts
 * @returns how each task ended
 */
export async function schedule(
  tasks: readonly Task[],
  bounds: Bounds,
  work: (name: string) => Promise<boolean>,
  mayStart: () => boolean,
): Promise<ReadonlyMap<string, TaskEnd>> {
  const names = new Set(tasks.map(({ name }) => name));
  const needs = new Map(tasks.map((task) => [task.name, task.needs.filter((need) => names.has(need))]));
  const ends = new Map<string, TaskEnd>();
  const errors: unknown[] = [];
  const running = new Map<string, Promise<void>>();
  let waiting = [...tasks];
  let providers = 0;

  const run = async ({ name, providers: own }: Task): Promise<void> => {
    try {
      ends.set(name, { kind: (await work(name)) ? "done" : "not-done" });
    } catch (error) {
      errors.push(error);
      ends.set(name, { kind: "not-done" });
    }
    providers -= own;
    running.delete(name);
  };
  /** In the order of the list, which is one of needs first: so that what is skipped skips on in one pass. */
  const skip = (): void => {
    waiting = waiting.filter(({ name }) => {
      const because = (needs.get(name) ?? []).find((need) => (ends.get(need)?.kind ?? "done") !== "done");
      if (because !== undefined) ends.set(name, { kind: "skipped", because: rootOf(because, ends) });
      return because === undefined;
    });
  };
  const startWhatFits = (): void => {
    while (errors.length === 0 && running.size < bounds.stacks && mayStart()) {
      const next = waiting.find(({ name }) => (needs.get(name) ?? []).every((need) => ends.get(need)?.kind === "done"));
      // One that does not fit is not passed by: it would wait for as long as smaller ones come.
      if (next === undefined || (running.size > 0 && providers + next.providers > bounds.providers)) return;
      waiting = waiting.filter((task) => task !== next);
      providers += next.providers;
      running.set(next.name, run(next));
    }
  };

  for (;;) {
    skip();
    startWhatFits();
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  for (const { name } of waiting) ends.set(name, { kind: "left" });
  if (errors.length > 0) throw errors[0];
  return ends;
}

/** What failed, and not what was skipped for it. */
function rootOf(name: string, ends: ReadonlyMap<string, TaskEnd>): string {
  const end = ends.get(name);
  return end?.kind === "skipped" ? end.because : name;
}
