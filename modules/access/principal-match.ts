import { isUniqueId } from "../aws/unique-id";
import type { PrincipalElement, PrincipalName } from "./policy-statement";
import { contextValue, type Request } from "./request";
import { type AccountRequester, parseRequester } from "./requester";
import { all, any, not, type Truth } from "./truth";

/** How a Principal element meets a requester. */
export interface PrincipalMatch {
  /** The requester itself is named, or everybody is. */
  readonly named: Truth;
  /** Its account is named: an Allow then lets the account's IAM decide, a Deny holds for everybody in it. */
  readonly account: Truth;
}

const nobody: PrincipalMatch = { named: false, account: false };

/**
 * Matches `Principal` or `NotPrincipal`.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function matchPrincipal(element: PrincipalElement, request: Request): PrincipalMatch {
  const matches = element.names.map((name) => matchName(name, request));
  const named = any(matches.map((match) => match.named));
  const account = any(matches.map((match) => match.account));
  if (!element.negated) return { named, account };
  return { named: notListed(element, request, named, account), account: false };
}

/**
 * Whether NotPrincipal leaves a requester out of its list. Who is on it in full is exempt, and who is on it in no form is
 * not. In between AWS warns of surprises: a user or role needs its account listed beside it, a session its role and
 * account too, or "the policy might deny access to the entire account containing the principal".
 */
function notListed(element: PrincipalElement, request: Request, named: Truth, account: Truth): Truth {
  const { principal } = request;
  if (principal.kind === "service" || principal.kind === "root") return not(any([named, account]));
  if (element.names.some((name) => name.type === "Any" || (name.type === "AWS" && name.value === "*"))) return false;
  const inFull = all([account, element.names.some((name) => name.value === principal.arn)]);
  const atAll = any([named, account]);
  if (inFull === true && (principal.kind !== "role-session" || named === true)) return false;
  return atAll === false ? true : "unknown";
}

function matchName(name: PrincipalName, request: Request): PrincipalMatch {
  const { principal } = request;
  if (name.type === "Any") return { named: true, account: false };
  if (name.type === "Service") return { named: matchService(name.value, request), account: false };
  // KMS knows no canonical users.
  if (name.type === "CanonicalUser") return { named: "unknown", account: false };
  if (name.type === "Federated") return { named: matchFederated(name.value, request), account: false };
  if (name.value === "*") return { named: true, account: false };
  if (principal.kind === "service") return nobody;
  if (/^\d{12}$/.test(name.value)) return ofAccount(name.value === principal.accountId, principal);
  if (isUniqueId(name.value)) return { named: matchUniqueId(name.value, request), account: false };
  const wanted = parseRequester(name.value);
  // Something AWS would refuse, an ARN with a wildcard for example; nobody knows whom it means.
  if (wanted === undefined || wanted.kind === "service") return { named: "unknown", account: false };
  if (wanted.partition !== principal.partition || wanted.accountId !== principal.accountId) return nobody;
  if (wanted.kind === "root") return ofAccount(true, principal);
  return { named: sameIdentity(wanted, principal), account: false };
}

/** An account's id, or the ARN of its root: the root user is named by it, everybody else is meant through IAM. */
function ofAccount(same: boolean, principal: AccountRequester): PrincipalMatch {
  if (!same) return nobody;
  return principal.kind === "root" ? { named: true, account: false } : { named: false, account: true };
}

/** A role means all of its sessions, a user also its federated sessions; a session means itself. */
function sameIdentity(wanted: AccountRequester, principal: AccountRequester): Truth {
  if (wanted.arn === principal.arn) return true;
  if (wanted.kind === "role" && principal.kind === "role-session") return sameName(wanted.name, principal.name);
  if (wanted.kind === "user" && principal.kind === "federated-user") {
    return sameName(wanted.name, principal.name) === false ? false : "unknown";
  }
  // A role as requester stands for any of its sessions.
  if (wanted.kind === "role-session" && principal.kind === "role") {
    return sameName(wanted.name, principal.name) === false ? false : "unknown";
  }
  if (wanted.kind === principal.kind && sameName(wanted.name, principal.name) !== false) {
    // Names are unique in an account whatever their path and case, so a stale path may still mean the same one.
    return wanted.kind === "role-session" ? false : "unknown";
  }
  return false;
}

function sameName(a: string, b: string): Truth {
  if (a === b) return true;
  return a.toLowerCase() === b.toLowerCase() ? "unknown" : false;
}

/** A service can have several names, one for each Region among them; `aws:PrincipalServiceNamesList` tells. */
function matchService(name: string, request: Request): Truth {
  const { principal } = request;
  if (principal.kind !== "service") return false;
  if (principal.name === name) return true;
  const names = contextValue(request, "aws:PrincipalServiceNamesList");
  if (typeof names !== "string") return names.includes(name);
  return principal.name.split(".")[0] === name.split(".")[0] || name.includes("*") ? "unknown" : false;
}

/** Sessions that an identity provider vouches for carry its name. */
function matchFederated(provider: string, request: Request): Truth {
  const { principal } = request;
  if (principal.kind !== "role" && principal.kind !== "role-session") return false;
  const actual = contextValue(request, "aws:FederatedProvider");
  if (actual === "absent") return false;
  return actual === "unknown" ? "unknown" : actual.includes(provider);
}

/** `AROA…`, what the ARN of a deleted role turns into: it names that one role, never its successor of the same name. */
function matchUniqueId(id: string, request: Request): Truth {
  const actual = contextValue(request, "aws:userid");
  if (typeof actual === "string") return actual === "absent" ? false : "unknown";
  return actual.some((value) => value === id || value.startsWith(`${id}:`));
}
