import { conditionFlaws } from "./guard-conditions";
import { dutyFlaws } from "./guard-duties";
import { kindFlaws } from "./guard-kind";
import { lockOutFlaws } from "./guard-lock-out";
import { formFlaws } from "./guard-statement-form";
import { type KeyDuties, ownerRoot } from "./key-duties";
import type { PolicyDocument } from "./policy-document";
import type { PolicyFlaw } from "./policy-flaw";
import { reachOf } from "./statement-reach";

/**
 * The last look at the policy of a key that each account has by itself: all that `guardKeyPolicy` asks for, but that duties
 * reach the key by the account's IAM and not by name, and that nobody is a principal who might not exist yet.
 *
 * @returns every flaw
 */
export function guardAccountKeyPolicy(document: PolicyDocument, duties: KeyDuties): PolicyFlaw[] {
  const reaches = reachOf(document);
  const root = ownerRoot(duties);
  return [
    ...formFlaws(document, reaches, duties),
    ...reaches.flatMap(({ statement, principals }) =>
      principals
        .filter((principal) => principal !== root)
        .map((principal) => ({
          message: `statement ${statement.Sid} names ${principal}, and an account that is made tomorrow has nobody but its root`,
          fix: "name the account root, with a condition on aws:PrincipalArn",
        })),
    ),
    ...reaches.flatMap(conditionFlaws),
    ...reaches.flatMap((reach) => kindFlaws(reach, duties.kind)),
    ...lockOutFlaws(reaches, duties, [root]),
    ...dutyFlaws(reaches, duties, []),
    ...reaches.flatMap(({ statement, actions }) => {
      const forAwsResources = statement.Condition?.Bool?.["kms:GrantIsForAWSResource"] ?? [];
      const isBound = forAwsResources.length === 1 && forAwsResources[0] === "true";
      if (statement.Effect !== "Allow" || !actions.has("kms:CreateGrant") || isBound) return [];
      return [
        {
          message: `statement ${statement.Sid} lets the account's IAM create any grant, and with it give decryption to anybody`,
          fix: 'add Bool: {"kms:GrantIsForAWSResource": "true"}',
        },
      ];
    }),
  ];
}
