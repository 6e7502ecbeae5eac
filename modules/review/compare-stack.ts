import type { Comparer } from "./comparer";

/** The stack as a whole: its name, its state, its zone and who deploys it. */
export const compareStack: Comparer = () => [];
