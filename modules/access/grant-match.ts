import { grantOperations } from "../aws/kms-actions";
import type { Place } from "./policy-statement";
import type { Request } from "./request";
import { parseRequester } from "./requester";
import { all, type Truth } from "./truth";

/** A grant on one key in one Region; it never covers a related multi-Region key. */
export interface Grant extends Place {
  readonly id: string;
  /** As AWS knows it; empty where none is given. */
  readonly name: string;
  readonly grantee: string;
  readonly retiring: string | undefined;
  /** As the CreateGrant API spells them. */
  readonly operations: readonly string[];
  readonly constraint: GrantConstraint | undefined;
}

export interface GrantConstraint {
  readonly kind: "equals" | "subset";
  readonly pairs: Readonly<Record<string, string>>;
}

/** What came of holding one grant against one request. */
export interface GrantMatch {
  readonly grant: Grant;
  /** The grantee itself. */
  readonly named: Truth;
  /** The grantee is an account, whose IAM has to agree. */
  readonly account: Truth;
  /** The first thing that does not match. */
  readonly mismatch: string | undefined;
}

/**
 * A grant allows its operations to its grantee, as far as its constraints go; it never denies. Whoever may retire it can
 * do that too.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html
 */
export function matchGrant(grant: Grant, request: Request): GrantMatch {
  const operation = grantOperations.find((name) => `kms:${name}`.toLowerCase() === request.action.toLowerCase());
  const none = (mismatch: string): GrantMatch => ({ grant, named: false, account: false, mismatch });
  if (operation === undefined) return none(`no grant can allow ${request.action}`);
  const retires = operation === "RetireGrant";
  const holders = [
    ...(grant.operations.includes(operation) ? [grant.grantee] : []),
    ...(retires && grant.retiring !== undefined ? [grant.retiring] : []),
  ];
  if (holders.length === 0) return none(`its operations are ${grant.operations.join(", ")}`);
  const who = holders.map((holder) => matchHolder(holder, request));
  const named = strongest(who.map((match) => match.named));
  const account = strongest(who.map((match) => match.account));
  if (named === false && account === false) return none(`it is for ${holders.join(", ")}`);
  const constraint = matchConstraint(grant.constraint, operation, request);
  return {
    grant,
    named: all([named, constraint]),
    account: all([account, constraint]),
    mismatch: constraint === true ? undefined : `its encryption context ${constraintText(grant.constraint)}`,
  };
}

function strongest(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes("unknown") ? "unknown" : false;
}

function matchHolder(holder: string, request: Request): { readonly named: Truth; readonly account: Truth } {
  const { principal } = request;
  const wanted = parseRequester(holder);
  if (wanted === undefined) return { named: "unknown", account: false };
  if (principal.kind === "service" || wanted.kind === "service") {
    const same =
      principal.kind === wanted.kind && "name" in wanted && "name" in principal && principal.name === wanted.name;
    return { named: same, account: false };
  }
  if (wanted.accountId !== principal.accountId || wanted.partition !== principal.partition) {
    return { named: false, account: false };
  }
  if (wanted.kind === "root") return { named: principal.kind === "root", account: principal.kind !== "root" };
  if (wanted.arn === principal.arn) return { named: true, account: false };
  if (wanted.name.toLowerCase() !== principal.name.toLowerCase()) return { named: false, account: false };
  const session = wanted.kind === "role" && principal.kind === "role-session" && wanted.name === principal.name;
  const otherSession = wanted.kind === "role-session" && principal.kind === "role-session";
  const otherType = (wanted.kind === "user") !== (principal.kind === "user");
  return { named: session ? true : otherSession || otherType ? false : "unknown", account: false };
}

/** Operations whose requests carry an encryption context, and which a constraint therefore narrows. */
export const withEncryptionContext: ReadonlySet<string> = new Set([
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
]);

/**
 * Constraints narrow cryptographic operations with symmetric keys, and are "not applied to … management operations, such
 * as DescribeKey or RetireGrant". A grant created through a grant has to be at least as narrow, which the request does not
 * show here.
 *
 * AWS says two things about the names of pairs: "exact, case-sensitive match"
 * (https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-constraints), and "in a grant
 * constraint, the key in each key-value pair is not case sensitive, but the value is case sensitive"
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html). What hangs on it is unknown.
 */
function matchConstraint(constraint: GrantConstraint | undefined, operation: string, request: Request): Truth {
  if (operation === "CreateGrant") return "unknown";
  if (constraint === undefined || !withEncryptionContext.has(operation)) return true;
  const { encryptionContext } = request;
  if (encryptionContext === "unknown") return "unknown";
  const exact = coversPairs(constraint, Object.entries(encryptionContext));
  const ignoringCase = coversPairs(
    { kind: constraint.kind, pairs: lowerCaseNames(constraint.pairs) },
    Object.entries(lowerCaseNames(encryptionContext)),
  );
  return exact === ignoringCase ? exact : "unknown";
}

function coversPairs({ kind, pairs }: GrantConstraint, given: readonly (readonly [string, string])[]): boolean {
  const values = new Map(given);
  const wanted = Object.entries(pairs);
  const included = wanted.every(([name, value]) => values.get(name) === value);
  return included && (kind === "subset" || values.size === wanted.length);
}

function lowerCaseNames(pairs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name.toLowerCase(), value]));
}

function constraintText(constraint: GrantConstraint | undefined): string {
  const pairs = Object.entries(constraint?.pairs ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${constraint?.kind === "equals" ? "has to be exactly" : "has to include"} ${pairs.join(", ")}`;
}
