import { nameOrder, uniqueNames } from "../aws/name-order";
import type { ApplyStage, PipelinePlan, ZonePipeline } from "./pipeline-plan";
import type { PipelineSettings } from "./pipeline-settings";
import type { HostFiles } from "./render-pipeline";
import { rolePolicies } from "./role-policies";
import { audienceOf, tokenTrustPolicy } from "./trust-policy";

const FOLDER = ".gitlab";

/**
 * GitLab CI/CD. `sub` names the project and the branch, of a merge request the one that it comes from, and no environment.
 *
 * Source: https://docs.gitlab.com/ci/cloud_services/aws/
 */
export function gitlabFiles({ zones, stages, kept }: PipelinePlan, settings: PipelineSettings): HostFiles {
  const project = `project_path:${settings.repository ?? ""}:ref_type:branch:ref:`;
  const byName = new Map(zones.map((pipeline) => [pipeline.zone.name, pipeline]));
  return {
    rendered: [
      {
        path: `${FOLDER}/orgkeys.gitlab-ci.yml`,
        template: "gitlab/orgkeys.gitlab-ci.yml",
        data: {
          isApplied: `$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == "${settings.branch}"`,
          isNightly: `$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == "${settings.branch}"`,
          keepers: zones.flatMap((pipeline) => {
            const own = Object.entries(kept).filter(([, keeper]) => keeper === pipeline.zone.name);
            return own.length === 0
              ? []
              : [{ ...jobOf(pipeline, "audit"), stacks: own.map(([stack]) => stack).sort(nameOrder) }];
          }),
          stages: stages.flatMap((stage) => stageData(stage, byName.get(stage.zone))),
          zones: zones.map((pipeline) => jobOf(pipeline, "audit")),
        },
      },
      {
        path: `${FOLDER}/orgkeys-plan.gitlab-ci.yml`,
        template: "gitlab/orgkeys-plan.gitlab-ci.yml",
        data: {
          // A token is for one audience, and partitions have their own.
          tokens: uniqueNames(zones.map(({ partition }) => audienceOf(partition))).map((audience) => ({
            name: tokenOf(audience),
            audience,
          })),
          kept: Object.keys(kept).sort(nameOrder),
          zones: zones.map((pipeline) => ({
            ...jobOf(pipeline, "audit"),
            token: tokenOf(audienceOf(pipeline.partition)),
          })),
        },
      },
    ],
    policies: zones.flatMap((pipeline) =>
      rolePolicies(pipeline, (role) =>
        tokenTrustPolicy(pipeline.partition, role, {
          issuer: settings.gitlab,
          audience: audienceOf(pipeline.partition),
          subjects: role.duty === "deploy" ? [`${project}${settings.branch}`] : [],
          subjectPatterns: role.duty === "deploy" ? [] : [`${project}*`],
        }),
      ),
    ),
  };
}

/** `TOKEN_STS_AMAZONAWS_COM`: the variable that a token for this audience is in. */
function tokenOf(audience: string): string {
  return `TOKEN_${audience.toUpperCase().replaceAll(".", "_")}`;
}

function jobOf(pipeline: ZonePipeline, duty: "deploy" | "audit"): Record<string, string> {
  return {
    zone: pipeline.zone.name,
    role: pipeline[duty].arn,
    region: pipeline.region,
    audience: audienceOf(pipeline.partition),
  };
}

function stageData(stage: ApplyStage, pipeline: ZonePipeline | undefined): object[] {
  if (pipeline === undefined) return [];
  const place = stage.wave === "_first" ? "first" : stage.wave === "_last" ? "last" : "accounts";
  return [
    {
      ...jobOf(pipeline, "deploy"),
      id: stage.id,
      place,
      environment: `orgkeys/${stage.zone}/${place === "accounts" ? stage.wave : `zones-${place}`}`,
      // A job names at most 50 others; the last stage waits for all of those before it by itself.
      needs: place === "last" ? false : { ids: stage.after.map((id) => `orgkeys-apply_${id}`) },
      manual: stage.approval,
      stacks: stage.globs,
    },
  ];
}
