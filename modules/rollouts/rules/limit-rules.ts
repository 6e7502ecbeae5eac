import { cloudFormationLimits } from "../../aws/cloudformation-limits";
import { kmsLimits } from "../../aws/kms-limits";
import { policyBytes } from "../../policies/policy-document";
import type { RuleFlaw, TemplateRule } from "./template-rule";
import { isMapping, resourcesOf, sectionOf, valuesIn } from "./template-values";

const source = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html";
const limits = cloudFormationLimits;

const counted = [
  ["Resources", limits.resources],
  ["Parameters", limits.parameters],
  ["Mappings", limits.mappings],
  ["Outputs", limits.outputs],
] as const;

const number = (value: number): string => value.toLocaleString("en-US");

export const limitRules: readonly TemplateRule[] = [
  {
    id: "template-size",
    rule: `a template has at most ${number(limits.templateBytes)} bytes as Terraform sends it, and a Description of ${number(limits.descriptionBytes)}`,
    because: "CloudFormation takes no more as text, and what lies in a bucket is not what was reviewed",
    source,
    flaws: ({ document }) => {
      const bytes = policyBytes(document);
      const flaws: RuleFlaw[] = [];
      if (bytes > limits.templateBytes) {
        const message = `has ${number(bytes)} bytes, and CloudFormation takes at most ${number(limits.templateBytes)}`;
        flaws.push({ path: [], message, fix: "make two rollouts of it" });
      }
      if (Buffer.byteLength(String(document.Description ?? ""), "utf8") > limits.descriptionBytes) {
        const message = `has more than ${number(limits.descriptionBytes)} bytes`;
        flaws.push({ path: ["Description"], message, fix: "shorten it; comments are free" });
      }
      return flaws;
    },
  },
  {
    id: "template-counts",
    rule: `a template has at most ${counted.map(([section, most]) => `${most} ${section}`).join(", ")} and ${limits.dynamicReferences} dynamic references`,
    because: "CloudFormation takes no more",
    source,
    flaws: ({ document }) => {
      const references = [...valuesIn(document, [])]
        .filter(({ value }) => typeof value === "string")
        .reduce((sum, { value }) => sum + (String(value).match(/\{\{resolve:/g)?.length ?? 0), 0);
      const fix = "make two rollouts of it";
      const tooMany = (path: readonly string[], found: number, most: number): RuleFlaw[] =>
        found <= most ? [] : [{ path, message: `has ${found}, and CloudFormation takes at most ${most}`, fix }];
      return [
        ...counted.flatMap(([section, most]) => tooMany([section], sectionOf(document, section).length, most)),
        ...tooMany([], references, limits.dynamicReferences),
      ];
    },
  },
  {
    id: "key-policy-size",
    rule: `a KeyPolicy has at most ${number(kmsLimits.keyPolicyBytes)} bytes`,
    because: "AWS KMS takes no more",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    flaws: ({ document }) =>
      resourcesOf(document).flatMap(({ path, properties: { KeyPolicy } }): RuleFlaw[] => {
        const bytes = isMapping(KeyPolicy) ? policyBytes(KeyPolicy) : 0;
        const message = `has ${number(bytes)} bytes, and AWS KMS takes at most ${number(kmsLimits.keyPolicyBytes)}`;
        const at = [...path, "Properties", "KeyPolicy"];
        return bytes <= kmsLimits.keyPolicyBytes ? [] : [{ path: at, message, fix: "name fewer principals" }];
      }),
  },
];
