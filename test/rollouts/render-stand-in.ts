import { readFileSync } from "node:fs";
import { create } from "handlebars";
import { type CollectionTag, parse, type ScalarTag } from "yaml";
import type { TemplateDocument } from "../../modules/rollouts/template";

/** A built-in template, filled and read as CloudFormation reads YAML. */
export function renderBuiltIn(name: string, data: object): { text: string; document: TemplateDocument } {
  const template = readFileSync(`modules/rollouts/templates/${name}.yaml.hbs`, "utf8");
  const handlebars = create();
  handlebars.registerHelper("json", (value: unknown) => JSON.stringify(value));
  handlebars.registerHelper("text", (value: unknown) => {
    if (typeof value !== "string") throw new Error(`not a text: ${JSON.stringify(value)}`);
    return JSON.stringify(value);
  });
  const text = handlebars.compile(template, { strict: true, noEscape: true })(data);
  return { text, document: parse(text, { customTags: [...functions, ...listFunctions] }) };
}

const longNames = ["If", "Sub", "Equals", "Or"] as const;
const functions: ScalarTag[] = [
  { tag: "!Ref", resolve: (text) => ({ Ref: text }) },
  ...longNames.map((name): ScalarTag => ({ tag: `!${name}`, resolve: (text) => ({ [`Fn::${name}`]: text }) })),
];
const listFunctions: CollectionTag[] = longNames.map((name) => ({
  tag: `!${name}`,
  collection: "seq",
  resolve: (list) => ({ [`Fn::${name}`]: JSON.parse(JSON.stringify(list)) }),
}));
