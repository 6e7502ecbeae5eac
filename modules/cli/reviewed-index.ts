import type { SynthesizedStack } from "../access/synthesized-stack";
import { type ForeignGrant, foreignGrantsByOwner } from "../drift/reviewed/reviewed-keys";

/** What the stacks of an output say of each other's accounts: little, so that it fits into memory for thousands of them. */
export class ReviewedIndex {
  readonly #foreignGrants = new Map<string, ForeignGrant[]>();
  readonly #rollouts = new Map<string, SynthesizedStack>();
  readonly #lookups = new Set<string>();

  /** To be told of each stack once, in whatever order. */
  add(stack: SynthesizedStack): void {
    for (const [owner, grants] of foreignGrantsByOwner([stack])) {
      const others = this.#foreignGrants.get(owner);
      if (others === undefined) this.#foreignGrants.set(owner, [...grants]);
      else others.push(...grants);
    }
    for (const lookup of stack.lookups) this.#lookups.add(lookup);
    // One for each zone: their templates are held against every account that they reach.
    if (stack.stackSets.length > 0) this.#rollouts.set(stack.name, stack);
  }

  /** Grants that other accounts make on keys of this one. */
  foreignGrants(accountId: string): readonly ForeignGrant[] {
    return this.#foreignGrants.get(accountId) ?? [];
  }

  /** Stacks with StackSets that reach the account. */
  reaching(accountId: string): SynthesizedStack[] {
    return [...this.#rollouts.values()].filter(({ metadata }) =>
      [...metadata.stackSets.values()].some(({ reaches }) => reaches.has(accountId)),
    );
  }

  rollout(stack: string): SynthesizedStack | undefined {
    return this.#rollouts.get(stack);
  }

  /** Whether any stack looks up the key behind this alias, as `keyBehindAlias` writes it. */
  isLookedUp(key: string): boolean {
    return this.#lookups.has(key);
  }
}
