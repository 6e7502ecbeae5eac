import { iamPrincipalArn } from "../aws/arn";
import type { StateLocation, Zone } from "../organization/organization-map";
import type { PipelineRole, PipelineState, ZonePipeline } from "./pipeline-plan";

export interface PipelinePolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PipelineStatement[];
}

export interface PipelineStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

type S3State = Extract<StateLocation, { kind: "s3" }>;

/**
 * All policies of a role that stand in it together, without white space.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MOST_CHARACTERS_OF_A_ROLE = 10_240;

/** Of an account's state: the name of its file is its id, and nothing else in the bucket has 12 characters. */
const ANY_ACCOUNT = "????????????";

/**
 * What a pipeline's own role may do: assume the zone's roles and work with its states. Whatever it does with keys, it does as
 * one of those roles.
 *
 * @param others statements of the host's own, such as its logs
 */
export function permissionPolicy(
  pipeline: ZonePipeline,
  role: PipelineRole,
  others: readonly PipelineStatement[] = [],
): PipelinePolicy {
  const rest = [...pipeline.states.flatMap((state) => stateStatements(state, role.duty)), ...others];
  const byAccount = policyOf([assumeInAccounts(pipeline, role), ...rest]);
  if (JSON.stringify(byAccount).length <= MOST_CHARACTERS_OF_A_ROLE) return byAccount;
  return policyOf([...assumeInExtent(pipeline, role), ...rest]);
}

const policyOf = (Statement: readonly PipelineStatement[]): PipelinePolicy => ({ Version: "2012-10-17", Statement });

const assuming = ({ zone }: ZonePipeline): readonly string[] =>
  Object.keys(zone.pipelines?.sessionTags ?? {}).length === 0
    ? ["sts:AssumeRole"]
    : ["sts:AssumeRole", "sts:TagSession"];

function assumeInAccounts(pipeline: ZonePipeline, { duty, assumes }: PipelineRole): PipelineStatement {
  const { zone, partition, accounts } = pipeline;
  return {
    Sid: sidOf(duty, "Assumes"),
    Effect: "Allow",
    Action: assuming(pipeline),
    Resource: accounts.map(({ id }) => iamPrincipalArn(partition, id, `role/${assumes}`)),
    Condition: { StringEquals: { "aws:ResourceOrgID": zone.organization.id } },
  };
}

/** Too many accounts to name: those below the zone's OUs, and the zone's single accounts. */
function assumeInExtent(pipeline: ZonePipeline, { duty, assumes }: PipelineRole): PipelineStatement[] {
  const { zone, partition } = pipeline;
  const { wholeOus, ownOus, accounts } = zone.extent;
  const paths = [...wholeOus.map(({ idPath }) => `${idPath}*`), ...ownOus.map(({ idPath }) => idPath)].sort();
  const anywhere = iamPrincipalArn(partition, "*", `role/${assumes}`);
  const organization = { "aws:ResourceOrgID": zone.organization.id };
  return [
    ...(paths.length === 0
      ? []
      : [
          {
            Sid: sidOf(duty, "AssumesInOus"),
            Effect: "Allow" as const,
            Action: assuming(pipeline),
            Resource: anywhere,
            Condition: {
              "ForAnyValue:StringLike": { "aws:ResourceOrgPaths": paths },
              StringEquals: organization,
            },
          },
        ]),
    ...(accounts.length === 0
      ? []
      : [
          {
            Sid: sidOf(duty, "AssumesInAccounts"),
            Effect: "Allow" as const,
            Action: assuming(pipeline),
            Resource: accounts.map(({ id }) => iamPrincipalArn(partition, id, `role/${assumes}`)),
            Condition: { StringEquals: organization },
          },
        ]),
  ];
}

/**
 * What Terraform's S3 backend needs with a lock file; who only looks takes no lock, and frees nobody's.
 *
 * Source: https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
 */
function stateStatements({ zone, files, accounts }: PipelineState, duty: PipelineRole["duty"]): PipelineStatement[] {
  if (zone.state.kind === "local") return [];
  const { bucket, role } = zone.state;
  const word = wordOf(zone);
  if (role !== undefined) {
    return [{ Sid: sidOf(duty, `BecomesStateRole${word}`), Effect: "Allow", Action: "sts:AssumeRole", Resource: role }];
  }
  const bucketArn = `arn:${zone.organization.partition}:s3:::${bucket}`;
  const objects = [...(accounts ? [ANY_ACCOUNT] : []), ...files].map((file) => `${bucketArn}/${file}.tfstate`);
  return [
    // Without it AWS says of a state that is not there yet that it is denied.
    { Sid: sidOf(duty, `FindsStates${word}`), Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    {
      Sid: sidOf(duty, `${duty === "deploy" ? "Keeps" : "Reads"}States${word}`),
      Effect: "Allow",
      Action: duty === "deploy" ? ["s3:GetObject", "s3:PutObject"] : "s3:GetObject",
      Resource: objects,
    },
    ...(duty === "audit"
      ? []
      : [
          {
            Sid: sidOf(duty, `LocksStates${word}`),
            Effect: "Allow" as const,
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            Resource: objects.map((object) => `${object}.tflock`),
          },
        ]),
    ...keyStatements(zone, zone.state, duty),
  ];
}

/** Of the key that the state is encrypted with, through Amazon S3 alone. */
function keyStatements(zone: Zone, { kmsKeyId, region }: S3State, duty: PipelineRole["duty"]): PipelineStatement[] {
  if (kmsKeyId === undefined) return [];
  const { partition } = zone.organization;
  const alias = kmsKeyId.split(":").slice(5).join(":");
  const isAlias = alias.startsWith("alias/");
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return [
    {
      Sid: sidOf(duty, `DecryptsStates${wordOf(zone)}`),
      Effect: "Allow",
      Action: duty === "deploy" ? ["kms:Decrypt", "kms:GenerateDataKey"] : "kms:Decrypt",
      // A policy that named an alias would allow the alias, and not the key.
      Resource: isAlias ? kmsKeyId.replace(/:alias\/.*$/, ":key/*") : kmsKeyId,
      Condition: {
        StringEquals: { "kms:ViaService": `s3.${region}.${suffix}` },
        ...(isAlias ? { "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias } } : {}),
      },
    },
  ];
}

/** Every Sid begins with this word: it tells the file from one that somebody else wrote. */
export const SID = "Orgkeys";

function sidOf(duty: PipelineRole["duty"], what: string): string {
  return `${SID}${duty === "deploy" ? "Deploy" : "Audit"}${what}`;
}

/** A Sid takes letters and digits alone, and a zone's name has no capital letters: no two zones get one word. */
function wordOf({ name }: Zone): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll("-", "X");
}
