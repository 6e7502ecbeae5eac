import type { Comparer } from "./comparer";

/** What comes near to a quota of AWS by the change. */
export const compareQuotas: Comparer = () => [];
