import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";

const root = join(__dirname, "../..");

function filesBelow(folder: string, ending: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return found.filter((path) => path.endsWith(ending)).map((path) => join(folder, path));
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** As GitHub makes them: of letters, digits, `-` and `_` alone, the blanks as hyphens. */
function anchorsOf(page: string): string[] {
  return [...withoutFences(read(page)).matchAll(/^##* (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, "");
}

describe("messages", () => {
  const texts = filesBelow("modules", ".ts").map(read);
  /** `docs/lifecycle.md#take-over` */
  const links = [...new Set(texts.flatMap((text) => text.match(/\bdocs\/[\w-]+\.md#[\w-]+/g) ?? []))].sort();

  test("lead to pages somewhere", () => {
    expect(links).not.toEqual([]);
  });

  test.each(links)("%s is there", (link) => {
    const [page = "", anchor] = link.split("#");
    expect(anchorsOf(page)).toContain(anchor);
  });
});

describe("pages", () => {
  const pages = ["README.md", "CONTRIBUTING.md", ...filesBelow("docs", ".md")].sort();

  test.each(pages)("%s leads to files and headings that are there", (page) => {
    const links = [...withoutFences(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file = "", anchor]) => {
      const target = file === "" ? page : relative(root, join(root, dirname(page), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe("decisions", () => {
  const decisions = filesBelow("docs/decisions", ".md").sort();

  test("are numbered without a gap, in their names and their titles", () => {
    const numbers = decisions.map((path) => [
      Number(/(\d{4})-[^/]+$/.exec(path)?.[1]),
      Number(/^# (\d+)\. /.exec(read(path))?.[1]),
    ]);
    expect(numbers).toEqual(decisions.map((_, index) => [index + 1, index + 1]));
  });
});
