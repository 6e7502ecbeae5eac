import { parseIamPrincipalArn } from "../aws/arn";
import { kmsLimits } from "../aws/kms-limits";
import type { KeyDuties } from "./key-duties";
import { type PolicyDocument, policyText } from "./policy-document";
import type { PolicyFlaw } from "./policy-flaw";
import type { StatementReach } from "./statement-reach";

/**
 * Flaws in the form of a key policy: what AWS KMS refuses, and what it accepts although the statement then says nothing
 * or says it of everybody.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html#key-policy-format
 */
export function formFlaws(
  document: PolicyDocument,
  reaches: readonly StatementReach[],
  duties: KeyDuties,
): PolicyFlaw[] {
  const flaws: PolicyFlaw[] = [];
  const text = policyText(document);
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes > kmsLimits.keyPolicyBytes) {
    flaws.push({
      message: `the key policy has ${bytes} bytes, and AWS KMS takes at most ${kmsLimits.keyPolicyBytes}`,
      fix: "give some of its workloads a key of their own, or name an OU (ou:PATH) instead of many principals; for an OU of hundreds of accounts, the zone can allow organizationPaths",
    });
  }
  const strange = text.match(/[^\t\n\r\u0020-\u007e\u00a0-\u00ff]/u);
  if (strange !== null) {
    flaws.push({
      message: `the key policy has the character ${strange[0]}, and AWS KMS takes ASCII and Latin-1 in policies only`,
      fix: "use other characters in encryption contexts and conditions",
    });
  }
  const sids = new Set<string>();
  for (const reach of reaches) {
    const { statement } = reach;
    if (sids.has(statement.Sid)) {
      flaws.push({ message: `two statements have the Sid ${statement.Sid}`, fix: "give one of them another" });
    }
    sids.add(statement.Sid);
    flaws.push(...statementFlaws(reach, duties));
  }
  return flaws;
}

function statementFlaws(reach: StatementReach, duties: KeyDuties): PolicyFlaw[] {
  const { statement, principals, unknownActions } = reach;
  const flaws: PolicyFlaw[] = [];
  const say = (message: string, fix: string): void => {
    flaws.push({ message: `statement ${statement.Sid} ${message}`, fix });
  };
  const { Effect, Principal, Action, NotAction } = statement;
  if (principals.length === 0) say("names no principal", "name each principal");
  if (principals.some(hasWildcard) && !isEverybodyDenied(reach) && !isBoundToOrganizationPaths(reach, duties)) {
    say("has a wildcard principal", "name each principal");
  }
  for (const principal of Principal?.AWS ?? []) {
    if (hasWildcard(principal) || parseIamPrincipalArn(principal) !== undefined) continue;
    say(`names ${principal}, which is no role, user or account`, "name an IAM role or user, or an account's root");
  }
  for (const service of Principal?.Service ?? []) {
    if (hasWildcard(service) || /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(service)) continue;
    say(`names ${service}, which is no AWS service`, "name a service principal, as in logs.us-east-1.amazonaws.com");
  }
  if ((Action ?? NotAction ?? []).length === 0) say("has no action", "name each action");
  if (Action !== undefined && NotAction !== undefined) say("has Action and NotAction", "keep one of the two");
  if (NotAction !== undefined && Effect === "Allow") {
    say("allows whatever AWS adds to KMS later, with NotAction", "name each action");
  }
  for (const action of unknownActions) {
    say(`has ${action}, which is not an action on KMS keys`, "see the KMS API permissions reference");
  }
  if (statement.Resource.length !== 1 || statement.Resource[0] !== "*") {
    say("is not about this key", 'set Resource to "*", which means this key in a key policy');
  }
  return flaws;
}

function hasWildcard(name: string): boolean {
  return /[*?]/.test(name);
}

/** Who is left out of such a Deny is for the guard on lock-out to see. */
function isEverybodyDenied({ statement, principals }: StatementReach): boolean {
  return statement.Effect === "Deny" && principals.length === 1 && principals[0] === "*";
}

/**
 * The one form in which everybody may be let in: below OUs that the zone allows, and not for the owner's account,
 * where to be named is enough for whoever is there.
 */
function isBoundToOrganizationPaths({ statement, principals }: StatementReach, duties: KeyDuties): boolean {
  const { Effect, Condition = {} } = statement;
  const [organizationId = "", ...others] = Condition.StringEquals?.["aws:PrincipalOrgID"] ?? [];
  const paths = Condition["ForAnyValue:StringLike"]?.["aws:PrincipalOrgPaths"] ?? [];
  const allowed = duties.organizationPaths.filter((path) => path.startsWith(`${organizationId}/`));
  return (
    Effect === "Allow" &&
    principals.length === 1 &&
    principals[0] === "*" &&
    others.length === 0 &&
    paths.length > 0 &&
    paths.every((path) => /^[^*?$]+\/\*$/.test(path) && allowed.some((above) => path.startsWith(above))) &&
    Condition.StringNotEquals?.["aws:PrincipalAccount"]?.includes(duties.ownerAccountId) === true
  );
}
