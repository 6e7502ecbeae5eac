import { accountRootArn, iamPrincipalArn, parseIamPrincipalArn } from "../../aws/arn";
import type { Account } from "../organization-map";
import { listNames, nearestName, suggestName } from "../problem";
import type { AccountStatus } from "../schema/organization-schema";
import type { Principal } from "../workload";
import type { KnownAccounts } from "./known-accounts";

/** Where a principal's text stands: what the short forms are relative to. */
export interface PrincipalContext {
  /** The account that `role/NAME` is in. */
  readonly account: Account;
  readonly accounts: KnownAccounts;
  readonly status: AccountStatus;
}

export type ResolvedPrincipals =
  | { readonly principals: readonly Principal[] }
  | { readonly message: string; readonly fix: string }
  /** An account with mistakes, or of a file that could not be read: already reported there. */
  | { readonly unknown: true };

const forms =
  "role/NAME, user/NAME, permission-set/NAME, ACCOUNT:role/NAME, account:NAME, ou:PATH or the ARN of a role, user or account root";
const namePattern = /^(role|user)\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;
/** Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html */
const permissionSetPattern = /^permission-set\/[\w+=,.@-]{1,32}$/;

/**
 * Reads a principal as the map writes it: `role/api` (in the environment's own account), `shop-prod:role/api`,
 * `permission-set/Support` (of IAM Identity Center, in an account as a role is), `account:shop-prod` (whoever that account's
 * IAM allows), `ou:Workloads/Prod` (each account below), or an IAM ARN.
 */
export function resolvePrincipal(text: string, context: PrincipalContext): ResolvedPrincipals {
  if (text.includes("*")) {
    return { message: "must not have a wildcard", fix: "name each principal, or an OU with ou:PATH" };
  }
  if (text.startsWith("arn:")) return resolveArn(text, context);
  if (/\.amazonaws\.com(\.cn)?$/.test(text)) {
    const fix = "put AWS services that call as themselves into services, by their profile";
    return { message: `must be ${forms}`, fix };
  }
  const separator = text.indexOf(":");
  if (separator < 0) return named(text, context.account, context);
  const scope = text.slice(0, separator);
  const rest = text.slice(separator + 1);
  if (scope === "ou") return accountsBelow(rest, context);
  if (scope === "account") {
    const account = context.accounts.byName.get(rest);
    return account === undefined
      ? unknownAccount(rest, context)
      : { principals: [wholeAccount(account, context.status)] };
  }
  const account = context.accounts.byName.get(scope);
  return account === undefined ? unknownAccount(scope, context) : named(rest, account, context);
}

function named(name: string, account: Account, context: PrincipalContext): ResolvedPrincipals {
  const status = worst(account.status, context.status);
  const { partition } = account.organization;
  if (permissionSetPattern.test(name)) {
    const arn = accountRootArn(partition, account.id);
    return { principals: [{ kind: "permission-set", name, arn, account, status }] };
  }
  if (!namePattern.test(name)) {
    const kind = name.split("/")[0] ?? "";
    const near = nearestName(kind, ["role", "user", "permission-set"]);
    const slip = name.includes("/") && near !== undefined && near !== kind;
    return { message: `must be ${forms}`, fix: slip ? `did you mean ${near}/?` : "write it as in role/shop-api" };
  }
  const kind = name.startsWith("role/") ? "role" : "user";
  const arn = iamPrincipalArn(partition, account.id, name);
  return { principals: [{ kind, name, arn, account, status }] };
}

function wholeAccount(account: Account, status: AccountStatus): Principal {
  const arn = accountRootArn(account.organization.partition, account.id);
  return { kind: "account", name: "root", arn, account, status: worst(account.status, status) };
}

function resolveArn(arn: string, context: PrincipalContext): ResolvedPrincipals {
  const parsed = parseIamPrincipalArn(arn);
  if (parsed === undefined && /^arn:[a-z-]+:iam::\d{12}:(saml|oidc)-provider\//.test(arn)) {
    const message = "is an identity provider, whose sessions can be in any account and any role";
    return { message, fix: "name the role that they assume" };
  }
  if (parsed === undefined) {
    const fix = arn.includes(":assumed-role/")
      ? "name the role itself: a session ends, and the policy would name nobody"
      : "write it as in role/shop-api";
    return { message: `must be ${forms}`, fix };
  }
  const { partition } = context.account.organization;
  if (parsed.partition !== partition) {
    return {
      message: `is in partition ${parsed.partition}, and account ${context.account.name} is in ${partition}`,
      fix: "credentials and keys never cross partitions: give that side a workload of its own",
    };
  }
  const account = context.accounts.byId(parsed.accountId);
  if (account === undefined) {
    if (context.accounts.mayHaveMore()) return { unknown: true };
    return {
      message: `names account ${parsed.accountId}, which is not in this map`,
      fix: "keys are for accounts of the organization: add the account or drop the principal",
    };
  }
  if (parsed.kind === "root") return { principals: [wholeAccount(account, context.status)] };
  return named(`${parsed.kind}/${parsed.resource}`, account, context);
}

function accountsBelow(ouPath: string, context: PrincipalContext): ResolvedPrincipals {
  const { organization } = context.account;
  const below = context.accounts.below(organization, ouPath);
  if (below.length > 0) return { principals: below.map((account) => wholeAccount(account, context.status)) };
  const paths = organization.organizationalUnits.map((ou) => ou.path);
  if (context.accounts.mayHaveMore()) return { unknown: true };
  if (paths.includes(ouPath)) {
    return { message: `names OU ${ouPath}, which has no accounts`, fix: "drop it until there are some" };
  }
  const fix = suggestName(ouPath, paths, `OU paths are ${listNames(paths)}`);
  return { message: `names OU ${ouPath}, which organization ${organization.name} does not have`, fix };
}

function unknownAccount(name: string, context: PrincipalContext): ResolvedPrincipals {
  if (context.accounts.mayHave(name)) return { unknown: true };
  return {
    message: `names account ${name}, which is not in this map`,
    fix: context.accounts.suggest(name),
  };
}

function worst(a: AccountStatus, b: AccountStatus): AccountStatus {
  if (a === "suspended" || b === "suspended") return "suspended";
  return a === "pending" || b === "pending" ? "pending" : "active";
}
