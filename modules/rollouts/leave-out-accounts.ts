import { mappingOf } from "./rules/template-values";
import type { RenderedTemplate, TemplateDocument, TemplateResource } from "./template";

/** What the names of conditions and resources begin with that are added to a template. */
export const ADDED = "Orgkeys";
const INCLUDED = `${ADDED}Included`;
const PLACEHOLDER = `${ADDED}Placeholder`;
/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html#intrinsic-function-reference-conditions-or */
const MOST_IN_OR = 10;

/**
 * The same template, which makes nothing in some accounts: their stacks hold a placeholder alone, because CloudFormation
 * takes no stack without a resource. CloudFormation's own account filters would not do: automatic deployment ignores them,
 * and provider 5.100 deletes the instances of all other accounts when a DIFFERENCE gets shorter.
 *
 * Keys of an account that is left out later stay, as their policies say, and all else goes.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html,
 * https://github.com/hashicorp/terraform-provider-aws/issues/47721
 *
 * @param accountIds none leaves the template as it is
 * @throws where the template has such names itself, which its rules refuse
 */
export function leaveOutAccounts(template: RenderedTemplate, accountIds: readonly string[]): RenderedTemplate {
  if (accountIds.length === 0) return template;
  const { document } = template;
  const conditions = new Map(Object.entries(mappingOf(document.Conditions)));
  const taken = [...conditions.keys(), ...Object.keys(document.Resources)].find((name) => name.startsWith(ADDED));
  if (taken !== undefined) throw new Error(`the template has a ${taken}`);
  conditions.set(INCLUDED, { "Fn::Not": [anyOf(accountIds.map(isAccount))] });
  const onlyIncluded = <Part extends object>(part: Part): Part => {
    const own = "Condition" in part ? part.Condition : undefined;
    if (typeof own !== "string") return { ...part, Condition: INCLUDED };
    const both = `${INCLUDED}${own}`;
    conditions.set(both, { "Fn::And": [{ Condition: INCLUDED }, { Condition: own }] });
    return { ...part, Condition: both };
  };
  const resources: Record<string, TemplateResource> = {
    [PLACEHOLDER]: { Type: "AWS::CloudFormation::WaitConditionHandle" },
  };
  for (const [name, resource] of Object.entries(document.Resources)) resources[name] = onlyIncluded(resource);
  const outputs = Object.entries(mappingOf(document.Outputs)).map(([name, output]) => [
    name,
    onlyIncluded(mappingOf(output)),
  ]);
  const changed: TemplateDocument = {
    ...document,
    Conditions: Object.fromEntries(conditions),
    Resources: resources,
    ...(outputs.length === 0 ? {} : { Outputs: Object.fromEntries(outputs) }),
  };
  return { ...template, document: changed };
}

function isAccount(id: string): object {
  return { "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] };
}

/** Fn::Or takes from two to ten. */
function anyOf(conditions: readonly object[]): object {
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  if (conditions.length <= MOST_IN_OR) return { "Fn::Or": conditions };
  const groups: object[] = [];
  for (let start = 0; start < conditions.length; start += MOST_IN_OR) {
    groups.push(anyOf(conditions.slice(start, start + MOST_IN_OR)));
  }
  return anyOf(groups);
}
