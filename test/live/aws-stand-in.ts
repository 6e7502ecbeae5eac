import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";
import type { StackInstance } from "../../modules/aws/stack-instance";

/** What one account keeps, and how its calls end otherwise. */
export interface StandInAccount {
  readonly stackSets: readonly string[];
  readonly instances: readonly StackInstance[];
  /** An action's error, `AccessDenied`, once or always. */
  readonly fails?: { readonly action: string; readonly code: string; readonly times: number };
}

export type Call = Readonly<Record<string, string>>;

/**
 * STS and CloudFormation on this machine, as far as instances are read: pages of two, a session that is its account. No account has
 * any key, policy or CloudFormation stack.
 */
export interface AwsStandIn {
  /** Variables with which the SDK asks it, and nobody else. */
  readonly environment: Readonly<Record<string, string>>;
  /** The calls of the test so far, each with the account that it was made in. */
  readonly calls: Call[];
  readonly accounts: Map<string, StandInAccount>;
  stop(): Promise<void>;
}

const PAGE = 2;

/** Every list of AWS KMS and AWS Organizations that is asked for. */
const nothing = { Keys: [], Aliases: [], CustomKeyStores: [], Policies: [], Truncated: false };

const notThere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DescribeStacks: { Code: "ValidationError", Message: "Stack with id it does not exist" },
  DescribeStackSet: { Code: "StackSetNotFoundException", Message: "StackSet not found" },
  GetTemplate: { Code: "ValidationError", Message: "Stack with id it does not exist" },
};

export async function startStandIn(): Promise<AwsStandIn> {
  const calls: Call[] = [];
  const accounts = new Map<string, StandInAccount>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const target = request.headers["x-amz-target"];
    const form =
      typeof target === "string"
        ? { Action: target.slice(target.indexOf(".") + 1) }
        : Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const session = /Credential=SESSION(\d{12})\//.exec(request.headers.authorization ?? "")?.[1];
    const account = session ?? form.RoleArn?.split(":")[4] ?? "";
    calls.push({ ...form, account });
    const failing = accounts.get(account)?.fails;
    const failed = calls.filter((call) => call.account === account && call.Action === failing?.action).length;
    if (failing !== undefined && failing.action === form.Action && failed <= failing.times) {
      response.writeHead(failing.code === "Throttling" ? 400 : 403, { "content-type": "text/xml" });
      const text = `<Type>Sender</Type><Code>${failing.code}</Code><Message>not ${account}</Message>`;
      response.end(`<ErrorResponse><Error>${text}</Error></ErrorResponse>`);
      return;
    }
    if (typeof target === "string") {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(nothing));
      return;
    }
    const gone = notThere[form.Action ?? ""];
    if (gone !== undefined) {
      response.writeHead(400, { "content-type": "text/xml" });
      response.end(`<ErrorResponse><Error><Type>Sender</Type>${xml(gone)}</Error></ErrorResponse>`);
      return;
    }
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(answer(form, account, accounts.get(account) ?? { stackSets: [], instances: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "anybody",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1",
    },
    calls,
    accounts,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(form: Call, account: string, { stackSets, instances }: StandInAccount): string {
  const of = (result: string): string =>
    `<${form.Action}Response><${form.Action}Result>${result}</${form.Action}Result></${form.Action}Response>`;
  if (form.Action === "AssumeRole") {
    const credentials = {
      AccessKeyId: `SESSION${account}`,
      SecretAccessKey: "secret",
      SessionToken: "token",
      Expiration: "2100-01-01T00:00:00Z",
    };
    const { RoleArn: roleArn = "", RoleSessionName: session = "" } = form;
    const user = { Arn: `${roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${session}` };
    return of(`<AssumedRoleUser>${xml(user)}</AssumedRoleUser><Credentials>${xml(credentials)}</Credentials>`);
  }
  if (form.Action === "ListPolicies") return of("<IsTruncated>false</IsTruncated><Policies/>");
  const members =
    form.Action === "ListStackSets"
      ? stackSets.map((StackSetName) => xml({ StackSetName, Status: "ACTIVE" }))
      : instances.filter(({ stackSet }) => stackSet === form.StackSetName).map(summaryOf);
  const from = Number(form.NextToken ?? 0);
  const page = members.slice(from, from + PAGE).map((each) => `<member>${each}</member>`);
  const next = from + PAGE < members.length ? xml({ NextToken: String(from + PAGE) }) : "";
  return of(`<Summaries>${page.join("")}</Summaries>${next}`);
}

function summaryOf({ accountId, region, status, detailedStatus, statusReason }: StackInstance): string {
  const detailed = detailedStatus === undefined ? "" : xml({ DetailedStatus: detailedStatus });
  const reason = statusReason === undefined ? "" : xml({ StatusReason: statusReason });
  return `${xml({ Account: accountId, Region: region, Status: status })}${reason}<StackInstanceStatus>${detailed}</StackInstanceStatus>`;
}

function xml(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");
}
