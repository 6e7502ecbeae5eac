/** What is read of a resource in a template. Its name is what the account, or a Region of it, has once. */
export interface TemplateResourceType {
  readonly properties: ReadonlySet<string>;
}

const type = (...properties: string[]): TemplateResourceType => ({ properties: new Set(properties) });

/**
 * The types of resources that are understood, with all of their properties that are. What is missing here gives access in ways
 * that nobody looks at.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const templateResourceTypes = {
  "AWS::CloudFormation::WaitConditionHandle": type(),
  "AWS::Events::Archive": type("ArchiveName", "Description", "EventPattern", "RetentionDays", "SourceArn"),
  "AWS::Events::EventBus": type("Description", "Name", "Tags"),
  "AWS::Events::EventBusPolicy": type("EventBusName", "Statement", "StatementId"),
  "AWS::Events::Rule": type("Description", "EventBusName", "EventPattern", "Name", "State", "Tags", "Targets"),
  "AWS::IAM::ManagedPolicy": type(
    "Description",
    "Groups",
    "ManagedPolicyName",
    "Path",
    "PolicyDocument",
    "Roles",
    "Tags",
    "Users",
  ),
  "AWS::IAM::Role": type(
    "AssumeRolePolicyDocument",
    "Description",
    "ManagedPolicyArns",
    "MaxSessionDuration",
    "Path",
    "PermissionsBoundary",
    "Policies",
    "RoleName",
    "Tags",
  ),
  "AWS::KMS::Alias": type("AliasName", "TargetKeyId"),
  "AWS::KMS::Key": type(
    "BypassPolicyLockoutSafetyCheck",
    "Description",
    "EnableKeyRotation",
    "Enabled",
    "KeyPolicy",
    "KeySpec",
    "KeyUsage",
    "MultiRegion",
    "Origin",
    "PendingWindowInDays",
    "RotationPeriodInDays",
    "Tags",
  ),
  "AWS::KMS::ReplicaKey": type("Description", "Enabled", "KeyPolicy", "PendingWindowInDays", "PrimaryKeyArn", "Tags"),
  "AWS::SecretsManager::Secret": type("Description", "Name", "ReplicaRegions", "SecretString", "Tags"),
} as const satisfies Readonly<Record<string, TemplateResourceType>>;

export type KnownResourceType = keyof typeof templateResourceTypes;

export function isKnownType(name: unknown): name is KnownResourceType {
  return typeof name === "string" && Object.hasOwn(templateResourceTypes, name);
}
