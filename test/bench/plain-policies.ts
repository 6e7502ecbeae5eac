import { benchRegions } from "./organization";

/** The IAM documents of the plain app, written out by hand and independent of the code that is measured against it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: { readonly AWS?: readonly string[]; readonly Service?: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;
}

export interface PlainGrant {
  readonly grantee: string;
  readonly operations: readonly string[];
  readonly contextSubset?: Readonly<Record<string, string>>;
}

export interface Duties {
  readonly administrator: string;
  readonly breakGlass: string;
}

const reading = [
  "kms:DescribeKey",
  "kms:GetKeyLastUsage",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:GetParametersForImport",
  "kms:GetPublicKey",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
];
const destroying = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"];
const managing = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:PutKeyPolicy",
  "kms:RotateKeyOnDemand",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];
const administration = [...reading, ...managing, "kms:RevokeGrant"];
const encrypting = [
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyPair",
  "kms:GenerateDataKeyPairWithoutPlaintext",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptTo",
];
export const decrypting = ["kms:Decrypt", "kms:ReEncryptFrom"];
export const using = [...encrypting, ...decrypting];

export function roleArn(accountId: string, role: string): string {
  return `arn:aws:iam::${accountId}:role/${role}`;
}

export function allow(
  sid: string,
  principal: string,
  actions: readonly string[],
  condition?: Statement["Condition"],
): Statement {
  return statement("Allow", sid, principal, actions, condition);
}

function deny(
  sid: string,
  principal: string,
  actions: readonly string[],
  condition: Statement["Condition"],
): Statement {
  return statement("Deny", sid, principal, actions, condition);
}

function statement(
  Effect: Statement["Effect"],
  Sid: string,
  principal: string,
  Action: readonly string[],
  Condition: Statement["Condition"],
): Statement {
  return {
    Sid,
    Effect,
    Principal: { AWS: [principal] },
    Action,
    Resource: ["*"],
    ...(Condition === undefined ? {} : { Condition }),
  };
}

/**
 * The statements that every key has.
 *
 * @param otherRegion where its replica or its primary is
 * @param users roles of the account that use the key
 */
export function baseStatements(
  accountId: string,
  otherRegion: string,
  duties: Duties,
  rootAccess: "full" | "administration-only",
  users: readonly string[],
): Statement[] {
  const root = `arn:aws:iam::${accountId}:root`;
  const administrator = roleArn(accountId, duties.administrator);
  const deploy = roleArn(accountId, "OrgKeysDeploy");
  const audit = roleArn(accountId, "OrgKeysAudit");
  const breakGlass = roleArn(accountId, duties.breakGlass);
  return [
    allow("AccountRootAdministration", root, [
      ...administration,
      ...destroying,
      "kms:RetireGrant",
      "kms:SynchronizeMultiRegionKey",
    ]),
    ...(rootAccess === "full"
      ? [
          allow("AccountRootUse", root, [...using, "kms:CreateGrant"], {
            ArnNotEquals: { "aws:PrincipalArn": [administrator, audit, breakGlass, deploy] },
          }),
        ]
      : []),
    allow("Administrators", administrator, administration),
    allow("Deploy", deploy, administration),
    allow("Audit", audit, reading),
    allow("BreakGlass", breakGlass, [...reading, ...destroying, "kms:CancelKeyDeletion", "kms:EnableKey"]),
    deny("OnlyBreakGlassDestroys", root, destroying, { ArnNotEquals: { "aws:PrincipalArn": [breakGlass] } }),
    allow("DeployReplicates", deploy, ["kms:ReplicateKey"], { StringEquals: { "kms:ReplicaRegion": [otherRegion] } }),
    allow("BreakGlassMovesPrimary", breakGlass, ["kms:UpdatePrimaryRegion"], {
      StringEquals: { "kms:PrimaryRegion": benchRegions },
    }),
    ...(users.length === 0
      ? []
      : [
          deny("UsersNeverManage", root, managing, {
            ArnEquals: { "aws:PrincipalArn": users.map((user) => roleArn(accountId, user)) },
          }),
        ]),
  ];
}

/** Lets the deploy role create one grant. */
export function grantStatement(accountId: string, grant: PlainGrant): Statement {
  const pairs = Object.entries(grant.contextSubset ?? {}).map(([key, value]) => [
    `kms:EncryptionContext:${key}`,
    [value],
  ]);
  return allow("DeployGrants", roleArn(accountId, "OrgKeysDeploy"), ["kms:CreateGrant"], {
    "ForAllValues:StringEquals": { "kms:GrantOperations": grant.operations },
    StringEquals: {
      "kms:GranteePrincipal": [grant.grantee],
      ...Object.fromEntries(pairs),
      ...(pairs.length === 0 ? {} : { "kms:GrantConstraintType": ["EncryptionContextSubset"] }),
    },
  });
}

/** Use through one AWS service; EBS and RDS create grants for their own resources. */
export function viaService(
  accountId: string,
  role: string,
  service: "ec2" | "rds" | "s3",
  region: string,
): Statement[] {
  const principal = roleArn(accountId, role);
  const StringEquals = {
    "kms:CallerAccount": [accountId],
    "kms:ViaService": [`${service}.${region}.amazonaws.com`],
  };
  return [
    allow("Use", principal, [...using, "kms:DescribeKey"], { StringEquals }),
    ...(service === "s3"
      ? []
      : [
          allow("GrantToAws", principal, ["kms:CreateGrant"], {
            StringEquals,
            Bool: { "kms:GrantIsForAWSResource": ["true"] },
          }),
        ]),
  ];
}

/** CloudWatch Logs calls KMS as itself, for the log groups of this account. */
export function logsStatement(accountId: string, region: string): Statement {
  return {
    Sid: "Logs",
    Effect: "Allow",
    Principal: { Service: [`logs.${region}.amazonaws.com`] },
    Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    Resource: ["*"],
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": [`arn:aws:logs:${region}:${accountId}:*`] } },
  };
}

/** The using account's half: keys of another account, by their alias. */
export function consumerStatement(
  ownerAccountId: string,
  regions: readonly string[],
  alias: string,
  actions: readonly string[],
): Statement {
  return {
    Sid: "Use",
    Effect: "Allow",
    Action: [...actions, "kms:DescribeKey"],
    Resource: regions.map((region) => `arn:aws:kms:${region}:${ownerAccountId}:key/*`),
    Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [alias] } },
  };
}

export function policyDocument(Statement: readonly Statement[]): object {
  return { Version: "2012-10-17", Statement };
}
