import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, EntityAlreadyExistsException, IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

/** A complete environment for a child process: nothing is added to it from this process. */
export type Environment = Readonly<Record<string, string>>;

/** What to act on: one Region of one account, through the role that Terraform assumes there. */
export interface AccountTarget {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Has to be the Region's own, or STS refuses. @default "aws" */
  readonly partition?: string;
  /** The role's name, without a path. It need not exist. @default "OrgKeysDeploy" */
  readonly role?: string;
}

export interface AccountClients {
  readonly kms: KMSClient;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly s3: S3Client;
  readonly organizations: OrganizationsClient;
  readonly cloudFormation: CloudFormationClient;
  readonly events: EventBridgeClient;
  readonly secrets: SecretsManagerClient;
}

export interface EmulatorOptions {
  /** Names the log, `runs/e2e/<name>.log`, which the next emulator of that name overwrites. @default "emulator" */
  readonly name?: string;
  /**
   * Whether a role has to exist, and its trust policy to let its caller in, as in AWS. The emulator's own credentials, which
   * belong to no role, assume any role all the same.
   *
   * @default false
   */
  readonly strictRoles?: boolean;
}

/** A running AWS emulator (see `emulator.py`), empty at first: every account exists, with nothing in it. */
export interface Emulator {
  readonly endpoint: string;
  readonly processId: number;
  /** One line a request, and the emulator's stack traces. */
  readonly logFile: string;

  /**
   * The environment in which Terraform, `aws` and the SDKs reach this emulator and cannot reach AWS: this process' own,
   * without any `AWS_*` or `TF_*` variable, so that no profile, endpoint or plugin setting of whoever runs the tests
   * leaks in.
   */
  environment(): Environment;

  /** Clients whose calls come from the account, as after `sts:AssumeRole`. Kept, so asking twice costs nothing. */
  clientsFor(target: AccountTarget): Promise<AccountClients>;

  /** The environment of whoever has assumed a role: Terraform's in a pipeline, for example. */
  environmentAs(target: AccountTarget): Promise<Environment>;

  /**
   * Creates the roles with these ARNs, where they are not there yet. As in AWS, a key policy, a grant or an attachment
   * that names a role fails until it exists.
   *
   * @throws Error on an ARN that is not a role's.
   */
  createRoles(roleArns: Iterable<string>): Promise<void>;

  /** Deletes all keys that are pending deletion, as if their days had passed. */
  endWaitingPeriods(): Promise<void>;

  /** Ends the process and closes the clients. The log stays. */
  stop(): Promise<void>;
}

const CREDENTIALS = { accessKeyId: "emulator", secretAccessKey: "emulator" };
const DEFAULT_ROLE = "OrgKeysDeploy";
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/** IAM is global; its requests are signed for this Region. */
const IAM_REGIONS: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
};

/**
 * Starts an emulator on a free port of 127.0.0.1. It ends with `stop()`, or by itself when this process does.
 *
 * @throws Error with the emulator's log when it does not start within a minute.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const logFolder = join(__dirname, "../../runs/e2e");
  const logFile = join(logFolder, `${options.name ?? "emulator"}.log`);
  mkdirSync(logFolder, { recursive: true });
  const log = openSync(logFile, "w");
  const strict = options.strictRoles === true ? ["--strict-roles"] : [];
  const server = spawn("python3", [join(__dirname, "emulator.py"), "0", ...strict], {
    env: cleanEnvironment(),
    stdio: ["pipe", "pipe", log],
  });
  closeSync(log);
  const port = await readyPort(server).catch((error: Error) => {
    server.kill("SIGKILL");
    throw new Error(`${error.message}\n${readFileSync(logFile, "utf8")}`);
  });
  return emulatorAt(`http://127.0.0.1:${port}`, server, logFile);
}

function emulatorAt(endpoint: string, server: ChildProcess, logFile: string): Emulator {
  const clients = new Map<string, Promise<AccountClients>>();
  const environment: Environment = {
    ...cleanEnvironment(),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    // The provider's own default is 25 attempts: minutes of silence when the emulator fails.
    AWS_MAX_ATTEMPTS: "3",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };

  const clientsFor = (target: AccountTarget): Promise<AccountClients> => {
    const { accountId, region, partition = "aws", role = DEFAULT_ROLE } = target;
    const roleArn = `arn:${partition}:iam::${accountId}:role/${role}`;
    const known = clients.get(`${roleArn} ${region}`);
    if (known) return known;
    const created = assumeRole(endpoint, roleArn, region);
    clients.set(`${roleArn} ${region}`, created);
    return created;
  };

  return {
    endpoint,
    processId: server.pid ?? 0,
    logFile,
    clientsFor,
    environment: () => environment,
    environmentAs: async ({ accountId, region, partition = "aws", role = DEFAULT_ROLE }) => {
      const session = await sessionOf(endpoint, `arn:${partition}:iam::${accountId}:role/${role}`, region);
      return {
        ...environment,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      };
    },
    createRoles: async (roleArns) => {
      for (const roleArn of new Set(roleArns)) await createRole(clientsFor, roleArn);
    },
    endWaitingPeriods: async () => {
      const { status } = await fetch(`${endpoint}/emulator/end-waiting-periods`, { method: "POST" });
      if (status !== 204) throw new Error(`the emulator answered ${status}`);
    },
    stop: async () => {
      await stopServer(server);
      for (const opened of await Promise.allSettled(clients.values())) {
        if (opened.status === "fulfilled") for (const client of Object.values(opened.value)) client.destroy();
      }
    },
  };
}

async function assumeRole(endpoint: string, roleArn: string, region: string): Promise<AccountClients> {
  const settings = { endpoint, region, credentials: await sessionOf(endpoint, roleArn, region) };
  return {
    kms: new KMSClient(settings),
    iam: new IAMClient(settings),
    sts: new STSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    organizations: new OrganizationsClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    events: new EventBridgeClient(settings),
    secrets: new SecretsManagerClient(settings),
  };
}

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

async function sessionOf(endpoint: string, roleArn: string, region: string): Promise<Session> {
  const anyone = new STSClient({ endpoint, region, credentials: CREDENTIALS });
  const answer = await anyone.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "e2e" }));
  anyone.destroy();
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`no credentials for ${roleArn}`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

async function createRole(clientsFor: Emulator["clientsFor"], roleArn: string): Promise<void> {
  const arn = /^arn:(?<partition>aws[a-z-]*):iam::(?<accountId>\d{12}):role(?<path>\/(?:.+\/)?)(?<name>[^/]+)$/.exec(
    roleArn,
  );
  const { partition = "", accountId = "", path = "", name = "" } = arn?.groups ?? {};
  const region = IAM_REGIONS[partition];
  if (!region) throw new Error(`not the ARN of a role: ${roleArn}`);
  const trust = {
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: "sts:AssumeRole",
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { iam } = await clientsFor({ accountId, region, partition });
  try {
    await iam.send(new CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
}

function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|TF)_/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), CHECKPOINT_DISABLE: "1" };
}

function readyPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the emulator did not start in time")), START_TIMEOUT_MS);
    const settle = (done: () => void) => {
      clearTimeout(timer);
      done();
    };
    server.once("error", (error) => settle(() => reject(error)));
    server.once("exit", (code) => settle(() => reject(new Error(`the emulator ended with ${code}`))));
    if (!server.stdout) return;
    createInterface({ input: server.stdout }).once("line", (line) =>
      settle(() => resolve(Number(line.replace("ready ", "")))),
    );
  });
}

function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.kill("SIGKILL"), STOP_TIMEOUT_MS);
    server.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    server.stdin?.end();
  });
}
