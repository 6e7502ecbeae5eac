import type { Comparer } from "./comparer";

/** Keys and replicas: which there are, and everything about them but who may use them. */
export const compareKeys: Comparer = () => [];
