import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { StackSession } from "./stack-session";

/** What a client of the SDK takes. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** As often as the provider tries, and slower where AWS throttles: many stacks are read at once. */
export const patientRetries = { maxAttempts: 8, retryMode: "adaptive" } as const;

/**
 * Becomes the role of a session, from whatever credentials the environment has. The endpoint is that of the session's own Region:
 * the global one is of another partition than GovCloud and China are in.
 *
 * Source: https://docs.aws.amazon.com/general/latest/gr/sts.html
 *
 * @throws the SDK's error when the role cannot be assumed, and one of our own for a role of another account
 */
export async function assumeRole(session: StackSession): Promise<SessionCredentials> {
  const { region, accountId, roleArn, sessionName, externalId, tags } = session;
  const client = new STSClient({ region, ...patientRetries });
  try {
    const { Credentials: given, AssumedRoleUser: user } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw new Error("AWS STS answered without credentials");
    }
    if (user?.Arn?.split(":")[4] !== accountId) throw new Error(`AWS STS answered a role that is not of ${accountId}`);
    return { accessKeyId, secretAccessKey, sessionToken };
  } finally {
    client.destroy();
  }
}
