import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { processStart } from "../../../modules/terraform/run/process-start";
import { lockFile, takeRunLock } from "../../../modules/terraform/run/run-lock";

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-lock-"));
  out = join(folder, "cdktf.out");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const holdBy = (holder: object): void => writeFileSync(lockFile(out), JSON.stringify(holder));
const ofRun = (): string => JSON.parse(readFileSync(lockFile(out), "utf8")).run;

describe("the lock of an output", () => {
  test("lies beside it, for its owner alone, and goes with its run", () => {
    const lock = takeRunLock(out, "one");
    expect([ofRun(), existsSync(out)]).toEqual(["one", false]);
    if ("release" in lock) lock.release();
    expect(existsSync(lockFile(out))).toBe(false);
  });

  test("is refused to a second run, which is told by whom", () => {
    takeRunLock(out, "one");
    expect(takeRunLock(out, "two")).toMatchObject({ holder: { pid: process.pid, run: "one" }, file: lockFile(out) });
    expect(ofRun()).toBe("one");
  });

  test("of a process that is gone is taken over", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.once("exit", resolve));
    holdBy({ pid: child.pid, started: "1", host: hostname(), run: "dead" });
    expect("release" in takeRunLock(out, "next")).toBe(true);
    expect(ofRun()).toBe("next");
  });

  test("of a process whose id another one has by now is taken over", () => {
    holdBy({ pid: process.pid, started: "long ago", host: hostname(), run: "dead" });
    expect("release" in takeRunLock(out, "next")).toBe(true);
  });

  test("of a process that runs is not", () => {
    holdBy({ pid: process.pid, started: processStart(process.pid), host: hostname(), run: "other" });
    expect("holder" in takeRunLock(out, "next")).toBe(true);
  });

  test.each([
    ["of another machine", { pid: 1, started: "1", host: "elsewhere", run: "far" }],
    ["that nobody can read", {}],
  ])("%s is not taken over: nobody can tell from here", (_, holder) => {
    holdBy(holder);
    expect("holder" in takeRunLock(out, "next")).toBe(true);
    expect(JSON.parse(readFileSync(lockFile(out), "utf8"))).toEqual(holder);
  });

  test("that somebody else has by now is not released", () => {
    const lock = takeRunLock(out, "one");
    holdBy({ pid: 1, host: "elsewhere", run: "two" });
    if ("release" in lock) lock.release();
    expect(ofRun()).toBe("two");
  });
});
