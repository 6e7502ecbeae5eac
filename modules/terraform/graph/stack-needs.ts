import { nameOrder, uniqueNames } from "../../aws/name-order";
import type { StackNeed } from "./stack-node";
import type { StackOutline } from "./stack-outline";

/** How many aliases or accounts a reason names. */
const MOST_NAMES = 3;

/** What each stack needs of the others, in name order; two stacks have one need with every reason for it. */
export function stackNeeds(outlines: readonly StackOutline[]): StackNeed[] {
  return merged([...roleNeeds(outlines), ...keyNeeds(outlines), ...zoneNeeds(outlines)]);
}

/** Whoever becomes a role, or names it in a key policy, comes after what makes the role. */
function* roleNeeds(outlines: readonly StackOutline[]): Generator<StackNeed> {
  const makers = new Map<string, StackOutline[]>();
  for (const outline of outlines) {
    for (const { names, accountIds } of outline.brings) {
      for (const role of [...accountIds].flatMap((id) => [...names].map((name) => `${id} ${name}`))) {
        append(makers, role, outline);
      }
    }
  }
  for (const { node, becomes, letsIn } of outlines) {
    for (const name of becomes) {
      for (const { node: maker } of makers.get(`${node.accountId} ${name}`) ?? []) {
        // Where Terraform makes StackSets and guardrails, an administrator has made the role by hand: docs/rollouts.md, Bootstrapping.
        const byHand = maker.kind === "direct-rollouts";
        if (byHand && node.kind !== "account") continue;
        const why = byHand
          ? `it works as role ${name}, which ${maker.name} takes over`
          : `it works as role ${name}, which ${maker.name} brings to its account`;
        yield { from: node.name, to: maker.name, hard: !byHand, why };
      }
      for (const accountId of letsIn) {
        for (const { node: maker } of makers.get(`${accountId} ${name}`) ?? []) {
          const why = `its key policies let in role ${name} of account ${accountId}, which ${maker.name} brings`;
          yield { from: node.name, to: maker.name, hard: false, why };
        }
      }
    }
  }
}

/** Owners of keys come before their users. */
function* keyNeeds(outlines: readonly StackOutline[]): Generator<StackNeed> {
  const owners = new Map<string, StackOutline[]>();
  for (const outline of outlines) {
    for (const alias of outline.aliases) {
      append(owners, alias, outline);
      append(owners, withoutAlias(alias), outline);
    }
  }
  for (const { node, looksUp, uses } of outlines) {
    const byOwner = (keys: readonly string[]): ReadonlyMap<string, string[]> => {
      const found = new Map<string, string[]>();
      for (const key of keys) {
        for (const owner of owners.get(key) ?? []) append(found, owner.node.name, key.slice(key.lastIndexOf(" ") + 1));
      }
      return found;
    };
    for (const [to, aliases] of byOwner(looksUp)) {
      yield { from: node.name, to, hard: true, why: `its plan looks up ${few(aliases)} of ${to}` };
    }
    for (const [to, aliases] of byOwner(uses)) {
      const what = aliases.every((alias) => alias === "*") ? "keys" : few(aliases.filter((alias) => alias !== "*"));
      yield { from: node.name, to, hard: false, why: `its principals use ${what} of ${to}` };
    }
  }
}

function withoutAlias(key: string): string {
  return `${key.slice(0, key.lastIndexOf(" "))} *`;
}

/** The order of a zone's own stacks, as `orgkeys bootstrap` has it: docs/rollouts.md, Bootstrapping. */
function* zoneNeeds(outlines: readonly StackOutline[]): Generator<StackNeed> {
  const zones = new Map<string, StackOutline[]>();
  for (const outline of outlines) append(zones, `${outline.node.organization} ${outline.node.zone}`, outline);
  for (const stacks of zones.values()) {
    const of = (kind: string): StackOutline[] => stacks.filter(({ node }) => node.kind === kind);
    const [rollouts, direct, guardrails] = [of("rollouts"), of("direct-rollouts"), of("guardrails")];
    const before = rollouts.some(({ bringsKeys }) => bringsKeys);
    for (const { node } of rollouts) {
      for (const { node: bus } of direct.filter(({ makesBus }) => makesBus)) {
        const why = `its StackSets bring rules that send to the bus of ${bus.name}`;
        yield { from: node.name, to: bus.name, hard: false, why };
      }
      for (const { node: other, makesRules } of direct.filter(({ makesBus }) => !makesBus)) {
        const why = makesRules
          ? `its rules send to a bus that ${node.name} brings`
          : "it takes over what was made by hand, and StackSets come first";
        yield { from: other.name, to: node.name, hard: false, why };
      }
      for (const { node: guardrail } of before ? guardrails : []) {
        const why =
          "its StackSets bring keys: older guardrails stop them, and without any, anybody may make a role that StackSets have";
        yield { from: node.name, to: guardrail.name, hard: false, why };
      }
    }
    for (const { node } of before ? [] : guardrails) {
      for (const { node: other } of stacks.filter((each) => each.node.kind !== "guardrails")) {
        const why = `guardrails of zone ${node.zone} come last, when nothing is left that they would deny`;
        yield { from: node.name, to: other.name, hard: false, why };
      }
    }
  }
}

function merged(needs: Iterable<StackNeed>): StackNeed[] {
  const byStacks = new Map<string, StackNeed[]>();
  for (const need of needs) if (need.from !== need.to) append(byStacks, `${need.from} ${need.to}`, need);
  return [...byStacks.values()]
    .flatMap((same): StackNeed[] => {
      const [first] = same;
      if (first === undefined) return [];
      // What it cannot be planned without is said first.
      const reasons = [true, false].flatMap((hard) =>
        uniqueNames(same.filter((need) => need.hard === hard).map(({ why }) => why)),
      );
      return [{ from: first.from, to: first.to, hard: same.some(({ hard }) => hard), why: reasons.join("; ") }];
    })
    .sort((a, b) => nameOrder(a.from, b.from) || nameOrder(a.to, b.to));
}

function few(names: readonly string[]): string {
  const sorted = uniqueNames(names);
  const more = sorted.length - MOST_NAMES;
  return sorted.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function append<Value>(map: Map<string, Value[]>, name: string, value: Value): void {
  const values = map.get(name);
  if (values === undefined) map.set(name, [value]);
  else values.push(value);
}
