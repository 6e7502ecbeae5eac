import { isAccountId } from "../aws/account-id";
import { parseIamPrincipalArn } from "../aws/arn";
import { type PartitionName, partitionOfRegion } from "../aws/partition";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import type { StackBackend, StackMetadata, StackProvider } from "./synthesized-stack";
import { literalText } from "./terraform-value";

/** A provider with the accounts it says it works on. */
export interface ReadProvider extends StackProvider {
  readonly accountIds: readonly string[];
}

const providerArguments = new Set(["alias", "region", "allowed_account_ids", "assume_role", "default_tags"]);
const roleArguments = new Set(["role_arn", "session_name", "external_id", "duration"]);
/** Of a provider, not of a backend: nothing there asks for session tags. */
const providerRoleArguments = new Set([...roleArguments, "tags"]);

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
  const assumedRoleArn = readAssumedRole(reading, fields, path, providerRoleArguments);
  if (fields.assume_role === undefined) {
    reading.note(`${path}/assume_role`, "assume_role is missing: nobody knows whose account this is");
  }
  if (region === undefined) return [];
  return [
    {
      document: reading.document,
      path,
      reference: alias === undefined ? "aws" : `aws.${alias}`,
      region,
      assumedRoleArn,
      sessionTags: readSessionTags(reading, fields, path),
      accountIds,
    },
  ];
}

function readAssumedRole(
  reading: StackReading,
  fields: Fields,
  path: string,
  known: ReadonlySet<string> = roleArguments,
): string | undefined {
  const role = reading.block(fields.assume_role, `${path}/assume_role`);
  if (role === undefined) return undefined;
  reading.onlyKnown(role[0], known, role[1]);
  return reading.text(role[0], "role_arn", role[1]);
}

/** What cannot be read is noted, and is no tag. */
function readSessionTags(reading: StackReading, fields: Fields, path: string): Readonly<Record<string, string>> {
  const { assume_role: role } = fields;
  // That it is one block, `readAssumedRole` says.
  const [only, second] = Array.isArray(role) ? role : [role];
  if (!isFields(only) || second !== undefined) return {};
  const at = `${path}/assume_role${Array.isArray(role) ? "/0" : ""}/tags`;
  const tags = only.tags;
  return Object.fromEntries(
    reading.entries(tags, at).flatMap(([name]) => {
      const [key, value] = [literalText(name), isFields(tags) ? reading.text(tags, name, at) : undefined];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/**
 * Notes what else the `terraform` block brings in. A provider of another publisher gets the deploy role's credentials.
 *
 * Source: https://developer.hashicorp.com/terraform/language/providers/requirements#requiring-providers
 */
export function readRequirements(reading: StackReading, terraform: unknown): void {
  if (!isFields(terraform)) return;
  reading.onlyKnown(terraform, new Set(["backend", "required_providers", "required_version"]), "/terraform");
  const block = reading.block(terraform.required_providers, "/terraform/required_providers");
  for (const [name, required, path] of block === undefined ? [] : reading.entries(...block)) {
    const source = isFields(required) ? (required.source ?? `hashicorp/${name}`) : undefined;
    if (source !== "hashicorp/aws" && source !== "registry.terraform.io/hashicorp/aws") {
      reading.note(path, `has to be hashicorp/aws, found ${JSON.stringify(required)}`);
    } else if (isFields(required)) {
      reading.onlyKnown(required, new Set(["source", "version"]), path);
    }
  }
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

/** What guards a state in its bucket. */
export interface StateProtection {
  readonly encrypt: boolean;
  /** Of the key that S3 encrypts the state with; undefined for the bucket's own encryption. */
  readonly kmsKeyId: string | undefined;
  /** Whether a second run waits for the first. */
  readonly lockfile: boolean;
}

type ProtectedBackend = StackBackend & { readonly protection: StateProtection };

/** Undefined for a state that is no object in a bucket. */
export function protectionOf(backend: StackBackend): StateProtection | undefined {
  return isProtected(backend) ? backend.protection : undefined;
}

function isProtected(backend: StackBackend): backend is ProtectedBackend {
  return "protection" in backend;
}

const s3Arguments = new Set([
  "bucket",
  "key",
  "region",
  "encrypt",
  "kms_key_id",
  "use_lockfile",
  "assume_role",
  "role_arn",
  "session_name",
  "external_id",
]);

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
  if (!isFields(fields)) {
    reading.note(at, "has to be an object");
    return undefined;
  }
  if (kind === "local") {
    reading.onlyKnown(fields, new Set(["path"]), at);
    const file = reading.text(fields, "path", at);
    return file === undefined ? undefined : { kind, file, document: reading.document, path: at };
  }
  if (kind === "s3") return readS3Backend(reading, fields, at);
  reading.note(at, `a backend of kind ${kind} is not understood here`);
  return undefined;
}

/** Source of its arguments: https://developer.hashicorp.com/terraform/language/backend/s3 */
function readS3Backend(reading: StackReading, fields: Fields, path: string): ProtectedBackend | undefined {
  reading.onlyKnown(fields, s3Arguments, path);
  const bucket = reading.text(fields, "bucket", path);
  const key = reading.text(fields, "key", path);
  const region = reading.optionalText(fields, "region", path);
  const roleOfBlock = readAssumedRole(reading, fields, path);
  const roleOfArgument = reading.optionalText(fields, "role_arn", path);
  if (roleOfBlock !== undefined && roleOfArgument !== undefined) {
    reading.note(`${path}/role_arn`, "assume_role names a role as well, and nobody knows which one counts");
  }
  const protection = {
    encrypt: isTrue(fields.encrypt),
    kmsKeyId: reading.optionalText(fields, "kms_key_id", path),
    lockfile: isTrue(fields.use_lockfile),
  };
  if (bucket === undefined || key === undefined) return undefined;
  const assumedRoleArn = roleOfBlock ?? roleOfArgument;
  return { kind: "s3", bucket, key, region, assumedRoleArn, protection, document: reading.document, path };
}

/** Terraform takes the text for the value. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
