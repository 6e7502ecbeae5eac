import { stringify } from "yaml";
import type { Matrix } from "../terraform/affected/matrix";

/** What a vendor's pipelines take, and the most jobs that they take at once. */
export const matrixForms = {
  /** Source: https://docs.github.com/en/actions/reference/limits */
  github: { most: 256, text: githubMatrix },
  /** As of `parallel`, above which pipelines are hard to look through. Source: https://docs.gitlab.com/ci/yaml/#parallelmatrix */
  gitlab: { most: 200, text: gitlabJobs },
} as const;
export type MatrixForm = keyof typeof matrixForms;

/** One line, for `fromJSON` in `strategy.matrix`. Without entries, GitHub fails the job unless an `if` keeps it from running. */
function githubMatrix({ entries }: Matrix): string {
  const include = entries.map(({ name, zone, organization, ou, stacks }) => ({
    name,
    zone,
    organization,
    ou,
    stacks: stacks.join(" "),
    count: stacks.length,
  }));
  return JSON.stringify({ include });
}

/**
 * The jobs of a child pipeline, each of which takes the rest from the job `.orgkeys-plan`. `parallel: matrix` would put all values
 * into the name of each job, which has room for 255 characters.
 *
 * Source: https://gitlab.com/gitlab-org/gitlab/-/issues/584573
 */
function gitlabJobs({ entries }: Matrix): string {
  if (entries.length === 0) {
    return stringify({ "nothing affected": { script: ['echo "No stack is affected."'] } }).trimEnd();
  }
  const jobs = entries.map(({ name, zone, stacks }) => [
    `plan ${name}`,
    {
      extends: ".orgkeys-plan",
      variables: { ORGKEYS_NAME: name, ORGKEYS_ZONE: zone, ORGKEYS_STACKS: stacks.join(" ") },
    },
  ]);
  return stringify(Object.fromEntries(jobs), { lineWidth: 0 }).trimEnd();
}
