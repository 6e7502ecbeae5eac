import { conditionKey } from "../aws/kms-condition-keys";
import type { PolicyCondition } from "./policy-document";
import type { PolicyFlaw } from "./policy-flaw";
import type { StatementReach } from "./statement-reach";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators =
  /^(For(?<set>AllValues|AnyValue):)?(?<base>String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(?<ifExists>IfExists)?$/;

/**
 * Conditions that do not say what they seem to say: an unknown operator or key, a key that the statement's actions do not
 * carry, a set operator that lets requests without the key through. In an Allow most of these shut everybody out; in a
 * Deny they let everybody in, and nobody notices.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function conditionFlaws({ statement, actions }: StatementReach): PolicyFlaw[] {
  const flaws: PolicyFlaw[] = [];
  const say = (message: string, fix: string): void => {
    flaws.push({ message: `statement ${statement.Sid} ${message}`, fix });
  };
  const names = new Map<string, string>();
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    const parts = operators.exec(operator)?.groups;
    if (parts === undefined) {
      say(`has the condition operator ${operator}, which IAM does not have`, "see the IAM condition operators");
      continue;
    }
    for (const [name, values] of Object.entries(keys)) {
      const other = names.get(name.toLowerCase());
      if (other !== undefined && other !== name) {
        say(`has conditions on ${other} and ${name}, which are one key to IAM`, "drop one of the two");
      }
      names.set(name.toLowerCase(), name);
      if (values.length === 0) say(`has a condition on ${name} without a value`, "name the values, or drop it");
      const known = conditionKey(name);
      if (known === undefined) {
        say(
          `has a condition on ${name}, which a key policy cannot use`,
          /^(kms:ResourceAliases$|aws:ResourceTag\/)/i.test(name)
            ? "AWS KMS knows this key in IAM policies only"
            : "see the condition keys of AWS KMS and the global ones",
        );
        continue;
      }
      if (parts.base !== "Null" && known.multiValued !== (parts.set !== undefined)) {
        say(
          known.multiValued
            ? `compares ${name}, which has several values, with ${operator}`
            : `compares ${name}, which has one value, with ${operator}`,
          known.multiValued ? `use ForAnyValue:${operator}` : `use ${operator.replace(/^.*:/, "")}`,
        );
      }
      if (statement.Effect === "Allow" && parts.set === "AllValues" && !needsKey(statement.Condition, name)) {
        say(
          `compares ${name} with ${operator}, which a request without that key passes`,
          `add ForAnyValue, or Null: {"${name}": "false"}`,
        );
      }
      const without = [...actions].filter((action) => known.actions?.includes(action) === false);
      // IfExists and Null say themselves what becomes of requests that do not carry the key.
      if (without.length > 0 && parts.ifExists === undefined && parts.base !== "Null") {
        say(
          `has a condition on ${name}, which ${without.join(", ")} ${without.length === 1 ? "does" : "do"} not carry`,
          "give these actions a statement of their own",
        );
      }
    }
  }
  return flaws;
}

/** Whether something else in the condition fails when the key is missing. CreateGrant always has operations. */
function needsKey(condition: PolicyCondition | undefined, name: string): boolean {
  const lower = name.toLowerCase();
  if (lower === "kms:grantoperations") return true;
  return Object.entries(condition ?? {}).some(([operator, keys]) =>
    Object.entries(keys).some(([key, values]) => {
      const each = key.toLowerCase();
      if (each === lower) return operator.startsWith("ForAnyValue:") || (operator === "Null" && values[0] === "false");
      // Who has to carry a pair carries its key.
      return (
        lower === "kms:encryptioncontextkeys" &&
        each.startsWith("kms:encryptioncontext:") &&
        operator === "StringEquals"
      );
    }),
  );
}
