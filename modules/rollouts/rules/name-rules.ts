import { createdProperty } from "../created-names";
import { ADDED } from "../leave-out-accounts";
import type { LintedTemplate, RuleFlaw, TemplateRule } from "./template-rule";
import { listed, type Mapping, overlap, patternOf, resourcesOf, sectionOf, textOf } from "./template-values";

/** What a resource changes that has been made elsewhere, by the property that names it. */
const changedThings: Readonly<Record<string, string>> = {
  "AWS::Events::EventBusPolicy": "EventBusName",
  "AWS::Events::Rule": "EventBusName",
  "AWS::IAM::InstanceProfile": "Roles",
  "AWS::IAM::ManagedPolicy": "Roles",
  "AWS::IAM::Policy": "Roles",
  "AWS::IAM::RolePolicy": "RoleName",
  "AWS::SecretsManager::ResourcePolicy": "SecretId",
};

/** Roles that CloudFormation itself makes and works with, in every account that StackSets reach. */
const executionRoles = "stacksets-exec-*";

export const nameRules: readonly TemplateRule[] = [
  {
    id: "kept-names",
    rule: `a template of the map's own makes and changes nothing that is named orgkeys-…, orgkeys/… or like the organization's deploy and audit roles; none at all anything named ${executionRoles}`,
    because: "these names are trusted: by key policies, by guardrails, and by CloudFormation",
    source:
      "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html",
    flaws: (template) => {
      const kept = [...template.keptNames, executionRoles];
      return resourcesOf(template.document).flatMap(({ path, resource, properties }) => [
        ...namesIn(createdProperty(resource.Type), path, properties, kept, template),
        ...namesIn(changedThings[resource.Type], path, properties, kept, template),
      ]);
    },
  },
  {
    id: "added-names",
    rule: `no condition and no resource has a name that begins with ${ADDED}`,
    because: "accounts are left out of a template by a condition and a resource with such names",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html",
    flaws: ({ document }) =>
      ["Conditions", "Resources"].flatMap((section) =>
        sectionOf(document, section)
          .filter(([name]) => name.startsWith(ADDED))
          .map(([name]) => ({
            path: [section, name],
            message: "is a name that is added to templates",
            fix: "rename it",
          })),
      ),
  },
];

function namesIn(
  property: string | undefined,
  path: RuleFlaw["path"],
  properties: Mapping,
  kept: readonly string[],
  { document, values }: LintedTemplate,
): RuleFlaw[] {
  if (property === undefined || properties[property] === undefined) return [];
  const at = [...path, "Properties", property];
  return listed({ path: at, value: properties[property] }).flatMap(({ path: place, value }): RuleFlaw[] => {
    // What the template itself makes is judged by its own name.
    if (isOwnResource(value, document.Resources)) return [];
    const text = textOf(value, values);
    if (text === undefined) {
      return [{ path: place, message: "is a name that cannot be told", fix: "write it as text, Ref or Fn::Sub" }];
    }
    // The last part of an ARN or of a path is the name that counts.
    const names = [text, text.replace(/^.*[:/]/, "")].map(patternOf);
    const clash = kept.find((pattern) => names.some((name) => overlap(name, pattern)));
    const fix = "choose a name of your own, which no part that an account fills in can turn into it";
    return clash === undefined ? [] : [{ path: place, message: `is named ${text}, and ${clash} is kept`, fix }];
  });
}

function isOwnResource(value: unknown, resources: object): boolean {
  return typeof value === "object" && value !== null && "Ref" in value && String(value.Ref) in resources;
}
