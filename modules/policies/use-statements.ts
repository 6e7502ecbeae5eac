import { parseIamPrincipalArn } from "../aws/arn";
import { uniqueNames } from "../aws/name-order";
import { type KeyDuties, managersOf, ownerRoot } from "./key-duties";
import { type KeyUse, partsOfUse, type UsePart } from "./key-use";
import { type MergeableStatement, mergeStatements } from "./merge-statements";
import { allOf, type PolicyCondition, type PolicyStatement, sidPart } from "./policy-document";
import type { PolicyForm } from "./policy-form";

/** What lets principals use a key, in the form that its size asks for. */
export function useStatements(
  uses: readonly KeyUse[],
  region: string,
  duties: KeyDuties,
  form: PolicyForm,
): PolicyStatement[] {
  const statements = uses.flatMap((use) =>
    partsOfUse(use, region).flatMap((part) =>
      form === "organization-paths" && isEverybodyBelow(use, duties)
        ? statementsByPath(use, part, duties)
        : [statementByName(use, part, duties)],
    ),
  );
  if (form === "statement-a-use") return statements.map(({ statement }) => statement);
  return mergeStatements(statements, region);
}

const prefixes = { use: "Use", describe: "Describe", grant: "GrantToAws" } as const;

function statementByName(use: KeyUse, part: UsePart, duties: KeyDuties): MergeableStatement {
  const root = ownerRoot(duties);
  // The account as a user of its own key delegates to its IAM: as for the root statement, managers stay out.
  const unmanaged = use.principals.includes(root)
    ? { ArnNotEquals: { "aws:PrincipalArn": managersOf(duties) } }
    : undefined;
  const permissionSet =
    use.permissionSet.length === 0 ? undefined : { ArnLike: { "aws:PrincipalArn": use.permissionSet } };
  return allowed(use, part, use.principals, allOf(part.condition, callerAccount(use), unmanaged, permissionSet));
}

/** An OU as the zone lets policies name it. */
function isEverybodyBelow({ organizationPath }: KeyUse, { organizationPaths }: KeyDuties): boolean {
  return (
    organizationPath?.everybody === true && organizationPaths.some((path) => organizationPath.idPath.startsWith(path))
  );
}

/**
 * Everybody below an OU, by the organization path that the use has as a condition. No other principal than `*` can say it:
 * a principal has no wildcard in its ARN, and no account is one of several.
 *
 * To be named by `*` is to be named: in the key's own account that would be enough, without any IAM policy, and for
 * managers too. So the owner's account is left out here, and named as a whole beside it. In every other account `*` asks
 * for an IAM policy there just as the account's root does.
 *
 * `kms:CallerAccount` is missing: the organization path says the same of the caller.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
 */
function statementsByPath(use: KeyUse, part: UsePart, duties: KeyDuties): MergeableStatement[] {
  const elsewhere = { StringNotEquals: { "aws:PrincipalAccount": [duties.ownerAccountId] } };
  const everybody = allowed(use, part, ["*"], allOf(part.condition, elsewhere));
  const root = ownerRoot(duties);
  if (!use.principals.includes(root)) return [everybody];
  const own = { ...use, label: `${use.label}-own-account`, principals: [root] };
  return [everybody, statementByName(own, part, duties)];
}

function allowed(
  use: KeyUse,
  part: UsePart,
  principals: readonly string[],
  condition: PolicyCondition | undefined,
): MergeableStatement {
  const prefix = prefixes[part.kind];
  return {
    prefix,
    statement: {
      Sid: `${prefix}${sidPart(use.label)}`,
      Effect: "Allow",
      Principal: { AWS: principals },
      Action: part.actions,
      Resource: ["*"],
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  };
}

/** Goes with `kms:ViaService`, as AWS has it in its own keys. */
function callerAccount(use: KeyUse): PolicyCondition | undefined {
  if (use.via.length === 0) return undefined;
  const accounts = use.principals.map((principal) => parseIamPrincipalArn(principal)?.accountId ?? principal);
  return { StringEquals: { "kms:CallerAccount": uniqueNames(accounts) } };
}
