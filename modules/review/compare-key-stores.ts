import type { Comparer } from "./comparer";

/** Custom key stores. */
export const compareKeyStores: Comparer = () => [];
