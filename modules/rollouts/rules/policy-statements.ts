import type { LintedTemplate } from "./template-rule";
import {
  alternatives,
  isMapping,
  listed,
  type Mapping,
  mappingsIn,
  type PlacedValue,
  resourcesOf,
  textOf,
} from "./template-values";

/** A policy document anywhere in a template: whatever has a `Statement`. */
export interface TemplatePolicy {
  readonly path: PlacedValue["path"];
  /** Every statement, those behind an `Fn::If` included; what is no mapping cannot be read. */
  readonly statements: readonly PlacedValue[];
}

export function policiesOf({ document }: LintedTemplate): TemplatePolicy[] {
  return resourcesOf(document)
    .filter(({ resource }) => !resource.Type.startsWith("AWS::WAF"))
    .flatMap(({ path, properties }) =>
      [...mappingsIn(properties, [...path, "Properties"])]
        .filter(({ value }) => "Statement" in value)
        .map((found) => ({
          path: found.path,
          statements: listed({ path: [...found.path, "Statement"], value: found.value.Statement }),
        })),
    );
}

/** All statements that are mappings. */
export function statementsOf(template: LintedTemplate): PlacedValue<Mapping>[] {
  return policiesOf(template).flatMap(({ statements }) => mappingsOf(statements));
}

export function mappingsOf(statements: readonly PlacedValue[]): PlacedValue<Mapping>[] {
  return statements.flatMap(({ path, value }) => (isMapping(value) ? [{ path, value }] : []));
}

/** Whether anything that the statement may turn out to be allows. */
export function mayAllow({ value }: PlacedValue<Mapping>): boolean {
  return alternatives({ path: [], value: value.Effect }).some((effect) => effect.value !== "Deny");
}

/** The texts of one element, `Action` or `Resource`; what only an account can tell is left out. */
export function textsOf(element: unknown, { values }: LintedTemplate): string[] {
  return listed({ path: [], value: element }).flatMap(({ value }) => textOf(value, values) ?? []);
}

/** Whether the principal is everybody. */
export function isEverybody(principal: unknown, template: LintedTemplate): boolean {
  return alternatives({ path: [], value: principal }).some(({ value }) => {
    const named = isMapping(value) && !("Fn::Sub" in value) && !("Ref" in value) ? Object.values(value) : [value];
    return named.some((each) => textsOf(each, template).includes("*"));
  });
}

/** Keys that only an organization's own principals and resources have the right values of. */
const organizationKeys = [
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "kms:calleraccount",
];
const bindingOperators = /^(ForAnyValue:)?(StringEquals|StringLike|ArnEquals|ArnLike)$/;

/** Everything that a statement's condition may turn out to be: undefined where it may have none. */
export function conditionsOf({ Condition }: Mapping): unknown[] {
  const [branches] = isMapping(Condition) && Array.isArray(Condition["Fn::If"]) ? [Condition["Fn::If"]] : [];
  if (branches !== undefined) return branches.slice(1).flatMap((branch) => conditionsOf({ Condition: branch }));
  return [isMapping(Condition) && Condition.Ref === "AWS::NoValue" ? undefined : Condition];
}

/** Whether a statement holds for nobody outside of the organizations and accounts that its condition names. */
export function bindsToOrganization(statement: Mapping, template: LintedTemplate): boolean {
  const possible = conditionsOf(statement);
  return (
    possible.length > 0 &&
    possible.every(
      (condition) =>
        isMapping(condition) &&
        Object.entries(condition).some(([operator, keys]) => {
          if (!bindingOperators.test(operator) || !isMapping(keys)) return false;
          return Object.entries(keys).some(([key, wanted]) => {
            const texts = listed({ path: [], value: wanted }).map((each) => textOf(each.value, template.values) ?? "*");
            return (
              organizationKeys.includes(key.toLowerCase()) &&
              texts.length > 0 &&
              texts.every((text) => /^[^*?]{2}/.test(text))
            );
          });
        }),
    )
  );
}
