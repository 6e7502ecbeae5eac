import { kmsActions } from "../aws/kms-actions";
import { type AccountWideUse, type Explanation, principalsOfStatement, userGrantsOn } from "../keys/explain-keys";
import type {
  PlannedAwsKey,
  PlannedConsumerPolicy,
  PlannedGrant,
  PlannedKey,
  PlannedUserGrant,
} from "../keys/key-plan";
import { principles } from "../keys/principles";
import type { PolicyStatement } from "../policies/policy-document";
import { reachOfStatement } from "../policies/statement-reach";
import { findingsText } from "./findings-text";
import { table } from "./table";

/** An explanation for people: each key with its reasons and everybody it names, then the users' own half. */
export function explanationText(explanation: Explanation): string[] {
  const { keys, findings, consumerPolicies, userGrants, awsKeys, consumers, throughAccount, cost } = explanation;
  const lines = accountText(explanation);
  lines.push(...keys.flatMap((key) => [...keyText(key, explanation), ""]));
  if (findings.length > 0) lines.push("what is to be done", ...findingsText(findings).map((line) => `    ${line}`), "");
  for (const policy of consumerPolicies) {
    lines.push(
      `consumer policy ${policy.name} in ${policy.account}, ${attachmentText(policy)}`,
      ...policy.keys.map((key) => `    ${key.alias} of ${key.account} in ${key.regions.join(", ")}`),
      ...policy.why.map(({ reason }) => `    because ${reason}`),
      "",
    );
  }
  for (const key of awsKeys) {
    lines.push(
      `${key.workload} ${key.environment} in ${key.account}: ${awsKeyText(key)}`,
      ...baselineText(key),
      ...key.why.map(({ reason, principle }) => `    because ${reason}. ${principles[principle]}`),
      "",
    );
  }
  if (explanation.kind === "account")
    lines.push(...section("its grants on keys of others", userGrants.map(userGrantText)));
  lines.push(...section("its keys are used by", consumers.map(consumerText)));
  lines.push(...section("if IAM policies of its account allow it", throughAccount.map(accountWideText)));
  if (cost.now > 0 || keys.length > 0) lines.push(`cost      ${costText(cost)}; requests come on top`);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function costText({ now, later, unpriced }: Explanation["cost"]): string {
  const known = `${now} USD a month, ${later} USD after two rotations`;
  if (unpriced === 0) return known;
  const unknown = `nobody knows here what ${unpriced} keys and replicas cost in their partition`;
  return now === 0 ? unknown : `${known}; ${unknown}`;
}

function awsKeyText({ key, aliases }: PlannedAwsKey): string {
  if (key === "aws-owned") return "AWS owned key";
  if (key === "baseline") return `the account's own key ${aliases.join(", ")}`;
  return `AWS managed key${aliases.length === 0 ? "s of its services" : ` ${aliases.join(", ")}`}`;
}

/** Of a key that each account has by itself. */
function baselineText({ baseline }: PlannedAwsKey): string[] {
  if (baseline === undefined) return [];
  const { rollout, regions, users } = baseline;
  const [primary, ...replicas] = regions;
  const where = `${primary}${replicas.length === 0 ? "" : `, with replicas in ${replicas.join(", ")}`}`;
  return [
    `    brought by ${rollout === undefined ? "no rollout" : `rollout ${rollout} to ${where}`}`,
    ...users.map((user) => `    ${user} may use it, as far as the IAM of the account lets it`),
  ];
}

function accountText({ account, keys, consumerPolicies }: Explanation): string[] {
  if (account === undefined) return [];
  const { name, id, status, organization, ou, environment, zone } = account;
  const replicas = keys.reduce((sum, key) => sum + key.replicas.length, 0);
  const has = [
    `${count(keys.length, "key")}${replicas === 0 ? "" : ` with ${count(replicas, "replica")}`}`,
    `${count(consumerPolicies.length, "policy", "policies")} for keys of other accounts`,
  ];
  return [
    `account ${name}`,
    ...table([
      ["  id", `${id}${status === "active" ? "" : `, ${status}`}`],
      ["  zone", zone],
      ["  place", `${ou === "" ? "directly below the root" : ou} of ${organization}`],
      ...(environment === undefined ? [] : [["  environment", environment]]),
      ["  has", has.join(", ")],
    ]),
    "",
  ];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number === 0 ? "no" : number} ${number === 1 ? one : many}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `    ${line}`), ""];
}

function consumerText({ account, attachTo, principal, name, keys }: PlannedConsumerPolicy): string {
  const who =
    attachTo !== undefined
      ? `${attachTo} of ${account}`
      : principal === "root"
        ? `whoever ${account} attaches ${name} to`
        : `${principal} of ${account}`;
  return `${who}: ${keys.map(({ alias }) => alias).join(", ")}`;
}

function userGrantText({ name, key, grantee, region }: PlannedUserGrant): string {
  return `${name} on ${key.alias} of ${key.account} in ${region}, to ${grantee}`;
}

function accountWideText({ alias, owner, region, accountId, statements }: AccountWideUse): string {
  return `${alias} of ${owner} in ${region}, which ${statements.join(" and ")} gives to account ${accountId}`;
}

