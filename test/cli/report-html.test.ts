import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { driftJson } from "../../modules/report/drift-json";
import { unpackPage } from "../../modules/report/unpack-page";
import { drifted } from "../report/drift-reports";
import { makeMapFolder } from "./map-folder";
import { orgkeys, orgkeysLater, type Recorded } from "./recorded-terminal";

let folder: string;
let config: string;
let out: string;
let html: string;
beforeAll(() => {
  ({ folder, config, out } = makeMapFolder());
  orgkeys("synth", "--config", config, "--out", out);
  html = join(folder, "page.html");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(...words: string[]): Promise<Recorded> {
  return orgkeysLater("report", "--config", config, "--out", out, "--today", "2026-06-01", ...words);
}

function pageIn(file: string) {
  const [, data = ""] = /id="data">(.*?)<\/script>/s.exec(readFileSync(file, "utf8")) ?? [];
  return unpackPage(JSON.parse(data));
}

describe("report --html", () => {
  test("writes one file, and says how large it is and what to do with it", async () => {
    const { code, noted } = await report("--html", html);
    expect(code).toBe(0);
    expect(noted).toMatch(/5 keys of 6 accounts, 0 open findings; \d+ kB\./);
    expect(noted).toContain(`Written to ${html}. It needs no network: open file://${html} in a browser`);
    expect(pageIn(html)).toMatchObject({ output: out, today: "2026-06-01", review: null, drift: null });
  });

  test("writes the same bytes again", async () => {
    await report("--html", html);
    const before = readFileSync(html);
    await report("--html", html);
    expect(readFileSync(html).equals(before)).toBe(true);
  });

  test("carries the licences of the packages that it has code of, once each", async () => {
    await report("--html", html);
    const page = readFileSync(html, "utf8");
    for (const name of ["d3-selection", "d3-hierarchy", "d3-zoom", "@tanstack/virtual-core"]) {
      const { version } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
      expect(page.split(`${name} ${version}`)).toHaveLength(2);
    }
    expect(page).toContain("Copyright (c) 2021-present Tanner Linsley");
    expect(page).toContain("the above copyright notice\nand this permission notice appear in all copies.");
    expect(page.split("Permission is hereby granted, free of charge")).toHaveLength(2);
  });

  test("lays a report of drift over it", async () => {
    const file = join(folder, "drift.json");
    writeFileSync(file, driftJson(drifted));
    expect((await report("--html", html, "--drift", file)).code).toBe(0);
    expect(pageIn(html).drift).toEqual(JSON.parse(driftJson(drifted)));
  });

  test("tells every reason why it cannot, and writes nothing", async () => {
    const at = join(folder, "not-there", "page.html");
    const broken = join(folder, "broken.json");
    writeFileSync(broken, "{}");
    const { code, noted } = await report("--html", at, "--drift", broken, "--review", folder);
    expect(code).toBe(1);
    expect(noted.split("\n")).toEqual([
      `--html ${at}: its folder does not exist; make it first, or name another file`,
      `--review ${folder}: is not a file; name one that orgkeys review --format json has written`,
      expect.stringContaining(`--drift ${broken}: is no report of orgkeys, and orgkeys/drift/v1 is needed`),
      "No report was written.",
    ]);
    expect(existsSync(at)).toBe(false);
  });

  test("refuses a folder", async () => {
    const at = join(folder, "folder");
    mkdirSync(at);
    const { code, noted } = await report("--html", at);
    expect([code, noted]).toEqual([1, `--html ${at}: is a folder; name a file in it\nNo report was written.`]);
    expect(readdirSync(at)).toEqual([]);
  });

  test("keeps the page that is there when the output or the map is not", async () => {
    writeFileSync(html, "before");
    const words = ["report", "--html", html, "--today", "2026-06-01"];
    const noOutput = await orgkeysLater(...words, "--config", config, "--out", join(folder, "none"));
    const noMap = await orgkeysLater(...words, "--config", join(folder, "none"), "--out", out);
    expect([noOutput.code, noMap.code]).toEqual([1, 1]);
    expect(noOutput.noted).toContain("run orgkeys synth first");
    expect(noMap.noted).toContain("No report was written.");
    expect(readFileSync(html, "utf8")).toBe("before");
  });

  test("tells a stack that cannot be read, on the page and on the terminal", async () => {
    const stack = join(out, "stacks/acme.health.clinic/cdk.tf.json");
    const text = readFileSync(stack, "utf8");
    writeFileSync(stack, "{");
    const { code, noted } = await report("--html", html);
    writeFileSync(stack, text);
    expect(code).toBe(0);
    expect(noted).toMatch(/^\d+ things? that it cannot tell: under Findings, Not told\.$/m);
    expect(pageIn(html).notices.map(({ where }) => where)).toContain("acme.health.clinic");
  });

  test.each([
    [["--html", "x.html", "--cost"], "only one of --cost, --serve, --html at a time"],
    [["--cost", "--drift", "x.json"], "--drift goes with --html alone"],
    [["--html", "x.html", "--zone", "pci"], "--zone goes with --cost alone"],
  ])("takes no other report's options: %j", async (words, why) => {
    const { code, noted } = await report(...words);
    expect([code, noted]).toEqual([1, why]);
  });
});
