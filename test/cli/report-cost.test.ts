import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeMapFolder } from "./map-folder";
import { orgkeys } from "./recorded-terminal";

let folder: string;
let config: string;
let out: string;
beforeAll(() => {
  ({ folder, config, out } = makeMapFolder());
  expect(orgkeys("synth", "--config", config, "--out", out).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = (...words: string[]) => orgkeys("report", "--config", config, "--out", out, ...words);

describe("report --cost", () => {
  test("prints rows and a total, and ends well", () => {
    const { code, printed } = report("--cost");
    expect(code).toBe(0);
    expect(printed).toMatch(/^zone +keys +replicas +now +later +requests$/m);
    expect(printed).toMatch(/^total +5 +3 +8 +24 +0$/m);
  });

  test("counts the selected accounts alone", () => {
    const { total } = JSON.parse(report("--cost", "--zone", "health", "--format", "json").printed);
    expect(total).toMatchObject({ keys: 1, replicas: 0, now: 1, later: 3 });
  });

  test("needs no map unless accounts are selected", () => {
    expect(orgkeys("report", "--cost", "--config", join(folder, "none"), "--out", out).code).toBe(0);
    expect(orgkeys("report", "--cost", "--config", join(folder, "none"), "--out", out, "--zone", "health").code).toBe(
      1,
    );
  });

  test("writes a file, and its summary to the terminal", () => {
    const file = join(folder, "cost.md");
    const { code, printed, noted } = report("--cost", "--by", "owner", "--format", "markdown", "--output", file);
    expect([code, printed]).toEqual([0, ""]);
    expect(noted).toContain("5 keys and 3 replicas: 8 USD a month");
    expect(readFileSync(file, "utf8")).toContain("| finance |");
  });

  test.each([
    ["no report", [], "say which report: --cost"],
    ["a selection of nothing", ["--cost", "--zone", "heath"], "heath"],
  ])("refuses %s", (_, words, why) => {
    const { code, noted } = report(...words);
    expect([code, noted]).toEqual([1, expect.stringContaining(why)]);
  });

  test("is an error where the output is not there, or not whole", () => {
    expect(orgkeys("report", "--cost", "--out", join(folder, "none"))).toMatchObject({
      code: 1,
      noted: expect.stringContaining("is not there"),
    });
    const file = join(out, "stacks/acme.health.clinic/cdk.tf.json");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace('"resource"', '"module": {"keys": {"source": "./keys"}}, "resource"'));
    const { code, printed } = report("--cost");
    writeFileSync(file, before);
    expect(code).toBe(1);
    expect(printed).toContain("Not whole: acme.health.clinic has something that cannot be understood");
  });
});

describe("explain --strategy", () => {
  test("compares on this map", () => {
    const { code, printed } = orgkeys("explain", "--strategy", "--config", config);
    expect(code).toBe(0);
    expect(printed).toMatch(/^ {2}as the map is +4 +3 +7 +21 /m);
    const { schema, zones } = JSON.parse(
      orgkeys("explain", "--strategy", "--config", config, "--format", "json").printed,
    );
    expect([schema, zones.length]).toEqual(["orgkeys/strategy/v1", 2]);
  });

  test.each([[["role/ledger"]], [["--rollout", "pci.x"]], [["--action", "kms:Decrypt"]]])(
    "goes without %j",
    (words) => {
      const { code, noted } = orgkeys("explain", "--strategy", "--config", config, ...words);
      expect([code, noted]).toEqual([1, expect.stringContaining("--strategy goes without SUBJECT")]);
    },
  );
});
