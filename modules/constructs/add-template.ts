import type { RenderedTemplate } from "../rollouts/template";
import type { PolicyLocals } from "./policy-locals";
import { terraformLiteral, terraformTags } from "./terraform-text";

/** What StackSets and stacks say of their template; those that have neither parameters nor roles leave them out. */
export interface TemplateArguments {
  readonly templateBody: string;
  readonly parameters?: Record<string, string>;
  readonly capabilities?: string[];
}

/** Puts a template beside the policies, as a structured local: a reviewer reads it line by line, and so do checks. */
export function addTemplate(
  id: string,
  { document, parameters, capabilities }: RenderedTemplate,
  policies: PolicyLocals,
): TemplateArguments {
  return {
    templateBody: policies.addTerraform(`${id}-template`, terraformLiteral(document)),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: terraformTags(parameters) }),
    ...(capabilities.length === 0 ? {} : { capabilities: [...capabilities] }),
  };
}
