import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "handlebars";
import { parse, type ScalarTag, stringify } from "yaml";

const folder = join(__dirname, "../../modules/rollouts/templates");

/** A built-in template with its data, as YAML and as what CloudFormation makes of its short forms. */
export function fillTemplate(name: string, data: object): { text: string; document: Json } {
  const handlebars = create();
  handlebars.registerHelper({
    text: (value: string) => JSON.stringify(value),
    yaml: (value: unknown, indent: number) =>
      stringify(withSubstitutions(value), { lineWidth: 0 })
        .trimEnd()
        .split("\n")
        .map((line) => `${" ".repeat(indent)}${line}`)
        .join("\n"),
  });
  const template = readFileSync(join(folder, `${name}.yaml.hbs`), "utf8");
  const text = handlebars.compile(template, { strict: true, noEscape: true })(data);
  return { text, document: parse(text, { customTags: [shortForm("Ref"), shortForm("Sub")] }) };
}

// biome-ignore lint/suspicious/noExplicitAny: a template is read field by field
export type Json = any;

function shortForm(name: string): ScalarTag {
  return { tag: `!${name}`, resolve: (text) => ({ [name === "Ref" ? name : `Fn::${name}`]: text }) };
}

function withSubstitutions(value: unknown): unknown {
  if (typeof value === "string") return value.includes("${AWS::") ? { "Fn::Sub": value } : value;
  if (Array.isArray(value)) return value.map(withSubstitutions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withSubstitutions(each)]));
}
