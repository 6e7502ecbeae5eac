/** What CloudFormation knows of the place where a template is applied. */
export interface TemplatePlace {
  readonly accountId: string;
  readonly partition: string;
  /** Which of both branches counts. */
  decide(condition: string, yes: unknown, no: unknown): unknown;
}

/**
 * A part of a template with its functions carried out, as far as policies use them: `Ref`, `Fn::Sub` with pseudo parameters
 * and `Fn::If`. Everything else stays as it is, and a reference to another resource becomes its logical id.
 *
 * @returns undefined for `AWS::NoValue`, which is dropped from lists and mappings
 */
export function resolveIntrinsics(value: unknown, place: TemplatePlace): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveIntrinsics(item, place)).filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === "Ref") return pseudoParameter(String(argument), place);
    if (name === "Fn::Sub" && typeof argument === "string") return substitute(argument, place);
    if (name === "Fn::If" && Array.isArray(argument)) {
      const [condition, yes, no] = argument;
      return place.decide(String(condition), resolveIntrinsics(yes, place), resolveIntrinsics(no, place));
    }
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolveIntrinsics(inner, place)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

function pseudoParameter(name: string, { accountId, partition }: TemplatePlace): string | undefined {
  if (name === "AWS::NoValue") return undefined;
  if (name === "AWS::AccountId") return accountId;
  if (name === "AWS::Partition") return partition;
  return name;
}

function substitute(text: string, { accountId, partition }: TemplatePlace): string {
  return text.replaceAll("${AWS::AccountId}", accountId).replaceAll("${AWS::Partition}", partition);
}
