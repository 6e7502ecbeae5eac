import type { Comparer } from "./comparer";

/** Policies with which AWS Organizations guards a zone, and where they hold. */
export const compareGuardrails: Comparer = () => [];
