import { nameOrder } from "../aws/name-order";
import { readCloudFormationYaml } from "./cloudformation-yaml";
import { createdNames } from "./created-names";
import { expandTemplate } from "./handlebars-template";
import type { RuleFlaw } from "./rules/template-rule";
import { isMapping, parameterValues } from "./rules/template-values";
import type { RenderedTemplate, TemplateDocument, TemplateFlaw } from "./template";
import { templateRules } from "./template-rules";

export interface TemplateSource {
  /** Handlebars that makes CloudFormation YAML. */
  readonly text: string;
  /** `access-roles` */
  readonly name: string;
  /**
   * Names, with `*` for anything, that it must leave alone.
   *
   * @default none, as for a template that comes with orgkeys
   */
  readonly keptNames?: readonly string[] | undefined;
}

/**
 * From Handlebars text to a CloudFormation template that has been held against every rule of `template-rules.ts`.
 *
 * @param data what the template may name; its texts may hold anything
 * @param parameters values of the template's CloudFormation parameters
 * @returns the template, or everything that is wrong with it, at its place in the text of `source`
 */
export function renderTemplate(
  source: TemplateSource,
  data: object,
  parameters: Readonly<Record<string, string>>,
): RenderedTemplate | { flaws: TemplateFlaw[] } {
  const expanded = expandTemplate(source.text, data);
  if ("flaws" in expanded) return { flaws: expanded.flaws.map((flaw) => ({ ...flaw, path: "" })) };
  const yaml = readCloudFormationYaml(expanded.text);
  const placed = ({ path, ...flaw }: RuleFlaw, offset: number): TemplateFlaw => ({
    ...expanded.placeOf(offset),
    path: path.join("."),
    ...flaw,
  });
  if (yaml.flaws.length > 0) return { flaws: inOrder(yaml.flaws.map((flaw) => placed(flaw, flaw.offset))) };
  const { value: document } = yaml;
  if (!isTemplate(document)) {
    const fix = "give it Resources, each with a Type";
    return { flaws: [placed({ path: [], message: "is no CloudFormation template", fix }, 0)] };
  }
  const values = parameterValues(document, parameters);
  const linted = { document, parameters, values, keptNames: source.keptNames ?? [] };
  const flaws = templateRules.flatMap((rule) => rule.flaws(linted));
  if (flaws.length > 0) return { flaws: inOrder(flaws.map((flaw) => placed(flaw, yaml.offsetOf(flaw.path)))) };
  return {
    text: expanded.text,
    document,
    parameters: values,
    capabilities: capabilitiesOf(document),
    creates: createdNames(document, values),
  };
}

/**
 * IAM with names of its own also covers IAM without.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
 */
function capabilitiesOf(document: TemplateDocument): readonly string[] {
  const makesIam = Object.values(document.Resources).some(({ Type }) => Type.startsWith("AWS::IAM::"));
  return makesIam ? ["CAPABILITY_NAMED_IAM"] : [];
}

function isTemplate(value: unknown): value is TemplateDocument {
  if (!isMapping(value) || !isMapping(value.Resources)) return false;
  const resources = Object.values(value.Resources);
  return resources.length > 0 && resources.every((each) => isMapping(each) && typeof each.Type === "string");
}

function inOrder(flaws: readonly TemplateFlaw[]): TemplateFlaw[] {
  const place = ({ line = 0, column = 0 }: TemplateFlaw): number => line * 10_000 + column;
  return [...flaws].sort((a, b) => place(a) - place(b) || nameOrder(a.message, b.message));
}
