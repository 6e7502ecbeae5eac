import type { Allowance } from "./gate-finding";

/**
 * `SUBJECT=REASON`, as it is typed; the subject is up to the first `=`.
 *
 * @returns undefined without a subject, or without a reason of two words at least
 */
export function parseAllowance(text: string): Allowance | undefined {
  const at = text.indexOf("=");
  const [subject, reason] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (subject === "" || !/\S\s+\S/.test(reason)) return undefined;
  return { subject: subject.split(/\s+/).join(" "), reason };
}
