import type { LoadedPlan } from "../../stacks/load-plan";
import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import { uniqueNames } from "../aws/name-order";
import type { AccountPlan } from "../keys/account-plan";
import type { PipelineStack } from "../pipelines/pipeline-stack";
import { isGuardedFirst } from "../rollouts/guarded-first";

/** The stacks of a map, as pipelines see them. */
export function pipelineStacks({ map, accounts, guardrails, rollouts, stacks }: LoadedPlan): PipelineStack[] {
  const plans = new Map(accounts.map((plan) => [plan.stack, plan]));
  const keepers = new Map([
    ...accounts.map(({ stack, account }) => [stack, account.name] as const),
    ...guardrails.map(({ stack, account }) => [stack, account.name] as const),
    ...rollouts.zones.map(({ stack, administrator }) => [stack, administrator.name] as const),
    ...rollouts.direct.map(({ stack, account }) => [stack, account.name] as const),
  ]);
  const names = new Map(map.accounts.map(({ id, name }) => [id, name]));
  return stacks.map(({ name, kind, zone, state }) => {
    const plan = plans.get(name);
    return {
      name,
      kind,
      zone,
      state,
      account: keepers.get(name) ?? "",
      looksUp: plan === undefined ? [] : ownersLookedUp(plan, names),
      before: kind === "guardrails" && isGuardedFirst(zone, map, rollouts),
    };
  });
}

/** Whose keys Terraform looks up by their aliases while it plans. */
function ownersLookedUp({ consumerPolicies, userGrants }: AccountPlan, names: ReadonlyMap<string, string>): string[] {
  const texts = [
    ...userGrants.map(({ keyArn }) => keyArn),
    ...consumerPolicies.flatMap(({ policy }) => policy.Statement.flatMap(({ Resource }) => Resource ?? [])),
  ];
  return uniqueNames(
    texts.flatMap((text) => {
      const key = parseKeyBehindAlias(text);
      return key === undefined ? [] : (names.get(key.accountId) ?? []);
    }),
  );
}
