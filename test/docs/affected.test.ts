import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { affectedJsonSchema } from "../../modules/report/affected-document";
import { reasonKinds } from "../../modules/terraform/affected/affected-reason";
import { holdGeneratedPart } from "./generated-part";

const docs = join(__dirname, "../../docs");
const schemaPath = join(docs, "schemas/affected.schema.json");

describe("the page on affected stacks", () => {
  test("has every kind of reason as the code has it; UPDATE_DOCS=1 writes them anew", () => {
    holdGeneratedPart(join(docs, "affected.md"), "reasons", [
      "| in JSON | in words |",
      "|---|---|",
      ...Object.entries(reasonKinds).map(([kind, words]) => `| \`${kind}\` | ${words} |`),
    ]);
  });

  test("has a schema beside it; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, affectedJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(affectedJsonSchema());
  });
});
