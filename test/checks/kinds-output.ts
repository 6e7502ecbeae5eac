import { loadPlan } from "../../stacks/load-plan";
import { type Output, outputOfPlan } from "./sample-output";

/** The account whose stack has keys of every kind. */
export const vault = { stack: "acme.vault.vault", account: "100000000001" } as const;

/** An organization with keys of every kind, imported material, custom key stores and a disabled key; synthesized. */
export function kindsOutput(): Output {
  const loaded = loadPlan("test/fixtures/kinds");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return outputOfPlan(loaded);
}
