import type { ApplyStage, PipelinePlan, ZonePipeline } from "./pipeline-plan";
import type { PipelineSettings } from "./pipeline-settings";
import type { HostFiles } from "./render-pipeline";
import { rolePolicies } from "./role-policies";
import { APPLY_SECONDS } from "./session-seconds";
import { audienceOf, tokenTrustPolicy } from "./trust-policy";

const ISSUER = "token.actions.githubusercontent.com";
const FOLDER = ".github/workflows";

/** An environment for each stage: its reviewers approve, and the role trusts the jobs that have passed them alone. */
export function environmentOf({ id }: ApplyStage): string {
  return `orgkeys_${id}`;
}

/**
 * GitHub Actions. `sub` of a job with an environment names that, of a pull request the pull request, of any other its branch.
 *
 * Source: https://docs.github.com/en/actions/reference/security/oidc#filtering-for-a-specific-environment
 */
export function githubFiles({ zones, stages, kept }: PipelinePlan, settings: PipelineSettings): HostFiles {
  const repository = `repo:${settings.repository ?? ""}`;
  const byName = new Map(zones.map((pipeline) => [pipeline.zone.name, pipeline]));
  return {
    rendered: [
      {
        path: `${FOLDER}/orgkeys-pull-request.yml`,
        template: "github/orgkeys-pull-request.yml",
        data: {
          kept,
          auditRoles: Object.fromEntries(
            zones.map(({ zone, audit, region, partition }) => [
              zone.name,
              { role: audit.arn, region, audience: audienceOf(partition) },
            ]),
          ),
        },
      },
      {
        path: `${FOLDER}/orgkeys-apply.yml`,
        template: "github/orgkeys-apply.yml",
        data: { stages: stages.flatMap((stage) => stageData(stage, byName.get(stage.zone))) },
      },
      {
        path: `${FOLDER}/orgkeys-stage.yml`,
        template: "github/orgkeys-stage.yml",
        data: { sessionSeconds: APPLY_SECONDS },
      },
      {
        path: `${FOLDER}/orgkeys-drift.yml`,
        template: "github/orgkeys-drift.yml",
        data: {
          cron: "17 3 * * *",
          zones: zones.map((pipeline) => ({ ...jobOf(pipeline, "audit"), zone: pipeline.zone.name })),
        },
      },
    ],
    policies: zones.flatMap((pipeline) =>
      rolePolicies(pipeline, (role) =>
        tokenTrustPolicy(pipeline.partition, role, {
          issuer: ISSUER,
          audience: audienceOf(pipeline.partition),
          subjects:
            role.duty === "deploy"
              ? stages
                  .filter(({ zone }) => zone === pipeline.zone.name)
                  .map((stage) => `${repository}:environment:${environmentOf(stage)}`)
              : [`${repository}:pull_request`, `${repository}:ref:refs/heads/${settings.branch}`],
          subjectPatterns: [],
        }),
      ),
    ),
  };
}

function jobOf(pipeline: ZonePipeline, duty: "deploy" | "audit"): Record<string, string> {
  const { arn, accountId } = pipeline[duty];
  return { role: arn, account: accountId, region: pipeline.region, audience: audienceOf(pipeline.partition) };
}

function stageData(stage: ApplyStage, pipeline: ZonePipeline | undefined): object[] {
  if (pipeline === undefined) return [];
  return [
    {
      ...jobOf(pipeline, "deploy"),
      id: stage.id,
      environment: environmentOf(stage),
      needs: ["since", ...stage.after],
      stacks: stage.globs.join(" "),
    },
  ];
}
