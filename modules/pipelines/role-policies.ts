import { type PipelinePolicy, type PipelineStatement, permissionPolicy } from "./permission-policy";
import type { PipelineRole, ZonePipeline } from "./pipeline-plan";

/** Where the policies of pipelines' roles are written: they are for whoever makes the roles, no job reads them. */
export const POLICIES = "pipelines/iam";

/** Both policies of both roles of a zone, as files. */
export function rolePolicies(
  pipeline: ZonePipeline,
  trustOf: (role: PipelineRole) => PipelinePolicy,
  othersOf: (role: PipelineRole) => readonly PipelineStatement[] = () => [],
): { readonly path: string; readonly policy: PipelinePolicy }[] {
  return [pipeline.deploy, pipeline.audit].flatMap((role) => {
    const path = `${POLICIES}/${pipeline.zone.name}.${role.duty}`;
    return [
      { path: `${path}.permissions.json`, policy: permissionPolicy(pipeline, role, othersOf(role)) },
      { path: `${path}.trust.json`, policy: trustOf(role) },
    ];
  });
}
