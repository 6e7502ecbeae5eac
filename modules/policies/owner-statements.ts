import { cryptographicActions } from "../aws/key-operations";
import { kmsActions } from "../aws/kms-actions";
import { type KeyDuties, managersOf, ownerRoot } from "./key-duties";
import type { PolicyCondition, PolicyStatement } from "./policy-document";

/** What administrators and the deploy role do with a key. */
export const administration: readonly string[] = [
  ...kmsActions.reading,
  ...kmsActions.administering,
  "kms:RevokeGrant",
];
const rootAdministration: readonly string[] = [...administration, "kms:RetireGrant", ...kmsActions.destroying];
const rootAdministrationMultiRegion: readonly string[] = [...rootAdministration, ...kmsActions.synchronizing];

/**
 * What the account's IAM can hand on of a key's administration. `kms:SynchronizeMultiRegionKey` is for AWS KMS's own
 * service-linked role, whose IAM policy counts only where the key policy lets it: without it a replica might not follow its
 * primary's rotation. It is no API call that anybody else could make.
 *
 * Written out instead of `kms:*`: replication stays with who is named for it, and no later AWS action slips in.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam,
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html
 */
export function accountRootAdministration(duties: KeyDuties, multiRegion: boolean): PolicyStatement {
  const actions = multiRegion ? rootAdministrationMultiRegion : rootAdministration;
  return allow("AccountRootAdministration", [ownerRoot(duties)], actions);
}

/** What the account's IAM can hand on of a key's use: all of it that the key does, and to nobody who manages the key. */
export function accountRootUse(duties: KeyDuties, ...more: readonly string[]): PolicyStatement {
  return allow(
    "AccountRootUse",
    [ownerRoot(duties)],
    [...cryptographicActions(duties.kind), ...more],
    notManagers(duties),
  );
}

/** The account root as the principal of a Deny is everybody in the account. */
export function onlyBreakGlassDestroys(duties: KeyDuties): PolicyStatement {
  return deny("OnlyBreakGlassDestroys", [ownerRoot(duties)], kmsActions.destroying, {
    ArnNotEquals: { "aws:PrincipalArn": [duties.breakGlass] },
  });
}

export function notManagers(duties: KeyDuties): PolicyCondition {
  return { ArnNotEquals: { "aws:PrincipalArn": managersOf(duties) } };
}

export function allow(
  sid: string,
  principals: readonly string[],
  actions: readonly string[],
  condition?: PolicyCondition,
): PolicyStatement {
  return statement("Allow", sid, principals, actions, condition);
}

export function deny(
  sid: string,
  principals: readonly string[],
  actions: readonly string[],
  condition?: PolicyCondition,
): PolicyStatement {
  return statement("Deny", sid, principals, actions, condition);
}

function statement(
  Effect: "Allow" | "Deny",
  Sid: string,
  principals: readonly string[],
  Action: readonly string[],
  condition: PolicyCondition | undefined,
): PolicyStatement {
  return {
    Sid,
    Effect,
    Principal: { AWS: principals },
    Action,
    Resource: ["*"],
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}
