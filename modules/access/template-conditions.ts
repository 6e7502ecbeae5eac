import { isAccountId } from "../aws/account-id";
import { escapePointer } from "./json-pointer";
import { type Fields, isFields } from "./stack-reading";

/** What conditions are worked out with. */
export interface ConditionValues {
  /** A value with its functions worked out; undefined for what could not be understood, and has been noted. */
  value(raw: unknown, path: string): unknown;
  note(path: string, why: string): void;
}

/**
 * The conditions of a template in one account and Region.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export class TemplateConditions {
  /** Accounts that conditions compare the stack's own with. */
  readonly comparedAccounts = new Set<string>();
  readonly #body: Fields;
  readonly #accountId: string;
  readonly #values: ConditionValues;
  readonly #known = new Map<string, boolean | undefined>();

  constructor(body: Fields, accountId: string, values: ConditionValues) {
    this.#body = body;
    this.#accountId = accountId;
    this.#values = values;
  }

  /** Undefined, and a note, for a condition that cannot be decided. */
  holds(name: string, path: string): boolean | undefined {
    const conditions = isFields(this.#body.Conditions) ? this.#body.Conditions : {};
    if (!Object.hasOwn(conditions, name)) return this.#undecided(path, `there is no condition ${name}`);
    if (this.#known.has(name)) return this.#known.get(name);
    // One that asks for itself is not decided.
    this.#known.set(name, undefined);
    const truth = this.#truth(conditions[name], `/Conditions/${escapePointer(name)}`);
    this.#known.set(name, truth);
    return truth;
  }

  #undecided(path: string, why: string): undefined {
    this.#values.note(path, why);
    return undefined;
  }

  #truth(raw: unknown, path: string): boolean | undefined {
    const [[name, argument] = ["", undefined], ...more] = isFields(raw) ? Object.entries(raw) : [];
    const at = `${path}/${escapePointer(name)}`;
    if (more.length > 0) return this.#undecided(path, "a condition has to be one function");
    if (name === "Condition" && typeof argument === "string") return this.holds(argument, at);
    if (!Array.isArray(argument)) return this.#undecided(path, "a condition has to be a function with a list");
    const inner = (): (boolean | undefined)[] => argument.map((each, index) => this.#truth(each, `${at}/${index}`));
    switch (name) {
      case "Fn::Equals":
        return this.#equal(argument, at);
      case "Fn::Not":
        return argument.length === 1 ? negated(inner()[0]) : this.#undecided(at, "Fn::Not takes one condition");
      case "Fn::And":
        return allTrue(inner());
      case "Fn::Or":
        return negated(allTrue(inner().map(negated)));
      default:
        return this.#undecided(at, `${name} is no condition that is understood here`);
    }
  }

  #equal(argument: readonly unknown[], path: string): boolean | undefined {
    const values = argument.map((each, index) => this.#values.value(each, `${path}/${index}`));
    const [left, right, ...more] = values.map((value) => (typeof value === "number" ? String(value) : value));
    if (typeof left !== "string" || typeof right !== "string" || more.length > 0) {
      return this.#undecided(path, "Fn::Equals takes two texts that are known beforehand");
    }
    return this.#tellsAccounts(argument, [left, right], path) ? left === right : undefined;
  }

  /** The account as a whole is compared, with one other: nobody could list the accounts for which a part of a text is right. */
  #tellsAccounts(raw: readonly unknown[], values: readonly [string, string], path: string): boolean {
    const [left, right] = raw.map((each) => JSON.stringify(each).includes("AWS::AccountId"));
    if (!left && !right) return true;
    const [own, other] = left ? values : [values[1], values[0]];
    if ((left && right) || own !== this.#accountId || !isAccountId(other)) {
      this.#values.note(path, "has to compare all of the account's id with another one");
      return false;
    }
    this.comparedAccounts.add(other);
    return true;
  }
}

/** Whether all of them hold; undefined when that cannot be decided. */
function allTrue(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}
