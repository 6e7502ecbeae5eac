import { isOptInRegion, type PartitionName } from "./partition";

/**
 * How an AWS service that calls KMS **as itself** is let into the policy of a symmetric key: as whom, for what, and
 * bound to which source, so that nobody else's trail, bucket or rule can make the service use the key (the confused
 * deputy). Services that call with the credentials of their user are in `via-services.ts` instead.
 */
export interface ServiceProfile {
  /** The word in the map, such as `cloudtrail`. */
  readonly name: string;
  /** What the service does with the key, for people. */
  readonly title: string;
  readonly principal: ServicePrincipal;
  /** Cryptographic actions, sorted, as AWS documents them: a `*` stands only where the documentation has it. */
  readonly actions: readonly string[];
  /**
   * The service also needs `kms:DescribeKey`. That belongs into a statement of its own, bound by source account and
   * source ARN alone: DescribeKey has no encryption context, so a condition on one denies it.
   */
  readonly describes: boolean;
  /** The principal also needs `kms:CreateGrant`, under the condition `kms:GrantIsForAWSResource`. */
  readonly grantsToAwsResources: boolean;
  /**
   * Every condition here goes into the statement, and no other: a condition on a key that the service does not send
   * denies silently. A service-linked role needs none, because its ARN names the source account.
   */
  readonly bind: ServiceBinding;
  /**
   * The service passes an encryption context that the map may narrow further by. When false, an encryption context in
   * the map is an error.
   */
  readonly carriesEncryptionContext: boolean;
  /** A partition that is missing here is one where the feature does not exist or is not known to. */
  readonly partitions: readonly PartitionName[];
  /** The page of AWS documentation that says so. */
  readonly source: string;
  /** What else a person has to know before using it. */
  readonly note?: string;
}

/** Who calls KMS. */
export type ServicePrincipal =
  | {
      readonly kind: "service";
      /** The whole principal, such as `cloudtrail.amazonaws.com`. */
      readonly service: string;
      /** In an opt-in Region the service calls as `<service>.<region>.amazonaws.com`. @default false */
      readonly regionalWhenOptIn?: true;
    }
  /** `logs` calls as `logs.<region>.amazonaws.com`. */
  | { readonly kind: "regional-service"; readonly service: string }
  /** A role in the source account, as the part of its ARN behind `role/`. */
  | { readonly kind: "service-linked-role"; readonly path: string };

/** Patterns hold the placeholders `{partition}`, `{region}` (the key's Region) and `{account}` (the source's account). */
export interface ServiceBinding {
  /** The service sends `aws:SourceAccount`, and AWS recommends to require it. */
  readonly sourceAccount: boolean;
  /**
   * The default pattern for `aws:SourceArn`, under ArnLike; the map may narrow it. The Region is `*` where the resource
   * may live in another Region than the key. Left out when the service sends no source ARN or AWS documents none.
   */
  readonly sourceArn?: string;
  /** The default pattern for `kms:EncryptionContext:<key>`, under ArnLike: the values are ARNs. */
  readonly encryptionContext?: { readonly key: string; readonly pattern: string };
}

const everywhere: readonly PartitionName[] = ["aws", "aws-us-gov", "aws-cn"];
const exceptChina: readonly PartitionName[] = ["aws", "aws-us-gov"];
const commercialOnly: readonly PartitionName[] = ["aws"];

/** What a service needs that publishes to an encrypted SNS topic. */
const publishing = ["kms:Decrypt", "kms:GenerateDataKey*"] as const;

