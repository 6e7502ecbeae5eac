import type { Statement } from "./policy-statement";

/**
 * `statement UsePaymentsApi`, as findings name it.
 *
 * @param among the statements of its policy: one without a Sid goes by its number, and of several with one Sid each after the
 * first has its number too, so that an exception for one is none for the others
 */
export function statementDetail(statement: Statement, among: readonly Statement[]): string {
  const number = among.indexOf(statement) + 1;
  if (statement.sid === undefined) return `statement number ${number}`;
  const first = among.findIndex(({ sid }) => sid === statement.sid) + 1;
  return first === number ? `statement ${statement.sid}` : `statement ${statement.sid} number ${number}`;
}
