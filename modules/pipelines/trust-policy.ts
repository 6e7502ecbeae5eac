import type { PartitionName } from "../aws/partition";
import { type PipelinePolicy, SID } from "./permission-policy";
import type { PipelineRole } from "./pipeline-plan";

/** Who may become a pipeline's role: tokens of one issuer. */
export interface TokenTrust {
  /** `token.actions.githubusercontent.com` */
  readonly issuer: string;
  readonly audience: string;
  /** What `sub` has to be, exactly, one of them. */
  readonly subjects: readonly string[];
  /** The same with wildcards. */
  readonly subjectPatterns: readonly string[];
}

/**
 * The audience that AWS STS is asked with.
 *
 * Source: https://github.com/aws-actions/configure-aws-credentials#oidc-audience
 */
export function audienceOf(partition: PartitionName): string {
  return partition === "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}

/** @param trust with at least one subject or pattern: without any, every repository of the host would be let in */
export function tokenTrustPolicy(partition: PartitionName, role: PipelineRole, trust: TokenTrust): PipelinePolicy {
  const { issuer, audience, subjects, subjectPatterns } = trust;
  const subject = `${issuer}:sub`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: `${SID}${role.duty === "deploy" ? "Deploy" : "Audit"}Trust`,
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${role.accountId}:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: audience,
            ...(subjectPatterns.length === 0 ? { [subject]: subjects } : {}),
          },
          ...(subjectPatterns.length === 0 ? {} : { StringLike: { [subject]: [...subjects, ...subjectPatterns] } }),
        },
      },
    ],
  };
}

/**
 * CodeBuild, for one project alone.
 *
 * Source: https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export function codebuildTrustPolicy(role: PipelineRole, projects: readonly string[]): PipelinePolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: `${SID}${role.duty === "deploy" ? "Deploy" : "Audit"}Trust`,
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": role.accountId, "aws:SourceArn": projects },
        },
      },
    ],
  };
}
