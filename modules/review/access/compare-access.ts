import type { Comparer } from "../comparer";

/** Who gains and who loses what: key policies, grants, consumer policies and what attaches them. */
export const compareAccess: Comparer = () => [];
