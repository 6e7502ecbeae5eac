import type { Bounds } from "./schedule";

/** What a provider process takes at most, in bytes: `aws` 5.100 with one alias. See docs/benchmarks.md. */
const PROVIDER_BYTES = 600 * 1024 * 1024;

/** For orgkeys itself, Terraform's own processes and the rest of the machine, in bytes. */
const RESERVE_BYTES = 1024 * 1024 * 1024;

export interface Machine {
  /** Cores, as far as this process may use them. */
  readonly cores: number;
  /** Memory that is free to this process, in bytes: of its container where it has a limit. */
  readonly memoryBytes: number;
}

/** How many stacks at once. */
export interface Concurrency {
  readonly plans: Bounds;
  readonly applies: Bounds;
}

/**
 * What a machine bears. A plan keeps a core busy, and more plans than cores only take memory. An apply mostly waits, 10 s for each wave
 * of new keys, so twice as many run. Both stop where provider processes would not fit into memory; one stack always runs.
 *
 * @param wanted stacks at once, by whoever knows better: of plans and of applies, and whatever memory there is
 */
export function concurrencyOf({ cores, memoryBytes }: Machine, wanted?: number): Concurrency {
  if (wanted !== undefined) {
    const bounds = { stacks: wanted, providers: Number.POSITIVE_INFINITY };
    return { plans: bounds, applies: bounds };
  }
  const providers = Math.max(1, Math.floor((memoryBytes - RESERVE_BYTES) / PROVIDER_BYTES));
  const plans = Math.max(1, cores);
  return { plans: { stacks: plans, providers }, applies: { stacks: 2 * plans, providers } };
}
