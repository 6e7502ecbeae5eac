import { accountRootArn, parseIamPrincipalArn } from "../aws/arn";
import { costOfKey, type KeyCost, sumOfCosts } from "../aws/key-cost";
import { isLetGo } from "../aws/key-step";
import { kmsActions } from "../aws/kms-actions";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { partitionOfRegion } from "../aws/partition";
import { parsePermissionSetRole } from "../aws/permission-set";
import type { Finding } from "../findings/finding";
import type { Account, OrganizationMap } from "../organization/organization-map";
import type { PolicyStatement } from "../policies/policy-document";
import { leavesOut, namesOf, reachOfStatement } from "../policies/statement-reach";
import type { KeyPlan, PlannedAwsKey, PlannedConsumerPolicy, PlannedKey, PlannedUserGrant } from "./key-plan";
import { isLifecycleFinding } from "./lifecycle-findings";

/** What the plan says about one alias, account, workload or principal. */
export interface Explanation {
  readonly schema: "orgkeys/explain/v1";
  readonly subject: string;
  readonly kind: "alias" | "principal" | "account" | "workload";
  readonly keys: readonly PlannedKey[];
  /** What is to be done next in the life of these keys. */
  readonly findings: readonly Finding[];
  /** The other half: policies in using accounts. */
  readonly consumerPolicies: readonly PlannedConsumerPolicy[];
  /** alias, principal: grants on these keys that other accounts make. account: those that it makes. */
  readonly userGrants: readonly PlannedUserGrant[];
  readonly awsKeys: readonly PlannedAwsKey[];
  /** account: what it is. */
  readonly account: ExplainedAccount | undefined;
  /** account: policies in other accounts that reach its keys. */
  readonly consumers: readonly PlannedConsumerPolicy[];
  /** principal: keys that do not name it, but its account as a whole. */
  readonly throughAccount: readonly AccountWideUse[];
  readonly cost: KeyCost;
}

export interface ExplainedAccount {
  readonly name: string;
  readonly id: string;
  readonly status: Account["status"];
  readonly organization: string;
  /** Empty for an account directly below the root. */
  readonly ou: string;
  readonly environment: string | undefined;
  readonly zone: string;
}

/** A key whose use the IAM policies of an account can give to any of its principals. */
export interface AccountWideUse {
  readonly alias: string;
  /** The key's owner. */
  readonly owner: string;
  readonly region: string;
  /** The principal's account, by its id. */
  readonly accountId: string;
  /** Sids. */
  readonly statements: readonly string[];
}

/**
 * Finds what a subject is: an alias (with or without `alias/`), also of an AWS managed key, an account's name or id, a
 * workload, or a principal (an ARN, or `role/NAME` in any account).
 *
 * @returns undefined when neither map nor plan knows anything by that name
 */
export function explain(map: OrganizationMap, plan: KeyPlan, subject: string): Explanation | undefined {
  return (
    explainAlias(plan, subject) ??
    explainAccount(map, plan, subject) ??
    explainWorkload(map, plan, subject) ??
    explainPrincipal(map, plan, subject) ??
    explainIdentity(plan, subject)
  );
}

