import { cloudFormationLimits } from "../../aws/cloudformation-limits";
import { templateSections } from "../../aws/template-sections";
import type { RuleFlaw, TemplateRule } from "./template-rule";
import { mappingsIn, resourcesOf } from "./template-values";

const reference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";
const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";

const attributes = [
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

/** Intrinsic functions that CloudFormation has without any transform, and that look at nothing but this template. */
const functions = [
  "Fn::And",
  "Fn::Base64",
  "Fn::Cidr",
  "Fn::Equals",
  "Fn::FindInMap",
  "Fn::GetAZs",
  "Fn::GetAtt",
  "Fn::If",
  "Fn::ImportValue",
  "Fn::Join",
  "Fn::Not",
  "Fn::Or",
  "Fn::Select",
  "Fn::Split",
  "Fn::Sub",
];

export const structureRules: readonly TemplateRule[] = [
  {
    id: "sections",
    rule: `only the sections ${templateSections.join(", ")}`,
    because: "everything else is a mistake, or changes the template after it was reviewed",
    source: `${guide}/template-anatomy.html`,
    flaws: ({ document }) => [
      ...Object.keys(document)
        .filter((section) => !templateSections.includes(section))
        .map((section) => ({
          path: [section],
          message: "is no section that a rollout's template may have",
          fix: `use ${templateSections.join(", ")}`,
        })),
      ...[document.AWSTemplateFormatVersion]
        .filter((version) => version !== undefined && version !== "2010-09-09")
        .map(() => ({
          path: ["AWSTemplateFormatVersion"],
          message: "is a version that CloudFormation does not have",
          fix: 'write "2010-09-09"',
        })),
    ],
  },
  {
    id: "resources",
    rule: "every resource has a name of letters and digits, a type of AWS and attributes that CloudFormation knows",
    because: "a misspelled DeletionPolicy keeps nothing, and a type of others runs code that nobody has reviewed",
    source: `${guide}/resources-section-structure.html`,
    flaws: ({ document }) =>
      resourcesOf(document).flatMap(({ name, path, resource }): RuleFlaw[] => {
        const flaws: RuleFlaw[] = [];
        if (!/^[A-Za-z0-9]+$/.test(name) || name.length > cloudFormationLimits.logicalIdLength) {
          const fix = `use at most ${cloudFormationLimits.logicalIdLength} letters and digits`;
          flaws.push({ path, message: "is no name that a resource can have", fix });
        }
        if (!/^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(resource.Type)) {
          const message = `is of type ${resource.Type}, which is none of AWS`;
          flaws.push({ path: [...path, "Type"], message, fix: "use a type AWS::SERVICE::NAME" });
        }
        for (const attribute of Object.keys(resource).filter((each) => !attributes.includes(each))) {
          const fix = `use ${attributes.join(", ")}`;
          flaws.push({ path: [...path, attribute], message: "is nothing that a resource has", fix });
        }
        return flaws;
      }),
  },
  {
    id: "nothing-nested",
    rule: "no AWS::CloudFormation::… and no Custom::… resource",
    because: "stacks, StackSets, macros and custom resources do what is not written here, so nobody can review it",
    source: `${guide}/using-cfn-nested-stacks.html`,
    flaws: ({ document }) =>
      resourcesOf(document)
        .filter(({ resource: { Type } }) => /^(AWS::CloudFormation|Custom)::/i.test(Type))
        .map(({ path, resource: { Type } }) => ({
          path: [...path, "Type"],
          message: `is of type ${Type}, which brings in what is not written here`,
          fix: "write out what it has to make, or keep it out of rollouts",
        })),
  },
  {
    id: "known-functions",
    rule: `only the functions Ref, Condition and ${functions.join(", ")}, each alone in its mapping`,
    because: "transforms and macros rewrite what was reviewed, and StackSets refuse them anyway",
    source: `${reference}/intrinsic-function-reference.html`,
    flaws: ({ document }) =>
      [...mappingsIn(document, [])].flatMap(({ path, value }): RuleFlaw[] => {
        const called = Object.keys(value).filter((key) => key.startsWith("Fn::"));
        return called.flatMap((name): RuleFlaw[] => {
          if (!functions.includes(name)) {
            const message = `calls ${name}, which rollouts do not have`;
            return [{ path: [...path, name], message, fix: `use ${functions.join(", ")}` }];
          }
          if (Object.keys(value).length === 1) return [];
          const message = `calls ${name} beside other fields`;
          return [{ path: [...path, name], message, fix: "let a function stand alone" }];
        });
      }),
  },
];
