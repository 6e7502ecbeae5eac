/**
 * The sections that a CloudFormation template may have here. Left out are those that need rights or work of others: Transform and
 * Hooks, and Rules, which nobody here evaluates.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export const templateSections: readonly string[] = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
];
