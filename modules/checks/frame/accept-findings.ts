import type { Finding } from "../../findings/finding";
import type { AcceptedException, CheckedOutput } from "./check";

/** Findings, parted by whether somebody answers for them. */
export interface Acceptance<Found extends Finding> {
  /** What nobody has accepted, or nobody any longer. */
  readonly open: readonly Found[];
  readonly accepted: readonly { readonly finding: Found; readonly exception: AcceptedException }[];
  /** Every exception whose finding there is, those that have ended included. */
  readonly matched: ReadonlySet<AcceptedException>;
}

/**
 * Parts findings by the exceptions: the same check, the same subject word by word, and not ended. The work grows with
 * findings and exceptions, never with their product.
 */
export function acceptFindings<Found extends Finding>(
  findings: readonly Found[],
  { exceptions, today }: Pick<CheckedOutput, "exceptions" | "today">,
): Acceptance<Found> {
  const byFinding = new Map<string, AcceptedException[]>();
  for (const exception of exceptions) {
    const name = findingName(exception.check, exception.subject);
    const others = byFinding.get(name);
    if (others === undefined) byFinding.set(name, [exception]);
    else others.push(exception);
  }
  const open: Found[] = [];
  const accepted: { finding: Found; exception: AcceptedException }[] = [];
  const matched = new Set<AcceptedException>();
  for (const finding of findings) {
    const candidates = byFinding.get(findingName(finding.id, finding.where)) ?? [];
    for (const candidate of candidates) matched.add(candidate);
    const exception = candidates.find((candidate) => !hasEnded(candidate, today));
    if (exception === undefined) open.push(finding);
    else accepted.push({ finding, exception });
  }
  return { open, accepted, matched };
}

/** Without a day nothing that ends can be told to have ended. */
export function hasEnded({ expires }: AcceptedException, today: string | undefined): boolean {
  return today !== undefined && expires <= today;
}

/** Ids of checks have no blanks, so that no two pairs have one name. */
function findingName(check: string, subject: string): string {
  return `${check} ${subject}`;
}
