import { iamPrincipalArn } from "../aws/arn";
import type { PartitionName } from "../aws/partition";
import { assumeRole, baseCredentials, type ClientSettings, type SharedByRun } from "./assume-role";
import { describeError, messageOf } from "./aws-error";
import type { CallBudget } from "./call-budget";

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

/** Nobody could be asked: no credentials, no such role, no network. */
export class NoSession extends Error {
  override readonly name = "NoSession";
  readonly whatToDo: string;
  /** Whether it is no matter of the account: no other one of its organization can be asked either. */
  readonly isEverywhere: boolean;
  /** Whether it is silence that says so: one call may meet it alone. */
  readonly isSilent: boolean;

  constructor(why: string, whatToDo: string, isEverywhere = false, isSilent = false) {
    super(why);
    this.whatToDo = whatToDo;
    this.isEverywhere = isEverywhere;
    this.isSilent = isSilent;
  }
}

/**
 * Assumes the audit role with the credentials that the AWS SDK finds.
 *
 * @throws NoSession
 */
export async function auditSession(target: AuditTarget, shared?: SharedByRun): Promise<ClientSettings> {
  const { partition, accountId, region, role, externalId, sessionTags: tags } = target;
  const roleArn = iamPrincipalArn(partition, accountId, `role/${role}`);
  try {
    return await assumeRole({ region, accountId, roleArn, sessionName: "orgkeys", externalId, tags }, shared);
  } catch (error) {
    throw noSession(roleArn, partition, error);
  }
}

/** The same for many accounts of one run: the credentials are found once for all of them. */
export function auditSessions(budget: CallBudget): (target: AuditTarget) => Promise<ClientSettings> {
  let shared: SharedByRun | undefined;
  return (target) => {
    shared ??= { budget, credentials: baseCredentials(target.region) };
    return auditSession(target, shared);
  };
}

/** As Node.js and the SDK say that nobody answers. */
const noAnswer = /\b(?:ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT|TimeoutError)\b/;

function noSession(arn: string, partition: PartitionName, error: unknown): NoSession {
  const { name, text } = describeError(error);
  if (name === "CredentialsProviderError") {
    return new NoSession(
      `there are no credentials of AWS to assume ${arn} with`,
      `sign in, or set AWS_PROFILE: ${text}`,
      true,
    );
  }
  if (name === "AccessDenied") {
    const whatToDo =
      "sign in as a role under pipelines.audit of the account's zone (zones.yaml), which may sts:AssumeRole and sts:TagSession on it (docs/rollouts.md#bootstrapping); of an account that is closed or suspended, let the map say so (status: suspended)";
    return new NoSession(`${arn} cannot be assumed: ${text}`, whatToDo);
  }
  if (name === "InvalidClientTokenId" || name === "UnrecognizedClientException") {
    const whatToDo = "sign in there, and run the command once for each partition, with --zone";
    return new NoSession(`the credentials are not of partition ${partition}, or are no more: ${text}`, whatToDo, true);
  }
  if (name === "ExpiredToken" || name === "ExpiredTokenException" || name === "SignatureDoesNotMatch") {
    return new NoSession(`the credentials are no longer good: ${name}: ${text}`, "sign in again", true);
  }
  const isEverywhere = noAnswer.test(`${name} ${text}`);
  return new NoSession(
    `${arn} cannot be assumed: ${messageOf(error)}`,
    isEverywhere
      ? "look whether this machine reaches AWS STS in that Region, and run the command again"
      : "mend what it says, and run the command again",
    isEverywhere,
    /Timeout|ETIMEDOUT/.test(`${name} ${text}`),
  );
}
