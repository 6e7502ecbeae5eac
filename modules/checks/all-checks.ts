import type { Check } from "./check";
import { check as zoneKeyAccess } from "./zone-key-access";

/** Every check, in the order of ids. */
export const allChecks: readonly Check[] = [zoneKeyAccess];
