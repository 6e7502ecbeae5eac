import type { Comparer } from "./comparer";

/** Keys and replicas in Regions that are not their zone's. */
export const compareResidency: Comparer = () => [];
