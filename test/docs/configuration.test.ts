import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { z } from "zod";
import { operationActions } from "../../modules/aws/key-operations";
import { grantOperations } from "../../modules/aws/kms-actions";
import { viaServiceWords } from "../../modules/aws/via-services";
import { frameworkIds } from "../../modules/findings/framework-ids";
import type { SourceFile } from "../../modules/organization/map-file";
import { type MapFileKind, mapFileKind } from "../../modules/organization/map-file-kind";
import { formatProblem } from "../../modules/organization/problem";
import { checkSchema } from "../../modules/organization/schema/check-schema";
import { dataClassesSchema } from "../../modules/organization/schema/data-classes-schema";
import { driftSchema } from "../../modules/organization/schema/drift-schema";
import { exceptionsSchema } from "../../modules/organization/schema/exceptions-schema";
import { jsonSchemas } from "../../modules/organization/schema/json-schemas";
import { lifecyclesSchema } from "../../modules/organization/schema/lifecycle-schema";
import { organizationSchema } from "../../modules/organization/schema/organization-schema";
import { rolloutsSchema } from "../../modules/organization/schema/rollouts-schema";
import { workloadsSchema } from "../../modules/organization/schema/workloads-schema";
import { zonesSchema } from "../../modules/organization/schema/zones-schema";
import { parseMapFile } from "../../modules/organization/yaml/parse-map-file";
import { type LoadedPlan, planSources } from "../../stacks/load-plan";
import { synthesize } from "../../stacks/synthesize";
import { orgkeys } from "../cli/recorded-terminal";

const docs = join(__dirname, "../../docs");
const configuration = readFileSync(join(docs, "configuration.md"), "utf8");
const keyPoliciesPath = join(docs, "key-policies.md");
const keyPolicies = readFileSync(keyPoliciesPath, "utf8");

/** The page's examples: fences that carry a file's name. Together they are one map. */
const examples: SourceFile[] = [...configuration.matchAll(/^```yaml (config\/(\S+))\n(.*?)^```$/gms)].map(
  ([, name = "", path = "", text = ""]) => ({ name, path, bytes: new TextEncoder().encode(text) }),
);
const codeSpans = new Set([...configuration.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? ""));

const schemas: Readonly<Record<Exclude<MapFileKind, "rollout-template">, z.ZodType>> = {
  organization: organizationSchema,
  zones: zonesSchema,
  "data-classes": dataClassesSchema,
  workloads: workloadsSchema,
  exceptions: exceptionsSchema,
  lifecycle: lifecyclesSchema,
  drift: driftSchema,
  rollouts: rolloutsSchema,
};

/** Without templates, which are text. */
function parsedExamples(): (readonly [name: string, kind: keyof typeof schemas, source: SourceFile])[] {
  return examples.flatMap((source) => {
    const kind = mapFileKind(source.path);
    if (kind === undefined) throw new Error(`${source.name} is no file of a map`);
    return kind === "rollout-template" ? [] : [[source.name, kind, source] as const];
  });
}

function loadExamples(): LoadedPlan {
  const loaded = planSources(examples, "config");
  if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return loaded;
}

/** What the page's table of scopes promises: code spans in the rows that begin with a scope. */
function scopeTable(): string {
  return /^\| `per` \| one key for .*?\n\n/ms.exec(configuration)?.[0] ?? "";
}

