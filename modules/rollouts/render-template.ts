// STAND-IN: render-template.ts of branch i5-templates replaces this file.
import Handlebars from "handlebars";
import { parse } from "yaml";
import type { CreatedName, RenderedTemplate, TemplateDocument, TemplateFlaw } from "./template";

export function renderTemplate(
  source: { text: string; name: string; keptNames?: readonly string[] | undefined },
  data: object,
  parameters: Readonly<Record<string, string>>,
): RenderedTemplate | { flaws: TemplateFlaw[] } {
  const text = Handlebars.compile(source.text, { strict: true, noEscape: true })(data);
  const document: TemplateDocument = parse(text);
  if (document.Resources === undefined) {
    const flaw = { line: undefined, column: undefined, path: "", message: "has no Resources", fix: "add some" };
    return { flaws: [flaw] };
  }
  const creates = Object.values(document.Resources).flatMap(({ Type, Properties }): CreatedName[] => {
    const name = Properties?.RoleName ?? Properties?.AliasName;
    if (typeof name !== "string") return [];
    return [{ type: Type, name, per: Type.startsWith("AWS::IAM::") ? "account" : "region" }];
  });
  const iam = creates.some(({ type }) => type.startsWith("AWS::IAM::"));
  return { text, document, parameters, capabilities: iam ? ["CAPABILITY_NAMED_IAM"] : [], creates };
}
