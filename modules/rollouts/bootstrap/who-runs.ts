import { uniqueNames } from "../../aws/name-order";
import type { Account, Zone } from "../../organization/organization-map";
import type { RolloutPlan } from "../rollout-plan";

export function delegatedAdministrators(plans: readonly RolloutPlan[]): Account[] {
  const delegated = plans.filter(({ callAs }) => callAs === "DELEGATED_ADMIN").map(({ administrator: { id } }) => id);
  return uniqueNames(delegated).flatMap(
    (id) => plans.find(({ administrator: keeper }) => keeper.id === id)?.administrator ?? [],
  );
}

export function administrator({ name, id }: Account): string {
  return `an administrator of ${name} (${id})`;
}

export function administratorNamed(accounts: readonly Account[], name: string): string {
  const account = accounts.find((each) => each.name === name);
  return account === undefined ? `an administrator of ${name}` : administrator(account);
}

export function pipelineOf(account: Account, zones: readonly Zone[]): string {
  const zone = zones.find(({ name }) => name === account.zone);
  return pipelineText(account.zone, zone?.pipelines?.deploy.map(({ arn }) => arn) ?? []);
}

export function pipelineText(zone: string, arns: readonly string[]): string {
  return arns.length === 0 ? `the pipeline of zone ${zone}` : `the pipeline of zone ${zone}: ${arns.join(", ")}`;
}
