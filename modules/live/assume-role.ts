import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { CallBudget } from "./call-budget";
import { connections } from "./connections";

/** Which role to become, and what it asks of each session. */
export interface RoleSession {
  /** Of STS and of what is read. */
  readonly region: string;
  readonly accountId: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** How long a client waits, and how often it asks again. */
interface Patience {
  readonly maxAttempts: number;
  readonly retryMode: "adaptive";
  readonly requestHandler: {
    /** Milliseconds. */
    readonly connectionTimeout: number;
    /** Milliseconds. */
    readonly requestTimeout: number;
    /** Milliseconds in which nothing comes of an answer that has begun. */
    readonly socketTimeout?: number;
    /** Without it the SDK only warns. */
    readonly throwOnRequestTimeout: true;
    /** Its own for each client where there is none. */
    readonly httpAgent?: HttpAgent;
    readonly httpsAgent?: HttpsAgent;
  };
}

/**
 * Many stacks, and thousands of instances, are read at once, and AWS throttles. A partition that cannot be reached, or does not
 * answer, ends all the same.
 */
export const patience: Patience = {
  maxAttempts: 8,
  retryMode: "adaptive",
  requestHandler: {
    connectionTimeout: 5_000,
    requestTimeout: 10_000,
    socketTimeout: 10_000,
    throwOnRequestTimeout: true,
    ...connections,
  },
};

/** What clients of the SDK take. */
export interface ClientSettings extends Patience {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** The same of whoever asks as a role, or with the credentials that the environment has. */
export type CallerSettings = Omit<ClientSettings, "credentials"> & Partial<Pick<ClientSettings, "credentials">>;

/** As whom roles are assumed. */
export type BaseCredentials = STSClient["config"]["credentials"];

/**
 * The credentials that the environment has, found once for whoever asks: a profile may start a program for them, or ask AWS. They
 * are found again when they expire.
 *
 * @param region of whoever is asked for them
 */
export function baseCredentials(region: string): BaseCredentials {
  return new STSClient({ region, ...patience }).config.credentials;
}

/** What the sessions of one run share. */
export interface SharedByRun {
  readonly budget: CallBudget;
  readonly credentials: BaseCredentials;
}

/**
 * Becomes the role of a session, from whatever credentials the environment has. The endpoint is that of the session's own Region:
 * the global one is of another partition than GovCloud and China are in.
 *
 * Source: https://docs.aws.amazon.com/general/latest/gr/sts.html
 *
 * @throws the SDK's error when the role cannot be assumed, and one of our own for a role of another account
 */
export async function assumeRole(session: RoleSession, shared?: SharedByRun): Promise<ClientSettings> {
  const { region, accountId, roleArn, sessionName, externalId, tags } = session;
  const named = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const client = new STSClient({
    region,
    ...patience,
    ...(shared === undefined ? {} : { credentials: shared.credentials }),
  });
  shared?.budget.attach(client);
  try {
    const { Credentials: given, AssumedRoleUser: user } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(named.length === 0 ? {} : { Tags: named }),
      }),
    );
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw new Error("AWS STS answered without credentials");
    }
    if (user?.Arn?.split(":")[4] !== accountId) throw new Error(`AWS STS answered a role that is not of ${accountId}`);
    return { region, credentials: { accessKeyId, secretAccessKey, sessionToken }, ...patience };
  } finally {
    client.destroy();
  }
}
