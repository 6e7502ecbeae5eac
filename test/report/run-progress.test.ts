import { describe, expect, test } from "@jest/globals";
import { RunProgress } from "../../modules/report/run-progress";

const names = ["acme.a", "acme.b", "acme.long-name", "acme.d"];
const stacks = names.map((stack) => ({ stack, providers: 1, resources: 10 }));

function begun(): RunProgress {
  const progress = new RunProgress(stacks, 0);
  progress.event("acme.a", { kind: "status", status: "planning" }, 0);
  progress.event("acme.a", { kind: "started", step: "plan", attempt: 1, pid: 1 }, 1000);
  return progress;
}

describe("the lines of a log", () => {
  test("are one for each change of a stack, with the time and how many are done", () => {
    const progress = new RunProgress(stacks, 0);
    expect(progress.event("acme.a", { kind: "status", status: "planning" }, 0)).toBe("     0s  0/4  acme.a  planning");
    expect(progress.event("acme.a", { kind: "started", step: "plan", attempt: 1, pid: 1 }, 2000)).toBeUndefined();
    expect(
      progress.event("acme.a", { kind: "resource", step: "plan", address: "x.y", done: true }, 2500),
    ).toBeUndefined();
    expect(progress.event("acme.a", { kind: "status", status: "planning" }, 3000)).toBeUndefined();
    expect(progress.event("acme.a", { kind: "status", status: "planned" }, 65_000)).toBe(
      " 1m 05s  1/4  acme.a  planned after 1m 05s",
    );
  });

  test("say what is tried again and why, and never more than one line", () => {
    expect(
      begun().event("acme.a", { kind: "retry", step: "plan", cause: "state\nlocked\u001b[2J", waitMs: 8000 }, 4000),
    ).toBe("     4s  0/4  acme.a  plan again in 8s: state\\u{a}locked\\u{1b}[2J");
  });
});

describe("a stack of which nothing is heard", () => {
  test("is told of once a minute, until something is heard again", () => {
    const progress = begun();
    expect(progress.silences(60_900)).toEqual([]);
    expect(progress.silences(91_000)).toEqual([" 1m 31s  0/4  acme.a  plan  waiting on AWS, 1m 30s"]);
    expect(progress.silences(100_000)).toEqual([]);
    expect(progress.silences(121_000)).toEqual([" 2m 01s  0/4  acme.a  plan  waiting on AWS, 2m 00s"]);
    progress.event("acme.a", { kind: "resource", step: "plan", address: "x.y", done: true }, 130_000);
    expect(progress.silences(180_000)).toEqual([]);
    expect(progress.silences(190_000)).toEqual([" 3m 10s  0/4  acme.a  plan  waiting on AWS, 1m 00s"]);
  });

  test("is told of where somebody watches, after half a minute", () => {
    const progress = begun();
    expect(progress.view(30_000, 10, 80)[1]).toBe("  acme.a  plan  0 of 10 resources  29s");
    expect(progress.view(91_000, 10, 80)[1]).toBe("  acme.a  plan  0 of 10 resources  1m 30s  waiting on AWS, 1m 30s");
  });

  test("is none that waits for something known, or does not ask AWS", () => {
    const progress = begun();
    progress.event("acme.a", { kind: "retry", step: "plan", cause: "state-locked", waitMs: 8000 }, 4000);
    progress.event("acme.d", { kind: "started", step: "init", attempt: 1, pid: 1 }, 4000);
    expect(progress.silences(200_000)).toEqual([]);
  });
});

describe("what a terminal shows", () => {
  test("is the whole and what is being worked on, longest first, with the resources done", () => {
    const progress = begun();
    progress.event("acme.long-name", { kind: "status", status: "planning" }, 3000);
    progress.event("acme.long-name", { kind: "started", step: "init", attempt: 1, pid: 1 }, 3000);
    progress.event("acme.a", { kind: "resource", step: "plan", address: "x.y", done: false }, 3000);
    progress.event("acme.a", { kind: "resource", step: "plan", address: "x.z", done: true }, 3000);
    expect(progress.view(9000, 10, 80)).toEqual([
      "plan  0 of 4 stacks, 2 running, 9s",
      "  acme.a          plan  1 of 10 resources  8s",
      "  acme.long-name  init  6s",
    ]);
  });

  test("tells the time that is left by what has been finished", () => {
    const progress = begun();
    progress.event("acme.a", { kind: "status", status: "unchanged" }, 10_000);
    expect(progress.view(10_000, 10, 80)[0]).toBe("plan  1 of 4 stacks, 0 running, 10s, about 30s left");
    for (const name of names.slice(1)) {
      progress.event(name, { kind: "status", status: "planning" }, 10_000);
      progress.event(name, { kind: "status", status: "failed" }, 20_000);
    }
    expect(progress.view(20_000, 10, 80)[0]).toBe("plan  4 of 4 stacks, 0 running, 3 failed, 20s");
  });

  test("begins to count anew when applying begins", () => {
    const progress = new RunProgress(stacks, 0);
    for (const name of names) {
      progress.event(name, { kind: "status", status: "planning" }, 0);
      progress.event(name, { kind: "status", status: name === "acme.d" ? "unchanged" : "planned" }, 10_000);
    }
    progress.event("acme.a", { kind: "status", status: "applying" }, 60_000);
    expect(progress.view(61_000, 10, 80)).toEqual([
      "apply  1 of 4 stacks, 1 running, 1m 01s",
      "  acme.a  applying  1s",
    ]);
    progress.event("acme.a", { kind: "status", status: "applied" }, 80_000);
    expect(progress.view(80_000, 10, 80)[0]).toBe("apply  2 of 4 stacks, 0 running, 1m 20s, about 40s left");
  });

  test("never has more lines, or longer ones, than there is room for", () => {
    const progress = new RunProgress(stacks, 0);
    for (const name of names) progress.event(name, { kind: "status", status: "planning" }, 0);
    expect(progress.view(0, 3, 80)).toEqual([
      "plan  0 of 4 stacks, 4 running, 0s",
      "  acme.a  planning  0s",
      "  and 3 more",
    ]);
    for (const height of [1, 2, 3, 4, 5, 6]) {
      const lines = progress.view(0, height, 12);
      expect(lines.length).toBeLessThanOrEqual(height);
      expect(lines.every((line) => line.length <= 12)).toBe(true);
    }
  });
});
