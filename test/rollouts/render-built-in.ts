import { renderTemplate } from "../../modules/rollouts/render-template";
import { builtInTemplateTexts } from "../../stacks/rollout-templates";
import type { Json } from "../checks/sample-output";

const texts = builtInTemplateTexts();

/** A template that comes with orgkeys, filled and held against every rule. */
export function renderBuiltIn(name: string, data: object): { text: string; document: Json } {
  const rendered = renderTemplate({ text: texts.get(name) ?? "", name }, data, {});
  if ("flaws" in rendered) throw new Error(JSON.stringify(rendered.flaws, null, 2));
  return rendered;
}
