import { nameOrder } from "../aws/name-order";
import type { AccountPlan } from "../keys/account-plan";
import type { PlanProblem } from "../keys/plan-problem";
import type { Rollout } from "../organization/rollout";
import type { RolloutPlans } from "./rollout-plan";
import type { CreatedName, RenderedTemplate } from "./template";

/** Whatever makes things with names in accounts. */
interface Maker {
  /** `wave prod of rollout pci.access-roles`. */
  readonly who: string;
  readonly rollout: Rollout;
  readonly template: RenderedTemplate;
  readonly regions: readonly string[];
  /** Of the OUs that it goes to: what joins them tomorrow gets it too. */
  readonly idPaths: readonly string[];
  readonly accounts: readonly string[];
}

/**
 * Things with one name in one account and Region that two rollouts would make, or one rollout twice, or a rollout and the
 * account's own stack: whichever comes second fails.
 */
export function madeTwice(plans: RolloutPlans, stacks: readonly AccountPlan[]): PlanProblem[] {
  const makers = makersOf(plans);
  return [...madeInEachRegion(makers), ...madeByTwo(makers), ...madeByStacksToo(makers, stacks)];
}

function makersOf({ zones, direct }: RolloutPlans): Maker[] {
  return [
    ...zones.flatMap(({ zone, stackSets }) => {
      const { organizationalUnits } = zone.organization;
      const idPaths = new Map(organizationalUnits.map(({ id, idPath }) => [id, idPath]));
      return stackSets.map(({ rollout, wave, template, regions, targets, reaches }): Maker => {
        const ous = targets.filter === "INTERSECTION" ? [] : targets.ous;
        return {
          who: wave === undefined ? `rollout ${rollout.name}` : `wave ${wave} of rollout ${rollout.name}`,
          rollout,
          template,
          regions,
          idPaths: ous.map((id) => idPaths.get(id) ?? id),
          accounts: reaches.map(({ name }) => name),
        };
      });
    }),
    ...direct.flatMap(({ account, stacks }) =>
      [...new Map(stacks.map(({ template, rollout }) => [template, rollout]))].map(
        ([template, rollout]): Maker => ({
          who: `rollout ${rollout.name}`,
          rollout,
          template,
          regions: stacks.filter((stack) => stack.template === template).map(({ region }) => region),
          idPaths: [],
          accounts: [account.name],
        }),
      ),
    ),
  ];
}

/** A role is there once in an account; a template in two Regions makes it twice, unless its name or a condition says where. */
function madeInEachRegion(makers: readonly Maker[]): PlanProblem[] {
  const problems = new Map<string, PlanProblem>();
  for (const { rollout, template, regions } of makers) {
    if (regions.length < 2) continue;
    const resources = Object.values(template.document.Resources);
    const conditional = new Set(resources.flatMap(({ Type, Condition }) => (Condition === undefined ? [] : [Type])));
    for (const { type, name, per } of template.creates) {
      if (per === "region" || name.includes("AWS::Region") || conditional.has(type)) continue;
      problems.set(`${rollout.name} ${type} ${name}`, {
        source: rollout.source,
        message: `rollout ${rollout.name} makes ${type} ${name} in each of ${regions.join(", ")}, and an account has it once`,
        fix: "put the Region into its name (${AWS::Region}), or make it under a condition on AWS::Region",
      });
    }
  }
  return [...problems.values()];
}

/** One problem for two makers, however many things and accounts they share. */
function madeByTwo(makers: readonly Maker[]): PlanProblem[] {
  const byThing = new Map<string, { readonly thing: CreatedName; readonly makers: Maker[] }>();
  for (const maker of makers) {
    for (const thing of maker.template.creates) {
      for (const place of thing.per === "account" ? [""] : maker.regions) {
        const key = `${place} ${nameOf(thing)}`;
        const entry = byThing.get(key) ?? { thing, makers: [] };
        entry.makers.push(maker);
        byThing.set(key, entry);
      }
    }
  }
  const problems = new Map<string, PlanProblem>();
  for (const { thing, makers: these } of byThing.values()) {
    if (these.length < 2) continue;
    for (const { first, second, where } of [...sharedAccounts(these), ...sharedOus(these)]) {
      const pair = `${first.who}\n${second.who}`;
      if (!problems.has(pair)) problems.set(pair, problemOf(first, second, thing, where));
    }
  }
  return [...problems.values()];
}