function keyText(key: PlannedKey, explanation: Explanation): string[] {
  const rows: string[][] = [
    [
      "owner",
      `${key.account} (${key.accountId}), zone ${key.zone}${key.status === "held" ? `; waits: ${key.keyStoreId === undefined ? "" : "its key store is not connected, or "}the account is not active` : ""}`,
    ],
    ["identity", key.id],
    ...kindRows(key),
    ["region", `${key.region}${key.multiRegion ? ", multi-Region" : ", single-Region"}`],
    ...key.replicas.map((replica) => ["replica", replica.region]),
    ["data", `${key.dataClass}, answered for by ${key.owner}`],
    ["rotation", `${rotationText(key)}; deletion takes ${key.deletionWindowDays} days`],
    ...materialRows(key),
    ...key.rotatedOnDemand.map(({ day, by, reason }) => ["rotated", `on demand on ${day} by ${by}: ${reason}`]),
    ...(key.step === "in-use" ? [] : [["life", key.step]]),
    ...key.replicas
      .filter(({ step }) => step !== key.step)
      .map(({ region, step }) => ["life", `replica ${region} ${step}`]),
    ...key.sources.map((source) => ["map", source]),
  ];
  const subject = explanation.kind === "principal" ? explanation.subject : undefined;
  const statements = key.policy.Statement.filter(
    (statement) =>
      subject === undefined ||
      principalsOfStatement(statement).some((arn) => arn === subject || arn.endsWith(`:${subject}`)),
  );
  const grants: PlannedGrant[] = [...key.grants, ...userGrantsOn(key, explanation)].filter(
    (grant) =>
      subject === undefined ||
      [grant.grantee, grant.retiring ?? ""].some((arn) => arn === subject || arn.endsWith(`:${subject}`)),
  );
  return [
    key.alias,
    ...table(rows.map(([name = "", value = ""]) => [`  ${name}`, value])),
    "  why",
    ...key.why.map(({ reason, principle }) => `    ${reason}. ${principles[principle]}`),
    ...key.replicas.flatMap((replica) => replica.why.map(({ reason }) => `    ${reason}.`)),
    ...(statements.length === 0 ? [] : ["  who, through which statement"]),
    ...usersFirst(statements).flatMap(statementText),
    ...(grants.length === 0 ? [] : ["  who, through which grant"]),
    ...grants.flatMap((grant) => [
      `    ${grant.name}  ${grant.region}${isUserGrant(grant) ? `, made by ${grant.account}` : ""}`,
      `      ${grant.grantee}`,
      ...(grant.retiring === undefined ? [] : [`      ${grant.retiring} may retire it`]),
      `      may ${grant.operations.join(", ")}${grant.expires === undefined ? "" : `, not from ${grant.expires} on`}`,
      ...(grant.constraint === undefined
        ? []
        : [`      if the encryption context ${grant.constraint.kind} ${JSON.stringify(grant.constraint.pairs)}`]),
    ]),
  ];
}

function isUserGrant(grant: PlannedGrant): grant is PlannedUserGrant {
  return "keyArn" in grant;
}

function attachmentText({ principal, attachTo }: PlannedConsumerPolicy): string {
  if (attachTo !== undefined) return `attached to ${attachTo}`;
  if (principal === "root") return "attached by the account itself";
  return principal.startsWith("permission-set/")
    ? `for ${principal}, which names it as a customer managed policy`
    : `for ${principal}, attached by somebody else`;
}

function statementText(statement: PolicyStatement): string[] {
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `      if ${key} ${operator} ${values.join(" or ")}`),
  );
  return [
    `    ${statement.Sid}`,
    ...principalsOfStatement(statement).map((name) => `      ${name === "*" ? "everybody" : name}`),
    `      ${statement.Effect === "Allow" ? "may" : "may NOT"} ${actionsText(statement)}`,
    ...conditions,
  ];
}

function actionsText({ Action, NotAction = [] }: PolicyStatement): string {
  const names = (Action ?? NotAction).map((action) => action.replace(/^kms:/, "")).join(", ");
  return Action === undefined ? `do anything but ${names}` : names;
}

const cryptographic: ReadonlySet<string> = new Set(kmsActions.cryptographic);

/** Who can read the data is the question that most people have; who manages the key comes after. */
function usersFirst(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const uses = (statement: PolicyStatement): boolean =>
    [...reachOfStatement(statement).actions].some((one) => cryptographic.has(one));
  return [...statements.filter(uses), ...statements.filter((statement) => !uses(statement))];
}

/** Of a key that is not like nearly all. */
function kindRows({ kind, keyStoreId, externalKeyId }: PlannedKey): string[][] {
  const { spec, usage, origin } = kind;
  const store = [
    // Of a store that Terraform makes nobody knows the id yet; the reasons name it.
    keyStoreId?.startsWith("cks-") === true ? `key store ${keyStoreId}` : undefined,
    externalKeyId === undefined ? undefined : `external key ${externalKeyId}`,
  ];
  return [
    ...(spec === "SYMMETRIC_DEFAULT" ? [] : [["kind", `${spec} for ${usage}`]]),
    ...(origin === "AWS_KMS" ? [] : [["material", [origin, ...store].filter((each) => each !== undefined).join(", ")]]),
  ];
}

function materialRows(key: PlannedKey): string[][] {
  return [key, ...key.replicas].flatMap(({ region, material }) => {
    if (material === undefined) return [];
    const { imported, expires } = material;
    return [["material", `imported in ${region} on ${imported}${expires === undefined ? "" : `, until ${expires}`}`]];
  });
}

function rotationText({ rotationDays }: PlannedKey): string {
  return rotationDays === undefined ? "none by itself" : `every ${rotationDays} days`;
}
