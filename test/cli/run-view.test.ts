import { PassThrough } from "node:stream";
import { describe, expect, jest, test } from "@jest/globals";
import { runView } from "../../modules/cli/run-view";

const stacks = ["acme.a", "acme.b"].map((stack) => ({ stack, providers: 1, resources: 10 }));

/** A stream of so many lines that remembers what was written to it. */
function recorded(rows: number | undefined): { stream: NodeJS.WriteStream; written: () => string } {
  const stream = new PassThrough();
  let written = "";
  stream.on("data", (chunk) => {
    written += String(chunk);
  });
  const size = rows === undefined ? {} : { isTTY: true, rows, columns: 60 };
  return { stream: Object.assign(stream, size) as unknown as NodeJS.WriteStream, written: () => written };
}

describe("the view of a run", () => {
  test("writes plain lines where nobody watches, and no control characters", () => {
    const { stream, written } = recorded(undefined);
    const view = runView(stream, stacks, () => 0);
    view.event("acme.a", { kind: "status", status: "planning" });
    view.event("acme.a", { kind: "resource", step: "plan", address: "x.y", done: true });
    view.note("a note");
    view.event("acme.a", { kind: "status", status: "planned" });
    view.pause();
    expect(written()).toBe("     0s  0/2  acme.a  planning\na note\n     0s  1/2  acme.a  planned after 0s\n");
  });

  test("tells where nobody watches of a stack of which nothing is heard, and ends with the view", () => {
    jest.useFakeTimers();
    const { stream, written } = recorded(undefined);
    let now = 0;
    const view = runView(stream, stacks, () => now);
    view.event("acme.a", { kind: "started", step: "apply", attempt: 1, pid: 1 });
    now = 61_000;
    jest.advanceTimersByTime(10_000);
    expect(written()).toBe(" 1m 01s  0/2  acme.a  apply  waiting on AWS, 1m 01s\n");
    view.pause();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test("moves within the terminal's height, and leaves nothing behind but what went wrong", () => {
    const { stream, written } = recorded(6);
    const view = runView(stream, stacks, () => 0);
    view.event("acme.a", { kind: "status", status: "planning" });
    view.event("acme.b", { kind: "status", status: "planning" });
    view.event("acme.b", { kind: "status", status: "failed" });
    view.note("a note");
    view.pause();
    expect(written()).toContain("plan  1 of 2 stacks, 1 running, 1 failed, 0s");
    expect(written()).toContain("     0s  1/2  acme.b  failed after 0s\na note\n");
    // Four lines at most are drawn, so that the cursor goes up by three.
    const ups = written()
      .split("\u001b[")
      .map((part) => Number(/^(\d+)A/.exec(part)?.[1] ?? 0));
    expect(Math.max(...ups)).toBe(3);
    expect(written().endsWith("\u001b[0J")).toBe(true);
  });

  test("shows itself again after a question, and changes no setting of the terminal", () => {
    const { stream, written } = recorded(6);
    const view = runView(stream, stacks, () => 0);
    view.event("acme.a", { kind: "status", status: "planning" });
    view.pause();
    const before = written().length;
    view.event("acme.a", { kind: "status", status: "planned" });
    view.pause();
    expect(written().slice(before)).toContain("plan  1 of 2 stacks");
    expect(written()).not.toContain("\u001b[?");
  });
});
