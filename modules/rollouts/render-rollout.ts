import { rememberedBy } from "../aws/remembered";
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { keptNames, ownTemplateProblem } from "./own-template";
import type { TemplateTexts } from "./plan-rollouts";
import { renderTemplate } from "./render-template";
import type { RenderedTemplate, TemplateFlaw } from "./template";
import { partTemplates, type RolloutPart } from "./template-data";

/** A rollout's templates in the order in which they have to be there, each rendered once for all of its StackSets. */
export interface RenderedPart {
  readonly part: RolloutPart;
  readonly template: RenderedTemplate;
}

/**
 * Templates are most of the work of planning a map, and stay the same while the rest of it is edited: a few organizations' worth of
 * them is kept.
 */
const renderOnce = rememberedBy((...given: Parameters<typeof renderTemplate>) => exactly(given), renderTemplate, 200);

/** A field without a value is none of JSON's, and templates tell it from a missing one. */
function exactly(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) => (inner === undefined ? ["\ufdd0"] : inner));
}

export type RenderRollout = (
  rollout: Rollout,
  zone: Zone,
  map: OrganizationMap,
  templates: () => TemplateTexts,
) => RenderedPart[] | { problems: PlanProblem[] };

/**
 * What comes with orgkeys is refused as well as the map's own: how large it gets is for the map to say.
 *
 * @throws where a built-in template is missing
 */
export const renderRollout: RenderRollout = (rollout, zone, map, templates) => {
  const parts: RenderedPart[] = [];
  const problems: PlanProblem[] = [];
  for (const { part, file, data, refuse = () => [] } of partTemplates(rollout)) {
    const own = rollout.ownTemplate;
    const name = file ?? own?.path ?? rollout.template;
    const text = file === undefined ? own?.text : templates().get(file);
    if (text === undefined) throw new Error(`${rollout.name}: there is no template ${name}`);
    const unfit = refuse(rollout, zone, map);
    problems.push(...unfit);
    if (unfit.length > 0) continue;
    const kept = file === undefined ? keptNames(zone.organization) : undefined;
    const rendered = renderOnce({ text, name, keptNames: kept }, data(rollout, zone, map), rollout.parameters);
    if ("flaws" in rendered) {
      const problemOf = file === undefined ? ownTemplateProblem : builtInProblem;
      problems.push(...rendered.flaws.map((flaw) => problemOf(rollout, flaw)));
      continue;
    }
    problems.push(...refuse(rollout, zone, map, rendered.document));
    parts.push({ part, template: rendered });
  }
  return problems.length > 0 ? { problems } : parts;
};

/** For whoever asks which stacks there are, and not what is in them: rendering is most of the work of planning a map. */
export const leaveBlank: RenderRollout = (rollout) =>
  partTemplates(rollout).map(({ part }) => ({
    part,
    template: { text: "", document: { Resources: {} }, parameters: {}, capabilities: [], creates: [] },
  }));

function builtInProblem({ source, template }: Rollout, { line, path, message, fix }: TemplateFlaw): PlanProblem {
  const place = [`template ${template} of orgkeys`, line].filter((each) => each !== undefined).join(":");
  return {
    source,
    message: `${place}  ${path === "" ? "" : `${path}: `}${message}`,
    fix: `${fix}; where nothing in the map can, it is a mistake of orgkeys: report it`,
  };
}
