import { symmetricKind } from "../../modules/aws/key-kind";
import { serviceProfile } from "../../modules/aws/service-profiles";
import type { GrantedAccess } from "../../modules/policies/granted-access";
import { type KeyDuties, managersOf } from "../../modules/policies/key-duties";
import type { KeyPolicyRequest } from "../../modules/policies/key-policy";
import type { KeyUse } from "../../modules/policies/key-use";
import type { ServiceKeyUse } from "../../modules/policies/service-use";

/** A key of one account, used from it, from a second one and from a third as a whole. */
export const owner = "111111111111";
export const other = "222222222222";
export const third = "333333333333";
export const region = "us-east-1";
export const alias = "alias/payments-prod";
export const keyArn = `arn:aws:kms:${region}:${owner}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

export const role = (accountId: string, name: string): string => `arn:aws:iam::${accountId}:role/${name}`;
export const rootOf = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

export const duties: KeyDuties = {
  partition: "aws",
  ownerAccountId: owner,
  kind: symmetricKind,
  rootAccess: "administration-only",
  administrators: [role(owner, "KeyAdministrator")],
  deployRole: role(owner, "OrgKeysDeploy"),
  auditRole: role(owner, "OrgKeysAudit"),
  breakGlass: role(owner, "ops/KeyBreakGlass"),
  zoneRegions: ["us-east-1", "us-west-2"],
  organizationPaths: [],
};
export const managers = managersOf(duties);
export const administrator = role(owner, "KeyAdministrator");

export function useBy(principal: string, narrowing: Partial<KeyUse> = {}): KeyUse {
  return {
    label: `payments-prod-${principal.split("/").at(-1)?.replace(/^.*:/, "account-")}`,
    principals: [principal],
    kind: symmetricKind,
    operations: ["encrypt", "decrypt"],
    via: [],
    encryptionContext: {},
    sourceVpce: [],
    sourceIp: [],
    organizationPath: undefined,
    from: undefined,
    until: undefined,
    permissionSet: [],
    ...narrowing,
  };
}

export function grantTo(grantee: string, grant: Partial<GrantedAccess> = {}): GrantedAccess {
  return { grantee, operations: ["Decrypt", "GenerateDataKey"], constraint: undefined, ...grant };
}

export function serviceFor(name: string, service: Partial<ServiceKeyUse> = {}): ServiceKeyUse {
  const profile = serviceProfile(name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return { profile, partition: "aws", sourceAccountId: other, sourceArns: [], encryptionContext: {}, ...service };
}

/** One statement of every kind. */
export const smallRequest: KeyPolicyRequest = {
  ...duties,
  region,
  multiRegion: true,
  uses: [
    useBy(role(other, "service/payments-api"), {
      encryptionContext: { app: "payments" },
      sourceVpce: ["vpce-0a1b2c3d4e5f60718"],
    }),
    useBy(role(owner, "payments-nodes"), {
      operations: ["encrypt", "decrypt", "grant-to-aws-services"],
      via: ["ebs", "rds"],
    }),
    useBy(role(other, "settlement"), { operations: ["decrypt"], sourceIp: ["203.0.113.16/28"] }),
    useBy(role(other, "watcher"), { operations: ["describe"] }),
    useBy(rootOf(third), {
      operations: ["decrypt"],
      via: ["s3"],
      organizationPath: { organizationId: "o-a1b2c3d4e5", idPath: "o-a1b2c3d4e5/r-ab12/ou-ab12-21000000/" },
    }),
  ],
  services: [serviceFor("cloudtrail")],
  grants: [
    grantTo(role(other, "payments-batch"), { constraint: { kind: "subset", pairs: { job: "settlement" } } }),
    grantTo(role(owner, "restore"), { operations: ["Decrypt"] }),
  ],
  usingAccounts: [],
  statements: [
    {
      sid: "NoDecryptOutsideTheVault",
      effect: "Deny",
      principals: [rootOf(other)],
      actions: ["kms:ReEncryptFrom", "kms:Decrypt"],
      conditions: { StringNotEqualsIfExists: { "aws:SourceVpce": ["vpce-0a1b2c3d4e5f60718"] } },
    },
  ],
};
