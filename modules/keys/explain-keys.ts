import { kmsPrices } from "../aws/kms-prices";
import type { KeyPlan, PlannedAwsKey, PlannedConsumerPolicy, PlannedKey } from "./key-plan";

/** What the plan says about one alias, principal or account. */
export interface Explanation {
  readonly schema: "orgkeys/explain/v1";
  readonly subject: string;
  readonly kind: "alias" | "principal" | "account";
  readonly keys: readonly PlannedKey[];
  /** The other half: policies in using accounts. */
  readonly consumerPolicies: readonly PlannedConsumerPolicy[];
  readonly awsKeys: readonly PlannedAwsKey[];
  readonly cost: Cost;
}

/** US dollars a month, without requests. */
export interface Cost {
  readonly now: number;
  /** Once rotations no longer add to it. */
  readonly later: number;
}

/**
 * Finds what a subject is: an alias (with or without `alias/`), an account's name or id, or a principal (an ARN, or
 * `role/NAME` in any account).
 *
 * @returns undefined when the plan knows nothing by that name
 */
export function explain(plan: KeyPlan, subject: string): Explanation | undefined {
  return explainAlias(plan, subject) ?? explainAccount(plan, subject) ?? explainPrincipal(plan, subject);
}

/** Every name that `explain` knows, for "did you mean". */
export function subjectsOf(plan: KeyPlan): string[] {
  const principals = plan.keys.flatMap((key) => principalsOf(key));
  return [
    ...new Set([
      ...plan.keys.flatMap((key) => [key.alias, key.alias.replace(/^alias\//, ""), key.account]),
      ...plan.consumerPolicies.map((policy) => policy.account),
      ...plan.awsKeys.map((key) => key.account),
      ...principals,
      ...principals.map((arn) => arn.split(":").slice(5).join(":")),
    ]),
  ];
}

function explainAlias(plan: KeyPlan, subject: string): Explanation | undefined {
  const alias = subject.startsWith("alias/") ? subject : `alias/${subject}`;
  const keys = plan.keys.filter((key) => key.alias === alias);
  const awsKeys = plan.awsKeys.filter((key) => key.aliases.includes(alias));
  if (keys.length + awsKeys.length === 0) return undefined;
  const consumerPolicies = plan.consumerPolicies.filter((policy) =>
    policy.keys.some((used) => keys.some((key) => key.alias === used.alias && key.account === used.account)),
  );
  return explanation(alias, "alias", keys, consumerPolicies, awsKeys);
}

function explainAccount(plan: KeyPlan, subject: string): Explanation | undefined {
  const isIt = (entry: { account: string; accountId?: string }): boolean =>
    entry.account === subject || entry.accountId === subject;
  const keys = plan.keys.filter(isIt);
  const consumerPolicies = plan.consumerPolicies.filter(isIt);
  const awsKeys = plan.awsKeys.filter(isIt);
  if (keys.length + consumerPolicies.length + awsKeys.length === 0) return undefined;
  return explanation(subject, "account", keys, consumerPolicies, awsKeys);
}

function explainPrincipal(plan: KeyPlan, subject: string): Explanation | undefined {
  const isIt = (arn: string): boolean => arn === subject || arn.endsWith(`:${subject}`);
  const keys = plan.keys.filter((key) => principalsOf(key).some(isIt));
  if (keys.length === 0) return undefined;
  const consumerPolicies = plan.consumerPolicies.filter(
    (policy) =>
      policy.attachTo !== undefined && isIt(`arn:${policy.partition}:iam::${policy.accountId}:${policy.attachTo}`),
  );
  return explanation(subject, "principal", keys, consumerPolicies, []);
}

function explanation(
  subject: string,
  kind: Explanation["kind"],
  keys: readonly PlannedKey[],
  consumerPolicies: readonly PlannedConsumerPolicy[],
  awsKeys: readonly PlannedAwsKey[],
): Explanation {
  return { schema: "orgkeys/explain/v1", subject, kind, keys, consumerPolicies, awsKeys, cost: costOf(keys) };
}

/** Every principal that a key's policies or grants name. */
export function principalsOf(key: PlannedKey): string[] {
  const policies = [key.policy, ...key.replicas.map((replica) => replica.policy)];
  return [
    ...new Set([
      ...policies.flatMap((policy) =>
        policy.Statement.flatMap((statement) => [
          ...(statement.Principal?.AWS ?? []),
          ...(statement.Principal?.Service ?? []),
        ]),
      ),
      ...key.grants.flatMap((grant) => [grant.grantee, ...(grant.retiring === undefined ? [] : [grant.retiring])]),
    ]),
  ];
}

export function costOf(keys: readonly PlannedKey[]): Cost {
  const copies = keys.reduce((sum, key) => sum + 1 + key.replicas.length, 0);
  const now = copies * kmsPrices.keyMonth;
  return { now, later: now + copies * kmsPrices.pricedRotations * kmsPrices.rotationMonth };
}
