import type { ClientSettings } from "./assume-role";
import type { CallBudget } from "./call-budget";
import { KmsCalls } from "./kms-calls";
import type { LiveAccount } from "./live-account";
import { readRegion } from "./read-region";

/** What to read of an account. */
export interface AccountTarget {
  readonly accountId: string;
  readonly regions: readonly string[];
  /** Regions in which reviewed JSON has custom key stores, or keys in one. */
  readonly keyStoresIn: ReadonlySet<string>;
}

/** Reads AWS KMS in each Region; what cannot be read says so in its own place, and keeps nothing else back. */
export async function readAccount(
  settings: ClientSettings,
  { accountId, regions, keyStoresIn }: AccountTarget,
  budget: CallBudget,
): Promise<LiveAccount> {
  const read = regions.map(async (region) => {
    const calls = new KmsCalls({ ...settings, region }, budget);
    try {
      return await readRegion(calls, { accountId, region }, keyStoresIn.has(region));
    } finally {
      calls.close();
    }
  });
  return { accountId, regions: await Promise.all(read) };
}
