import { parseIamPrincipalArn } from "../aws/arn";
import { kmsActions } from "../aws/kms-actions";
import { type KeyDuties, managersOf, ownerRoot } from "./key-duties";
import { permissionSetsMeant } from "./permission-set-condition";
import type { PolicyStatement } from "./policy-document";
import type { PolicyFlaw } from "./policy-flaw";
import { leavesOut, type StatementReach } from "./statement-reach";

/** Using a key, or letting oneself use it. */
const using: readonly string[] = [...kmsActions.cryptographic, ...kmsActions.delegating];
const managing: readonly string[] = [
  ...kmsActions.administering,
  ...kmsActions.destroying,
  ...kmsActions.importing,
  ...kmsActions.replicating,
  "kms:RevokeGrant",
];

/** An Allow, seen from the duties that the zone has given out. */
interface Allowance {
  readonly statement: PolicyStatement;
  readonly named: readonly string[];
  readonly actions: ReadonlySet<string>;
  readonly uses: readonly string[];
  readonly manages: readonly string[];
  /** Whoever is no manager of the key, nor the owner's account. */
  readonly strangers: readonly string[];
  /** Of a statement that allows nothing but grants to principals that it writes out. */
  readonly grantees: readonly string[] | undefined;
  readonly managers: readonly string[];
  readonly duties: KeyDuties;
  /** Of the map, which keeps them in the zone. */
  readonly mappedGrantees: readonly string[];
}

/** The second half of a message that begins with the statement's Sid, and how to mend it. */
type Rule = (allowance: Allowance) => PolicyFlaw | undefined;

/** Statements that let one principal both manage and use a key, and actions that reach further than their duty. */
export function dutyFlaws(
  reaches: readonly StatementReach[],
  duties: KeyDuties,
  mappedGrantees: readonly string[],
): PolicyFlaw[] {
  const managers = managersOf(duties);
  const root = ownerRoot(duties);
  const flaws: PolicyFlaw[] = [];
  for (const { statement, principals, actions } of reaches) {
    if (statement.Effect !== "Allow") continue;
    const allowance: Allowance = {
      statement,
      named: principals,
      actions,
      uses: using.filter((action) => actions.has(action)),
      manages: managing.filter((action) => actions.has(action)),
      strangers: principals.filter((principal) => !managers.includes(principal) && principal !== root),
      grantees: writtenGrantees(statement),
      managers,
      duties,
      mappedGrantees,
    };
    for (const rule of rules) {
      const flaw = rule(allowance);
      if (flaw !== undefined) flaws.push({ ...flaw, message: `statement ${statement.Sid} ${flaw.message}` });
    }
  }
  const kept = reaches.filter((reach) => keepsForBreakGlass(reach, duties));
  const loose = kmsActions.destroying.filter((action) => !kept.some(({ actions }) => actions.has(action)));
  if (loose.length > 0) {
    flaws.push({
      message: `nothing keeps ${loose.join(", ")} with ${duties.breakGlass}`,
      fix: "deny it to the account root for every other aws:PrincipalArn",
    });
  }
  return flaws;
}

const managersNeverUse: Rule = ({ named, uses, managers, grantees, duties, mappedGrantees }) => {
  const both = named.filter((principal) => managers.includes(principal));
  const createsMappedGrants =
    named.every((principal) => principal === duties.deployRole) &&
    grantees?.every((grantee) => mappedGrantees.includes(grantee)) === true;
  if (both.length === 0 || uses.length === 0 || createsMappedGrants) return undefined;
  return {
    message: `lets ${both.join(", ")} use the key (${uses.join(", ")}), and who manages a key never uses it`,
    fix: "use a role of its own for that",
  };
};

const managersAreNeverGranted: Rule = ({ grantees = [], managers }) => {
  const granted = grantees.filter((grantee) => managers.includes(grantee));
  if (granted.length === 0) return undefined;
  return {
    message: `lets a grant give the use of the key to ${granted.join(", ")}, and who manages a key never uses it`,
    fix: "grant it to a role of its own",
  };
};

const accountRootStaysWithinItsAccess: Rule = ({ statement, named, uses, managers, duties }) => {
  if (!named.includes(ownerRoot(duties)) || uses.length === 0) return undefined;
  if (duties.rootAccess === "administration-only" && permissionSetsMeant(statement.Condition).length === 0) {
    return {
      message: `lets the IAM of the owner's account give the use of the key (${uses.join(", ")}), and its data class says administration-only`,
      fix: "name the roles that use the key",
    };
  }
  if (managers.every((manager) => leavesOut(statement.Condition, manager))) return undefined;
  return {
    message: "lets the IAM of the owner's account make managers of the key its users",
    fix: "name the roles that use the key, or the account in a use entry",
  };
};

