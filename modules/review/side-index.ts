import type { SynthesizedStack } from "../access/synthesized-stack";
import type { KeyBehindAlias } from "../aws/key-behind-alias";

/** All stacks of one side at once, without their policies: small enough for 10,000 accounts. */
export interface SideIndex {
  /** The key or replica that has an alias. */
  keyBehind(alias: Omit<KeyBehindAlias, "partition">): IndexedKey | undefined;
  /** Keys and replicas of an account, in the order of the stacks. */
  keysOf(accountId: string): readonly IndexedKey[];
  /** Keys and replicas of all accounts that have an identity, or an alias: `payments_prod`, `alias/payments-prod`. */
  keysCalled(name: string): readonly IndexedKey[];
  /** Names of an account's stacks, whether they have keys or not: one, unless somebody edits by hand. */
  stacksOf(accountId: string): readonly string[];
  /** A stack with its policies, read when asked for and not kept for long; undefined for one that is not there. */
  stack(name: string): SynthesizedStack | undefined;
}

/** A key or replica, as far as other stacks have to know it. */
export interface IndexedKey {
  readonly kind: "key" | "replica";
  readonly stack: string;
  readonly address: string;
  readonly accountId: string;
  readonly region: string;
  /** As `alias/payments-prod`, the one that people know first. */
  readonly aliases: readonly string[];
  /** Address of a replica's primary in the same stack. */
  readonly primary: string | undefined;
  /** `payments_prod`: the same in every account and Region. */
  readonly identity: string;
  /** In the words of the map; undefined for a stack that does not say. */
  readonly zone: string | undefined;
}
