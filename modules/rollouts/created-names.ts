import { nameOrder } from "../aws/name-order";
import { ADDED } from "./leave-out-accounts";
import { isMapping, withParameters } from "./rules/template-values";
import type { CreatedName, MadeResource, RenderedTemplate, TemplateDocument } from "./template";

/**
 * The property that names a resource, where an account, or a Region of it, has each name once.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const nameProperties: Readonly<Record<string, { readonly property: string; readonly per: CreatedName["per"] }>> =
  {
    "AWS::Backup::BackupVault": { property: "BackupVaultName", per: "region" },
    "AWS::CloudTrail::Trail": { property: "TrailName", per: "region" },
    "AWS::CloudWatch::Alarm": { property: "AlarmName", per: "region" },
    "AWS::Config::ConfigRule": { property: "ConfigRuleName", per: "region" },
    "AWS::DynamoDB::Table": { property: "TableName", per: "region" },
    "AWS::Events::Archive": { property: "ArchiveName", per: "region" },
    "AWS::Events::EventBus": { property: "Name", per: "region" },
    "AWS::Events::Rule": { property: "Name", per: "region" },
    "AWS::IAM::Group": { property: "GroupName", per: "account" },
    "AWS::IAM::InstanceProfile": { property: "InstanceProfileName", per: "account" },
    "AWS::IAM::ManagedPolicy": { property: "ManagedPolicyName", per: "account" },
    "AWS::IAM::Role": { property: "RoleName", per: "account" },
    "AWS::IAM::User": { property: "UserName", per: "account" },
    "AWS::KMS::Alias": { property: "AliasName", per: "region" },
    "AWS::Lambda::Function": { property: "FunctionName", per: "region" },
    "AWS::Logs::LogGroup": { property: "LogGroupName", per: "region" },
    "AWS::S3::Bucket": { property: "BucketName", per: "account" },
    "AWS::SNS::Topic": { property: "TopicName", per: "region" },
    "AWS::SQS::Queue": { property: "QueueName", per: "region" },
    "AWS::SSM::Parameter": { property: "Name", per: "region" },
    "AWS::SecretsManager::Secret": { property: "Name", per: "region" },
  };

/** Everything that a template gives a name of its own, sorted; what CloudFormation names cannot collide. */
export function createdNames(
  document: TemplateDocument,
  parameters: Readonly<Record<string, string>>,
): readonly CreatedName[] {
  const names = Object.values(document.Resources).flatMap(({ Type, Properties }): CreatedName[] => {
    const named = nameProperties[Type];
    const value = named === undefined ? undefined : Properties?.[named.property];
    if (named === undefined || value === undefined) return [];
    return [{ type: Type, name: nameText(withParameters(value, parameters)), per: named.per }];
  });
  return names.sort((a, b) => nameOrder(a.type, b.type) || nameOrder(a.name, b.name));
}

/** Everything that a template makes, sorted; of what CloudFormation names, its logical id. */
export function madeResources({ document, parameters }: RenderedTemplate): readonly MadeResource[] {
  const made = Object.entries(document.Resources)
    .filter(([logicalId]) => !logicalId.startsWith(ADDED))
    .map(([logicalId, { Type, Properties }]): MadeResource => {
      const property = createdProperty(Type);
      const value = property === undefined ? undefined : Properties?.[property];
      return value === undefined
        ? { type: Type, logicalId }
        : { type: Type, logicalId, name: nameText(withParameters(value, parameters)) };
    });
  return made.sort((a, b) => nameOrder(a.type, b.type) || nameOrder(a.logicalId, b.logicalId));
}

/** `orders-${AWS::Region}` of an Fn::Sub that only AWS can work out, or another function as JSON. */
function nameText(name: unknown): string {
  if (typeof name === "string") return name;
  const text = isMapping(name) && Object.keys(name).length === 1 ? name["Fn::Sub"] : undefined;
  return typeof text === "string" ? text : JSON.stringify(name);
}

/** The property that gives a resource of this type its name; undefined where CloudFormation chooses or nobody else can. */
export function createdProperty(type: string): string | undefined {
  return nameProperties[type]?.property;
}
