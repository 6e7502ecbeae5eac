import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
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

  describe("with a review", () => {
    const changes = (): unknown =>
      (pageIn(html).review as { changes: { id: string; place: { resource: string } }[] }).changes.map(
        ({ id, place }) => `${id} ${place.resource}`,
      );
    const removed = ["key-removed alias/records-prod"];
    let base: string;
    let file: string;
    beforeAll(async () => {
      base = join(folder, "base.json");
      file = join(folder, "review.json");
      renameSync(out, base);
      cpSync(base, out, { recursive: true });
      await orgkeysLater("review", base, "--config", config, "--out", out, "--format", "json", "--output", file);
    });
    afterAll(() => {
      rmSync(base, { recursive: true, force: true });
    });
    afterEach(() => {
      rmSync(out, { recursive: true, force: true });
      cpSync(base, out, { recursive: true });
    });

    function removeKey(): void {
      const path = join(out, "stacks/acme.health.clinic/cdk.tf.json");
      const stack = JSON.parse(readFileSync(path, "utf8"));
      const keys = stack.resource.aws_kms_key;
      const [name = ""] = Object.keys(keys).filter((each) => each.startsWith("records_prod"));
      expect(name).not.toBe("");
      for (const type of Object.values(stack.resource) as Record<string, unknown>[]) {
        for (const id of Object.keys(type)) if (id.startsWith("records_prod")) delete type[id];
      }
      writeFileSync(path, JSON.stringify(stack, null, 2));
    }

    test("from a folder, whatever it is called, to the output as it is", async () => {
      removeKey();
      const { code, noted } = await report("--html", html, "--review", base);
      expect([code, noted]).toEqual([0, expect.stringContaining("Written to")]);
      expect(changes()).toEqual(expect.arrayContaining(removed));
    });

    test("that a file has, whatever it is called", async () => {
      const other = join(folder, "review");
      writeFileSync(other, readFileSync(file));
      for (const each of [file, other]) {
        expect((await report("--html", html, "--review", each)).code).toBe(0);
        expect(pageIn(html).review).toEqual(JSON.parse(readFileSync(file, "utf8")));
      }
    });

    test("from a commit, with a word where a file or a folder has its name", async () => {
      const git = (...words: string[]): void => {
        const ended = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
        expect([ended.status, ended.stderr]).toEqual([0, ""]);
      };
      const names = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
      git("init", "--quiet", "--initial-branch", "first");
      git("add", "cdktf.out", "config");
      git(...names, "commit", "--quiet", "--message", "first");
      const before = process.cwd();
      try {
        process.chdir(folder);
        removeKey();
        const words = ["report", "--html", html, "--today", "2026-06-01", "--review"];
        const fromCommit = await orgkeysLater(...words, "first");
        expect([fromCommit.code, fromCommit.noted]).toEqual([0, expect.stringContaining("Written to")]);
        expect(changes()).toEqual(expect.arrayContaining(removed));

        writeFileSync("first", readFileSync(file));
        const fromFile = await orgkeysLater(...words, "first");
        expect([fromFile.code, fromFile.noted]).toEqual([
          0,
          expect.stringContaining("first is a file and a commit: the file is read; refs/heads/first is the branch."),
        ]);
        expect(changes()).toEqual([]);
        expect((await orgkeysLater(...words, "refs/heads/first")).code).toBe(0);
        expect(changes()).toEqual(expect.arrayContaining(removed));
      } finally {
        process.chdir(before);
      }
    });

    test.each([
      ["none.json", "--review none.json: there is no such file; name one that orgkeys review"],
      ["/dev/null", "--review /dev/null: is neither a file, nor a folder, nor a commit"],
      ["no-such-branch", "no-such-branch: "],
      ["a..b", "a..b: is no name of a commit"],
      ["config", "config"],
    ])("refuses %s, and leaves the page that is there", async (name, why) => {
      writeFileSync(html, "before");
      const { code, noted } = await report("--html", html, "--review", name);
      expect([code, noted]).toEqual([1, expect.stringContaining(why)]);
      expect(noted).toMatch(/No report was written\.$/);
      expect(readFileSync(html, "utf8")).toBe("before");
    });
  });

  test("tells every reason why it cannot, and writes nothing", async () => {
    const at = join(folder, "not-there", "page.html");
    const broken = join(folder, "broken.json");
    writeFileSync(broken, "{}");
    const { code, noted } = await report("--html", at, "--drift", folder, "--review", broken);
    expect(code).toBe(1);
    expect(noted.split("\n")).toEqual([
      `--html ${at}: its folder does not exist; make it first, or name another file`,
      expect.stringContaining(`--review ${broken}: is no report of orgkeys, and orgkeys/review/v1 is needed`),
      `--drift ${folder}: is not a file; name one that orgkeys drift --format json has written`,
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
