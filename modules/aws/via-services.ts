import { uniqueNames } from "./name-order";

/**
 * The words for `via:` in the map, each with the first part of the service's `kms:ViaService` name. These services call
 * KMS with the credentials of whoever uses them, so that a `use` entry can be narrowed to "through this service only".
 * Services that call as themselves are in `service-profiles.ts`.
 *
 * A word is the service's own name there, plus the name that people say (`ebs`, `efs`, `opensearch`, `step-functions`).
 * ElastiCache is missing on purpose: a condition needs two names for it, `elasticache` and `dax`.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service; for
 * `logs` https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html.
 */
export const viaServices: Readonly<Record<string, string>> = {
  airflow: "airflow",
  aoss: "aoss",
  appflow: "appflow",
  apprunner: "apprunner",
  athena: "athena",
  auditmanager: "auditmanager",
  aurora: "rds",
  backup: "backup",
  bedrock: "bedrock",
  cassandra: "cassandra",
  codeartifact: "codeartifact",
  comprehend: "comprehend",
  connect: "connect",
  directoryservice: "directoryservice",
  dms: "dms",
  "docdb-elastic": "docdb-elastic",
  dynamodb: "dynamodb",
  ebs: "ec2",
  ec2: "ec2",
  ecr: "ecr",
  efs: "elasticfilesystem",
  elasticfilesystem: "elasticfilesystem",
  es: "es",
  eventbridge: "events",
  events: "events",
  firehose: "firehose",
  fsx: "fsx",
  glue: "glue",
  healthlake: "healthlake",
  kafka: "kafka",
  kendra: "kendra",
  keyspaces: "cassandra",
  kinesis: "kinesis",
  kinesisvideo: "kinesisvideo",
  lambda: "lambda",
  lex: "lex",
  logs: "logs",
  macie: "macie",
  memorydb: "memorydb",
  mq: "mq",
  msk: "kafka",
  mwaa: "airflow",
  neptune: "rds",
  opensearch: "es",
  "opensearch-serverless": "aoss",
  rds: "rds",
  redshift: "redshift",
  "redshift-serverless": "redshift-serverless",
  rekognition: "rekognition",
  s3: "s3",
  s3tables: "s3tables",
  sagemaker: "sagemaker",
  secretsmanager: "secretsmanager",
  securitylake: "securitylake",
  ses: "ses",
  sns: "sns",
  sqs: "sqs",
  ssm: "ssm",
  states: "states",
  "step-functions": "states",
  storagegateway: "storagegateway",
  timestream: "timestream",
  translate: "translate",
  workmail: "workmail",
  workspaces: "workspaces",
  "workspaces-web": "workspaces-web",
  xray: "xray",
};

/** Every word for `via:`, sorted. */
export const viaServiceWords: readonly string[] = uniqueNames(Object.keys(viaServices));

/**
 * The value for `kms:ViaService`: `<service>.<region>.amazonaws.com`, with that suffix in every partition, China
 * included. Undefined for a word that is not in the table.
 */
export function viaServiceEndpoint(word: string, region: string): string | undefined {
  // The words come from the map: `constructor` must not find what every object has.
  const service = Object.hasOwn(viaServices, word) ? viaServices[word] : undefined;
  return service === undefined ? undefined : `${service}.${region}.amazonaws.com`;
}

/**
 * The alias of the AWS managed key that protects a service's data when no customer managed key is named, by the same
 * words as `viaServices`: what stands behind a data class with `key: aws-managed`. A word that is missing belongs to a
 * service that uses an AWS owned key instead, or none; such data can have no AWS managed key.
 *
 * Source: the encryption page of each service's guide; https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
export const awsManagedKeyAliases: Readonly<Record<string, string>> = {
  aurora: "alias/aws/rds",
  backup: "alias/aws/backup",
  dms: "alias/aws/dms",
  dynamodb: "alias/aws/dynamodb",
  ebs: "alias/aws/ebs",
  ec2: "alias/aws/ebs",
  ecr: "alias/aws/ecr",
  efs: "alias/aws/elasticfilesystem",
  elasticfilesystem: "alias/aws/elasticfilesystem",
  es: "alias/aws/es",
  fsx: "alias/aws/fsx",
  glue: "alias/aws/glue",
  kafka: "alias/aws/kafka",
  kinesis: "alias/aws/kinesis",
  kinesisvideo: "alias/aws/kinesisvideo",
  lambda: "alias/aws/lambda",
  mq: "alias/aws/mq",
  msk: "alias/aws/kafka",
  neptune: "alias/aws/rds",
  opensearch: "alias/aws/es",
  rds: "alias/aws/rds",
  redshift: "alias/aws/redshift",
  s3: "alias/aws/s3",
  secretsmanager: "alias/aws/secretsmanager",
  ses: "alias/aws/ses",
  sns: "alias/aws/sns",
  sqs: "alias/aws/sqs",
  ssm: "alias/aws/ssm",
  workspaces: "alias/aws/workspaces",
  xray: "alias/aws/xray",
};
