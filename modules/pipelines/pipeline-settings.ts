import type { PipelineHost } from "./pipeline-plan";
import { checkedWord } from "./template-helpers";

/** How the user wants the files. */
export interface PipelineSettings {
  readonly host: PipelineHost;
  /** `owner/name`, as the host's tokens say it; undefined for CodeBuild, which has none. */
  readonly repository: string | undefined;
  /** The branch that is applied. */
  readonly branch: string;
  /** Whether the synthesized output is under version control. */
  readonly committed: boolean;
  /** The folder of the map. */
  readonly config: string;
  /** ARNs that were chosen where a zone has several roles. */
  readonly roles: readonly string[];
  /** Of a GitLab that is not gitlab.com. */
  readonly gitlab: string;
}

export const defaultBranch = "main";
export const defaultConfig = "config";
export const defaultGitlab = "gitlab.com";

/** `pipeline github --repository acme/orgkeys`: what makes the same files again. */
export function pipelineCommand({
  host,
  repository,
  branch,
  committed,
  config,
  roles,
  gitlab,
}: PipelineSettings): string {
  const words = [
    ...(repository === undefined ? [] : ["--repository", repository]),
    ...(branch === defaultBranch ? [] : ["--branch", branch]),
    ...(committed ? ["--committed"] : []),
    ...(gitlab === defaultGitlab ? [] : ["--gitlab", gitlab]),
    ...roles.flatMap((arn) => ["--role", arn]),
    ...(config === defaultConfig ? [] : ["--config", config]),
  ];
  return ["pipeline", host, ...words].map(checkedWord).join(" ");
}

/** What cannot be in a pipeline's file, with what can. */
export function settingsProblems({ host, repository, branch, config, gitlab }: PipelineSettings): string[] {
  const problems: string[] = [];
  if (host !== "codebuild" && repository === undefined) {
    const example = host === "github" ? "acme/orgkeys" : "acme/security/orgkeys";
    problems.push(`--repository: is missing, and roles would trust every repository; write it as in ${example}`);
  }
  const parts = host === "github" ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(\/[\w.-]+)+$/;
  if (repository !== undefined && !parts.test(repository)) {
    problems.push(`--repository ${repository}: is no owner and name; write it as in acme/orgkeys, without wildcards`);
  }
  if (!/^[A-Za-z0-9][\w./-]*$/.test(branch)) {
    problems.push(`--branch ${branch}: must be one branch of letters, digits and . _ / -; no wildcards`);
  }
  if (!/^[A-Za-z0-9_.][\w./ -]*$/.test(config) || config.split("/").includes("..")) {
    problems.push(`--config ${config}: must be a folder of the repository, for jobs to find it; name it without ..`);
  }
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(gitlab)) {
    problems.push(`--gitlab ${gitlab}: must be the name of its host; write it as in gitlab.example.com`);
  }
  return problems;
}