describe("the page on configuration", () => {
  test.each([...jsonSchemas()].map(([file, text]) => [file, JSON.parse(text)]))(
    "names every field of %s",
    (_, schema) => {
      expect(propertiesOf(schema).filter((field) => !codeSpans.has(field))).toEqual([]);
    },
  );

  test.each([
    ["framework", frameworkIds],
    ["word for via", viaServiceWords],
    ["operation of a use", Object.keys(operationActions)],
    ["KMS action behind an operation", Object.values(operationActions).flat().map(withoutPrefix)],
    ["operation of a grant", grantOperations],
  ])("names every %s", (_, words) => {
    expect(words.filter((word) => !codeSpans.has(word))).toEqual([]);
  });

  test("names no word for via that does not exist", () => {
    const list = /<!-- words: .*?-->(.*?)<!-- end of words -->/s.exec(configuration)?.[1] ?? "";
    expect([...list.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual(viaServiceWords);
  });

  test.each([
    "affected",
    "apply",
    "bootstrap",
    "validate",
    "synth",
    "check",
    "explain",
    "instances",
    "pipeline",
    "plan",
    "review",
    "schemas",
  ])("names every option and variable of orgkeys %s", (command) => {
    const help = orgkeys(command, "--help").printed;
    const options = [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? "");
    const variables = [...help.matchAll(/env:\s+([A-Z_]+)/g)].map((match) => match[1] ?? "");
    const spans = [...codeSpans].join(" ");
    expect(options.length).toBeGreaterThan(1);
    expect([...options, ...variables].filter((word) => word !== "--help" && !spans.includes(word))).toEqual([]);
  });

  test("has an example of every kind of file", () => {
    const kinds = new Set(examples.map(({ path }) => mapFileKind(path)));
    expect(kinds).toEqual(new Set([...Object.keys(schemas), "rollout-template"]));
  });

  test.each(parsedExamples())("has an example %s that validates", (_, kind, source) => {
    const { file, problems } = parseMapFile(source);
    const found = file === undefined ? [] : checkSchema(schemas[kind], file, file.value).problems;
    expect([...problems, ...found].map(formatProblem)).toEqual([]);
  });

  test("has examples that are one valid map together, with a plan", () => {
    expect(loadExamples().plan.keys.length).toBeGreaterThan(5);
  });

  test("names aliases and Terraform addresses as the examples give them", () => {
    const { keys } = loadExamples().plan;
    const aliases = new Set(keys.map((key) => key.alias));
    const addresses = new Set(keys.map((key) => `aws_kms_key.${key.id}_${key.region}`));
    const table = scopeTable();
    const named = {
      aliases: [...table.matchAll(/`(alias\/[^`]+)`/g)].map((match) => match[1] ?? ""),
      addresses: [...table.matchAll(/`(aws_kms_key\.[^`]+)`/g)].map((match) => match[1] ?? ""),
    };
    expect(named.aliases).toHaveLength(6);
    expect(named.addresses).toHaveLength(6);
    expect(named.aliases.filter((alias) => !aliases.has(alias))).toEqual([]);
    expect(named.addresses.filter((address) => !addresses.has(address))).toEqual([]);
  });

  test("shows reasons as the plan gives them", () => {
    const [, alias, text] = /<!-- reasons: (\S+) -->\n```\n(.*?)\n```/s.exec(configuration) ?? [];
    const key = loadExamples().plan.keys.find((each) => each.alias === alias);
    const reasons = [...(key?.why ?? []), ...(key?.replicas ?? []).flatMap(({ why }) => why)];
    expect(text?.split("\n")).toEqual(reasons.map(({ reason }) => reason));
  });
});

describe("the page on key policies", () => {
  let folder: string;
  let stacks: Readonly<Record<string, StackJson>>;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-docs-"));
    const { accounts, stacks: planned } = loadExamples();
    synthesize(planned, folder, { keepOthers: false });
    stacks = Object.fromEntries(
      accounts.map(({ stack }) => [
        stack,
        JSON.parse(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8")),
      ]),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("shows statements as they are synthesized", () => {
    const missing: string[] = [];
    const fresh = keyPolicies.replaceAll(
      /(<!-- excerpt: (\S+) locals\.(\S+): (.+?) -->\n```json\n).*?(\n```)/gs,
      (whole, head: string, stack: string, local: string, sids: string, tail: string) => {
        const statements = stacks[stack]?.locals[local]?.Statement ?? [];
        const chosen = sids.split(", ").flatMap((sid) => statements.find((statement) => statement.Sid === sid) ?? []);
        if (chosen.length < sids.split(", ").length) {
          missing.push(`${sids} in ${local}: it has ${statements.map(({ Sid }) => Sid).join(", ")}`);
          return whole;
        }
        return `${head}${JSON.stringify(chosen, null, 2)}${tail}`;
      },
    );
    expect(missing).toEqual([]);
    expect(fresh.match(/<!-- excerpt: /g)?.length).toBeGreaterThan(2);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(keyPoliciesPath, fresh);
    else expect(keyPolicies).toBe(fresh);
  });

  test("explains every kind of statement of the examples' policies", () => {
    const sids = Object.values(stacks).flatMap(({ locals }) =>
      Object.values(locals).flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid)),
    );
    // In the first column of a table: `Deploy`, or `Use…` for all names that begin so.
    const firstColumns = [...keyPolicies.matchAll(/^\| (`[^|]+`) \|/gm)].map((match) => match[1] ?? "").join(" ");
    const explained = [...firstColumns.matchAll(/`([A-Z][A-Za-z]+)(…?)`/g)].map(
      ([, name = "", more]) => new RegExp(more === "" ? `^${name}\\d*$` : `^${name}[A-Z0-9]\\w*$`),
    );
    expect(sids.length).toBeGreaterThan(50);
    expect([...new Set(sids)].filter((sid) => !explained.some((pattern) => pattern.test(sid)))).toEqual([]);
    // And the other way round: nothing is explained that no policy has.
    expect(explained.filter((pattern) => !sids.some((sid) => pattern.test(sid)))).toEqual([]);
  });
});

interface StackJson {
  readonly locals: Readonly<Record<string, { readonly Statement: readonly { readonly Sid: string }[] }>>;
}

function withoutPrefix(action: string): string {
  return action.replace(/^kms:/, "");
}

/** The names of all properties anywhere in a JSON Schema. */
function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(Object(schema.properties)) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(propertiesOf)])];
}
