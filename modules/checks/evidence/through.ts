import type { Place } from "../../access/policy-statement";
import { statementDetail } from "../../access/statement-detail";
import type { Access } from "../../access/who-can";

/** `statement UsePaymentsApi`, `grant payments-batch`: what gives the access, as findings name it. */
export function throughDetail({ through, key }: Access): string[] {
  if (through.kind !== "key-policy") return [`grant ${through.grant.id}`];
  return [statementDetail(through.statement, key.key.policy?.statements ?? [])];
}

export function throughPlace({ through }: Access): Place {
  return through.kind === "key-policy" ? through.statement : through.grant;
}