/** Every profile, sorted by name. `docs/service-profiles.md` shows them as a table and says which services are left out. */
export const serviceProfiles: readonly ServiceProfile[] = [
  {
    name: "athena-query-results",
    title: "Athena managed query results",
    principal: { kind: "service", service: "encryption.athena.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: true,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: true,
      sourceArn: "arn:{partition}:athena:{region}:{account}:workgroup/*",
      encryptionContext: {
        key: "aws:athena:arn",
        pattern: "arn:{partition}:athena:{region}:{account}:workgroup/*",
      },
    },
    carriesEncryptionContext: true,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/athena/latest/ug/managed-results.html",
  },
  {
    name: "autoscaling",
    title: "EC2 Auto Scaling groups with encrypted EBS volumes (EKS node groups too)",
    principal: {
      kind: "service-linked-role",
      path: "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    },
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    describes: true,
    grantsToAwsResources: true,
    bind: { sourceAccount: false },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    note:
      "In the key's own account only: for a group in another account, somebody in that account creates a grant to " +
      "the role, and the key policy has to let them.",
  },
  {
    name: "backup-reports",
    title: "AWS Backup Audit Manager reports into SSE-KMS buckets",
    principal: {
      kind: "service-linked-role",
      path: "aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports",
    },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: false },
    carriesEncryptionContext: false,
    partitions: exceptChina,
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-report-plan-console.html",
  },
  {
    name: "cloudfront",
    title: "CloudFront origin access control to SSE-KMS buckets",
    principal: { kind: "service", service: "cloudfront.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: false, sourceArn: "arn:{partition}:cloudfront::{account}:distribution/*" },
    carriesEncryptionContext: false,
    partitions: commercialOnly,
    source:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
  },
  {
    name: "cloudtrail",
    title: "CloudTrail trails: log and digest files",
    principal: { kind: "service", service: "cloudtrail.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
    describes: true,
    grantsToAwsResources: false,
    // CloudTrail sends the source account too, but AWS advises against it: the trail's ARN says more.
    bind: {
      sourceAccount: false,
      sourceArn: "arn:{partition}:cloudtrail:*:{account}:trail/*",
      encryptionContext: {
        key: "aws:cloudtrail:arn",
        pattern: "arn:{partition}:cloudtrail:*:{account}:trail/*",
      },
    },
    carriesEncryptionContext: true,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    note:
      "The source account of an organization trail is the management account. Decrypt is for buckets with an S3 " +
      "Bucket Key.",
  },
  {
    name: "cloudwatch-alarms",
    title: "CloudWatch alarms to encrypted SNS topics",
    principal: { kind: "service", service: "cloudwatch.amazonaws.com" },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
  },
  {
    name: "cloudwatch-logs",
    title: "CloudWatch Logs log groups and lookup tables",
    principal: { kind: "regional-service", service: "logs" },
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    describes: false,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: false,
      encryptionContext: { key: "aws:logs:arn", pattern: "arn:{partition}:logs:{region}:{account}:*" },
    },
    carriesEncryptionContext: true,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    note:
      "Whoever associates the key with a log group needs kms:DescribeKey, the service does not. Principals that read " +
      "or write the logs need a `use` entry with `via: [logs]`.",
  },
  {
    name: "cloudwatch-logs-query-results",
    title: "CloudWatch Logs Insights query results",
    principal: { kind: "regional-service", service: "logs" },
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    describes: true,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:logs:{region}:{account}:query-result:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Insights-Query-Encrypt.html",
  },
  {
    name: "config",
    title: "AWS Config delivery into SSE-KMS buckets",
    principal: { kind: "service", service: "config.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:config:*:{account}:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
    note: "For recorders with the service-linked role. A recorder with a role of its own needs a `use` entry for it.",
  },
  {
    name: "cost-anomaly-detection",
    title: "Cost Anomaly Detection to encrypted SNS topics",
    principal: { kind: "service", service: "costalerts.amazonaws.com" },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true },
    carriesEncryptionContext: false,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html",
  },
  {
    name: "delivery-logs",
    title: "Vended logs into SSE-KMS buckets, such as VPC flow logs and Route 53 Resolver query logs",
    principal: { kind: "service", service: "delivery.logs.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    describes: true,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:logs:*:{account}:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
    note: "Not for the legacy standard logs of CloudFront: AWS documents no source for those.",
  },
  {
    name: "eventbridge",
    title: "EventBridge event buses and their archives",
    principal: { kind: "service", service: "events.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"],
    describes: true,
    grantsToAwsResources: false,
    // No source ARN: AWS binds buses by one, but documents archives with the encryption context alone.
    bind: {
      sourceAccount: true,
      encryptionContext: {
        key: "aws:events:event-bus:arn",
        pattern: "arn:{partition}:events:{region}:{account}:event-bus/*",
      },
    },
    carriesEncryptionContext: true,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html",
  },
  {
    name: "eventbridge-logs",
    title: "EventBridge event bus logs, on their way to the log destination",
    principal: { kind: "service", service: "events.amazonaws.com" },
    actions: ["kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: false,
      encryptionContext: { key: "SourceArn", pattern: "arn:{partition}:logs:{region}:{account}:*" },
    },
    carriesEncryptionContext: true,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-bus-logs.html",
    note: "Goes with `vended-log-records`, which lets the log delivery decrypt them.",
  },
  {
    name: "eventbridge-queues",
    title: "EventBridge rules to encrypted SQS queues",
    principal: { kind: "service", service: "events.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:events:{region}:{account}:rule/*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    note: "Only queues. For encrypted topics EventBridge sends no source: see the services left out.",
  },
  {
    name: "guardduty",
    title: "GuardDuty findings exported to S3",
    principal: { kind: "service", service: "guardduty.amazonaws.com", regionalWhenOptIn: true },
    actions: ["kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:guardduty:*:{account}:detector/*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html",
    note: "An opt-in Region exports as guardduty.<region>.amazonaws.com; the principal here is that of the key's Region.",
  },
  {
    name: "imagebuilder",
    title: "EC2 Image Builder to encrypted SNS topics",
    principal: {
      kind: "service-linked-role",
      path: "aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder",
    },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: false },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-sns.html",
    note: "In the key's own account only: Image Builder cannot use a topic's key in another account.",
  },
  {
    name: "inspector",
    title: "Inspector findings reports exported to S3",
    principal: { kind: "service", service: "inspector2.amazonaws.com", regionalWhenOptIn: true },
    actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:inspector2:{region}:{account}:report/*" },
    carriesEncryptionContext: false,
    partitions: exceptChina,
    source: "https://docs.aws.amazon.com/inspector/latest/user/findings-managing-exporting-reports.html",
  },
  {
    name: "macie",
    title: "Macie sensitive data discovery results in S3",
    principal: { kind: "service", service: "macie.amazonaws.com", regionalWhenOptIn: true },
    actions: ["kms:Encrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    // Covers `export-configuration:*` and `classification-job/*`, the two forms that AWS documents.
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:macie2:*:{account}:*" },
    carriesEncryptionContext: false,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html",
    note: "Encrypts only: people who read the results need a `use` entry.",
  },
  {
    name: "rds-events",
    title: "RDS and Aurora event notifications to encrypted SNS topics",
    principal: { kind: "service", service: "events.rds.amazonaws.com" },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:rds:{region}:{account}:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
  },
  {
    name: "s3-inventory",
    title: "S3 Inventory reports encrypted with SSE-KMS",
    principal: { kind: "service", service: "s3.amazonaws.com" },
    actions: ["kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    // A bucket's ARN names no account, so the source account is what binds.
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:s3:::*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html",
  },
  {
    name: "s3-metadata",
    title: "S3 Metadata tables encrypted with SSE-KMS",
    principal: { kind: "service", service: "metadata.s3.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: false,
      encryptionContext: { key: "aws:s3:arn", pattern: "arn:{partition}:s3tables:{region}:{account}:bucket/*" },
    },
    carriesEncryptionContext: true,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html",
    note: "Goes with `s3-tables`, which maintains the metadata tables.",
  },
  {
    name: "s3-notifications",
    title: "S3 event notifications to encrypted SNS topics and SQS queues",
    principal: { kind: "service", service: "s3.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    // A bucket's ARN names no account, so the source account is what binds.
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:s3:::*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
  },
  {
    name: "s3-storage-lens",
    title: "S3 Storage Lens metrics exports encrypted with SSE-KMS",
    principal: { kind: "service", service: "storage-lens.s3.amazonaws.com" },
    actions: ["kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:s3:*:{account}:storage-lens/*" },
    carriesEncryptionContext: false,
    partitions: exceptChina,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage_lens_encrypt_permissions.html",
  },
  {
    name: "s3-tables",
    title: "S3 Tables maintenance: compaction and snapshots of encrypted tables",
    principal: { kind: "service", service: "maintenance.s3tables.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: false,
      encryptionContext: { key: "aws:s3:arn", pattern: "arn:{partition}:s3tables:{region}:{account}:bucket/*" },
    },
    carriesEncryptionContext: true,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html",
  },
  {
    name: "s3-vectors",
    title: "S3 Vectors index maintenance",
    principal: { kind: "service", service: "indexing.s3vectors.amazonaws.com" },
    actions: ["kms:Decrypt"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:s3vectors:{region}:{account}:bucket/*" },
    carriesEncryptionContext: true,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html",
  },
  {
    name: "ses-notifications",
    title: "SES bounce, complaint and delivery notifications to encrypted SNS topics",
    principal: { kind: "service", service: "ses.amazonaws.com" },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:ses:{region}:{account}:identity/*" },
    carriesEncryptionContext: false,
    partitions: exceptChina,
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
  },
  {
    name: "ses-receiving",
    title: "SES receipt rules that encrypt incoming mail for S3",
    principal: { kind: "service", service: "ses.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:ses:{region}:{account}:receipt-rule-set/*" },
    carriesEncryptionContext: false,
    partitions: commercialOnly,
    source: "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html",
    note: "Decrypt is for buckets that have server-side encryption besides.",
  },
  {
    name: "sns",
    title: "SNS topics to encrypted SQS queues",
    principal: { kind: "service", service: "sns.amazonaws.com" },
    actions: publishing,
    describes: false,
    grantsToAwsResources: false,
    bind: { sourceAccount: true, sourceArn: "arn:{partition}:sns:*:{account}:*" },
    carriesEncryptionContext: false,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    note: "For the key of the queue. The key of a topic needs the topic's publishers instead.",
  },
  {
    name: "vended-log-records",
    title: "Log delivery that decrypts records of EventBridge buses, EventBridge Pipes and Step Functions",
    principal: { kind: "service", service: "delivery.logs.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    describes: false,
    grantsToAwsResources: false,
    bind: {
      sourceAccount: false,
      encryptionContext: { key: "SourceArn", pattern: "arn:{partition}:logs:{region}:{account}:*" },
    },
    carriesEncryptionContext: true,
    partitions: everywhere,
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-bus-logs.html",
    note: "For the key of the bus, pipe or state machine. `delivery-logs` is for the key of the bucket.",
  },
];

const profileByName: ReadonlyMap<string, ServiceProfile> = new Map(
  serviceProfiles.map((profile) => [profile.name, profile]),
);

/** The profile with this word, or undefined when the map has a word that no profile has. */
export function serviceProfile(name: string): ServiceProfile | undefined {
  return profileByName.get(name);
}

/** Where a pattern's resource lives: the partition and Region of the key, the account of the service's resource. */
export interface PatternScope {
  readonly partition: PartitionName;
  readonly region: string;
  readonly account: string;
}

/** A pattern of a profile with its placeholders filled in: the value for a policy's condition. */
export function fillPattern(pattern: string, scope: PatternScope): string {
  return pattern
    .replaceAll("{partition}", scope.partition)
    .replaceAll("{region}", scope.region)
    .replaceAll("{account}", scope.account);
}

/**
 * The service principals that end in `amazonaws.com.cn` in China. Every other one keeps `amazonaws.com` there, and all
 * do in GovCloud.
 *
 * Source: `servicePrincipalNameForPartition` in the Terraform AWS provider (data source `aws_service_principal`).
 */
const principalsWithChinaSuffix: readonly string[] = ["logs"];

/**
 * The principal as a key policy in this Region names it: a service's name, or the ARN of the service-linked role in the
 * source account. The caller puts the first under `Service` and the second under `AWS`, by `principal.kind`.
 */
export function profilePrincipal(principal: ServicePrincipal, scope: PatternScope): string {
  switch (principal.kind) {
    case "service-linked-role":
      return `arn:${scope.partition}:iam::${scope.account}:role/${principal.path}`;
    case "regional-service":
      return `${principal.service}.${scope.region}.${dnsSuffix(principal.service, scope.partition)}`;
    case "service":
      return principal.regionalWhenOptIn && isOptInRegion(scope.region)
        ? principal.service.replace(/\.amazonaws\.com$/, `.${scope.region}.amazonaws.com`)
        : principal.service;
  }
}

function dnsSuffix(service: string, partition: PartitionName): string {
  return partition === "aws-cn" && principalsWithChinaSuffix.includes(service) ? "amazonaws.com.cn" : "amazonaws.com";
}
