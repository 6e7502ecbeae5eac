import type { SynthesizedStack } from "../../access/synthesized-stack";
import { type RestingKey, restingKeys } from "./resting-key";
import type { ReviewedKey } from "./reviewed-key";
import { type ForeignGrant, reviewedKeys } from "./reviewed-keys";
import { templateKeys } from "./template-keys";

/** What reviewed JSON says of one account. */
export interface ReviewedStacks {
  /** The account's own; undefined where it has none, or where nobody asks for its keys. */
  readonly stack: SynthesizedStack | undefined;
  /** With CloudFormation stacks of Terraform's own in the account. */
  readonly direct: readonly SynthesizedStack[];
  /** With StackSets that reach the account. */
  readonly reaching: readonly SynthesizedStack[];
  /** With guardrails, in the management account. */
  readonly guardrails: readonly SynthesizedStack[];
  /** With StackSets, in the account that keeps them. */
  readonly rollouts: readonly SynthesizedStack[];
  /** Grants that other accounts make on keys of this one. */
  readonly foreignGrants: readonly ForeignGrant[];
}

export interface ReviewedAccount extends ReviewedStacks {
  readonly keys: readonly ReviewedKey[];
  readonly resting: readonly RestingKey[];
}

export function reviewedAccount(stacks: ReviewedStacks, accountId: string): ReviewedAccount {
  const { stack, direct, reaching, foreignGrants } = stacks;
  const own = stack === undefined ? [] : reviewedKeys(stack, foreignGrants);
  return {
    ...stacks,
    keys: [...own, ...templateKeys([...reaching, ...direct], accountId)],
    resting: stack === undefined ? [] : restingKeys(stack),
  };
}

/** Regions in which it has custom key stores, or keys in one. */
export function keyStoreRegions({ stack, keys }: ReviewedAccount): Set<string> {
  const ofKeys = keys.filter(({ keyStore }) => keyStore !== undefined);
  return new Set([...(stack?.keyStores ?? []), ...ofKeys].map(({ region }) => region));
}

/** A stack that asks for nothing: what of ours is in an account without one is nobody's. */
export function emptyStack(accountId: string): SynthesizedStack {
  return {
    name: "",
    accountId,
    partition: undefined,
    metadata: {
      kind: "account",
      account: undefined,
      accountId,
      organization: undefined,
      ou: undefined,
      zone: undefined,
      keys: new Map(),
      keyStores: new Map(),
      consumerPolicies: new Map(),
      userGrants: new Map(),
      stackSets: new Map(),
      directStacks: new Map(),
    },
    providers: [],
    backend: undefined,
    keys: [],
    keyStores: [],
    aliases: [],
    imports: [],
    removals: [],
    identityPolicies: [],
    userGrants: [],
    guardrails: [],
    stackSets: [],
    directStacks: [],
    lookups: [],
    resources: 0,
    unreadable: [],
  };
}
