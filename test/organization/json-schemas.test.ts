import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { jsonSchemas } from "../../modules/organization/schema/json-schemas";
import { baseMap, baseMapInYaml } from "./base-map";

const folder = join(__dirname, "../../config/schemas");
const schemas = new Map([...jsonSchemas()].map(([file, text]) => [file, JSON.parse(text) as JsonSchema]));

interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Whether an editor would accept a value: the part of JSON Schema that these schemas use. */
function accepts(schema: JsonSchema | boolean, value: unknown, root: JsonSchema): boolean {
  if (typeof schema === "boolean") return schema;
  const inner = (each: JsonSchema | boolean, part: unknown): boolean => accepts(each, part, root);
  if (schema.$ref !== undefined) {
    if (schema.$ref === "#") return inner(root, value);
    const target = root.definitions?.[schema.$ref.replace("#/definitions/", "")];
    if (target === undefined) throw new Error(`no ${schema.$ref}`);
    return inner(target, value);
  }
  if (schema.anyOf?.some((each) => inner(each, value)) === false) return false;
  if (schema.oneOf !== undefined && schema.oneOf.filter((each) => inner(each, value)).length !== 1) return false;
  if (schema.allOf?.every((each) => inner(each, value)) === false) return false;
  if (schema.enum?.includes(value) === false) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (!isOfType(schema.type, value)) return false;
  if (typeof value === "string") {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) return false;
    return value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Number.MAX_VALUE);
  }
  if (typeof value === "number") {
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  if (Array.isArray(value)) {
    return value.length >= (schema.minItems ?? 0) && value.every((item) => inner(schema.items ?? true, item));
  }
  if (typeof value !== "object" || value === null) return true;
  if (schema.required?.every((name) => Object.hasOwn(value, name)) === false) return false;
  return Object.entries(value).every(([name, part]) => {
    if (schema.propertyNames !== undefined && !inner(schema.propertyNames, name)) return false;
    const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    return inner((own ? schema.properties?.[name] : schema.additionalProperties) ?? true, part);
  });
}

function isOfType(type: string | undefined, value: unknown): boolean {
  switch (type) {
    case undefined:
      return true;
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function schemaFor(path: string): JsonSchema {
  const [top = ""] = path.replace(".yaml", "").split("/");
  const schema = schemas.get(`${top === "organizations" ? "organization" : top}.schema.json`);
  if (schema === undefined) throw new Error(`no schema for ${path}`);
  return schema;
}

describe("the JSON Schemas for editors", () => {
  // The folder is the sample's, which a user replaces.
  (existsSync(folder) ? test : test.skip)("in config/schemas are those of this version: run orgkeys schemas", () => {
    const onDisk = readdirSync(folder).sort();
    expect(onDisk).toEqual([...jsonSchemas().keys()].sort());
    for (const [file, text] of jsonSchemas()) expect(readFileSync(join(folder, file), "utf8")).toBe(text);
  });

  test.each([...baseMapInYaml()])("accept what validation accepts in %s", (path, text) => {
    const schema = schemaFor(path);
    expect(accepts(schema, parse(text), schema)).toBe(true);
  });

  test.each([
    ["a topology that is none", "zones.yaml", "topology: centralized", "topology: central"],
    ["an unknown field", "zones.yaml", "breakGlass: role/KeyBreakGlass", "breakglass: role/KeyBreakGlass"],
    ["an empty list", "zones.yaml", "regions: [us-east-1, us-west-2]", "regions: []"],
    ["a number out of range", "data-classes.yaml", "rotationDays: 180", "rotationDays: 30"],
    ["a field of another kind of key", "data-classes.yaml", "{key: aws-owned}", "{key: aws-owned, per: workload}"],
    ["an account id without quotes", "organizations/acme.yaml", '"210000000001"', "210000000001"],
    ["an account id of 13 digits", "organizations/acme.yaml", '"210000000001"', '"2100000000011"'],
    ["a missing field", "workloads/payments.yaml", "  owner: payments-platform\n", ""],
    ["an operation that is none", "workloads/payments.yaml", "[encrypt, decrypt]", "[encript]"],
    ["a misspelled field in a list", "workloads/shop.yaml", "{profile: cloudtrail}", "{profil: cloudtrail}"],
    ["a demand on grants that is none", "data-classes.yaml", "rotationDays: 180", "grants: {expires: always}"],
    ["a check that is none", "exceptions.yaml", "check: grant-constraints", "check: grant-constraint"],
    ["an exception from the checks of exceptions", "exceptions.yaml", "grant-constraints", "exceptions-used"],
    ["an exception without an end", "exceptions.yaml", '  expires: "2027-01-31"\n', ""],
    ["a rotation without a day", "lifecycle.yaml", "{day: 2026-11-20, ", "{"],
    ["a pipeline that is a whole account", "zones.yaml", "permits-prod:role/Pipeline", "account:permits-prod"],
    ["a session tag with a wildcard", "zones.yaml", "{Project: orgkeys}", '{Project: "*"}'],
    ["a percentage out of range", "rollouts.yaml", 'concurrency: "20%"', 'concurrency: "120%"'],
    ["a rollout to nobody at a time", "rollouts.yaml", 'concurrency: "20%"', "concurrency: 0"],
    ["a wave without a name", "rollouts.yaml", "{name: dev, ", "{"],
    ["a key that is an alias", "lifecycle.yaml", "key: shop_prod", "key: alias/shop-prod"],
    ["drift that is none", "drift.yaml", "drift: alias-unmanaged", "drift: alias-unmanged"],
    ["a rule of drift without an end", "drift.yaml", "  expires: 2027-01-31\n", ""],
    ["an exception without a reason", "exceptions.yaml", "The batch job sends no encryption context yet.", "TODO"],
  ])("refuse %s", (_, path, from, to) => {
    const schema = schemaFor(path);
    const text = baseMap().get(path) ?? "";
    expect(text).toContain(from);
    const value: unknown = parse(text.replace(from, () => to));
    expect(accepts(schema, value, schema)).toBe(false);
  });

  test("explain every field that has to be there", () => {
    const undescribed = [...schemas].flatMap(([file, schema]) =>
      undescribedFields(schema).map((field) => `${file} ${field}`),
    );
    expect(undescribed).toEqual([]);
  });
});

/** Required fields of the whole schema without a description. */
function undescribedFields(schema: JsonSchema & { readonly description?: string }, root = schema): string[] {
  const described = (field: JsonSchema & { readonly description?: string }): boolean => {
    const target = field.$ref === undefined ? undefined : root.definitions?.[field.$ref.replace("#/definitions/", "")];
    return Object.hasOwn(target === undefined ? field : { ...target, ...field }, "description");
  };
  const own = (schema.required ?? []).filter((name) => {
    const field = schema.properties?.[name];
    return field !== undefined && !described(field);
  });
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.definitions ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ];
  return [...new Set([...own, ...inner.flatMap((each) => undescribedFields(each, root))])];
}
