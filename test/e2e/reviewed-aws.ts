import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { devNull } from "node:os";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import type { StackInstance } from "../../modules/aws/stack-instance";
import type { LiveGuardrail, LiveIdentityPolicy, LiveKey, LiveTemplate } from "../../modules/live/live-account";
import { expectedInstances } from "../../modules/rollouts/expected-instances";
import { readStack } from "../../modules/terraform/graph/read-output";
import type { LoadedPlan } from "../../stacks/load-plan";
import { asReviewed } from "../drift/as-reviewed";
import { reviewedIn } from "../drift/reviewed-output";
import { guardrailsOf, keyArnBehind, policiesOf, templatesOf } from "../drift/sample-in-aws";
import {
  type AwsFields,
  kmsTruth,
  type StandInAnswer,
  type StandInKey,
  type StandInRegion,
} from "../live/kms-stand-in";

/** A call as it came in: of KMS, IAM, AWS Organizations, CloudFormation or STS. */
export interface AwsCall {
  readonly service: string;
  /** `ListKeys` */
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Milliseconds of any clock. */
  readonly at: number;
}

/** What one account has beside keys. */
interface AccountInAws {
  readonly policies: readonly LiveIdentityPolicy[];
  readonly guardrails: readonly LiveGuardrail[];
  readonly stackSets: ReadonlyMap<string, LiveTemplate>;
  readonly instances: readonly StackInstance[];
  /** CloudFormation stacks, as `us-east-1/name`. */
  readonly stacks: ReadonlyMap<string, LiveTemplate>;
}

/** AWS on this machine, which has everything exactly as it was reviewed. */
export interface ReviewedAws {
  /** Variables with which a process asks it, and nobody else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: AwsCall[];
  /** The most calls that were under way at once: of AWS, and accounts. */
  readonly most: { calls: number; accounts: number };
  /** By account and Region: `310000000001 us-east-1`. To be put back by whoever changes it. */
  readonly regions: Map<string, StandInRegion>;
  /** Milliseconds before each answer. */
  delay: number;
  /** What a call is answered in place of what is true. @param times how often the same call has come, this time included */
  answer: (call: AwsCall, times: number) => StandInAnswer | undefined;
  /** Forgets the calls and the faults. */
  reset(): void;
  stop(): Promise<void>;
}

