/**
 * AWS STS, KMS and IAM on this machine, as far as drift reads them: every account has exactly what the output asks for, beside
 * StackSets. Prints its port, and ends with its standard input.
 *
 *     simulated-aws-server.ts MAP OUTPUT
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { withArnsBehind } from "../../modules/access/arns-behind";
import { policyJson } from "../../modules/access/policy-json";
import type { StackIdentityPolicy } from "../../modules/access/synthesized-stack";
import { foreignGrantsByOwner, reviewedKeys } from "../../modules/drift/reviewed/reviewed-keys";
import type { LiveKey, LiveRegion, Reading } from "../../modules/live/live-account";
import { readStack, stackFolders } from "../../modules/terraform/graph/read-output";
import { loadPlan } from "../../stacks/load-plan";
import { asReviewed } from "../drift/as-reviewed";

type Fields = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly type: "application/x-amz-json-1.1" | "text/xml";
  readonly body: string;
}

/** Answers to calls by their action and what it is about, ready to be sent. */
type Answers = Map<string, string>;

const CREATED_AT = Date.parse("2026-01-01T00:00:00.000Z") / 1000;
/** As AWS has it where nobody asks for more. */
const MOST_OF_A_PAGE = 100;

/** By account and Region, `310000000001 us-east-1`; IAM is in no Region. */
const places = new Map<string, Answers>();

function simulate(config: string, out: string): void {
  const loaded = loadPlan(config);
  if ("problems" in loaded) throw new Error(`${config} is not valid`);
  const names = stackFolders(out).filter((name) => readStack(out, name).metadata.kind === "account");
  const foreign = foreignGrantsByOwner(names.map((name) => readStack(out, name)));
  const arns = new Map<string, string>();
  for (const name of names) {
    const stack = readStack(out, name);
    const accountId = String(stack.accountId);
    const regions = asReviewed(reviewedKeys(stack, foreign.get(accountId) ?? []));
    for (const each of regions) {
      for (const { name: alias, keyId } of readValue(each.aliases)) {
        arns.set(`${accountId} ${each.region} ${alias}`, `arn:aws:kms:${each.region}:${accountId}:key/${keyId}`);
      }
      places.set(`${accountId} ${each.region}`, kmsAnswers(each, accountId));
    }
  }
  const arnBehind = (alias: { readonly accountId: string; readonly region: string; readonly alias: string }) =>
    arns.get(`${alias.accountId} ${alias.region} ${alias.alias}`);
  for (const name of names) {
    const { accountId, identityPolicies } = readStack(out, name);
    const policies = identityPolicies.map((each) => ({
      ...each,
      policy: each.policy === undefined ? undefined : withArnsBehind(each.policy, arnBehind),
    }));
    places.set(String(accountId), iamAnswers(policies, String(accountId)));
  }
}

function readValue<Value>(reading: Reading<Value>): Value {
  if ("unread" in reading) throw new Error(reading.unread);
  return reading.value;
}

function kmsAnswers({ region, keys, aliases }: LiveRegion, accountId: string): Answers {
  const answers: Answers = new Map();
  const found = readValue(keys).filter((key): key is LiveKey => "arn" in key);
  const arnOf = (keyId: string, where: string): string => `arn:aws:kms:${where}:${accountId}:key/${keyId}`;
  putPages(
    answers,
    "ListAliases",
    "Aliases",
    readValue(aliases).map(({ name, keyId }) => ({
      AliasName: name,
      AliasArn: `arn:aws:kms:${region}:${accountId}:${name}`,
      TargetKeyId: keyId,
      CreationDate: CREATED_AT,
      LastUpdatedDate: CREATED_AT,
    })),
  );
  const ids = found.map(({ keyId }) => ({ KeyId: keyId, KeyArn: arnOf(keyId, region) }));
  putPages(answers, "ListKeys", "Keys", ids, 1000);
  for (const key of found) {
    const { keyId: KeyId, multiRegion } = key;
    const related = (where: string): Fields => ({ Arn: arnOf(KeyId, where), Region: where });
    const KeyMetadata = {
      AWSAccountId: accountId,
      KeyId,
      Arn: arnOf(KeyId, region),
      CreationDate: CREATED_AT,
      Enabled: key.state === "Enabled",
      Description: key.description,
      KeyUsage: key.usage,
      KeyState: key.state,
      Origin: key.origin,
      KeyManager: "CUSTOMER",
      CustomerMasterKeySpec: key.spec,
      KeySpec: key.spec,
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      MultiRegion: multiRegion !== undefined,
      ...(multiRegion === undefined
        ? {}
        : {
            MultiRegionConfiguration: {
              MultiRegionKeyType: multiRegion.kind.toUpperCase(),
              PrimaryKey: related(multiRegion.primaryRegion),
              ReplicaKeys: multiRegion.replicas.map(related),
            },
          }),
    };
    const put = (action: string, fields: Fields): unknown => answers.set(`${action} ${KeyId}`, JSON.stringify(fields));
    put("DescribeKey", { KeyMetadata });
    put("GetKeyPolicy", { Policy: readValue(key.policy), PolicyName: "default" });
    const rotation = readValue(key.rotation);
    put("GetKeyRotationStatus", {
      KeyId,
      KeyRotationEnabled: rotation?.enabled ?? false,
      RotationPeriodInDays: rotation?.periodDays,
    });
    const tags = Object.entries(readValue(key.tags)).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    put("ListResourceTags", { Tags: tags, Truncated: false });
    const grants = readValue(key.grants).map((grant) => ({
      KeyId: arnOf(KeyId, region),
      GrantId: grant.id,
      Name: grant.name,
      CreationDate: CREATED_AT,
      GranteePrincipal: grant.grantee,
      RetiringPrincipal: grant.retiring,
      IssuingAccount: `arn:aws:iam::${accountId}:root`,
      Operations: grant.operations,
      Constraints: { EncryptionContextEquals: grant.equals, EncryptionContextSubset: grant.subset },
    }));
    put("ListGrants", { Grants: grants, Truncated: false });
  }
  return answers;
}