interface Shared {
  readonly first: Maker;
  readonly second: Maker;
  readonly where: string;
}

function sharedAccounts(makers: readonly Maker[]): Shared[] {
  const taken = new Map<string, Maker>();
  const shared: Shared[] = [];
  for (const second of makers) {
    for (const account of second.accounts) {
      const first = taken.get(account);
      if (first === undefined) taken.set(account, second);
      else shared.push({ first, second, where: `account ${account}` });
    }
  }
  return shared;
}

/** OUs in which two will meet as soon as there is an account: sorted, what is below an OU comes right after it. */
function sharedOus(makers: readonly Maker[]): Shared[] {
  const ous = makers
    .flatMap((maker) => maker.idPaths.map((idPath) => ({ maker, idPath })))
    .sort((a, b) => nameOrder(a.idPath, b.idPath));
  const shared: Shared[] = [];
  let above: (typeof ous)[number] | undefined;
  for (const each of ous) {
    if (above === undefined || !each.idPath.startsWith(above.idPath)) above = each;
    else shared.push({ first: above.maker, second: each.maker, where: `OU ${each.idPath.split("/").at(-2)}` });
  }
  return shared;
}

function problemOf(first: Maker, second: Maker, thing: CreatedName, where: string): PlanProblem {
  return {
    source: second.rollout.source,
    message: `${first.who} and ${second.who} both make ${thing.type} ${thing.name} in ${where}, and it can be there once`,
    fix:
      first.rollout === second.rollout
        ? "let one wave alone name the OU"
        : "leave the account or the OU out of one of them, or give the thing another name",
  };
}

/** Aliases and policies that the account's own stack makes. */
function madeByStacksToo(makers: readonly Maker[], stacks: readonly AccountPlan[]): PlanProblem[] {
  const byName = new Map<string, MakerOfName[]>();
  for (const maker of makers) {
    const accounts = new Set(maker.accounts);
    for (const key of maker.template.creates.map(nameOf)) {
      byName.set(key, [...(byName.get(key) ?? []), { maker, accounts }]);
    }
  }
  if (byName.size === 0) return [];
  return stacks.flatMap(({ stack, account, ...plan }) =>
    thingsOf(plan).flatMap(({ type, name, regions }) =>
      (byName.get(nameOf({ type, name })) ?? [])
        .filter(({ maker, accounts }) => accounts.has(account.name) && meet(regions, maker.regions))
        .map(({ maker }) => ({
          source: maker.rollout.source,
          message: `${maker.who} and stack ${stack} both make ${type} ${name} in account ${account.name}, and it can be there once`,
          fix: "leave the account out (excludeAccounts), or give one of them another name",
        })),
    ),
  );
}

interface MakerOfName {
  readonly maker: Maker;
  readonly accounts: ReadonlySet<string>;
}

interface NamedThing extends Pick<CreatedName, "type" | "name"> {
  /** Undefined for what an account has once. */
  readonly regions: readonly string[] | undefined;
}

function thingsOf({ keys, consumerPolicies }: Pick<AccountPlan, "keys" | "consumerPolicies">): NamedThing[] {
  return [
    ...keys.flatMap(({ aliases, region, replicas }) =>
      aliases.map(({ name }) => ({
        type: "AWS::KMS::Alias",
        name,
        regions: [region, ...replicas.map((replica) => replica.region)],
      })),
    ),
    ...consumerPolicies.map(({ name }) => ({ type: "AWS::IAM::ManagedPolicy", name, regions: undefined })),
  ];
}

/**
 * What tells one thing from another. IAM does not tell capital letters from small ones.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function nameOf({ type, name }: Pick<CreatedName, "type" | "name">): string {
  return `${type} ${type.startsWith("AWS::IAM::") ? name.toLowerCase() : name}`;
}

function meet(some: readonly string[] | undefined, others: readonly string[]): boolean {
  return some === undefined || some.some((each) => others.includes(each));
}
