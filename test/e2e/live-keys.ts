import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListPolicyTagsCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import type { PlannedConsumerPolicy, PlannedGrant, PlannedKey } from "../../modules/keys/key-plan";
import type { Emulator } from "./emulator";

/** A key or replica as AWS tells of it, in the plan's own terms, so that the two can be held against each other. */
export interface LiveKey {
  readonly account: string;
  readonly region: string;
  readonly alias: string;
  readonly description: string;
  readonly state: string;
  readonly multiRegion: "PRIMARY" | "REPLICA" | "no";
  readonly primaryRegion: string;
  readonly replicaRegions: readonly string[];
  readonly rotationDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: unknown;
  readonly grants: readonly LiveGrant[];
}

export interface LiveGrant {
  readonly name: string;
  readonly grantee: string;
  readonly retiring: string | undefined;
  readonly operations: readonly string[];
  readonly equals: Readonly<Record<string, string>> | undefined;
  readonly subset: Readonly<Record<string, string>> | undefined;
}

/** What the plan says should be there: one entry for the key and one for each replica. */
export function expectedKeys(key: PlannedKey): LiveKey[] {
  const replicaRegions = key.replicas.map((replica) => replica.region);
  const shared = {
    account: key.accountId,
    alias: key.alias,
    description: key.description,
    state: "Enabled",
    primaryRegion: key.region,
    replicaRegions,
    rotationDays: key.rotationDays,
    tags: key.tags,
  };
  const grantsIn = (region: string): LiveGrant[] =>
    key.grants
      .filter((grant) => grant.region === region)
      .map(expectedGrant)
      .sort(byName);
  return [
    {
      ...shared,
      region: key.region,
      multiRegion: key.multiRegion ? "PRIMARY" : "no",
      policy: key.policy,
      grants: grantsIn(key.region),
    },
    ...key.replicas.map(
      (replica): LiveKey => ({
        ...shared,
        region: replica.region,
        multiRegion: "REPLICA",
        policy: replica.policy,
        grants: grantsIn(replica.region),
      }),
    ),
  ];
}

function expectedGrant(grant: PlannedGrant): LiveGrant {
  return {
    name: grant.name,
    grantee: grant.grantee,
    retiring: grant.retiring,
    operations: grant.operations,
    equals: grant.constraint?.kind === "equals" ? grant.constraint.pairs : undefined,
    subset: grant.constraint?.kind === "subset" ? grant.constraint.pairs : undefined,
  };
}

/** Reads the key behind an alias over the AWS API, with its id. */
export async function readKey(
  emulator: Emulator,
  place: { accountId: string; region: string; partition: string },
  alias: string,
): Promise<{ keyId: string; key: LiveKey }> {
  const { kms } = await emulator.clientsFor(place);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 1000 }));
  const keyId = Aliases.find((entry) => entry.AliasName === alias)?.TargetKeyId;
  if (keyId === undefined) throw new Error(`${alias} is not in ${place.accountId} ${place.region}`);
  const KeyId = keyId;
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  const { Policy = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
  const rotation = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
  const family = KeyMetadata?.MultiRegionConfiguration;
  const key: LiveKey = {
    account: KeyMetadata?.AWSAccountId ?? "",
    region: KeyMetadata?.Arn?.split(":")[3] ?? "",
    alias,
    description: KeyMetadata?.Description ?? "",
    state: KeyMetadata?.KeyState ?? "",
    multiRegion: KeyMetadata?.MultiRegion === true ? (family?.MultiRegionKeyType ?? "no") : "no",
    primaryRegion: family?.PrimaryKey?.Region ?? place.region,
    replicaRegions: (family?.ReplicaKeys ?? []).map((replica) => replica.Region ?? "").sort(),
    rotationDays: rotation.KeyRotationEnabled === true ? rotation.RotationPeriodInDays : undefined,
    tags: Object.fromEntries(Tags.map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""])),
    policy: JSON.parse(Policy),
    grants: Grants.map(
      (grant): LiveGrant => ({
        name: grant.Name ?? "",
        grantee: grant.GranteePrincipal ?? "",
        retiring: grant.RetiringPrincipal,
        operations: [...(grant.Operations ?? [])].sort(),
        equals: grant.Constraints?.EncryptionContextEquals,
        subset: grant.Constraints?.EncryptionContextSubset,
      }),
    ).sort(byName),
  };
  return { keyId, key };
}

function byName(a: LiveGrant, b: LiveGrant): number {
  return a.name < b.name ? -1 : 1;
}

/** Every key id of an account and Region: what the plan does not know shows here. */
export async function keyIdsIn(
  emulator: Emulator,
  place: { accountId: string; region: string; partition: string },
): Promise<string[]> {
  const { kms } = await emulator.clientsFor(place);
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  return Keys.map((key) => key.KeyId ?? "").sort();
}

/** A consumer policy as IAM has it. */
export async function readConsumerPolicy(
  emulator: Emulator,
  planned: PlannedConsumerPolicy,
  region: string,
): Promise<{ document: unknown; tags: Record<string, string>; attached: boolean | undefined }> {
  const { iam } = await emulator.clientsFor({ accountId: planned.accountId, region, partition: planned.partition });
  const PolicyArn = `arn:${planned.partition}:iam::${planned.accountId}:policy/orgkeys/${planned.name}`;
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId ?? "" }),
  );
  const { Tags = [] } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }));
  const [kind, ...path] = (planned.attachTo ?? "").split("/");
  const name = path.at(-1) ?? "";
  const attachments =
    kind === "role"
      ? await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }))
      : kind === "user"
        ? await iam.send(new ListAttachedUserPoliciesCommand({ UserName: name }))
        : undefined;
  return {
    document: JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "{}")),
    tags: Object.fromEntries(Tags.map((tag) => [tag.Key ?? "", tag.Value ?? ""])),
    attached: attachments?.AttachedPolicies?.some((policy) => policy.PolicyArn === PolicyArn),
  };
}
