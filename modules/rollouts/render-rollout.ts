import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import type { TemplateTexts } from "./plan-rollouts";
import { renderTemplate } from "./render-template";
import type { RenderedTemplate, TemplateFlaw } from "./template";
import { partTemplates, type RolloutPart } from "./template-data";

/** A rollout's templates in the order in which they have to be there, each rendered once for all of its StackSets. */
export interface RenderedPart {
  readonly part: RolloutPart;
  readonly template: RenderedTemplate;
}

export type RenderRollout = (
  rollout: Rollout,
  zone: Zone,
  map: OrganizationMap,
  templates: () => TemplateTexts,
) => RenderedPart[] | { problems: PlanProblem[] };

/** @throws where a built-in template is missing or has flaws: no map can mend that */
export const renderRollout: RenderRollout = (rollout, zone, map, templates) => {
  const parts: RenderedPart[] = [];
  const problems: PlanProblem[] = [];
  for (const { part, file, data } of partTemplates(rollout)) {
    const own = rollout.ownTemplate;
    const name = file ?? own?.path ?? rollout.template;
    const text = file === undefined ? own?.text : templates().get(file);
    if (text === undefined) throw new Error(`${rollout.name}: there is no template ${name}`);
    const rendered = renderTemplate({ text, name }, data(rollout, zone, map), rollout.parameters);
    if (!("flaws" in rendered)) parts.push({ part, template: rendered });
    else if (file === undefined) problems.push(...rendered.flaws.map((flaw) => flawOf(rollout, name, flaw)));
    else throw new Error(`${rollout.name}: template ${name} has flaws: ${JSON.stringify(rendered.flaws, null, 2)}`);
  }
  return problems.length > 0 ? { problems } : parts;
};

function flawOf({ source }: Rollout, file: string, { line, column, path, message, fix }: TemplateFlaw): PlanProblem {
  const place = [file, line, column].filter((each) => each !== undefined).join(":");
  return { source, message: `${place}  ${path === "" ? "" : `${path}: `}${message}`, fix };
}
