import { kmsActions } from "../aws/kms-actions";
import { kmsLimits } from "../aws/kms-limits";
import { type PolicyDocument, type PolicyStatement, policyBytes } from "./policy-document";

/** What is wrong with a key policy, and how to mend it. */
export interface PolicyFlaw {
  readonly message: string;
  readonly fix: string;
}

/** Who has to keep which duty under any policy that is put on a key. */
export interface Duties {
  readonly administrators: readonly string[];
  readonly deployRole: string;
  readonly breakGlass: string;
}

const administering: readonly string[] = [
  ...kmsActions.administering,
  ...kmsActions.destroying,
  ...kmsActions.replicating,
];
/** Using a key, or letting oneself use it. */
const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];

/**
 * The last look at a key policy before it may leave the plan.
 *
 * @returns every flaw; none means that the policy fits into AWS's limit, names every principal, leaves the key manageable
 * and keeps administration and use apart
 */
export function guardKeyPolicy(document: PolicyDocument, duties: Duties): PolicyFlaw[] {
  const flaws: PolicyFlaw[] = [];
  const bytes = policyBytes(document);
  if (bytes > kmsLimits.keyPolicyBytes) {
    flaws.push({
      message: `the key policy has ${bytes} bytes, and AWS KMS takes at most ${kmsLimits.keyPolicyBytes}`,
      fix: "give some of its workloads a key of their own, or name an OU (ou:PATH) instead of many principals",
    });
  }
  for (const statement of document.Statement) {
    const principals = principalsOf(statement);
    if (principals.length === 0 || principals.some((principal) => principal.includes("*"))) {
      flaws.push({
        message: `statement ${statement.Sid} ${principals.length === 0 ? "names no principal" : "has a wildcard principal"}`,
        fix: "name each principal",
      });
    }
  }
  for (const [who, principal] of [
    ...duties.administrators.map((administrator) => ["administrator", administrator] as const),
    ["deploy role", duties.deployRole] as const,
  ]) {
    if (keeps(document, principal, "kms:PutKeyPolicy")) continue;
    flaws.push({
      message: `${who} ${principal} would be locked out: kms:PutKeyPolicy is not allowed, or may be denied`,
      fix: "drop the Deny statement that reaches it",
    });
  }
  for (const statement of document.Statement) {
    if (statement.Effect !== "Allow") continue;
    const managers = [...duties.administrators, duties.deployRole, duties.breakGlass];
    const uses = statement.Action.filter((action) => using.includes(action));
    const manages = statement.Action.filter((action) => administering.includes(action));
    const named = principalsOf(statement);
    const both = named.filter((principal) => managers.includes(principal));
    if (both.length > 0 && uses.length > 0 && !createsNamedGrants(statement)) {
      flaws.push({
        message: `statement ${statement.Sid} lets ${both.join(", ")} use the key (${uses.join(", ")}), and who manages a key never uses it`,
        fix: "use a role of its own for that",
      });
    }
    const strangers = named.filter((principal) => !managers.includes(principal) && !principal.endsWith(":root"));
    if (strangers.length > 0 && manages.length > 0) {
      flaws.push({
        message: `statement ${statement.Sid} lets ${strangers.join(", ")} manage the key (${manages.join(", ")}), and who uses a key never manages it`,
        fix: "make it an administrator of the zone, or drop the action",
      });
    }
  }
  return flaws;
}

/** CreateGrant for written-out grantees and operations, as the deploy role needs it. */
function createsNamedGrants(statement: PolicyStatement): boolean {
  return (
    statement.Action.every((action) => action === "kms:CreateGrant") &&
    statement.Condition?.StringEquals?.["kms:GranteePrincipal"] !== undefined &&
    statement.Condition["ForAllValues:StringEquals"]?.["kms:GrantOperations"] !== undefined
  );
}

/** Allowed without a condition, and not denied by any statement that could reach the principal. */
function keeps(document: PolicyDocument, principal: string, action: string): boolean {
  const reaches = (statement: PolicyStatement): boolean =>
    principalsOf(statement).some(
      (named) => named === principal || named === `${principal.split(":").slice(0, 5).join(":")}:root`,
    );
  const named = (statement: PolicyStatement): boolean =>
    statement.Action.includes(action) || statement.Action.includes("kms:*");
  const allowed = document.Statement.some(
    (statement) =>
      statement.Effect === "Allow" &&
      statement.Condition === undefined &&
      statement.Action.includes(action) &&
      principalsOf(statement).includes(principal),
  );
  const denied = document.Statement.some(
    (statement) => statement.Effect === "Deny" && named(statement) && reaches(statement),
  );
  return allowed && !denied;
}

function principalsOf(statement: PolicyStatement): string[] {
  return [...(statement.Principal?.AWS ?? []), ...(statement.Principal?.Service ?? [])];
}
