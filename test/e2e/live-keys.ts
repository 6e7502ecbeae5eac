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
import { aliasArn, parseKeyBehindAlias } from "../../modules/aws/key-behind-alias";
import type {
  KeyStep,
  PlannedConsumerPolicy,
  PlannedGrant,
  PlannedKey,
  PlannedReplica,
  PlannedUserGrant,
} from "../../modules/keys/key-plan";
import type { Emulator } from "./emulator";

/** A key or replica as AWS tells of it, in the plan's own terms, so that the two can be held against each other. */
export interface DescribedKey {
  readonly account: string;
  readonly region: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly state: string;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  /** The instant at which imported material ends. */
  readonly materialEnds: string | undefined;
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

/**
 * What the plan says should be there: one entry for the key and one for each replica. Imported material is there once the map
 * records it.
 *
 * @param userGrants of any key; those that other accounts make on this one count
 */
export function expectedKeys(key: PlannedKey, userGrants: readonly PlannedUserGrant[] = []): DescribedKey[] {
  const replicaRegions = key.replicas.map((replica) => replica.region);
  const shared = {
    account: key.accountId,
    aliases: key.aliases.map(({ name }) => name).sort(),
    description: key.description,
    spec: key.kind.spec,
    usage: key.kind.usage,
    origin: key.kind.origin,
    primaryRegion: key.region,
    replicaRegions,
    rotationDays: key.rotationDays,
    tags: key.tags,
  };
  const lifeOf = ({ step, material }: Pick<PlannedReplica, "step" | "material">) => ({
    state: key.kind.origin === "EXTERNAL" && material === undefined ? "PendingImport" : stateOf(step),
    materialEnds: material?.expires === undefined ? undefined : `${material.expires}T00:00:00.000Z`,
  });
  const byUsers = userGrants.filter(
    (grant) => grant.status === "planned" && grant.key.account === key.account && grant.key.alias === key.alias,
  );
  const grantsIn = (region: string): LiveGrant[] =>
    [...key.grants, ...byUsers]
      .filter((grant) => grant.region === region)
      .map(expectedGrant)
      .sort(byName);
  return [
    {
      ...shared,
      region: key.region,
      ...lifeOf(key),
      multiRegion: key.multiRegion ? "PRIMARY" : "no",
      policy: key.policy,
      grants: grantsIn(key.region),
    },
    ...key.replicas.map(
      (replica): DescribedKey => ({
        ...shared,
        region: replica.region,
        ...lifeOf(replica),
        multiRegion: "REPLICA",
        policy: replica.policy,
        grants: grantsIn(replica.region),
      }),
    ),
  ];
}

function stateOf(step: KeyStep): string {
  return step === "disabled" ? "Disabled" : "Enabled";
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
): Promise<{ keyId: string; key: DescribedKey }> {
  const { kms } = await emulator.clientsFor(place);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 1000 }));
  const keyId = Aliases.find((entry) => entry.AliasName === alias)?.TargetKeyId;
  if (keyId === undefined) throw new Error(`${alias} is not in ${place.accountId} ${place.region}`);
  const KeyId = keyId;
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  const { Policy = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
  const rotation = KeyMetadata?.Origin === "AWS_KMS" && (await kms.send(new GetKeyRotationStatusCommand({ KeyId })));
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
  const family = KeyMetadata?.MultiRegionConfiguration;
  const key: DescribedKey = {
    account: KeyMetadata?.AWSAccountId ?? "",
    region: KeyMetadata?.Arn?.split(":")[3] ?? "",
    aliases: Aliases.flatMap((entry) => (entry.TargetKeyId === keyId ? [entry.AliasName ?? ""] : [])).sort(),
    description: KeyMetadata?.Description ?? "",
    state: KeyMetadata?.KeyState ?? "",
    spec: KeyMetadata?.KeySpec ?? "",
    usage: KeyMetadata?.KeyUsage ?? "",
    origin: KeyMetadata?.Origin ?? "",
    materialEnds: KeyMetadata?.ValidTo?.toISOString(),
    multiRegion: KeyMetadata?.MultiRegion === true ? (family?.MultiRegionKeyType ?? "no") : "no",
    primaryRegion: family?.PrimaryKey?.Region ?? place.region,
    replicaRegions: (family?.ReplicaKeys ?? []).map((replica) => replica.Region ?? "").sort(),
    rotationDays: rotation && rotation.KeyRotationEnabled === true ? rotation.RotationPeriodInDays : undefined,
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

/** The policy's text as AWS has it: where the plan names a key by its alias, Terraform has put the key's ARN. */
export async function withKeyArns(emulator: Emulator, planned: PlannedConsumerPolicy): Promise<unknown> {
  const named = await Promise.all(
    [...new Set(JSON.stringify(planned.policy).match(/arn:[\w-]+:kms:[\w-]+:\d{12}:key\/\$\{[^}]+\}/g))].map(
      async (text) => {
        const key = parseKeyBehindAlias(text);
        if (key === undefined) throw new Error(`names no key: ${text}`);
        const { kms } = await emulator.clientsFor({ ...key, accountId: planned.accountId });
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: aliasArn(key) }));
        return [text, KeyMetadata?.Arn ?? ""] as const;
      },
    ),
  );
  return JSON.parse(named.reduce((text, [name, arn]) => text.replaceAll(name, arn), JSON.stringify(planned.policy)));
}
