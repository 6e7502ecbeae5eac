import { isAccountId } from "../aws/account-id";
import { nameOrder, uniqueNames } from "../aws/name-order";
import type { CloudFormationTemplate } from "./cloudformation-template";
import { isFields } from "./stack-reading";
import { type TemplatePlace, TemplateValues } from "./template-values";

/**
 * The account ids in a template and in its parameters, and those that its conditions put together, sorted: conditions tell these
 * apart, and treat all others alike.
 */
export function namedAccounts(
  template: CloudFormationTemplate,
  place: Omit<TemplatePlace, "accountId">,
): readonly string[] {
  const text = JSON.stringify([template.body, template.parameters]);
  const written = (text.match(/\d+/g) ?? []).filter(isAccountId);
  const values = conditionValues(template, { ...place, accountId: "" });
  return uniqueNames([...written, ...values.conditions.comparedAccounts]).sort(nameOrder);
}

/** An account id that a template does not name, for every account that nobody knows yet. */
export function unnamedAccount(named: readonly string[], taken: (id: string) => boolean): string {
  for (let number = 0; ; number += 1) {
    const id = String(number).padStart(12, "0");
    if (!named.includes(id) && !taken(id)) return id;
  }
}

/** What all conditions of a template come to: where it is the same, the template makes the same. */
export function conditionsIn(template: CloudFormationTemplate, place: TemplatePlace): string {
  const values = conditionValues(template, place);
  return conditionNames(template)
    .map((name) => String(values.conditions.holds(name, "")))
    .join(" ");
}

function conditionValues(template: CloudFormationTemplate, place: TemplatePlace): TemplateValues {
  const values = new TemplateValues(template.body, template.parameters, place, () => undefined);
  for (const name of conditionNames(template)) values.conditions.holds(name, "");
  return values;
}

function conditionNames({ body }: CloudFormationTemplate): readonly string[] {
  return isFields(body.Conditions) ? Object.keys(body.Conditions) : [];
}
