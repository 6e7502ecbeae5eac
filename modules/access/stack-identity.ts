import { isAccountId } from "../aws/account-id";
import { parseIamPrincipalArn } from "../aws/arn";
import { type PartitionName, partitionOfRegion } from "../aws/partition";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import type { StackBackend, StackMetadata, StackProvider } from "./synthesized-stack";

/** A provider with the accounts it says it works on. */
export interface ReadProvider extends StackProvider {
  readonly accountIds: readonly string[];
}

const providerArguments = new Set(["alias", "region", "allowed_account_ids", "assume_role", "default_tags"]);

/** The AWS providers of a stack; any other provider is noted. */
export function readProviders(reading: StackReading, json: unknown): ReadProvider[] {
  return reading.entries(json, "/provider").flatMap(([name, configurations, path]) => {
    if (name !== "aws") {
      reading.note(path, `providers other than aws are not understood here`);
      return [];
    }
    const list = Array.isArray(configurations) ? configurations : [configurations];
    return list.flatMap((configuration: unknown, index): ReadProvider[] => {
      const at = Array.isArray(configurations) ? `${path}/${index}` : path;
      if (!isFields(configuration)) {
        reading.note(at, "has to be an object");
        return [];
      }
      return readProvider(reading, configuration, at);
    });
  });
}

function readProvider(reading: StackReading, fields: Fields, path: string): ReadProvider[] {
  reading.onlyKnown(fields, providerArguments, path);
  const region = reading.text(fields, "region", path);
  const alias = reading.optionalText(fields, "alias", path);
  const accountIds = reading.texts(fields, "allowed_account_ids", path);
  const role = reading.block(fields.assume_role, `${path}/assume_role`);
  const assumedRoleArn = role === undefined ? undefined : reading.text(role[0], "role_arn", role[1]);
  if (role === undefined)
    reading.note(`${path}/assume_role`, "assume_role is missing: nobody knows whose account this is");
  if (region === undefined) return [];
  return [
    {
      document: reading.document,
      path,
      reference: alias === undefined ? "aws" : `aws.${alias}`,
      region,
      assumedRoleArn,
      accountIds,
    },
  ];
}

/**
 * The stack's one account and partition. Every provider's allowed account and assumed role, its Region and the stack's
 * metadata have to say the same.
 */
export function settleAccount(
  reading: StackReading,
  providers: readonly ReadProvider[],
  metadata: StackMetadata,
  json: unknown,
): { readonly accountId: string | undefined; readonly partition: PartitionName | undefined } {
  const accounts = new Set<string>();
  const partitions = new Set<string>();
  if (providers.length === 0)
    reading.note("/provider", json === undefined ? "is missing" : "has no provider that can be read");
  if (metadata.accountId === undefined) reading.note("/~1~1/orgkeys/accountId", "is missing");
  else accounts.add(metadata.accountId);
  for (const provider of providers) {
    if (provider.accountIds.length !== 1) {
      reading.note(`${provider.path}/allowed_account_ids`, "has to name exactly one account");
    }
    for (const id of provider.accountIds) accounts.add(id);
    partitions.add(partitionOfRegion(provider.region) ?? `no partition has ${provider.region}`);
    if (provider.assumedRoleArn === undefined) continue;
    const role = parseIamPrincipalArn(provider.assumedRoleArn);
    if (role === undefined || role.kind !== "role") {
      reading.note(`${provider.path}/assume_role`, `is not a role's ARN: ${provider.assumedRoleArn}`);
      continue;
    }
    accounts.add(role.accountId);
    partitions.add(role.partition);
  }
  const [accountId, ...otherAccounts] = accounts;
  const [partition, ...otherPartitions] = partitions;
  if (otherAccounts.length > 0) {
    reading.note("/provider", `providers, roles and metadata name different accounts: ${[...accounts].join(", ")}`);
  } else if (accountId !== undefined && !isAccountId(accountId)) {
    reading.note("/provider", `${accountId} is not an account id`);
  }
  const known = partition === "aws" || partition === "aws-us-gov" || partition === "aws-cn" ? partition : undefined;
  if (partition !== undefined && (otherPartitions.length > 0 || known === undefined)) {
    reading.note("/provider", `Regions and roles are of different partitions: ${[...partitions].join(", ")}`);
  }
  return {
    accountId: otherAccounts.length === 0 && accountId !== undefined && isAccountId(accountId) ? accountId : undefined,
    partition: otherPartitions.length === 0 ? known : undefined,
  };
}

/** Where the stack's state is. */
export function readBackend(reading: StackReading, terraform: unknown): StackBackend | undefined {
  const path = "/terraform/backend";
  const backends = reading.entries(isFields(terraform) ? terraform.backend : undefined, path);
  const [only, second] = backends;
  if (only === undefined || second !== undefined) {
    reading.note(path, "has to be exactly one backend");
    return undefined;
  }
  const [kind, fields, at] = only;
  const place = { document: reading.document, path: at };
  if (!isFields(fields)) {
    reading.note(at, "has to be an object");
    return undefined;
  }
  if (kind === "local") {
    const file = reading.text(fields, "path", at);
    return file === undefined ? undefined : { kind, file, ...place };
  }
  if (kind !== "s3") {
    reading.note(at, `a backend of kind ${kind} is not understood here`);
    return undefined;
  }
  const [bucket, key] = [reading.text(fields, "bucket", at), reading.text(fields, "key", at)];
  const region = reading.optionalText(fields, "region", at);
  const role = reading.block(fields.assume_role, `${at}/assume_role`);
  const assumedRoleArn =
    role === undefined ? reading.optionalText(fields, "role_arn", at) : reading.text(role[0], "role_arn", role[1]);
  return bucket === undefined || key === undefined
    ? undefined
    : { kind, bucket, key, region, assumedRoleArn, ...place };
}