const usersNeverManage: Rule = ({ strangers, manages }) => {
  if (strangers.length === 0 || manages.length === 0) return undefined;
  return {
    message: `lets ${strangers.join(", ")} manage the key (${manages.join(", ")}), and who uses a key never manages it`,
    fix: "make it an administrator of the zone, or drop the action",
  };
};

const auditOnlyReads: Rule = ({ named, manages, duties }) => {
  if (!named.includes(duties.auditRole) || manages.length === 0) return undefined;
  return {
    message: `lets the audit role change the key (${manages.join(", ")})`,
    fix: "use a role of its own for that",
  };
};

/** A grant can give the key's use to any principal of any account. */
const usersNeverGrantAtWill: Rule = ({ statement, strangers, actions, grantees, duties }) => {
  if (strangers.length === 0 || !actions.has("kms:CreateGrant")) return undefined;
  const forAwsResources = statement.Condition?.Bool?.["kms:GrantIsForAWSResource"] ?? [];
  if (forAwsResources.length === 1 && forAwsResources[0] === "true") return undefined;
  if (grantees === undefined) {
    return {
      message: `lets ${strangers.join(", ")} create any grant, and with it give decryption to anybody`,
      fix: 'add Bool: {"kms:GrantIsForAWSResource": "true"}, or make the grant an entry of the map',
    };
  }
  const accounts = [duties.ownerAccountId, ...strangers.map(accountOf)];
  const foreign = grantees.filter((grantee) => !accounts.includes(accountOf(grantee)));
  if (foreign.length === 0) return undefined;
  return {
    message: `lets ${strangers.join(", ")} grant the use of the key to ${foreign.join(", ")}`,
    fix: "make it an entry of the map",
  };
};

const keyStaysInItsZone: Rule = ({ statement, actions, duties }) => {
  for (const [action, key] of [
    ["kms:ReplicateKey", "kms:ReplicaRegion"],
    ["kms:UpdatePrimaryRegion", "kms:PrimaryRegion"],
  ] as const) {
    if (!actions.has(action)) continue;
    const regions = statement.Condition?.StringEquals?.[key] ?? [];
    if (regions.length > 0 && regions.every((region) => duties.zoneRegions.includes(region))) continue;
    return {
      message: `lets the key leave the zone's Regions: ${action} is not bound to them`,
      fix: `add StringEquals: {"${key}": [${duties.zoneRegions.join(", ")}]}`,
    };
  }
  return undefined;
};

const servicesAreBound: Rule = ({ statement }) => {
  if ((statement.Principal?.Service ?? []).length === 0 || bindsSource(statement)) return undefined;
  return {
    message: "lets an AWS service use the key for the resources of any account",
    fix: "bind aws:SourceAccount, aws:SourceArn or the service's encryption context to an account",
  };
};

const rules: readonly Rule[] = [
  managersNeverUse,
  managersAreNeverGranted,
  accountRootStaysWithinItsAccess,
  usersNeverManage,
  auditOnlyReads,
  usersNeverGrantAtWill,
  keyStaysInItsZone,
  servicesAreBound,
];

function writtenGrantees(statement: PolicyStatement): readonly string[] | undefined {
  const grantees = statement.Condition?.StringEquals?.["kms:GranteePrincipal"] ?? [];
  const operations = statement.Condition?.["ForAllValues:StringEquals"]?.["kms:GrantOperations"] ?? [];
  return statement.Action?.every((action) => action === "kms:CreateGrant") === true &&
    grantees.length > 0 &&
    grantees.every((grantee) => accountOf(grantee) !== undefined) &&
    operations.length > 0
    ? grantees
    : undefined;
}

function accountOf(principal: string): string | undefined {
  return parseIamPrincipalArn(principal)?.accountId;
}

/**
 * Some condition that has to hold names an account in every value: the source's own, or one in an ARN.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/least-privilege.html#least-privilege-source-arn
 */
function bindsSource(statement: PolicyStatement): boolean {
  return Object.entries(statement.Condition ?? {}).some(
    ([operator, keys]) =>
      /^(String|Arn)(Equals|Like)$/.test(operator) &&
      Object.entries(keys).some(([key, values]) => {
        const lower = key.toLowerCase();
        const names =
          lower === "aws:sourceaccount"
            ? /^\d{12}$/
            : lower === "aws:sourcearn" || lower.startsWith("kms:encryptioncontext:")
              ? /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9*-]*:\d{12}:/
              : undefined;
        return names !== undefined && values.length > 0 && values.every((value) => names.test(value));
      }),
  );
}

/** A Deny for everybody in the owner's account, with the break-glass role as its one exception. */
function keepsForBreakGlass({ statement, principals }: StatementReach, duties: KeyDuties): boolean {
  return (
    statement.Effect === "Deny" &&
    principals.includes(ownerRoot(duties)) &&
    JSON.stringify(statement.Condition) ===
      JSON.stringify({ ArnNotEquals: { "aws:PrincipalArn": [duties.breakGlass] } })
  );
}
