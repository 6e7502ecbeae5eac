import type { Json } from "../sample-output";

const sub = (text: string): Json => ({ "Fn::Sub": text });
const ifThen = (condition: string, value: Json): Json => ({ "Fn::If": [condition, value, { Ref: "AWS::NoValue" }] });
const document = (...statements: Json[]): Json => ({ Version: "2012-10-17", Statement: statements });
const accountId = { Ref: "AWS::AccountId" };

/** In a zone with one pipeline, one external id and one session tag. */
export const pipelines = {
  deploy: "arn:aws:iam::310000000001:role/PciPipeline",
  audit: "arn:aws:iam::310000000001:role/PciDriftReader",
  externalId: "acme-orgkeys",
  organizationId: "o-a1b2c3d4e5",
  project: "orgkeys-pci",
} as const;

function trust(pipeline: string): Json {
  const Principal = { AWS: ["arn:aws:iam::310000000001:root"] };
  const tag = { "aws:RequestTag/Project": pipelines.project, "aws:PrincipalOrgID": pipelines.organizationId };
  return document(
    {
      Sid: "Pipelines",
      Effect: "Allow",
      Principal,
      Action: "sts:AssumeRole",
      Condition: {
        ArnEquals: { "aws:PrincipalArn": [pipeline] },
        StringEquals: { ...tag, "sts:ExternalId": pipelines.externalId },
      },
    },
    {
      Sid: "SessionTags",
      Effect: "Allow",
      Principal,
      Action: "sts:TagSession",
      Condition: { ArnEquals: { "aws:PrincipalArn": [pipeline] }, StringEquals: tag },
    },
  );
}

/** The roles of Terraform and drift detection; the account that keeps StackSets has more, and one account is left out. */
export function accessRoles(): Json {
  const boundaryArn = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys-boundary");
  const role = (name: string, pipeline: string, statements: Json[], more: Json[] = []): Json => ({
    Type: "AWS::IAM::Role",
    Condition: "OrgkeysIncluded",
    Properties: {
      RoleName: name,
      PermissionsBoundary: { Ref: "Boundary" },
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: trust(pipeline),
      Policies: [{ PolicyName: "orgkeys-keys", PolicyDocument: document(...statements) }, ...more],
      Tags: [{ Key: "Zone", Value: "pci" }],
    },
  });
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "The roles with which orgkeys deploys and reads zone pci",
    Conditions: {
      OrgkeysIncluded: {
        "Fn::Not": [
          { "Fn::Or": [equals("312000000001"), { "Fn::Or": [equals("312000000009"), equals("312000000008")] }] },
        ],
      },
      IsAdministrator: equals("310000000001"),
    },
    Resources: {
      OrgkeysPlaceholder: { Type: "AWS::CloudFormation::WaitConditionHandle" },
      Boundary: {
        Type: "AWS::IAM::ManagedPolicy",
        Condition: "OrgkeysIncluded",
        Properties: {
          ManagedPolicyName: "orgkeys-boundary",
          PolicyDocument: document(
            { Sid: "AtMost", Effect: "Allow", Action: ["iam:Get*", "iam:List*", "kms:*"], Resource: "*" },
            {
              Sid: "AtMostConsumerPolicies",
              Effect: "Allow",
              Action: "iam:*",
              Resource: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys/orgkeys-*"),
            },
            {
              Sid: "AtMostAttachments",
              Effect: "Allow",
              Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
              Resource: "*",
              Condition: {
                ArnLike: {
                  "iam:PolicyARN": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys/orgkeys-*"),
                },
              },
            },
            {
              Sid: "NeverUsesAKey",
              Effect: "Deny",
              Action: [
                "kms:Decrypt",
                "kms:DeriveSharedSecret",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:GenerateMac",
                "kms:ReEncrypt*",
                "kms:Sign",
                "kms:Verify*",
              ],
              Resource: "*",
              Condition: ifThen("IsAdministrator", {
                StringNotLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" },
              }),
            },
            {
              Sid: "NeverChangesItself",
              Effect: "Deny",
              NotAction: ["iam:Get*", "iam:List*"],
              Resource: [boundaryArn, sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/OrgKeys*")],
            },
          ),
        },
      },
      Deploy: role(
        "OrgKeysDeploy",
        pipelines.deploy,
        [
          {
            Sid: "MakesKeys",
            Effect: "Allow",
            Action: ["kms:CreateKey", "kms:TagResource"],
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestTag/ManagedBy": "orgkeys" } },
          },
          {
            Sid: "NamesKeys",
            Effect: "Allow",
            Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
            Resource: sub("arn:${AWS::Partition}:kms:*:${AWS::AccountId}:alias/*"),
          },
          {
            Sid: "GrantsOnKeysOfOthers",
            Effect: "Allow",
            Action: "kms:CreateGrant",
            Resource: sub("arn:${AWS::Partition}:kms:*:*:key/*"),
            Condition: { StringNotEquals: { "aws:ResourceAccount": accountId } },
          },
          {
            Sid: "WritesConsumerPolicies",
            Effect: "Allow",
            Action: ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy"],
            Resource: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys/orgkeys-*"),
          },
          {
            Sid: "AttachesConsumerPolicies",
            Effect: "Allow",
            Action: "iam:AttachRolePolicy",
            Resource: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"),
            Condition: {
              ArnLike: {
                "iam:PolicyARN": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/orgkeys/orgkeys-*"),
              },
            },
          },
        ],
        [
          ifThen("IsAdministrator", {
            PolicyName: "orgkeys-stack-sets",
            PolicyDocument: document({
              Sid: "WritesStackSets",
              Effect: "Allow",
              Action: ["cloudformation:CreateStackSet", "cloudformation:UpdateStackSet"],
              Resource: sub("arn:${AWS::Partition}:cloudformation:*:*:stackset/orgkeys-*"),
            }),
          }),
        ],
      ),
      Audit: role("OrgKeysAudit", pipelines.audit, [
        {
          Sid: "ReadsKeys",
          Effect: "Allow",
          Action: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"],
          Resource: sub("arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"),
        },
      ]),
    },
    Outputs: { Deploy: { Condition: "OrgkeysIncluded", Value: { "Fn::GetAtt": ["Deploy", "Arn"] } } },
  };
}

