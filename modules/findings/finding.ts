import { nameOrder } from "../aws/name-order";

export const severities = ["critical", "high", "medium", "low", "information"] as const;
export type Severity = (typeof severities)[number];

/** What a check, a drift run, a review or the planning of keys has to tell a person. */
export interface Finding {
  /** The kind of finding, kebab-case; a check's is its file's name. */
  readonly id: string;
  readonly severity: Severity;
  /** What it is about, in the map's or AWS's own words: `payments.environments.prod`, `alias/payments-prod`. */
  readonly where: string;
  readonly why: string;
  /** The next step, as an instruction. */
  readonly whatToDo: string;
}

/** Most severe first, then by id and place: the same order on every machine. */
export function sortFindings<Sorted extends Finding>(findings: readonly Sorted[]): Sorted[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      nameOrder(a.id, b.id) ||
      nameOrder(a.where, b.where) ||
      nameOrder(a.why, b.why),
  );
}
