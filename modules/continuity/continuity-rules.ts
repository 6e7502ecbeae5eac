/** What the map says, as far as a difference between two outputs hangs on it. */
export interface ContinuityRules {
  /** By id. */
  readonly accounts: ReadonlyMap<string, { readonly name: string; readonly active: boolean }>;
  /** Ids of an OU and of all above it, the lowest last, by its path: `commercial/Workloads/Prod`. */
  readonly ous: ReadonlyMap<string, readonly string[]>;
  /** Each workload's environments. */
  readonly workloads: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dataClasses: ReadonlySet<string>;
  readonly zones: ReadonlySet<string>;
  /** `310000000001 payments_prod_us-east-1`: keys that wait for their key store, by their owner's id. */
  readonly waitingKeys: ReadonlySet<string>;
  /** `310000000001 alias/payments-prod`: aliases that the map tells to go, by their owner's id. */
  readonly droppedAliases: ReadonlySet<string>;
  /** `310000000001 payments_prod_us-west-2`: replicas that wait until the map records the key's imported material, by their owner's id. */
  readonly waitingReplicas: ReadonlySet<string>;
}
