import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { LiveState } from "../../modules/report/live-state";
import { type OrgkeysProcess, startOrgkeys } from "../e2e/orgkeys-process";
import { type MapFolder, makeMapFolder } from "./map-folder";
import { ask, stateAt } from "./served-page";

jest.setTimeout(240_000);

let made: MapFolder;
let temporary: string;
let serving: OrgkeysProcess;
let url: URL;
let workloads: string;
let right: string;

beforeAll(() => {
  made = makeMapFolder();
  temporary = join(made.folder, "tmp");
  mkdirSync(temporary);
  workloads = join(made.config, "workloads", "clinic.yaml");
  right = readFileSync(workloads, "utf8");
});
afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

beforeEach(async () => {
  writeFileSync(workloads, right);
  serving = serve();
  await until(() => /^http:\/\/127\.0\.0\.1:\d+\/$/m.test(serving.printed()));
  url = new URL(/^http:\S+$/m.exec(serving.printed())?.[0] ?? "");
});
afterEach(async () => {
  serving.kill("SIGINT");
  await serving.ended;
});

function serve(...words: string[]): OrgkeysProcess {
  const environment = { ...process.env, TMPDIR: temporary };
  return startOrgkeys(["report", "--serve", "--config", made.config, "--out", made.out, ...words], environment);
}

/** Without what the TypeScript loader keeps there. */
function foldersLeft(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("orgkeys-"));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const last = Date.now() + 90_000;
  while (!(await isSo())) {
    if (Date.now() > last) throw new Error(`it never came:\n${serving.printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The state after what was saved has been read. */
async function settled(isSo: (state: LiveState) => boolean): Promise<LiveState> {
  let last = await stateAt(url);
  await until(async () => {
    last = await stateAt(url);
    return !last.reading && isSo(last);
  });
  return last;
}

describe("report --serve", () => {
  test("shows the map, what is wrong with it at its line, and the map again", async () => {
    expect((await ask(url, "/")).text).toContain("There is no page yet");
    const first = await settled(({ page }) => page !== "");
    const page = (await ask(url, "/")).text;
    expect(page).toContain(`<meta name="orgkeys-page" content="${first.page}">`);
    expect(page).toContain("connect-src 'self'");
    expect(page).toContain("alias/records-prod");
    expect(page).not.toContain(temporary);

    writeFileSync(workloads, right.replace("dataClass:", "dataKlass:"));
    const wrong = await settled(({ problems }) => problems.length > 0);
    const [problem] = wrong.problems;
    const line = right.split("\n").findIndex((each) => each.includes("dataClass:")) + 1;
    expect(wrong.page).toBe(first.page);
    expect(problem).toEqual({
      place: expect.stringMatching(new RegExp(`workloads/clinic\\.yaml:${line}:\\d+$`)),
      line: expect.stringContaining("dataKlass:"),
      what: expect.stringContaining("dataKlass"),
      fix: expect.stringMatching(/./),
    });
    expect((await ask(url, "/")).text).toBe(page);

    // As editors do it: beside, and then under its name.
    writeFileSync(`${workloads}.new`, right.replace("owner: clinic", "owner: somebody-else"));
    renameSync(`${workloads}.new`, workloads);
    const last = await settled((each) => each.page !== first.page && each.problems.length === 0);
    expect((await ask(url, "/")).text).toContain(`content="${last.page}"`);
    expect(existsSync(made.out)).toBe(false);
    await until(() => foldersLeft().flatMap((each) => readdirSync(join(temporary, each))).length === 0);
  });

  test("answers to its own names alone, and lets nobody do anything but read", async () => {
    const port = url.port;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect((await ask(url, "/", { host })).status).toBe(200);
    for (const host of [
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:${Number(port) + 1}`,
      `127.0.0.1:${port}.example`,
    ]) {
      for (const path of ["/", "/events"]) expect([host, (await ask(url, path, { host })).status]).toEqual([host, 421]);
    }
    for (const method of ["POST", "PUT", "OPTIONS"]) expect((await ask(url, "/", { method })).status).toBe(405);
    for (const path of ["/../package.json", "/stacks", "//evil.example/"])
      expect((await ask(url, path)).status).toBe(404);
    const { headers } = await ask(url, "/");
    expect(headers).toMatchObject({ "cache-control": "no-store", "cross-origin-resource-policy": "same-origin" });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("ends at once with Ctrl-C, while it reads, and leaves nothing", async () => {
    expect(foldersLeft()).toHaveLength(1);
    const started = Date.now();
    serving.kill("SIGINT");
    const { code, stderr } = await serving.ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("rror")]);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(foldersLeft()).toEqual([]);
  });

  test("says what speaks against a port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const [taken, none] = await Promise.all([serve("--port", `${port}`).ended, serve("--port", "none").ended]);
    other.close();
    expect([taken.code, taken.stderr]).toEqual([
      1,
      `--port ${port}: another program has it; take another one, or leave --port out for a free one\n`,
    ]);
    expect([none.code, none.stderr]).toEqual([1, "--port none: must be a port, 1 to 65535, or 0 for a free one\n"]);
  });
});
