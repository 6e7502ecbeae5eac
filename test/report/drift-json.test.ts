import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { driftDocument, driftJsonSchema } from "../../modules/report/drift-document";
import { driftJson } from "../../modules/report/drift-json";
import { drifted, floodedDrift, hostileDrift, narrowedDrift, undrifted } from "./drift-reports";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";

const schemaPath = join(__dirname, "../../docs/schemas/drift.schema.json");

describe("drift as JSON", () => {
  test.each([
    ["drifted", drifted],
    ["narrowed", narrowedDrift],
  ])("%s reads as its golden file", (name, report) => {
    const text = driftJson(report);
    expect(text).toBe(golden(`drift-${name}.json`, text));
  });

  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
    ["narrowed", narrowedDrift],
    ["flooded", floodedDrift(500)],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostileDrift(text)] as const),
  ])("%s is a document of the schema", (_, report) => {
    expect(driftDocument.safeParse(JSON.parse(driftJson(report))).error).toBeUndefined();
  });

  test("holds every finding, word by word", () => {
    expect(JSON.parse(driftJson(floodedDrift(500))).findings).toHaveLength(500);
    for (const text of hostileTexts) {
      const [finding] = JSON.parse(driftJson(hostileDrift(text))).findings;
      expect(finding).toMatchObject({
        where: text,
        why: text,
        commands: [text],
        access: [{ who: text, actions: [text] }],
      });
    }
  });

  test("has a schema in docs/schemas; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, driftJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(driftJsonSchema());
  });

  test("has a schema that explains every field", () => {
    expect(unexplained(JSON.parse(driftJsonSchema()), "")).toEqual([]);
  });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function unexplained(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.items ?? field.anyOf?.[0] ?? field;
    const isExplained = (field.description ?? inner.description ?? "") !== "" || inner.properties !== undefined;
    return [...(isExplained ? [] : [`${path}${name}`]), ...unexplained(inner, `${path}${name}.`)];
  });
}
