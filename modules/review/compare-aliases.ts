import type { Comparer } from "./comparer";

/** Aliases: an alias in AWS is its name in a Region, whatever Terraform calls it. */
export const compareAliases: Comparer = () => [];