function equals(id: string): Json {
  return { "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] };
}

const administration = [
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:PutKeyPolicy",
  "kms:TagResource",
  "kms:UpdateAlias",
];
const destroying = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"];

function keyPolicy(...more: Json[]): Json {
  const AWS = [sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")];
  const managers = ["role/OrgKeysAudit", "role/OrgKeysDeploy", "role/PciKeyAdministrator", "role/PciKeyBreakGlass"];
  const arn = (resource: string): Json => sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource}`);
  return document(
    {
      Sid: "AccountRootAdministration",
      Effect: "Allow",
      Principal: { AWS },
      Action: [...administration, ...destroying],
      Resource: ["*"],
    },
    {
      Sid: "AccountRootUse",
      Effect: "Allow",
      Principal: { AWS },
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": managers.map(arn) } },
    },
    {
      Sid: "OnlyBreakGlassDestroys",
      Effect: "Deny",
      Principal: { AWS },
      Action: destroying,
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [arn("role/PciKeyBreakGlass")] } },
    },
    ...more,
  );
}

/** One default key with its alias, and the pointer that replicas go by. */
export function baselineKeys(): Json {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "The default keys of every account of zone pci",
    Resources: {
      AccountDefault: {
        Type: "AWS::KMS::Key",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          Description: "account-default of the account",
          EnableKeyRotation: true,
          RotationPeriodInDays: 365,
          PendingWindowInDays: 30,
          MultiRegion: true,
          KeyPolicy: keyPolicy({
            Sid: "StackSetsReplicate",
            Effect: "Allow",
            Principal: { AWS: [sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")] },
            Action: ["kms:ReplicateKey"],
            Resource: ["*"],
            Condition: {
              ArnLike: {
                "aws:PrincipalArn": [sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/stacksets-exec-*")],
              },
              StringEquals: { "kms:ReplicaRegion": ["us-east-1", "us-west-2"] },
            },
          }),
          Tags: [
            { Key: "DataClass", Value: "account-default" },
            { Key: "Zone", Value: "pci" },
          ],
        },
      },
      AccountDefaultAlias: {
        Type: "AWS::KMS::Alias",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: { AliasName: "alias/default-account-default", TargetKeyId: { Ref: "AccountDefault" } },
      },
      Pointer: {
        Type: "AWS::SecretsManager::Secret",
        DeletionPolicy: "Delete",
        Properties: {
          Name: "orgkeys/baseline-keys",
          SecretString: sub('{"account-default":"${AccountDefault.Arn}"}'),
          ReplicaRegions: [{ Region: "us-west-2" }],
        },
      },
    },
  };
}

export function baselineReplicas(): Json {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      AccountDefault: {
        Type: "AWS::KMS::ReplicaKey",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          PrimaryKeyArn: "{{resolve:secretsmanager:orgkeys/baseline-keys:SecretString:account-default}}",
          PendingWindowInDays: 30,
          KeyPolicy: keyPolicy(),
        },
      },
      AccountDefaultAlias: {
        Type: "AWS::KMS::Alias",
        Properties: {
          AliasName: "alias/default-account-default",
          TargetKeyId: { "Fn::GetAtt": ["AccountDefault", "KeyId"] },
        },
      },
    },
  };
}

/** The bus in the key management account, for the zone alone. */
export function keyEventsBus(): Json {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { ArchiveDays: { Type: "Number", Default: 365 } },
    Resources: {
      Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "orgkeys-pci-key-events" } },
      BusPolicy: {
        Type: "AWS::Events::EventBusPolicy",
        Properties: {
          EventBusName: { Ref: "Bus" },
          StatementId: "OnlyTheZone",
          Statement: {
            Sid: "OnlyTheZone",
            Effect: "Allow",
            Principal: "*",
            Action: "events:PutEvents",
            Resource: { "Fn::GetAtt": ["Bus", "Arn"] },
            Condition: {
              StringEquals: { "aws:PrincipalOrgID": pipelines.organizationId },
              "ForAnyValue:StringLike": {
                "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*"],
              },
            },
          },
        },
      },
      Archive: {
        Type: "AWS::Events::Archive",
        Properties: { SourceArn: { "Fn::GetAtt": ["Bus", "Arn"] }, RetentionDays: { Ref: "ArchiveDays" } },
      },
    },
  };
}

/** Rules that send what happens to keys to the bus, each by a role of its Region. */
export function keyEvents(): Json {
  const bus = sub("arn:${AWS::Partition}:events:us-east-1:310000000001:event-bus/orgkeys-pci-key-events");
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      Sender: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: sub("orgkeys-key-events-${AWS::Region}"),
          AssumeRolePolicyDocument: document({
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          }),
          Policies: [
            {
              PolicyName: "orgkeys-sends",
              PolicyDocument: document({ Effect: "Allow", Action: "events:PutEvents", Resource: bus }),
            },
          ],
        },
      },
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          Name: "orgkeys-key-events",
          State: "ENABLED",
          EventPattern: { source: ["aws.kms"], detail: { eventName: ["DisableKey", "ScheduleKeyDeletion"] } },
          Targets: [{ Id: "bus", Arn: bus, RoleArn: { "Fn::GetAtt": ["Sender", "Arn"] } }],
        },
      },
    },
  };
}
