import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { SaxesParser } from "saxes";
import { renderPage } from "../../../modules/report/html/render-page";
import type { PageData } from "../../../modules/report/page-data";
import { unpackPage } from "../../../modules/report/unpack-page";
import { breached } from "../../checks/legacy-reports";
import { small } from "../../checks/small-output";
import { pageOf, parts } from "./sample-page";

const page = pageOf(breached, "config");

const hostile = {
  script: "<script>alert(1)</script>",
  "the end of the script": "</script><img src=x onerror=alert(1)>",
  "a comment": "<!--<script>",
  "the end of noscript": "</noscript></title></style><b>",
  quotes: `"'\`=onmouseover=alert(1) `,
  entities: "&lt;script&gt;&amp;",
  mustaches: "{{{data}}} {{#each}}",
  "replacement patterns": "$& $1 $$",
  "line separators": "a\u2028b\u2029c",
  "marks of direction": "\u202Egnp.exe\u2066\u200F",
  emoji: "👩‍👩‍👧‍👦🔑",
  "very long": "x".repeat(20_000),
} as const;

/** Every text of the page with something in front: nothing of it may become anything but text. */
function poisoned(poison: string): PageData {
  const inFront = (value: unknown): unknown => {
    if (typeof value === "string") return `${poison}${value}`;
    if (Array.isArray(value)) return value.map(inFront);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inFront(inner)]));
  };
  const { organizations, ous, accounts, zones, keys, findings, exceptions, rollouts, through, conditions } = page;
  const free = { organizations, ous, accounts, keys, findings, exceptions, rollouts, through, conditions };
  const texts = inFront(free) as typeof free;
  const named = zones.map((zone) => ({
    ...zone,
    name: `${poison}${zone.name}`,
    breakGlass: `${poison}${zone.breakGlass}`,
  }));
  return {
    ...page,
    ...texts,
    zones: named,
    output: poison,
    notices: [{ where: poison, what: poison, whatToDo: poison }],
  };
}

/** Opening and closing tags in their order, with attributes but the policy's, as a reader of markup sees them. */
function tags(html: string): string[] {
  const found: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => found.push(`<${name} ${JSON.stringify(attributes)}`));
  parser.on("closetag", ({ name }) => found.push(`/${name}`));
  const text = html
    .replace(/^<!DOCTYPE html>\n/, "")
    .replace(/<meta [^>]*(?=>)/g, "$&/")
    .replace(/(<(?:script|style)[^>]*>).*?(<\/(?:script|style)>)/gs, "$1$2");
  parser.write(text).close();
  return found;
}

function dataIn(html: string): string {
  const [, data = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  return data;
}

const withNotice: PageData = { ...page, notices: [{ where: "a", what: "b", whatToDo: "c" }] };

describe("a page", () => {
  test("reads without scripts", () => {
    const html = renderPage(page, parts);
    expect(html).toContain("the zone proof is breached");
    expect(html).toContain("alias/payments-prod");
    expect(html).toContain("<h1>Keys of commercial, govcloud</h1>");
    for (const { name } of page.zones) expect(html).toContain(`<th scope="row">${name}</th>`);
  });

  test("has the same bytes for the same output and day", () => {
    expect(renderPage(pageOf(breached, "config"), parts)).toBe(renderPage(page, parts));
  });

  test("gives its script the data as they were", () => {
    expect(unpackPage(JSON.parse(dataIn(renderPage(page, parts))))).toEqual(page);
  });

  test("asks nobody for anything", () => {
    const html = renderPage(page, parts);
    expect(html).not.toMatch(/<(?:a|base|embed|form|frame|iframe|img|link|object)[\s>]/);
    expect(html).not.toMatch(/\s(?:src|href|action|srcset|style|on[a-z]+)=/);
    expect(html).not.toMatch(/@import|url\(/);
  });

  test("has a policy that lets run the one script in it", () => {
    const html = renderPage(page, parts);
    const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const plain = policy.replaceAll("&#x27;", "'").replaceAll("&#x3D;", "=");
    expect(plain).toBe(
      `default-src 'none'; script-src '${hash(parts.script)}'; style-src '${hash(parts.styles)}' '${hash(parts.summaryStyles)}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test("is refused a script that would end its own element", () => {
    expect(() => renderPage(page, { ...parts, script: 'const a = "</script>";' })).toThrow("script");
    expect(() => renderPage(page, { ...parts, styles: "</style>" })).toThrow("styles");
  });

  test("says what it leaves out of a large organization", () => {
    const [key] = page.keys;
    if (key === undefined) throw new Error("the sample has no key");
    const keys = Array.from({ length: 3_000 }, (_, index) => ({ ...key, id: `${key.id}${index}` }));
    expect(renderPage({ ...page, keys, access: [], principals: [] }, parts)).toContain("<p>and 2000 more</p>");
  });
});

describe("a name", () => {
  test.each(Object.entries(hostile))("with %s is text", (_, poison) => {
    const html = renderPage(poisoned(poison), parts);
    expect(tags(html)).toEqual(tags(renderPage(withNotice, parts)));
    expect(dataIn(html)).not.toMatch(/[<\u2028\u2029]/);
    expect(unpackPage(JSON.parse(dataIn(html)))).toEqual(poisoned(poison));
  });

  test("of an owner comes out as it is", () => {
    const html = renderPage(poisoned(hostile.script), parts);
    expect(html).toContain("<td>&lt;script&gt;alert(1)&lt;/script&gt;payments-platform</td>");
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});

test("a page without findings, exceptions and rollouts says so", () => {
  const html = renderPage({ ...pageOf(small, "test/fixtures/small"), rollouts: [], findings: [] }, parts);
  expect(html.match(/<p>None\.<\/p>/g)).toHaveLength(2);
  expect(html).toContain("<p>Nothing.</p>");
});
