import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { mapFileKind } from "../../modules/organization/map-file-kind";
import { jsonSchemas } from "../../modules/organization/schema/json-schemas";
import { orgkeys } from "../cli/recorded-terminal";

/** The parts of JSON Schema that the schemas of the map are made of. */
interface Schema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly not?: unknown;
}

const TODAY = "2026-11-22";
const features = join(__dirname, "../fixtures/features");

const schemas = [...jsonSchemas()].map(([file, text]): [kind: string, schema: Schema] => [
  file.replace(".schema.json", ""),
  JSON.parse(text),
]);

/** Every file of the feature organization, by its kind. */
function filesOfKind(kind: string): unknown[] {
  const paths = readdirSync(features, { recursive: true, encoding: "utf8" }).filter(
    (path) => mapFileKind(path) === kind,
  );
  return paths.map((path) => parse(readFileSync(join(features, path), "utf8")));
}

/**
 * Walks a schema together with all values that stand in its place. A schema that stands in several places is one, and has the
 * path of the first of them.
 *
 * @returns every field, `*.floor.rotationDays`, and every word that one can have, `*.topology: hybrid`; with whether it is used
 */
function usesOf(root: Schema, files: readonly unknown[]): Map<string, boolean> {
  const uses = new Map<string, boolean>();
  const note = (use: string, isUsed: boolean) => uses.set(use, isUsed || uses.get(use) === true);
  const paths = new Map<Schema, string>();

  const walk = (schema: Schema, values: readonly unknown[], place: string): void => {
    const known = paths.get(schema);
    // Below an OU there are OUs: without values to look at there is nothing more to learn.
    if (known !== undefined && values.length === 0) return;
    const path = known ?? place;
    paths.set(schema, path);
    const below = (name: string) => (path === "" ? name : `${path}.${name}`);
    const objects = values.filter(isMapping);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      if (field.not !== undefined) continue;
      const there = objects.filter((value) => name in value).map((value) => value[name]);
      note(below(name), there.length > 0);
      walk(field, there, below(name));
    }
    if (typeof schema.additionalProperties === "object") {
      walk(schema.additionalProperties, objects.flatMap(Object.values), below("*"));
    }
    if (schema.items !== undefined) walk(schema.items, values.filter(Array.isArray).flat(), path);
    if (schema.$ref !== undefined) walk(definition(root, schema.$ref), values, path);
    for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
      walk(branch, values, path);
    }
    for (const word of wordsOf(schema)) note(`${path}: ${String(word)}`, values.includes(word));
  };

  walk(root, files, "");
  return uses;
}

function definition(root: Schema, reference: string): Schema {
  const target = root.definitions?.[reference.replace("#/definitions/", "")];
  if (target === undefined) throw new Error(`no definition of ${reference}`);
  return target;
}

function wordsOf(schema: Schema): readonly unknown[] {
  if (schema.enum !== undefined) return schema.enum;
  if ("const" in schema) return [schema.const];
  return schema.type === "boolean" ? [true, false] : [];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Words that the feature organization cannot have, and why. */
const leftOut: Readonly<Record<string, RegExp>> = {
  "of a third organization, which the sample has": /^partition: aws-us-gov$/,
  "refused, because the AWS provider 5.100 does not know them": /^\*\.spec: (ML_DSA_\d+|ECC_NIST_EDWARDS25519)$/,
  "of drift, which nobody looks for here": /^\*\.drift: (?!key-unmanaged$)/,
  "of checks that find nothing here": /^\*\.check: (?!(rotation|rollout-templates)$)/,
};

describe("the feature organization", () => {
  test.each(schemas)("uses every field and every word of %s", (kind, schema) => {
    const unused = [...usesOf(schema, filesOfKind(kind))].filter(([, isUsed]) => !isUsed).map(([use]) => use);
    expect(unused.filter((use) => !Object.values(leftOut).some((words) => words.test(use)))).toEqual([]);
  });

  test("leaves out no word that it uses", () => {
    const all = schemas.flatMap(([kind, schema]) => [...usesOf(schema, filesOfKind(kind))]);
    const left = all.filter(([use]) => Object.values(leftOut).some((words) => words.test(use)));
    expect(left.filter(([, isUsed]) => isUsed)).toEqual([]);
    for (const words of Object.values(leftOut)) expect(left.some(([use]) => words.test(use))).toBe(true);
  });
});

describe("the output of the feature organization", () => {
  let folder: string;
  const of = (command: string, config: string, ...options: string[]) =>
    orgkeys(command, "--config", config, ...options);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-features-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has no finding but those that somebody answers for", () => {
    const out = join(folder, "cdktf.out");
    expect(of("synth", features, "--out", out, "--today", TODAY)).toMatchObject({ code: 0 });
    const { code, printed } = of("check", features, "--out", out, "--today", TODAY);
    expect(printed).toContain("No findings; 4 accepted.");
    expect(code).toBe(0);
  });

  test("is no module while a key is taken over, and is one for each account after that", () => {
    const modules = join(folder, "modules");
    const refused = of("synth", features, "--as-modules", modules);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.noted).toContain("account app-test: has import blocks");
    expect(existsSync(modules)).toBe(false);

    const adopted = join(folder, "adopted");
    cpSync(features, adopted, { recursive: true });
    const lifecycles = readFileSync(join(adopted, "lifecycle.yaml"), "utf8");
    writeFileSync(join(adopted, "lifecycle.yaml"), lifecycles.replace(/^legacy-key:\n( .*\n)+/m, ""));
    expect(of("synth", adopted, "--as-modules", modules)).toMatchObject({ code: 0 });
    expect(readdirSync(modules)).toEqual(expect.arrayContaining(["app-test", "data-prod", "sealed-keys"]));
  });
});
