import type { ApplyStage, PipelineHost } from "./pipeline-plan";

/** Source: https://github.com/actions/languageservices/blob/main/workflow-parser/src/model/converter/id-builder.ts */
const MOST_CHARACTERS_ON_GITHUB = 99;

/** @returns what is wrong with stages whose ids GitHub takes for no job: it would run nothing of the whole file */
export function jobIdProblems(host: PipelineHost, stages: readonly ApplyStage[]): string[] {
  if (host !== "github") return [];
  return stages
    .filter(({ id }) => id.length > MOST_CHARACTERS_ON_GITHUB)
    .map(
      ({ id, zone, wave }) =>
        `zone ${zone}, environment ${wave}: the job ${id} would have ${id.length} characters, and GitHub takes ${MOST_CHARACTERS_ON_GITHUB}; shorten one of the two names`,
    );
}
