import { nameOrder } from "../../aws/name-order";
import type { Exception } from "../../organization/organization-map";
import type { PlacedFinding } from "../locate-findings";
import type { PageException, PageFinding } from "../page-data";

/** What the checks came to, as the page needs it. */
export interface PageChecks {
  readonly findings: readonly PlacedFinding[];
  readonly accepted: readonly { readonly finding: PlacedFinding; readonly exception: Pick<Exception, "name"> }[];
  /** All that there are, also those that nothing needs. */
  readonly exceptions: readonly Omit<Exception, "source">[];
  /** Ids of the checks that are the zone proof. */
  readonly proofIds: ReadonlySet<string>;
  /** Stacks that the map asks for and the output does not have. */
  readonly missingStacks: readonly string[];
  /** Stacks that the map no longer asks for. */
  readonly leftOverStacks: readonly string[];
}

/** Where a stack belongs, by its name; `zone` of a stack that guards or rolls out to one, too. */
export interface StackPlace {
  readonly account: number | null;
  readonly zone: number | null;
}

/** Open findings, then the accepted ones. */
export function pageFindings(
  { findings, accepted, proofIds }: PageChecks,
  exceptions: readonly PageException[],
  places: ReadonlyMap<string, StackPlace>,
  keyOf: (found: PlacedFinding) => number | null,
): PageFinding[] {
  const exceptionAt = new Map(exceptions.map(({ name }, index) => [name, index]));
  const finding = (found: PlacedFinding, exception: number | null): PageFinding => {
    const { id, severity, where, why, whatToDo, place } = found;
    const { account = null, zone = null } = places.get(place?.document ?? "") ?? {};
    return {
      id,
      severity,
      where,
      why,
      whatToDo,
      account,
      zone,
      key: keyOf(found),
      exception,
      isProof: proofIds.has(id),
    };
  };
  return [
    ...findings.map((found) => finding(found, null)),
    ...accepted.map(({ finding: found, exception }) => finding(found, exceptionAt.get(exception.name) ?? null)),
  ];
}

export function pageExceptions({ exceptions, accepted }: PageChecks): PageException[] {
  const counts = new Map<string, number>();
  for (const { exception } of accepted) counts.set(exception.name, (counts.get(exception.name) ?? 0) + 1);
  return [...exceptions]
    .sort((a, b) => nameOrder(a.name, b.name))
    .map(({ name, check, subject, owner, reason, expires }) => {
      return { name, check, subject, owner, reason, expires, accepts: counts.get(name) ?? 0 };
    });
}
