import { type PipelineStatement, SID } from "./permission-policy";
import type { ApplyStage, PipelinePlan, PipelineRole, ZonePipeline } from "./pipeline-plan";
import type { HostFiles } from "./render-pipeline";
import { rolePolicies } from "./role-policies";
import { codebuildTrustPolicy } from "./trust-policy";

const FOLDER = "pipelines/codebuild";

/** What the projects of a zone do, by the role that each has: the names of their buildspecs. */
function workOf({ zone: { name } }: ZonePipeline, stages: readonly ApplyStage[], duty: PipelineRole["duty"]): string[] {
  return duty === "audit" ? ["plan", "drift"] : stages.filter(({ zone }) => zone === name).map(fileOf);
}

/** A project for each buildspec: `orgkeys_pci_apply-prod`. */
function projectsOf(pipeline: ZonePipeline, stages: readonly ApplyStage[], { duty }: PipelineRole): string[] {
  return workOf(pipeline, stages, duty).map((work) => `orgkeys_${pipeline.zone.name}_${work}`);
}

/** AWS CodeBuild: a project's role is the zone's, so that nothing has to become it. One buildspec for each stage. */
export function codebuildFiles({ zones, stages }: PipelinePlan): HostFiles {
  return {
    rendered: [
      { path: `${FOLDER}/check.buildspec.yml`, template: "codebuild/check.buildspec.yml", data: {} },
      ...zones.flatMap((pipeline) => [
        ...(["plan", "drift"] as const).map((what) => ({
          path: `${FOLDER}/${pipeline.zone.name}.${what}.buildspec.yml`,
          template: `codebuild/${what}.buildspec.yml`,
          data: { ...zoneData(pipeline), stacks: pipeline.globs },
        })),
        ...stages
          .filter(({ zone }) => zone === pipeline.zone.name)
          .map((stage) => ({
            path: `${FOLDER}/${stage.zone}.${fileOf(stage)}.buildspec.yml`,
            template: "codebuild/apply.buildspec.yml",
            data: { ...zoneData(pipeline), stacks: stage.globs },
          })),
      ]),
    ],
    policies: zones.flatMap((pipeline) =>
      rolePolicies(
        pipeline,
        (role) => codebuildTrustPolicy(role, projectArns(pipeline, role, projectsOf(pipeline, stages, role))),
        (role) => logStatements(pipeline, role, projectsOf(pipeline, stages, role)),
      ),
    ),
  };
}

/** `apply-prod`, `first-apply`, `last-apply`: no environment makes two files of one name. */
function fileOf({ wave }: ApplyStage): string {
  return wave.startsWith("_") ? `${wave.slice(1)}-apply` : `apply-${wave}`;
}

function zoneData({ zone, region }: ZonePipeline): object {
  return { zone: zone.name, region };
}

function projectArns(
  { partition, region }: ZonePipeline,
  { accountId }: PipelineRole,
  projects: readonly string[],
): string[] {
  return projects.map((project) => `arn:${partition}:codebuild:${region}:${accountId}:project/${project}`);
}

/**
 * Logs of the projects themselves. What their sources and artifacts ask for depends on where those are.
 *
 * Source: https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
function logStatements(
  { partition, region }: ZonePipeline,
  { accountId }: PipelineRole,
  projects: readonly string[],
): PipelineStatement[] {
  const groups = projects.map(
    (project) => `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/codebuild/${project}`,
  );
  return [
    {
      Sid: `${SID}OwnLogs`,
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: groups.flatMap((group) => [group, `${group}:*`]),
    },
  ];
}
