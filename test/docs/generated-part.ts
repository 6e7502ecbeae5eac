import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";

/**
 * Holds the part of a page between `<!-- generated: NAME -->` and its end to what the code gives; with UPDATE_DOCS=1 it is
 * written anew instead.
 *
 * @param lines without their ends
 */
export function holdGeneratedPart(path: string, name: string, lines: readonly string[]): void {
  const page = readFileSync(path, "utf8");
  const begin = `<!-- generated: ${name} -->\n`;
  const end = `<!-- end of generated: ${name} -->`;
  expect(page.split(begin)).toHaveLength(2);
  const [before = "", rest = ""] = page.split(begin);
  const [now = "", ...after] = rest.split(end);
  expect(after).toHaveLength(1);
  const wanted = lines.map((line) => `${line}\n`).join("");
  if (process.env.UPDATE_DOCS === "1") writeFileSync(path, `${before}${begin}${wanted}${end}${after[0]}`);
  else expect(now).toBe(wanted);
}