function putPages(
  answers: Answers,
  action: string,
  field: string,
  items: readonly Fields[],
  most = MOST_OF_A_PAGE,
): void {
  for (let from = 0; from === 0 || from < items.length; from += most) {
    const page = { [field]: items.slice(from, from + most), Truncated: from + most < items.length };
    const next = page.Truncated ? { NextMarker: String(from + most) } : {};
    answers.set(from === 0 ? action : `${action} ${from}`, JSON.stringify({ ...page, ...next }));
  }
}

function iamAnswers(policies: readonly StackIdentityPolicy[], accountId: string): Answers {
  const answers: Answers = new Map();
  const arnOf = (name: string): string => `arn:aws:iam::${accountId}:policy/orgkeys/${name}`;
  const put = (action: string, about: string, result: string): unknown =>
    answers.set(
      about === "" ? action : `${action} ${about}`,
      `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
    );
  const listed = policies.map(({ name }) =>
    member({ PolicyName: name, Arn: arnOf(name), Path: "/orgkeys/", DefaultVersionId: "v1" }),
  );
  put("ListPolicies", "", `<IsTruncated>false</IsTruncated><Policies>${listed.join("")}</Policies>`);
  for (const { name, policy, attachedTo } of policies) {
    const document = encodeURIComponent((policy === undefined ? undefined : policyJson(policy)) ?? "");
    put(
      "GetPolicyVersion",
      arnOf(name),
      `<PolicyVersion>${xml({ VersionId: "v1", Document: document })}</PolicyVersion>`,
    );
    const of = (kind: "group" | "role" | "user", element: string): string =>
      attachedTo
        .filter((each) => each.startsWith(`${kind}/`))
        .map((each) => member({ [element]: each.slice(each.lastIndexOf("/") + 1) }))
        .join("");
    put(
      "ListEntitiesForPolicy",
      arnOf(name),
      `<IsTruncated>false</IsTruncated><PolicyGroups>${of("group", "GroupName")}</PolicyGroups><PolicyRoles>${of("role", "RoleName")}</PolicyRoles><PolicyUsers>${of("user", "UserName")}</PolicyUsers>`,
    );
  }
  return answers;
}

function member(fields: Readonly<Record<string, string>>): string {
  return `<member>${xml(fields)}</member>`;
}

function xml(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");
}

function sessionAnswer(roleArn: string): string {
  const accountId = roleArn.split(":")[4] ?? "";
  const user = xml({ Arn: `arn:aws:sts::${accountId}:assumed-role/audit/orgkeys`, AssumedRoleId: "AROA:orgkeys" });
  const credentials = xml({
    AccessKeyId: `SESSION${accountId}`,
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: "2100-01-01T00:00:00Z",
  });
  return `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>${user}</AssumedRoleUser><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

function answerOf(request: IncomingMessage, text: string): Answer {
  const scope = /Credential=(?:SESSION(\d{12})|\w+)\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? "");
  const [, accountId = "", region = ""] = scope ?? [];
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    const action = target.slice(target.indexOf(".") + 1);
    const { KeyId, Marker } = JSON.parse(text) as { readonly KeyId?: string; readonly Marker?: string };
    const about = KeyId ?? Marker;
    const body = places.get(`${accountId} ${region}`)?.get(about === undefined ? action : `${action} ${about}`);
    return jsonAnswer(body ?? (about === undefined ? '{"Keys":[],"Aliases":[],"Truncated":false}' : undefined));
  }
  const form = new URLSearchParams(text);
  const action = form.get("Action") ?? "";
  if (action === "AssumeRole") return xmlAnswer(sessionAnswer(form.get("RoleArn") ?? ""));
  const about = form.get("PolicyArn");
  const body = places.get(accountId)?.get(about === null ? action : `${action} ${about}`);
  return xmlAnswer(body ?? (action === "ListPolicies" ? noPolicies : undefined));
}

const noPolicies =
  "<ListPoliciesResponse><ListPoliciesResult><IsTruncated>false</IsTruncated><Policies/></ListPoliciesResult></ListPoliciesResponse>";

function jsonAnswer(body: string | undefined): Answer {
  const type = "application/x-amz-json-1.1";
  return body === undefined
    ? { status: 400, type, body: '{"__type":"NotFoundException"}' }
    : { status: 200, type, body };
}

function xmlAnswer(body: string | undefined): Answer {
  const missing = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code></Error></ErrorResponse>";
  return { status: body === undefined ? 404 : 200, type: "text/xml", body: body ?? missing };
}

const [, , config = "", out = ""] = process.argv;
simulate(config, out);
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { status, type, body } = answerOf(request, Buffer.concat(chunks).toString("utf8"));
  response.writeHead(status, { "content-type": type }).end(body);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on("end", () => process.exit()).resume();
