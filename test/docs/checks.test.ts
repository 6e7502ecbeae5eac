import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { checkIds } from "../../modules/findings/check-ids";
import { checkJsonSchema } from "../../modules/report/check-document";
import { orgkeys } from "../cli/recorded-terminal";
import { holdGeneratedPart } from "./generated-part";

const docs = join(__dirname, "../../docs");
const pagePath = join(docs, "checks.md");
const schemaPath = join(docs, "schemas/check.schema.json");

const hold = (name: string, fresh: readonly string[]): void => holdGeneratedPart(pagePath, name, fresh);

/** Of our own text: what Markdown would take for a mark. */
function plain(text: string): string {
  return text.replaceAll(/[*_<|[\]]/g, (mark) => `\\${mark}`);
}

describe("the page on checks", () => {
  test("has every check as the code has it; UPDATE_DOCS=1 writes them anew", () => {
    const kinds = { proof: "zone proof", hygiene: "hygiene" } as const;
    hold("checks", [
      "| check | severity | part of | what has to hold |",
      "|---|---|---|---|",
      ...allChecks.map(
        ({ id, severity, kind, requirement }) =>
          `| [\`${id}\`](#${id}) | ${severity} | ${kinds[kind]} | ${plain(requirement)} |`,
      ),
      "",
      ...allChecks.flatMap(({ id, requirement, reason, fix }) => [
        `### ${id}`,
        "",
        `${plain(requirement)} ${plain(reason)}`,
        "",
        `**To do**: ${plain(fix)}.`,
        "",
      ]),
    ]);
  });

  test("has every field of the JSON; UPDATE_DOCS=1 writes them anew", () => {
    const fields = fieldsOf(JSON.parse(checkJsonSchema()), "");
    expect(fields.length).toBeGreaterThan(40);
    expect(fields.filter(([, text]) => text === "")).toEqual([]);
    hold("fields", [
      "| field | means |",
      "|---|---|",
      ...fields.map(([name, text]) => `| \`${name}\` | ${plain(text)} |`),
    ]);
  });

  test("has a schema beside it; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, checkJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(checkJsonSchema());
  });

  test("names every format and no other", () => {
    const choices =
      /--format <format>.*?choices: ([^)]*?), default/s.exec(orgkeys("check", "--help").printed)?.[1] ?? "";
    const table = /\| format \| for \|\n\|---\|---\|\n(.*?)\n\n/s.exec(readFileSync(pagePath, "utf8"))?.[1] ?? "";
    expect([...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1])).toEqual(
      [...choices.matchAll(/"(\w+)"/g)].map((match) => match[1]),
    );
  });

  test("names no check that there is not", () => {
    const page = readFileSync(pagePath, "utf8");
    const known = new Set<string>(checkIds);
    const named = [...page.matchAll(/^(?:critical|high|medium|low) {2}([a-z-]+) {2}/gm)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe("every check", () => {
  test.each(allChecks.map((check) => [check.id, check] as const))("%s says what, why and what to do", (_, check) => {
    expect(check.requirement).toMatch(/^[A-Z].*\.$/);
    expect(check.reason).toMatch(/^[A-Z].*\.$/);
    expect(check.fix).toMatch(/^[a-z].*[^.]$/);
  });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: string;
}

/** `findings[].output.line` and what it means, for each field of the document that has something to say. */
function fieldsOf(schema: Schema, prefix: string): [name: string, text: string][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.items ?? field.anyOf?.[0] ?? field;
    const path = `${prefix}${name}${field.items === undefined ? "" : "[]"}`;
    const text = field.description ?? inner.description ?? (field.const === undefined ? "" : `\`${field.const}\``);
    // What an accepted finding is like stands with the findings.
    if (path === "accepted[]") return [[path, text], ...exceptionFields(inner)];
    return [[path, text] as [string, string], ...fieldsOf(inner, `${path}.`)];
  });
}

function exceptionFields({ properties = {} }: Schema): [name: string, text: string][] {
  const { finding, exception } = properties;
  if (finding === undefined || exception === undefined) throw new Error("an accepted finding has both");
  return [
    ["accepted[].finding", "One of findings[]"],
    ["accepted[].exception", exception.description ?? ""],
    ...fieldsOf(exception, "accepted[].exception."),
  ];
}
