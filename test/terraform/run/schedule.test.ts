import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { schedule, type Task } from "../../../modules/terraform/run/schedule";

const tick = (): Promise<void> => new Promise(setImmediate);

/** Tasks that need some of those before them. */
const tasks: fc.Arbitrary<Task[]> = fc
  .array(fc.record({ needs: fc.array(fc.nat(30), { maxLength: 4 }), providers: fc.integer({ min: 0, max: 4 }) }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((drawn) =>
    drawn.map(({ needs, providers }, index) => ({
      name: `s${index}`,
      providers,
      needs: index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))],
    })),
  );

/** Everything that is behind these. */
function behind(names: readonly string[], all: readonly Task[]): Set<string> {
  const found = new Set<string>();
  for (const { name, needs } of all) if (needs.some((need) => names.includes(need) || found.has(need))) found.add(name);
  return found;
}

describe("a schedule", () => {
  test("keeps order and bounds, and skips exactly what is behind a failure", async () => {
    await fc.assert(
      fc.asyncProperty(
        tasks,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(24), { maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 25, maxLength: 25 }),
        async (all, stacks, providers, failing, turns) => {
          const bad = failing.map((index) => `s${index}`);
          const done = new Set<string>();
          const running = new Map<string, number>();
          const begun: string[] = [];
          const ends = await schedule(
            all,
            { stacks, providers },
            async (name) => {
              const task = all.find((each) => each.name === name);
              if (task?.needs.some((need) => !done.has(need))) throw new Error(`${name} came before what it needs`);
              begun.push(name);
              running.set(name, task?.providers ?? 0);
              const inAll = [...running.values()].reduce((sum, own) => sum + own, 0);
              if (running.size > stacks) throw new Error("too many stacks");
              if (running.size > 1 && inAll > providers) throw new Error("too many providers");
              for (let turn = turns[begun.length % 25] ?? 0; turn > 0; turn -= 1) await tick();
              running.delete(name);
              if (bad.includes(name)) return false;
              done.add(name);
              return true;
            },
            () => true,
          );
          expect(new Set(begun).size).toBe(begun.length);
          const reached = begun.filter((name) => bad.includes(name));
          const skipped = [...ends].flatMap(([name, { kind }]) => (kind === "skipped" ? name : []));
          expect(new Set(skipped)).toEqual(behind(reached, all));
          expect(begun.length + skipped.length).toBe(all.length);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test("names what failed, and not what was skipped for it", async () => {
    const chain = [
      { name: "a", needs: [], providers: 1 },
      { name: "b", needs: ["a"], providers: 1 },
      { name: "c", needs: ["b"], providers: 1 },
    ];
    const ends = await schedule(
      chain,
      { stacks: 2, providers: 9 },
      async () => false,
      () => true,
    );
    expect(ends.get("c")).toEqual({ kind: "skipped", because: "a" });
  });

  test("starts nothing more once it may not, and lets the rest end", async () => {
    const ended: string[] = [];
    let open = true;
    const four = ["a", "b", "c", "d"].map((name) => ({ name, needs: [], providers: 1 }));
    const ends = await schedule(
      four,
      { stacks: 2, providers: 9 },
      async (name) => {
        await tick();
        open = false;
        await tick();
        ended.push(name);
        return true;
      },
      () => open,
    );
    expect(ended).toEqual(["a", "b"]);
    expect([...ends].map(([name, { kind }]) => `${name} ${kind}`)).toEqual(["a done", "b done", "c left", "d left"]);
  });

  test("throws what a task throws, after all others have ended", async () => {
    const ended: string[] = [];
    const scheduled = schedule(
      ["a", "b", "c"].map((name) => ({ name, needs: [], providers: 1 })),
      { stacks: 2, providers: 9 },
      async (name) => {
        if (name === "a") throw new Error("the disk is full");
        for (let turn = 0; turn < 5; turn += 1) await tick();
        ended.push(name);
        return true;
      },
      () => true,
    );
    await expect(scheduled).rejects.toThrow("the disk is full");
    expect(ended).toEqual(["b"]);
  });

  test("runs one alone that has more providers than fit", async () => {
    let most = 0;
    let running = 0;
    await schedule(
      [5, 1, 1].map((providers, index) => ({ name: `s${index}`, needs: [], providers })),
      { stacks: 3, providers: 2 },
      async () => {
        running += 1;
        most = Math.max(most, running);
        await tick();
        running -= 1;
        return true;
      },
      () => true,
    );
    expect(most).toBe(2);
  });
});
