type Json = Readonly<Record<string, unknown>>;

/**
 * Whether a condition of a template holds, as CloudFormation works it out: written for tests alone, so that what they hold
 * against each other was not written twice by one hand.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function holds(condition: unknown, all: Json, values: Readonly<Record<string, string>>): boolean {
  const [[name, argument] = ["", undefined], ...others] = Object.entries(Object(condition) as Json);
  if (others.length > 0) throw new Error(`not one function: ${JSON.stringify(condition)}`);
  const list: readonly unknown[] = Array.isArray(argument) ? argument : [];
  switch (name) {
    case "Condition":
      if (all[String(argument)] === undefined) throw new Error(`there is no condition ${argument}`);
      return holds(all[String(argument)], all, values);
    case "Fn::Not":
      return !holds(list[0], all, values);
    case "Fn::And":
      return list.every((each) => holds(each, all, values));
    case "Fn::Or":
      return list.some((each) => holds(each, all, values));
    case "Fn::Equals":
      return resolved(list[0], values) === resolved(list[1], values);
    default:
      throw new Error(`no condition: ${JSON.stringify(condition)}`);
  }
}

function resolved(value: unknown, values: Readonly<Record<string, string>>): unknown {
  const { Ref: name } = Object(value) as Json;
  return typeof name === "string" ? values[name] : value;
}
