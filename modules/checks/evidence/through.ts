import type { Place } from "../../access/policy-statement";
import type { Who } from "../../access/who";
import type { Access } from "../../access/who-can";
import { statementDetail } from "./statement-detail";

/** `statement UsePaymentsApi`, `grant payments-batch`: what gives the access, as findings name it. */
export function throughDetail({ through, key }: Access): string[] {
  if (through.kind !== "key-policy") return [`grant ${through.grant.id}`];
  return [statementDetail(through.statement, key.key.policy?.statements ?? [])];
}

export function throughPlace({ through }: Access): Place {
  return through.kind === "key-policy" ? through.statement : through.grant;
}

/** As the statement or grant names it. */
export function whoName(who: Who): string {
  switch (who.kind) {
    case "principal":
      return who.arn;
    case "account":
      return `account ${who.accountId}`;
    case "service":
    case "unknown":
      return who.name;
    case "everybody":
      return who.except.length === 0 ? "everybody" : `everybody but ${who.except.join(", ")}`;
  }
}