/** Every name that `explain` knows, for "did you mean". */
export function subjectsOf(map: OrganizationMap, plan: KeyPlan): string[] {
  const principals = [
    ...plan.keys.flatMap((key) => principalsOf(key, plan)),
    ...plan.awsKeys.flatMap(({ baseline }) => baseline?.users ?? []),
  ];
  return [
    ...new Set([
      ...[
        ...plan.keys.flatMap((key) => key.aliases.map(({ name }) => name)),
        ...plan.awsKeys.flatMap((key) => key.aliases),
      ].flatMap((alias) => [alias, alias.replace(/^alias\//, "")]),
      ...plan.keys.map((key) => key.id),
      ...map.accounts.map((account) => account.name),
      ...map.workloads.map((workload) => workload.name),
      ...principals,
      ...principals.map((arn) => arn.split(":").slice(5).join(":")),
    ]),
  ];
}

function explainAlias(plan: KeyPlan, subject: string): Explanation | undefined {
  const alias = subject.startsWith("alias/") ? subject : `alias/${subject}`;
  const keys = plan.keys.filter((key) => key.aliases.some(({ name }) => name === alias));
  const awsKeys = plan.awsKeys.filter((key) => key.aliases.includes(alias));
  if (keys.length + awsKeys.length === 0) return undefined;
  return explainKeys(plan, alias, keys, awsKeys);
}

/** A key by its identity, as `config/lifecycle.yaml` names it. */
function explainIdentity(plan: KeyPlan, subject: string): Explanation | undefined {
  const keys = plan.keys.filter((key) => key.id === subject);
  return keys.length === 0 ? undefined : explainKeys(plan, subject, keys, []);
}

function explainKeys(
  plan: KeyPlan,
  subject: string,
  keys: readonly PlannedKey[],
  awsKeys: readonly PlannedAwsKey[],
): Explanation {
  const consumerPolicies = plan.consumerPolicies.filter((policy) =>
    policy.keys.some((used) => keys.some((key) => key.alias === used.alias && key.account === used.account)),
  );
  const userGrants = keys.flatMap((key) => userGrantsOn(key, plan));
  return {
    ...explanation(subject, "alias", keys, consumerPolicies, awsKeys),
    findings: plan.findings.filter(
      (finding) => isLifecycleFinding(finding) && keys.some(({ sources }) => sources.includes(finding.where)),
    ),
    userGrants,
  };
}

function explainAccount(map: OrganizationMap, plan: KeyPlan, subject: string): Explanation | undefined {
  const found = map.accounts.find(({ name, id }) => name === subject || id === subject);
  if (found === undefined) return undefined;
  const { name, id, status, organization, ouPath, environment, zone } = found;
  const isIt = (entry: { readonly account: string }): boolean => entry.account === name;
  return {
    ...explanation(
      subject,
      "account",
      plan.keys.filter(isIt),
      plan.consumerPolicies.filter(isIt),
      plan.awsKeys.filter(isIt),
    ),
    userGrants: plan.userGrants.filter(isIt),
    account: { name, id, status, organization: organization.name, ou: ouPath, environment, zone },
    consumers: plan.consumerPolicies.filter((policy) => policy.keys.some(isIt)),
  };
}

function explainWorkload(map: OrganizationMap, plan: KeyPlan, subject: string): Explanation | undefined {
  if (!map.workloads.some(({ name }) => name === subject)) return undefined;
  const keys = plan.keys.filter((key) => key.workloads.includes(subject));
  const consumerPolicies = plan.consumerPolicies.filter((policy) =>
    policy.keys.some((used) => keys.some((key) => key.alias === used.alias && key.account === used.account)),
  );
  return explanation(
    subject,
    "workload",
    keys,
    consumerPolicies,
    plan.awsKeys.filter((key) => key.workload === subject),
  );
}

function explainPrincipal(map: OrganizationMap, plan: KeyPlan, subject: string): Explanation | undefined {
  const isIt = (arn: string): boolean => arn === subject || arn.endsWith(`:${subject}`);
  const keys = plan.keys.filter((key) => principalsOf(key, plan).some(isIt));
  const arns = uniqueNames([...keys.flatMap((key) => principalsOf(key, plan).filter(isIt)), subject]);
  const throughAccount = arns.flatMap((arn) => accountWideUses(map, plan, arn));
  const awsKeys = plan.awsKeys.filter(({ baseline }) => baseline?.users.some(isIt));
  if (keys.length + throughAccount.length + awsKeys.length === 0) return undefined;
  const consumerPolicies = plan.consumerPolicies.filter(
    ({ principal, partition, accountId }) =>
      principal !== "root" && isIt(`arn:${partition}:iam::${accountId}:${principal}`),
  );
  const userGrants = keys
    .flatMap((key) => userGrantsOn(key, plan))
    .filter(({ grantee, retiring }) => [grantee, retiring].some(isIt));
  return { ...explanation(subject, "principal", keys, consumerPolicies, awsKeys), userGrants, throughAccount };
}

/** Keys with a statement for the principal's whole account that gives use, and does not leave the principal out. */
function accountWideUses(map: OrganizationMap, plan: KeyPlan, principal: string): AccountWideUse[] {
  const parsed = parseIamPrincipalArn(principal);
  if (parsed === undefined || parsed.kind === "root") return [];
  const account = map.accounts.find(({ id }) => id === parsed.accountId);
  if (account === undefined) return [];
  const root = accountRootArn(parsed.partition, parsed.accountId);
  return plan.keys
    .flatMap((key) =>
      [key, ...key.replicas].map(({ region, policy }) => ({
        alias: key.alias,
        owner: key.account,
        region,
        accountId: parsed.accountId,
        statements: policy.Statement.filter(
          (statement) =>
            statement.Effect === "Allow" &&
            (statement.Principal?.AWS?.includes(root) === true || isBelow(account, statement)) &&
            [...reachOfStatement(statement).actions].some((action) => using.has(action)) &&
            !leavesOut(statement.Condition, principal),
        ).map((statement) => statement.Sid),
      })),
    )
    .filter(({ statements }) => statements.length > 0)
    .sort((a, b) => nameOrder(a.alias, b.alias) || nameOrder(a.owner, b.owner) || nameOrder(a.region, b.region));
}

/** Whether a statement for everybody below an OU is for this account too. */
function isBelow({ ouPath, organization }: Account, { Principal, Condition }: PolicyStatement): boolean {
  const place = organization.organizationalUnits.find(({ path }) => path === ouPath)?.idPath;
  const paths = Condition?.["ForAnyValue:StringLike"]?.["aws:PrincipalOrgPaths"] ?? [];
  return (
    Principal?.AWS?.includes("*") === true &&
    place !== undefined &&
    paths.some((path) => place.startsWith(path.replace(/\*$/, "")))
  );
}

const using: ReadonlySet<string> = new Set(kmsActions.cryptographic);

function explanation(
  subject: string,
  kind: Explanation["kind"],
  keys: readonly PlannedKey[],
  consumerPolicies: readonly PlannedConsumerPolicy[],
  awsKeys: readonly PlannedAwsKey[],
): Explanation {
  return {
    schema: "orgkeys/explain/v1",
    subject,
    kind,
    keys,
    findings: [],
    consumerPolicies,
    awsKeys,
    userGrants: [],
    account: undefined,
    consumers: [],
    throughAccount: [],
    cost: costOf(keys, awsKeys),
  };
}

/** The grants on a key that the stacks of other accounts make. */
export function userGrantsOn({ account, alias }: PlannedKey, plan: Pick<KeyPlan, "userGrants">): PlannedUserGrant[] {
  return plan.userGrants.filter(({ key }) => key.account === account && key.alias === alias);
}

/** Every principal that a key's policies or grants name; `*` is no name. */
export function principalsOf(key: PlannedKey, plan: KeyPlan): string[] {
  const policies = [key.policy, ...key.replicas.map((replica) => replica.policy)];
  return [
    ...new Set([
      ...policies.flatMap((policy) => policy.Statement.flatMap(principalsOfStatement)).filter((name) => name !== "*"),
      ...[...key.grants, ...userGrantsOn(key, plan)].flatMap(({ grantee, retiring }) => [
        grantee,
        ...(retiring === undefined ? [] : [retiring]),
      ]),
    ]),
  ];
}

/**
 * Everybody whom a statement names. A permission set, whose role has no name that is known, goes by its own:
 * `arn:aws:iam::210000000001:permission-set/Support`, as roles do.
 */
export function principalsOfStatement({ Principal, Condition }: PolicyStatement): string[] {
  const permissionSets = (Condition?.ArnLike?.["aws:PrincipalArn"] ?? []).flatMap((pattern) => {
    const role = parsePermissionSetRole(pattern);
    return role === undefined ? [] : [`arn:${role.partition}:iam::${role.accountId}:permission-set/${role.name}`];
  });
  return uniqueNames([...namesOf(Principal), ...permissionSets]);
}

export function costOf(keys: readonly PlannedKey[], awsKeys: readonly PlannedAwsKey[] = []): KeyCost {
  // Whoever looks after a key that was handed over answers for its cost as well.
  const own = keys.flatMap((key) => {
    const { partition, rotationDays, rotatedOnDemand, replicas } = key;
    const cost = costOfKey({ partition, rotates: rotationDays !== undefined, rotations: rotatedOnDemand.length });
    return [key, ...replicas].filter((copy) => !isLetGo(copy.step)).map(() => cost);
  });
  // An account has one key of a class, whatever number of workloads use it. A template makes none that does not rotate.
  const baseline = new Map(
    awsKeys.flatMap(({ account, dataClass, baseline: use }) =>
      (use?.regions ?? []).map((region) => [
        `${account} ${dataClass} ${region}`,
        costOfKey({ partition: partitionOfRegion(region), rotates: true, rotations: 0 }),
      ]),
    ),
  );
  return sumOfCosts([...own, ...baseline.values()]);
}
