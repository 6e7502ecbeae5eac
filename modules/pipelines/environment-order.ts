import { nameOrder } from "../aws/name-order";

/** The order in which environments are applied: mistakes should show where they hurt least. */
const earlier: readonly (readonly string[])[] = [
  ["sandbox", "playground"],
  ["dev", "development"],
  ["test", "testing", "qa", "integration"],
  ["staging", "stage", "uat", "preprod", "pre-prod"],
];
const production = ["prod", "production", "live"];

/** The wave of accounts without an environment: nobody knows what is in them, so they wait for everything else. */
export const NO_ENVIRONMENT = "shared";

/** Environments that a pipeline applies without asking. */
export function needsApproval(wave: string): boolean {
  return !earlier.slice(0, 3).flat().includes(wave);
}

/** Sorts environments: those that are known not to be production, others, production, none. */
export function environmentOrder(a: string, b: string): number {
  return rank(a) - rank(b) || nameOrder(a, b);
}

function rank(wave: string): number {
  const known = earlier.findIndex((names) => names.includes(wave));
  if (known >= 0) return known;
  if (production.includes(wave)) return earlier.length + 1;
  return wave === NO_ENVIRONMENT ? earlier.length + 2 : earlier.length;
}
