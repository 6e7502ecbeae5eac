import type { Question } from "./run-parts";
import type { RunState } from "./run-state";

/** Where nobody can be asked, the answer is no. */
export async function ask(question: Question, { request, parts, record }: RunState): Promise<boolean> {
  if (request.autoApprove) return true;
  record.flush();
  return parts.confirm === undefined ? false : parts.confirm(question, record.report);
}