/** An error in AWS's own words, as the service of the call spells it. */
export function awsError({ service }: AwsCall, code: string, message: string, status = 400): StandInAnswer {
  if (service === "kms" || service === "organizations") {
    return { status, body: JSON.stringify({ __type: code, message }) };
  }
  const error = xml({ Type: "Sender", Code: code, Message: message });
  return { status, body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
}

/** @param out the folder with the synthesized map */
export async function startReviewedAws(
  loaded: LoadedPlan,
  out: string,
  names: readonly string[],
): Promise<ReviewedAws> {
  const stacks = names.map((name) => readStack(out, name));
  const regions = keysIn(loaded, stacks);
  const accounts = new Map(loaded.map.accounts.map(({ id }) => [id, accountIn(id, loaded, stacks, regions)]));
  const times = new Map<string, number>();
  const underWay: AwsCall[] = [];
  const server = createServer(async (request, response) => {
    const call = await callOf(request);
    underWay.push(call);
    response.on("close", () => underWay.splice(underWay.indexOf(call), 1));
    aws.most.calls = Math.max(aws.most.calls, underWay.length);
    aws.most.accounts = Math.max(aws.most.accounts, new Set(underWay.map(({ accountId }) => accountId)).size);
    aws.calls.push(call);
    const name = JSON.stringify({ ...call, at: undefined });
    times.set(name, (times.get(name) ?? 0) + 1);
    if (aws.delay > 0) await new Promise((resolve) => setTimeout(resolve, aws.delay));
    const answer = aws.answer(call, times.get(name) ?? 1) ?? truth(call, regions, accounts.get(call.accountId));
    if (answer === "never") return;
    if (answer === "cut") request.socket.destroy();
    else if (answer === "half") response.writeHead(200, { "content-length": 1000 }).write("{");
    else response.writeHead(answer.status, { "content-type": contentType(call) }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const asItWas = new Map(regions);
  const aws: ReviewedAws = {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "anybody",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "127.0.0.1",
    },
    calls: [],
    most: { calls: 0, accounts: 0 },
    regions,
    delay: 0,
    answer: () => undefined,
    reset: () => {
      aws.calls.length = 0;
      times.clear();
      aws.most.calls = 0;
      aws.most.accounts = 0;
      aws.delay = 0;
      aws.answer = () => undefined;
      for (const [place, region] of asItWas) regions.set(place, region);
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return aws;
}

function keysIn({ map }: LoadedPlan, stacks: readonly SynthesizedStack[]): Map<string, StandInRegion> {
  return new Map(
    map.accounts.flatMap(({ id, organization: { partition } }) =>
      asReviewed(reviewedIn(stacks, id)).map((live) => {
        const keys = "value" in live.keys ? live.keys.value.flatMap((key) => ("arn" in key ? key : [])) : [];
        const aliases = "value" in live.aliases ? live.aliases.value : [];
        const arnIn = (region: string, keyId: string): string => `arn:${partition}:kms:${region}:${id}:key/${keyId}`;
        return [
          `${id} ${live.region}`,
          {
            keys: keys.map((key) => standInKey(key, id, (region) => arnIn(region, key.keyId), live.region)),
            aliases: aliases.map(({ name, keyId }) => ({ AliasName: name, TargetKeyId: keyId })),
            keyStores: [],
          },
        ] as const;
      }),
    ),
  );
}

function standInKey(key: LiveKey, accountId: string, arnIn: (region: string) => string, region: string): StandInKey {
  const { keyId, multiRegion, policy, rotation, tags, grants } = key;
  const related = (Region: string): AwsFields => ({ Arn: arnIn(Region), Region });
  return {
    metadata: {
      AWSAccountId: accountId,
      KeyId: keyId,
      Arn: arnIn(region),
      KeyState: key.state,
      Enabled: key.state === "Enabled",
      KeyManager: "CUSTOMER",
      Description: key.description,
      CreationDate: Date.parse(key.createdAt) / 1000,
      KeySpec: key.spec,
      KeyUsage: key.usage,
      Origin: key.origin,
      CustomKeyStoreId: key.keyStoreId,
      MultiRegion: multiRegion !== undefined,
      MultiRegionConfiguration:
        multiRegion === undefined
          ? undefined
          : {
              MultiRegionKeyType: multiRegion.kind === "primary" ? "PRIMARY" : "REPLICA",
              PrimaryKey: related(multiRegion.primaryRegion),
              ReplicaKeys: multiRegion.replicas.map(related),
            },
    },
    policy: "value" in policy ? policy.value : "",
    rotation:
      "value" in rotation && rotation.value !== undefined
        ? { KeyRotationEnabled: rotation.value.enabled, RotationPeriodInDays: rotation.value.periodDays }
        : { KeyRotationEnabled: false },
    tags: "value" in tags ? tags.value : {},
    grants: ("value" in grants ? grants.value : []).map((grant) => ({
      KeyId: arnIn(region),
      GrantId: grant.id,
      Name: grant.name,
      GranteePrincipal: grant.grantee,
      RetiringPrincipal: grant.retiring,
      IssuingAccount: grant.issuingAccount,
      Operations: grant.operations,
      Constraints: { EncryptionContextEquals: grant.equals, EncryptionContextSubset: grant.subset },
      CreationDate: Date.parse(grant.createdAt) / 1000,
    })),
  };
}

function accountIn(
  id: string,
  { map, rollouts }: LoadedPlan,
  stacks: readonly SynthesizedStack[],
  regions: ReadonlyMap<string, StandInRegion>,
): AccountInAws {
  const own = stacks.filter(({ accountId }) => accountId === id);
  const kept = rollouts.zones.filter(({ administrator }) => administrator.id === id);
  const templates = (of: (stack: SynthesizedStack) => SynthesizedStack): Map<string, LiveTemplate> =>
    new Map(
      own.flatMap((stack) =>
        [...templatesOf(of(stack))].flatMap(([name, reading]) =>
          "value" in reading && reading.value !== undefined ? [[name, reading.value] as const] : [],
        ),
      ),
    );
  const arns = new Map(
    map.accounts.flatMap(({ id: accountId, organization: { partition } }) =>
      [...regions].flatMap(([place, { aliases }]) => {
        const [owner, region = ""] = place.split(" ");
        if (owner !== accountId) return [];
        return aliases.map(({ AliasName, TargetKeyId }) => {
          const behind = { partition, region, accountId, alias: String(AliasName) };
          return [keyArnBehind(behind), `arn:${partition}:kms:${region}:${accountId}:key/${TargetKeyId}`] as const;
        });
      }),
    ),
  );
  const withKeys = (text: string): string =>
    text.replaceAll(/"(arn:[^"]*:key\/[^"]*)"/g, (all, arn) => `"${arns.get(arn) ?? all.slice(1, -1)}"`);
  return {
    policies: own.flatMap(policiesOf).map((policy) => ({
      ...policy,
      document: "value" in policy.document ? { value: withKeys(policy.document.value) } : policy.document,
    })),
    guardrails: own.flatMap(guardrailsOf),
    stackSets: templates((stack) => ({ ...stack, directStacks: [] })),
    stacks: templates((stack) => ({ ...stack, stackSets: [] })),
    instances: expectedInstances({ zones: kept, direct: [] }).map(({ account: _, ...each }) => {
      return { ...each, status: "CURRENT", detailedStatus: "SUCCEEDED", statusReason: undefined, ouId: undefined };
    }),
  };
}

const services: Readonly<Record<string, string>> = {
  AWSOrganizationsV20161128: "organizations",
  TrentService: "kms",
};

async function callOf(request: IncomingMessage): Promise<AwsCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString("utf8");
  const [, session, region = "", service = ""] =
    /Credential=(?:SESSION(\d{12})|\w+)\/\d+\/([\w-]+)\/(\w+)\//.exec(request.headers.authorization ?? "") ?? [];
  const target = request.headers["x-amz-target"];
  const at = performance.now();
  if (typeof target === "string") {
    const [prefix = "", action = ""] = target.split(".");
    return {
      service: services[prefix] ?? prefix,
      action,
      accountId: session ?? "",
      region,
      input: JSON.parse(body),
      at,
    };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  const accountId = session ?? input.RoleArn?.split(":")[4] ?? "";
  return { service, action: input.Action ?? "", accountId, region, input, at };
}

function contentType({ service }: AwsCall): string {
  return service === "kms" || service === "organizations" ? "application/x-amz-json-1.1" : "text/xml";
}

function truth(call: AwsCall, regions: Map<string, StandInRegion>, account: AccountInAws | undefined): StandInAnswer {
  if (call.service === "kms") return kmsTruth({ regions, pageSize: undefined }, call);
  const { input, action, region } = call;
  if (account === undefined) return awsError(call, "AccessDenied", `there is no account ${call.accountId}`, 403);
  const text = (name: string): string => String(input[name] ?? "");
  switch (`${call.service} ${action}`) {
    case "sts AssumeRole":
      return result(action, assumed(text("RoleArn"), text("RoleSessionName"), call.accountId));
    case "iam ListPolicies": {
      const members = account.policies.map(({ arn, name, path }) => {
        return xml({ PolicyName: name, Arn: arn, Path: path, DefaultVersionId: "v1" });
      });
      return result(action, `<IsTruncated>false</IsTruncated><Policies>${list(members)}</Policies>`);
    }
    case "iam GetPolicyVersion": {
      const found = account.policies.find(({ arn }) => arn === text("PolicyArn"));
      if (found === undefined || "unread" in found.document) return awsError(call, "NoSuchEntity", "gone", 404);
      const version = xml({ Document: encodeURIComponent(found.document.value), VersionId: "v1" });
      return result(action, `<PolicyVersion>${version}</PolicyVersion>`);
    }
    case "iam ListEntitiesForPolicy": {
      const found = account.policies.find(({ arn }) => arn === text("PolicyArn"));
      const names = found === undefined || "unread" in found.attachedTo ? [] : found.attachedTo.value;
      const of = (kind: string): string =>
        list(
          names
            .filter((name) => name.startsWith(`${kind.toLowerCase()}/`))
            .map((name) => xml({ [`${kind}Name`]: name.slice(kind.length + 1) })),
        );
      return result(
        action,
        `<IsTruncated>false</IsTruncated><PolicyGroups>${of("Group")}</PolicyGroups><PolicyRoles>${of("Role")}</PolicyRoles><PolicyUsers>${of("User")}</PolicyUsers>`,
      );
    }
    case "organizations ListPolicies": {
      const kind = input.Filter === "RESOURCE_CONTROL_POLICY" ? "resource-control" : "service-control";
      const own = account.guardrails.filter((each) => each.kind === kind);
      return json({ Policies: own.map(({ id, name }) => ({ Id: id, Name: name, AwsManaged: false })) });
    }
    case "organizations DescribePolicy": {
      const found = account.guardrails.find(({ id }) => id === input.PolicyId);
      return json({
        Policy: { Content: found !== undefined && "value" in found.document ? found.document.value : "" },
      });
    }
    case "organizations ListTargetsForPolicy": {
      const found = account.guardrails.find(({ id }) => id === input.PolicyId);
      const targets = found !== undefined && "value" in found.targets ? found.targets.value : [];
      return json({ Targets: targets.map((TargetId) => ({ TargetId })) });
    }
    case "cloudformation ListStackSets": {
      const members = [...account.stackSets.keys()].map((StackSetName) => xml({ StackSetName, Status: "ACTIVE" }));
      return result(action, `<Summaries>${list(members)}</Summaries>`);
    }
    case "cloudformation ListStackInstances": {
      const members = account.instances
        .filter(({ stackSet }) => stackSet === text("StackSetName"))
        .map(
          ({ accountId: Account, region: Region, status: Status, detailedStatus: DetailedStatus = "" }) =>
            `${xml({ Account, Region, Status })}<StackInstanceStatus>${xml({ DetailedStatus })}</StackInstanceStatus>`,
        );
      return result(action, `<Summaries>${list(members)}</Summaries>`);
    }
    case "cloudformation DescribeStackSet": {
      const found = account.stackSets.get(text("StackSetName"));
      if (found === undefined || "unread" in found.template) return awsError(call, "StackSetNotFoundException", "gone");
      const auto =
        found.autoDeployment === undefined
          ? ""
          : `<AutoDeployment>${xml({ Enabled: String(found.autoDeployment.enabled), RetainStacksOnAccountRemoval: String(found.autoDeployment.retains) })}</AutoDeployment>`;
      const fields = xml({ StackSetName: found.name, Status: found.status, TemplateBody: found.template.value });
      return result(action, `<StackSet>${fields}${parametersOf(found)}${auto}</StackSet>`);
    }
    case "cloudformation DescribeStacks": {
      const found = account.stacks.get(`${region}/${text("StackName")}`);
      if (found === undefined) return awsError(call, "ValidationError", "Stack with id it does not exist");
      const fields = xml({ StackName: found.name, StackStatus: found.status });
      return result(action, `<Stacks><member>${fields}${parametersOf(found)}</member></Stacks>`);
    }
    case "cloudformation GetTemplate": {
      const found = account.stacks.get(`${region}/${text("StackName")}`);
      if (found === undefined || "unread" in found.template) return awsError(call, "ValidationError", "does not exist");
      return result(action, xml({ TemplateBody: found.template.value }));
    }
    default:
      return awsError(call, "UnknownOperation", `${call.service} ${action}`);
  }
}

function assumed(roleArn: string, session: string, accountId: string): string {
  const credentials = {
    AccessKeyId: `SESSION${accountId}`,
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: "2100-01-01T00:00:00Z",
  };
  const Arn = `${roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${session}`;
  return `<AssumedRoleUser>${xml({ Arn })}</AssumedRoleUser><Credentials>${xml(credentials)}</Credentials>`;
}

function parametersOf({ parameters }: LiveTemplate): string {
  const members = Object.entries(parameters).map(([ParameterKey, ParameterValue]) =>
    xml({ ParameterKey, ParameterValue }),
  );
  return `<Parameters>${list(members)}</Parameters>`;
}

function json(fields: AwsFields): StandInAnswer {
  return { status: 200, body: JSON.stringify(fields) };
}

function result(action: string, content: string): StandInAnswer {
  const body = `<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`;
  return { status: 200, body };
}

function list(members: readonly string[]): string {
  return members.map((member) => `<member>${member}</member>`).join("");
}

function xml(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${name}>`)
    .join("");
}
