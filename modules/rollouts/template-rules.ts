import { keyRules } from "./rules/key-rules";
import { limitRules } from "./rules/limit-rules";
import { nameRules } from "./rules/name-rules";
import { parameterRules } from "./rules/parameter-rules";
import { policyRules } from "./rules/policy-rules";
import { referenceRules } from "./rules/reference-rules";
import { structureRules } from "./rules/structure-rules";
import type { TemplateRule } from "./rules/template-rule";

/** All that every template is held against, built-in or not. */
export const templateRules: readonly TemplateRule[] = [
  ...structureRules,
  ...referenceRules,
  ...parameterRules,
  ...keyRules,
  ...policyRules,
  ...nameRules,
  ...limitRules,
];
