import { parseIamPrincipalArn } from "../aws/arn";
import { allOf, type PolicyCondition, type PolicyPrincipal, type PolicyStatement } from "./policy-document";

/** A further statement from the map. */
export interface KeyPolicyStatement {
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly string[];
  /** AWS services that call as themselves. */
  readonly services?: readonly string[];
  /** Deny only: roles, users and accounts that it leaves out; it is about everybody else. */
  readonly notPrincipals?: readonly string[];
  readonly actions: readonly string[];
  /** Deny only, instead of `actions`: it is about all others. */
  readonly notActions?: readonly string[];
  readonly conditions: PolicyCondition;
}

/** The statement as IAM has it. */
export function extraStatement(extra: KeyPolicyStatement): PolicyStatement {
  const { sid, effect, principals, services = [], notPrincipals = [], actions, notActions = [], conditions } = extra;
  const condition = allOf(conditions, exceptFor(notPrincipals));
  const named: PolicyPrincipal = {
    ...(principals.length === 0 ? {} : { AWS: principals }),
    ...(services.length === 0 ? {} : { Service: services }),
  };
  return {
    Sid: `Extra${sid}`,
    Effect: effect,
    Principal: notPrincipals.length === 0 ? named : { AWS: ["*"] },
    ...(notActions.length === 0 ? { Action: actions } : { NotAction: notActions }),
    Resource: ["*"],
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

/**
 * Leaves some out of a Deny for everybody, as AWS recommends in place of `NotPrincipal`. That element would deny the
 * sessions of a role on its list unless each session is listed too, and everybody with a permissions boundary, list or not;
 * and it needs the accounts of those on the list beside them, which may let off others in these accounts.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function exceptFor(principals: readonly string[]): PolicyCondition {
  const parsed = principals.map((arn) => ({ arn, ...parseIamPrincipalArn(arn) }));
  const accounts = parsed.flatMap(({ kind, accountId }) =>
    kind === "root" && accountId !== undefined ? accountId : [],
  );
  const others = parsed.filter(({ kind }) => kind !== "root").map(({ arn }) => arn);
  return {
    ...(others.length === 0 ? {} : { ArnNotEquals: { "aws:PrincipalArn": others } }),
    ...(accounts.length === 0 ? {} : { StringNotEquals: { "aws:PrincipalAccount": accounts } }),
  };
}
