import { lostTemplateKeys } from "./lost-template-keys";
import type { Refusal } from "./refusal";
import type { RolloutTargets, TemplateRecord } from "./rollout-record";
import type { StackRecord } from "./stack-record";

/**
 * What a zone's rollouts would lose in accounts: StackSets and stacks that vanish or become others, keys of their templates, and
 * targets that the provider mixes up.
 *
 * @param after undefined when the zone has no rollouts any more; nothing is then destroyed, and nobody looks after it
 */
export function lostRollouts(before: StackRecord, after: StackRecord | undefined): Refusal[] {
  const all = [...(before.rollouts?.templates.values() ?? [])];
  if (all.length === 0) return [];
  if (after === undefined) return [abandoned(before, all)];
  if (before.accountId !== after.accountId) return [administratorChanged(before, after)];
  return all.flatMap((was): Refusal[] => {
    const is = after.rollouts?.templates.get(was.address);
    if (is === undefined) return [vanishes(before, was, after)];
    const replaced = replacements(was, is);
    if (replaced.length > 0) return [isReplaced(before, was, replaced)];
    return [...lostTemplateKeys(before, was, is), ...targetsAtOnce(before, was, is), ...retentionEnds(before, was, is)];
  });
}

function common(before: StackRecord, { address, metadata }: TemplateRecord) {
  return {
    severity: "critical",
    where: `${before.zone} ${address}`,
    sources: metadata?.sources ?? [],
    lines: [] as readonly string[],
  } as const;
}

function abandoned(before: StackRecord, all: readonly TemplateRecord[]): Refusal {
  const names = all.map(({ name }) => name).join(", ");
  const goesOn = all.some(({ kind }) => kind === "StackSet")
    ? "; accounts that join their OUs would still get them"
    : "";
  return {
    id: "rollout-vanishes",
    severity: "critical",
    where: `${before.zone} stack ${before.name}`,
    why: `would be gone, and ${names} would be left behind in AWS, in no plan and no check${goesOn}`,
    sources: all.flatMap(({ metadata }) => metadata?.sources ?? []).filter(isFirst),
    whatToDo: `put the rollouts of zone ${before.zone} back in rollouts.yaml; how a rollout ends is in docs/continuity.md#rollouts`,
    lines: [],
  };
}

function vanishes(before: StackRecord, was: TemplateRecord, after: StackRecord): Refusal {
  const { kind, name, address, retained, targets } = was;
  const elsewhere = [...(after.rollouts?.templates.values() ?? [])].find((each) => each.name === name);
  const what =
    kind === "StackSet"
      ? `StackSet ${name} would be deleted with its instances${retained ? ", and what they made would belong to each account alone" : ", and what they made in each account with them"}`
      : `stack ${name} would be deleted, and what it made with it, but for what it retains`;
  return {
    ...common(before, was),
    id: "rollout-vanishes",
    why: elsewhere === undefined ? what : `${what}, to be made anew as ${elsewhere.address}`,
    whatToDo:
      "put back the rollout, the wave or the account that it is for; to end it all the same, take it out of the state first, and delete it with its stacks retained (docs/continuity.md#rollouts)",
    lines: [
      `terraform state rm ${targets === undefined ? "" : `aws_cloudformation_stack_instances.${was.id} `}${address}`,
    ],
  };
}

/** What makes another StackSet, another stack or other instances of it. */
function replacements(was: TemplateRecord, is: TemplateRecord): string[] {
  const facts = [
    ["name", was.name, is.name],
    ["Region", was.home, is.home],
    ["call_as", was.callAs, is.callAs],
    ["account_filter_type", was.targets?.filter, is.targets === undefined ? undefined : is.targets.filter],
  ] as const;
  return facts.flatMap(([name, old, next]) =>
    old === undefined || old === next ? [] : [`${name} ${old} becomes ${next ?? "none, and no instances are left"}`],
  );
}

function isReplaced(before: StackRecord, was: TemplateRecord, changes: readonly string[]): Refusal {
  return {
    ...common(before, was),
    id: "rollout-replaced",
    why: `${was.kind} ${was.name} would be deleted, or lost sight of, and made anew beside what is there: ${changes.join(", ")}`,
    whatToDo:
      "put back the name of the zone, template or wave, the administrator, the home Region or the target that changed it; how a rollout ends is in docs/continuity.md#rollouts",
  };
}

/** Both may see each other's StackSets, but a state has them as one of the two, and a delegated administrator cannot hand them over. */
function administratorChanged(before: StackRecord, after: StackRecord): Refusal {
  return {
    id: "administrator-changed",
    severity: "critical",
    where: `${before.zone} stack ${before.name}`,
    why: `account ${before.account} (${before.accountId}) keeps the zone's StackSets, and account ${after.account} (${after.accountId}) would: its state is empty, so that every StackSet would be made a second time, on accounts that have everything already`,
    sources: [`rollouts.yaml ${before.zone}`],
    whatToDo: "put the administrator back; a zone's StackSets end where they are first (docs/continuity.md#rollouts)",
    lines: [],
  };
}

/**
 * One apply takes instances away by the new OUs in the old Regions, and reads its own work back in between: what it deletes is not
 * what the plan says. UpdateStackInstances knows no targets, so that each kind of target is a call of its own.
 *
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/cloudformation/stack_instances.go
 */
function targetsAtOnce(before: StackRecord, was: TemplateRecord, is: TemplateRecord): Refusal[] {
  if (was.targets === undefined || is.targets === undefined) return [];
  const changed = targetKinds.filter(
    ([, of]) =>
      was.targets !== undefined && is.targets !== undefined && of(was.targets).join() !== of(is.targets).join(),
  );
  if (changed.length < 2) return [];
  return [
    {
      ...common(before, was),
      id: "targets-at-once",
      why: `${changed.map(([name]) => name).join(" and ")} would change in one step, and the provider then deletes instances that were to stay`,
      whatToDo: "change one of them, apply, and then the other",
    },
  ];
}

const targetKinds: readonly (readonly [name: string, of: (targets: RolloutTargets) => readonly string[]])[] = [
  ["OUs", ({ ous }) => ous],
  ["accounts", ({ accounts }) => accounts],
  ["Regions", ({ regions }) => regions],
];

function retentionEnds(before: StackRecord, was: TemplateRecord, is: TemplateRecord): Refusal[] {
  if (!was.retained || is.retained || was.keys.size === 0) return [];
  return [
    {
      ...common(before, was),
      id: "retention-ends",
      why: `its stacks, with ${[...was.keys.keys()].join(", ")}, would be deleted in an account that leaves its targets`,
      whatToDo: "put retain: true back",
    },
  ];
}

function isFirst(value: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(value) === index;
}
