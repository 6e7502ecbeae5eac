import { iamPrincipalArn } from "../aws/arn";
import { symmetricKind } from "../aws/key-kind";
import { inNameOrder } from "../aws/name-order";
import { parsePermissionSetRole, permissionSetRolePatterns } from "../aws/permission-set";
import { baselineAliasOf, baselineClassesOf } from "../organization/baseline-rollout";
import type { BaselineDataClass, OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { accountKeyDuties, accountKeyPolicy } from "../policies/account-key-policy";
import { guardAccountKeyPolicy } from "../policies/guard-account-key-policy";
import type { PolicyDocument } from "../policies/policy-document";

/** Where an account's replicas look up the ARNs of their primaries: a secret's name, and no secret in it. */
export const baselinePointer = "orgkeys/baseline-keys";

/** Of one key, for `baseline-keys.yaml.hbs`. */
interface BaselineKeyData {
  readonly dataClass: string;
  /** Logical ids in the template. */
  readonly keyId: string;
  readonly aliasId: string;
  readonly alias: string;
  readonly description: string;
  readonly rotationDays: number;
  readonly deletionWindowDays: number;
  readonly multiRegion: boolean;
  /** With `${AWS::Partition}` and `${AWS::AccountId}`. */
  readonly policy: PolicyDocument;
  readonly tags: readonly TemplateTag[];
}

/** Of one replica, for `baseline-replicas.yaml.hbs`: everything that AWS KMS does not share with its primary. */
interface BaselineReplicaData
  extends Pick<
    BaselineKeyData,
    "dataClass" | "aliasId" | "alias" | "description" | "deletionWindowDays" | "policy" | "tags"
  > {
  readonly replicaId: string;
  /** A dynamic reference to the pointer's replica in the stack's own Region. */
  readonly primaryKeyArn: string;
}

interface TemplateTag {
  readonly Key: string;
  readonly Value: string;
}

/** What `templates/baseline-keys.yaml.hbs` is filled with: the primaries, and the pointer for their replicas. */
export function baselineKeysData(
  rollout: Rollout,
  zone: Zone,
  map: OrganizationMap,
): {
  readonly zone: string;
  readonly keys: readonly BaselineKeyData[];
  readonly pointer:
    | false
    | { name: string; value: string; regions: readonly { Region: string }[]; tags: readonly TemplateTag[] };
} {
  const keys = baselineClassesOf(map).map((dataClass): BaselineKeyData => {
    const { name, multiRegion } = dataClass;
    return {
      ...sharedData(dataClass, zone, rollout.regions[0]),
      keyId: logicalId("Key", name),
      rotationDays: Math.min(dataClass.rotationDays, zone.floor.rotationDays ?? dataClass.rotationDays),
      multiRegion,
    };
  });
  const replicated = keys.filter(({ multiRegion }) => multiRegion);
  return {
    zone: zone.name,
    keys,
    pointer: rollout.replicas.length > 0 &&
      replicated.length > 0 && {
        name: baselinePointer,
        value: JSON.stringify(
          Object.fromEntries(replicated.map(({ dataClass, keyId }) => [dataClass, `\${${keyId}.Arn}`])),
        ),
        regions: rollout.replicas.map((Region) => ({ Region })),
        tags: tagsOf({ ...zone.organization.tags, ...zone.tags, ...ownTags(zone) }),
      },
  };
}

/** What `templates/baseline-replicas.yaml.hbs` is filled with, the same in every Region of the replicas. */
export function baselineReplicasData(
  _rollout: Rollout,
  zone: Zone,
  map: OrganizationMap,
): { readonly zone: string; readonly replicas: readonly BaselineReplicaData[] } {
  return {
    zone: zone.name,
    replicas: baselineClassesOf(map)
      .filter(({ multiRegion }) => multiRegion)
      .map((dataClass) => ({
        ...sharedData(dataClass, zone, undefined),
        replicaId: logicalId("Replica", dataClass.name),
        primaryKeyArn: `{{resolve:secretsmanager:${baselinePointer}:SecretString:${dataClass.name}}}`,
      })),
  };
}

/** @param region of the key; undefined for replicas, which are alike in all of theirs */
function sharedData(
  dataClass: BaselineDataClass,
  zone: Zone,
  region: string | undefined,
): Omit<BaselineKeyData, "keyId" | "rotationDays" | "multiRegion"> {
  const { name } = dataClass;
  return {
    dataClass: name,
    aliasId: logicalId("Alias", name),
    alias: baselineAliasOf(dataClass, zone.name),
    description: `Default key of the account: ${name} data of zone ${zone.name}`,
    deletionWindowDays: Math.max(dataClass.deletionWindowDays, zone.floor.deletionWindowDays ?? 0),
    policy: policyInEachAccount(dataClass, zone, region),
    tags: tagsOf({ ...zone.organization.tags, ...zone.tags, ...ownTags(zone), DataClass: name }),
  };
}

/** In the place of an account's id while a policy is built: nobody's. */
const ANY_ACCOUNT = "000000000000";

/** The policy as CloudFormation fills it in. */
function policyInEachAccount(
  { name, multiRegion }: BaselineDataClass,
  zone: Zone,
  region: string | undefined,
): PolicyDocument {
  const { partition, roles } = zone.organization;
  const inAccount = (principal: string): string => iamPrincipalArn(partition, ANY_ACCOUNT, principal);
  const request = {
    partition,
    ownerAccountId: ANY_ACCOUNT,
    kind: symmetricKind,
    administrators: zone.administrators.flatMap((name) => {
      const permissionSet = parsePermissionSetRole(inAccount(name));
      // Its role ends in other characters in each account.
      return permissionSet === undefined
        ? [inAccount(name)]
        : permissionSetRolePatterns(partition, ANY_ACCOUNT, permissionSet.name);
    }),
    deployRole: inAccount(`role/${roles.deploy}`),
    auditRole: inAccount(`role/${roles.audit}`),
    breakGlass: inAccount(zone.breakGlass),
    zoneRegions: zone.regions,
    multiRegion,
    region,
  };
  const policy = accountKeyPolicy(request);
  const flaws = guardAccountKeyPolicy(policy, accountKeyDuties(request));
  // Nothing of the map but names of roles and Regions goes into it: a flaw is a mistake of this program.
  if (flaws.length > 0)
    throw new Error(`key policy of ${name} in zone ${zone.name}: ${flaws.map(({ message }) => message).join("; ")}`);
  const everywhere = iamPrincipalArn(partition, ANY_ACCOUNT, "");
  return JSON.parse(JSON.stringify(policy).replaceAll(everywhere, "arn:${AWS::Partition}:iam::${AWS::AccountId}:"));
}

function ownTags(zone: Zone): Readonly<Record<string, string>> {
  return { ManagedBy: "orgkeys", Owner: zone.owner, Zone: zone.name };
}

function tagsOf(tags: Readonly<Record<string, string>>): TemplateTag[] {
  return inNameOrder(tags).map(([Key, Value]) => ({ Key, Value }));
}

/**
 * A logical id, letters and digits, made of a class's name: `KeyAccountDefault`. No two names give the same one, because
 * CloudFormation takes another logical id for another key. In a name with a hyphen that no letter follows, hyphens are `Z`.
 */
function logicalId(prefix: "Alias" | "Key" | "Replica", name: string): string {
  const words = name.split("-");
  return words.every((word) => /^[a-z]/.test(word))
    ? prefix + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
    : `${prefix}0${words.join("Z")}`;
}
