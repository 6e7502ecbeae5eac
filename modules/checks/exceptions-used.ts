import { hasEnded } from "./frame/accept-findings";
import type { AcceptedException, Check, ExceptionUse } from "./frame/check";
import { NearestSubjects } from "./frame/nearest-subjects";

export const check: Check = {
  id: "exceptions-used",
  kind: "hygiene",
  severity: "medium",
  requirement: "Every exception accepts a finding that there is.",
  reason:
    "What is accepted in advance hides the next mistake, and a misspelled subject accepts nothing that it should.",
  fix: "delete it",
  inExceptions: ({ exceptions, today }, use) => {
    const unused = exceptions.filter((exception) => isUnused(exception, use) && !hasEnded(exception, today));
    const subjects = openSubjects(unused, use);
    return unused.map(({ name, check: id, subject, source }) => {
      const nearest = subjects.get(id)?.of(subject);
      return {
        stack: undefined,
        address: undefined,
        detail: [name],
        why: `accepts nothing: ${id} has no finding ${subject}`,
        place: undefined,
        sources: [source],
        ...(nearest === undefined ? {} : { fix: `delete it, or write subject: ${nearest} if that is what it means` }),
      };
    });
  },
};

/** Whether it surely accepts nothing. Whether it has ended is another question. */
export function isUnused(exception: AcceptedException, { matched, ran }: ExceptionUse): boolean {
  return ran.has(exception.check) && !matched.has(exception);
}

/** What is left to be accepted, of those checks that an exception names in vain. */
function openSubjects(unused: readonly AcceptedException[], { open }: ExceptionUse): Map<string, NearestSubjects> {
  const checks = new Set(unused.map((exception) => exception.check));
  return new Map(
    [...checks].map((id) => [
      id,
      new NearestSubjects(open.filter((finding) => finding.id === id).map(({ where }) => where)),
    ]),
  );
}
