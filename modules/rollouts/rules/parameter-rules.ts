import { cloudFormationLimits } from "../../aws/cloudformation-limits";
import { suggestName } from "../../organization/problem";
import type { RuleFlaw, TemplateRule } from "./template-rule";
import { isMapping, type Mapping, sectionOf, valuesIn } from "./template-values";

const guide = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide";

/** Every other type looks something up in the account, which is not there or another thing in the next one. */
const parameterTypes = ["String", "Number", "CommaDelimitedList", "List<Number>"];

/** Where the replicas of baseline keys learn their primaries' ARNs: no secret, though it is kept like one. */
const pointer = /^\{\{resolve:secretsmanager:orgkeys\/baseline-keys:SecretString:[A-Za-z0-9_-]+\}\}$/;

export const parameterRules: readonly TemplateRule[] = [
  {
    id: "parameter-types",
    rule: `parameters are of type ${parameterTypes.join(", ")}, and shown (no NoEcho)`,
    because: "a map is no place for secrets, and what is looked up in an account is not what was reviewed",
    source: `${guide}/parameters-section-structure.html`,
    flaws: ({ document }) =>
      sectionOf(document, "Parameters").flatMap(([name, parameter]): RuleFlaw[] => {
        const path = ["Parameters", name];
        if (!isMapping(parameter)) return [{ path, message: "is no mapping", fix: "give it a Type" }];
        const flaws: RuleFlaw[] = [];
        if (!parameterTypes.some((type) => type === parameter.Type)) {
          const message = "is of a type that rollouts do not have";
          flaws.push({ path: [...path, "Type"], message, fix: `use ${parameterTypes.join(", ")}` });
        }
        if (parameter.NoEcho !== undefined) {
          const fix = "read the secret where it is used, by its name; leave NoEcho out";
          flaws.push({ path: [...path, "NoEcho"], message: "hides a value, and the map has no secrets", fix });
        }
        return flaws;
      }),
  },
  {
    id: "parameter-values",
    rule: "every parameter has a value or a Default, every value a parameter, and each is one that the parameter allows",
    because: "CloudFormation refuses it only after a pipeline has begun",
    source: `${guide}/parameters-section-structure.html`,
    flaws: ({ document, parameters, values }) => {
      const declared = sectionOf(document, "Parameters");
      const names = declared.map(([name]) => name);
      const unknown = Object.keys(parameters).filter((name) => !names.includes(name));
      return [
        ...unknown.map((name) => {
          const fix = suggestName(name, names, "declare it, or take it out of the rollout's parameters");
          const message = `does not have ${name}, which the map gives a value`;
          const given = { parameter: name, message: "is no parameter of the template", fix };
          return { path: ["Parameters"], message, fix, given };
        }),
        ...declared.flatMap(([name, parameter]): RuleFlaw[] => {
          if (!isMapping(parameter)) return [];
          const value = values[name];
          const path = ["Parameters", name];
          const message = value === undefined ? "has no value" : refusal(parameter, value);
          if (message === undefined) return [];
          if (value === undefined) {
            const fix = "give it a Default, or a value under the rollout's parameters";
            const given = { parameter: name, message: "has no value, and no Default", fix: "give it a value" };
            return [{ path, message, fix, given }];
          }
          if (parameters[name] === undefined) return [{ path, message, fix: "give it a Default that it takes" }];
          const fix = "give it a value that the template takes";
          return [{ path, message, fix, given: { parameter: name, message, fix } }];
        }),
      ];
    },
  },
  {
    id: "dynamic-references",
    rule: "no {{resolve:…}} but of the pointer to baseline keys",
    because:
      "it puts a secret or whatever somebody has written into a parameter of the account where review never sees it",
    source: `${guide}/dynamic-references.html`,
    flaws: ({ document, parameters }) =>
      [...valuesIn(document, []), ...valuesIn(parameters, ["Parameters"])]
        .filter(({ value }) => typeof value === "string" && /\{\{\s*resolve\s*:/i.test(value) && !pointer.test(value))
        .map(({ path }) => {
          const message = "reads a value from the account while it is deployed";
          const fix = "give the resource the secret's name or ARN instead";
          const [section, parameter, ...inner] = path;
          const isGiven = section === "Parameters" && inner.length === 0;
          return { path, message, fix, given: isGiven ? { parameter: String(parameter), message, fix } : undefined };
        }),
  },
];

/** Why a parameter does not take a value. */
function refusal(parameter: Mapping, value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const number = Number(value);
  if (Buffer.byteLength(value, "utf8") > cloudFormationLimits.parameterValueBytes) {
    return `has a value of more than ${cloudFormationLimits.parameterValueBytes} bytes`;
  }
  if (Type === "Number" && (value.trim() === "" || !Number.isFinite(number))) return `has ${value}, which is no number`;
  if (
    Type === "List<Number>" &&
    value.split(",").some((each) => each.trim() === "" || !Number.isFinite(Number(each)))
  ) {
    return `has ${value}, which is no list of numbers`;
  }
  const each = Type === "CommaDelimitedList" ? value.split(",").map((part) => part.trim()) : [value];
  if (Array.isArray(AllowedValues) && !each.every((part) => AllowedValues.some((one) => String(one) === part))) {
    return `has ${value}, and takes ${AllowedValues.join(", ")}`;
  }
  if (typeof AllowedPattern === "string" && !matches(AllowedPattern, value)) {
    return `has ${value}, which is not of the form ${AllowedPattern}`;
  }
  if (MinLength !== undefined && value.length < Number(MinLength)) return `has fewer than ${MinLength} characters`;
  if (MaxLength !== undefined && value.length > Number(MaxLength)) return `has more than ${MaxLength} characters`;
  if (MinValue !== undefined && number < Number(MinValue)) return `has ${value}, which is less than ${MinValue}`;
  if (MaxValue !== undefined && number > Number(MaxValue)) return `has ${value}, which is more than ${MaxValue}`;
  return undefined;
}

/** CloudFormation's patterns are Java's: of one that JavaScript does not know nobody can tell here. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return false;
  }
}
