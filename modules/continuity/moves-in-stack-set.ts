import type { Finding } from "../findings/finding";
import type { ContinuityRules } from "./continuity-rules";
import type { TemplateRecord } from "./rollout-record";
import type { StackRecord } from "./stack-record";

/**
 * Accounts that go from one OU of a StackSet's targets to another: for CloudFormation they leave it and join it. The StackSet itself
 * need not change for that, so the OUs of the accounts' own stacks tell; an account without a stack of its own is not seen, nor
 * one whose former OU the map no longer has.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 *
 * @param pairs stacks that go on and change
 * @param rollouts the new rollouts, those that do not change among them
 */
export function movesInStackSet(
  pairs: readonly (readonly [before: StackRecord, after: StackRecord])[],
  rollouts: readonly StackRecord[],
  rules: ContinuityRules,
): Finding[] {
  const moves = pairs.filter(([before, after]) => hasMoved(before, after));
  return rollouts.flatMap(({ zone, rollouts: record }) =>
    [...(record?.templates.values() ?? [])].flatMap((template) =>
      moves.flatMap(([before, after]) => {
        if (template.metadata?.reaches.has(after.accountId) !== true || template.excluded.has(after.accountId))
          return [];
        const [from, to] = [before, after].map((stack) => targetOf(stack, template, rules));
        return from === undefined || to === undefined || from === to
          ? []
          : [isMovedWithin(zone, template, after, from, to)];
      }),
    ),
  );
}

export function hasMoved(before: StackRecord, after: StackRecord): boolean {
  return before.ouPath !== undefined && after.ouPath !== undefined && before.ouPath !== after.ouPath;
}

/** The lowest OU of the targets that an account is below. Accounts that are named one by one belong to the StackSet wherever they are. */
function targetOf({ ouPath }: StackRecord, { targets }: TemplateRecord, rules: ContinuityRules): string | undefined {
  if (ouPath === undefined || targets === undefined || targets.filter === "INTERSECTION") return undefined;
  return rules.ous.get(ouPath)?.findLast((id) => targets.ous.includes(id));
}

function isMovedWithin(
  zone: string,
  { name: stackSet, address, retained, keys, metadata }: TemplateRecord,
  { account, accountId }: StackRecord,
  from: string,
  to: string,
): Finding {
  const aliases = [...keys.values()].filter(({ kind }) => kind === "alias");
  const names = aliases.map(({ properties }) => String(properties.AliasName)).join(", ");
  const fate = retained
    ? `its stack StackSet-${stackSet}-… stays and belongs to the account alone, and the new instance fails on names that are there${names === "" ? "" : ` (${names})`}`
    : "what it made there is deleted before it is made anew, and a role that is made anew is not the one that key policies name";
  return {
    id: "account-changes-target",
    severity: "high",
    where: `${zone} ${address} ${account}`,
    why: `account ${account} (${accountId}) goes from OU ${from} to OU ${to}, which StackSet ${stackSet} both goes to: for CloudFormation it leaves and joins. Expect that ${fate}`,
    whatToDo: retained
      ? `put ${account} into excludeAccounts of ${metadata?.rollout ?? stackSet} before it moves: what it has goes on as it is, and belongs to the account (docs/rollouts.md#an-account-that-moves)`
      : "move the account when nothing in it is at work, look at it with orgkeys instances, and have an administrator of its keys put their policies again (docs/rollouts.md#an-account-that-moves)",
  };
}
