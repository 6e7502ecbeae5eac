import { isAccountId } from "../aws/account-id";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { CloudFormationTemplate } from "./cloudformation-template";
import { escapePointer } from "./json-pointer";
import { isFields } from "./stack-reading";
import { type TemplatePlace, TemplateValues } from "./template-values";

/** The account ids in a template and in its parameters, sorted: conditions tell these apart, and treat all others alike. */
export function namedAccounts({ body, parameters }: CloudFormationTemplate): readonly string[] {
  const text = JSON.stringify([body, parameters]);
  return uniqueNames((text.match(/\d+/g) ?? []).filter(isAccountId)).sort(nameOrder);
}

/** An account id that a template does not name, for every account that nobody knows yet. */
export function unnamedAccount(named: readonly string[], taken: (id: string) => boolean): string {
  for (let number = 0; ; number += 1) {
    const id = String(number).padStart(12, "0");
    if (!named.includes(id) && !taken(id)) return id;
  }
}

/** What all conditions of a template come to: where it is the same, the template makes the same. */
export function conditionsIn({ body, parameters }: CloudFormationTemplate, place: TemplatePlace): string {
  const values = new TemplateValues(body, parameters, place, () => undefined);
  const names = isFields(body.Conditions) ? Object.keys(body.Conditions) : [];
  return names.map((name) => String(values.condition(name, `/Conditions/${escapePointer(name)}`))).join(" ");
}
