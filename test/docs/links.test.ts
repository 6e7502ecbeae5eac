import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "../..");
const modules = readdirSync(join(root, "modules"), { recursive: true, encoding: "utf8" });
const sources = modules
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(root, "modules", path), "utf8"));

/** `docs/lifecycle.md#take-over` */
const links = [...new Set(sources.flatMap((text) => text.match(/\bdocs\/[\w-]+\.md#[\w-]+/g) ?? []))].sort();

test("messages lead to pages somewhere", () => {
  expect(links).not.toEqual([]);
});

test.each(links)("%s is there", (link) => {
  const [page = "", anchor] = link.split("#");
  const headings = [...readFileSync(join(root, page), "utf8").matchAll(/^##+ (.+)$/gm)].map((match) =>
    (match[1] ?? "").toLowerCase().replaceAll(" ", "-"),
  );
  expect(headings).toContain(anchor);
});
