import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pageNotices } from "../../modules/cli/page-notices";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-notices-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns a file of it */
function madePackage(name: string, licence?: readonly [file: string, text: string]): string {
  const made = join(folder, "node_modules", name);
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, "package.json"), JSON.stringify({ name, version: "1.2.3" }));
  if (licence !== undefined) writeFileSync(join(made, licence[0]), licence[1]);
  return join(made, "source/index.js");
}

describe("notices of a page", () => {
  test("have each package by name, and a text that several have once", () => {
    const files = [
      madePackage("zebra", ["LICENSE", "Be kind.\r\n"]),
      madePackage("@stripes/ape", ["License.md", "Be kind."]),
      madePackage("bear", ["LICENCE.txt", "Be kinder. */"]),
    ];
    const told = pageNotices([join(folder, "own.ts"), ...files, ...files]);
    expect(told).toBe(
      "/*!\nThis script has code of these packages.\n\n@stripes/ape 1.2.3, zebra 1.2.3\n\nBe kind.\n\nbear 1.2.3\n\nBe kinder. * /\n*/",
    );
    expect(pageNotices([...files].reverse())).toBe(told);
  });

  test("are none where all code is our own", () => {
    expect(pageNotices([join(folder, "own.ts")])).toBeUndefined();
  });

  test("refuse a package that nobody licenses", () => {
    expect(() => pageNotices([madePackage("wild")])).toThrow("wild 1.2.3 has no licence in it");
  });
});
