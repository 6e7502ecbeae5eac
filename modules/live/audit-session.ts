import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { iamPrincipalArn } from "../aws/arn";
import type { PartitionName } from "../aws/partition";

/** Where to read, and as whom: the session that the providers of the same account's stacks have, with the audit role. */
export interface AuditTarget {
  readonly partition: PartitionName;
  readonly accountId: string;
  /** Of STS and of what is read. */
  readonly region: string;
  /** The audit role's name. */
  readonly role: string;
  readonly externalId: string | undefined;
  /** What the role asks of each session. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

/** What clients of AWS take. */
export interface AuditSession {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly retryMode: "adaptive";
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** An organization has thousands of instances, and CloudFormation throttles. A partition that cannot be reached ends all the same. */
const patience = {
  retryMode: "adaptive",
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000 },
} as const;

/** Nobody could be asked: no credentials, no such role, no network. */
export class NoSession extends Error {
  override readonly name = "NoSession";
  readonly whatToDo: string;

  constructor(why: string, whatToDo: string) {
    super(why);
    this.whatToDo = whatToDo;
  }
}

/**
 * Assumes the audit role with the credentials that the AWS SDK finds.
 *
 * @throws NoSession
 */
export async function auditSession(target: AuditTarget): Promise<AuditSession> {
  const { partition, accountId, region, role, externalId, sessionTags } = target;
  const arn = iamPrincipalArn(partition, accountId, `role/${role}`);
  const sts = new STSClient({ region, ...patience });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: arn,
        RoleSessionName: "orgkeys",
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(Object.keys(sessionTags).length === 0
          ? {}
          : { Tags: Object.entries(sessionTags).map(([Key, Value]) => ({ Key, Value })) }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
      throw new Error("AWS answered without credentials");
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { region, credentials, ...patience };
  } catch (error) {
    throw noSession(arn, partition, error);
  } finally {
    sts.destroy();
  }
}

function noSession(arn: string, partition: PartitionName, error: unknown): NoSession {
  const { name, text } = describeError(error);
  if (name === "CredentialsProviderError") {
    return new NoSession(
      `there are no credentials of AWS to assume ${arn} with`,
      `sign in, or set AWS_PROFILE: ${text}`,
    );
  }
  if (name === "AccessDenied") {
    const whatToDo =
      "sign in as a role under pipelines.audit of the account's zone (zones.yaml), which may sts:AssumeRole and sts:TagSession on it (docs/rollouts.md#bootstrapping)";
    return new NoSession(`${arn} cannot be assumed: ${text}`, whatToDo);
  }
  if (name === "InvalidClientTokenId" || name === "UnrecognizedClientException") {
    const whatToDo = "sign in there, and run the command once for each partition, with --zone";
    return new NoSession(`the credentials are not of partition ${partition}, or are no more: ${text}`, whatToDo);
  }
  return new NoSession(`${arn} cannot be assumed: ${name}: ${text}`, "mend what it says, and run the command again");
}

/** AWS's own words, of whatever was thrown. */
export function describeError(error: unknown): { readonly name: string; readonly text: string } {
  if (!(error instanceof Error)) return { name: "Error", text: String(error) };
  // What several addresses of one name answer comes as one error without words.
  const inner = error instanceof AggregateError && error.message === "" ? error.errors[0] : undefined;
  const text = inner instanceof Error ? inner.message : error.message;
  return { name: error.name, text: text.replaceAll(/\s+/g, " ").trim() };
}
