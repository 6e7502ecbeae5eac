import { daysUntil, noticeDays } from "../findings/calendar-day";
import { isUnused } from "./exceptions-used";
import { hasEnded } from "./frame/accept-findings";
import type { AcceptedException, Check, ExceptionUse, Violation } from "./frame/check";

export const check: Check = {
  id: "exceptions-in-force",
  kind: "hygiene",
  severity: "medium",
  requirement: "No exception is past its last day or about to be.",
  reason: "An exception is a promise to mend something by a day; when nobody looks at that day, it is for ever.",
  fix: "mend what the exception accepts and delete it, or review it anew and set a later day",
  inExceptions: ({ exceptions, today }, use) =>
    today === undefined ? [] : exceptions.flatMap((exception) => violationOf(exception, today, use) ?? []),
};

/** One that is about to end and accepts nothing is told to go by `exceptions-used` already. */
function violationOf(exception: AcceptedException, today: string, use: ExceptionUse): Violation | undefined {
  const { name, owner, expires, source, check: id, subject } = exception;
  const violation = { stack: undefined, address: undefined, detail: [name], place: undefined, sources: [source] };
  const unused = isUnused(exception, use);
  if (hasEnded(exception, today)) {
    if (unused) {
      return { ...violation, why: `ended on ${expires}, and there is nothing left to accept`, fix: "delete it" };
    }
    const why = `ended on ${expires}: ${id} no longer accepts ${subject}, for which ${owner} answered`;
    return { ...violation, why };
  }
  const days = daysUntil(expires, today);
  if (days > noticeDays || unused) return undefined;
  const why = `ends on ${expires}, in ${days} ${days === 1 ? "day" : "days"}; ${owner} answers for it`;
  return { ...violation, why, severity: "low" };
}
