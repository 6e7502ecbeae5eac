import type { PipelinePlan } from "./pipeline-plan";
import type { PipelineSettings } from "./pipeline-settings";
import { POLICIES } from "./role-policies";
import { APPLY_SECONDS } from "./session-seconds";
import { checkedWord } from "./template-helpers";
import { audienceOf } from "./trust-policy";

/** What an administrator of one account runs, once, so that jobs can become the roles of a zone's pipeline. */
export interface RoleCommands {
  /** `pci-key-management (310000000001)` */
  readonly account: string;
  readonly zone: string;
  readonly lines: readonly string[];
}

/** Commands in the order of zones. The issuer is made known once in each account; policies are read from the written files. */
export function roleCommands({ zones }: PipelinePlan, { host, gitlab }: PipelineSettings): RoleCommands[] {
  const known = new Set<string>();
  return zones.flatMap(({ zone, deploy, audit, partition, accounts }) =>
    [...new Set([deploy.accountId, audit.accountId])].map((accountId) => {
      const issuer = host === "gitlab" ? gitlab : "token.actions.githubusercontent.com";
      const isNew = host !== "codebuild" && !known.has(accountId);
      known.add(accountId);
      const provider = `aws iam create-open-id-connect-provider --url https://${issuer} --client-id-list ${audienceOf(partition)}`;
      const roles = [deploy, audit].filter((role) => role.accountId === accountId);
      return {
        account: `${accounts.find(({ id }) => id === accountId)?.name ?? accountId} (${accountId})`,
        zone: zone.name,
        lines: [
          ...(isNew ? [provider] : []),
          ...roles.flatMap(({ name, duty }) => {
            const [role = name, ...path] = name.split("/").reverse();
            const file = `file://${POLICIES}/${zone.name}.${duty}`;
            const below = path.length === 0 ? [] : ["--path", `/${path.reverse().join("/")}/`];
            const longest = duty === "deploy" ? ["--max-session-duration", String(APPLY_SECONDS)] : [];
            return [
              ["aws iam create-role --role-name", checkedWord(role), ...below, ...longest].join(" ") +
                ` --assume-role-policy-document ${file}.trust.json`,
              `aws iam put-role-policy --role-name ${checkedWord(role)} --policy-name orgkeys-pipeline --policy-document ${file}.permissions.json`,
            ];
          }),
        ],
      };
    }),
  );
}
