import { isAccountId } from "../aws/account-id";
import { escapePointer } from "./json-pointer";
import type { Unreadable } from "./policy-statement";
import { type Fields, isFields } from "./stack-reading";

/** Where a template becomes a stack. */
export interface TemplatePlace {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** Undefined for an instance of a StackSet, which CloudFormation names. */
  readonly stackName: string | undefined;
}

/** What a resource gives to `Ref` and `Fn::GetAtt`, as far as its own name says it. */
export type AttributeOf = (logicalId: string, attribute: string | undefined) => string | undefined;

/** A value that only AWS knows: the id of a key. */
export class KnownToAws {
  /** The resource's logical id. */
  readonly logicalId: string;
  /** Undefined for what `Ref` gives. */
  readonly attribute: string | undefined;

  constructor(logicalId: string, attribute: string | undefined) {
    this.logicalId = logicalId;
    this.attribute = attribute;
  }
}

/** A text of which only AWS knows a part. */
export const unknownText = Symbol("a text that only AWS knows");

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const dynamicReference = "{{resolve:";
const dynamic = "nobody knows here what a dynamic reference gives";

const noValue = Symbol("AWS::NoValue");
/** What could not be understood, and has been noted. */
const notUnderstood = Symbol("not understood");

/**
 * The values of a template in one account and Region: parameters, pseudo parameters, conditions and intrinsic functions, each as
 * CloudFormation works them out.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class TemplateValues {
  readonly unreadable: Unreadable[] = [];
  /** Accounts that conditions compare the stack's own with. */
  readonly comparedAccounts = new Set<string>();
  readonly #body: Fields;
  readonly #given: Readonly<Record<string, string>>;
  readonly #accountId: string;
  readonly #pseudo: ReadonlyMap<string, unknown>;
  readonly #attributeOf: AttributeOf;
  readonly #conditions = new Map<string, boolean | undefined>();
  /** Where each object and list was written, whatever functions stand around it. */
  readonly #origins = new WeakMap<object, string>();

  /**
   * @param given parameters
   * @param attributeOf undefined for what only AWS knows; is asked for resources of the template alone
   */
  constructor(body: Fields, given: Readonly<Record<string, string>>, place: TemplatePlace, attributeOf: AttributeOf) {
    this.#body = body;
    this.#given = given;
    this.#accountId = place.accountId;
    this.#attributeOf = attributeOf;
    const suffix = place.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    this.#pseudo = new Map<string, unknown>([
      ["AWS::AccountId", place.accountId],
      ["AWS::NoValue", noValue],
      ["AWS::Partition", place.partition],
      ["AWS::Region", place.region],
      ["AWS::StackId", unknownText],
      ["AWS::StackName", place.stackName ?? unknownText],
      ["AWS::URLSuffix", suffix],
    ]);
  }

  /** A value with its functions worked out; undefined for `AWS::NoValue` and for what has been noted as not understood. */
  value(raw: unknown, path: string): unknown {
    const value = this.#value(raw, path);
    return value === noValue || value === notUnderstood ? undefined : value;
  }

  /**
   * Where a part of a value was written.
   *
   * @param pointer into the value
   */
  originOf(value: unknown, path: string, pointer: string): string {
    let [at, origin] = [value, path];
    for (const segment of pointer.split("/").slice(1)) {
      if (typeof at !== "object" || at === null) break;
      origin = this.#origins.get(at) ?? origin;
      at = (at as Fields)[segment.replaceAll("~1", "/").replaceAll("~0", "~")];
    }
    return typeof at === "object" && at !== null ? (this.#origins.get(at) ?? origin) : origin;
  }

  /** Undefined, and a note, for a condition that cannot be decided. */
  condition(name: string, path: string): boolean | undefined {
    const conditions = isFields(this.#body.Conditions) ? this.#body.Conditions : {};
    if (!Object.hasOwn(conditions, name)) return this.#undecided(path, `there is no condition ${name}`);
    if (this.#conditions.has(name)) return this.#conditions.get(name);
    // One that asks for itself is not decided.
    this.#conditions.set(name, undefined);
    const truth = this.#truth(conditions[name], `/Conditions/${escapePointer(name)}`);
    this.#conditions.set(name, truth);
    return truth;
  }

  note(path: string, why: string): void {
    if (this.unreadable.some((known) => known.path === path && known.why === why)) return;
    this.unreadable.push({ path, why });
  }

  #undecided(path: string, why: string): undefined {
    this.note(path, why);
    return undefined;
  }

  #notUnderstood(path: string, why: string): typeof notUnderstood {
    this.note(path, why);
    return notUnderstood;
  }

  #value(raw: unknown, path: string): unknown {
    if (typeof raw === "string") {
      return raw.includes(dynamicReference) ? this.#notUnderstood(path, dynamic) : raw;
    }
    if (Array.isArray(raw)) {
      const list: unknown[] = raw.map((item, index) => this.#value(item, `${path}/${index}`));
      return this.#from(path, list.filter((item) => item !== noValue).map(withoutMark));
    }
    if (!isFields(raw)) return raw;
    const [[name, argument] = ["", undefined], ...more] = Object.entries(raw);
    if (isFunction(name) && more.length === 0) return this.#function(name, argument, path);
    if (Object.keys(raw).some(isFunction)) {
      return this.#notUnderstood(path, "a function stands beside something else");
    }
    const entries = Object.entries(raw).flatMap(([key, inner]): [string, unknown][] => {
      const value = this.#value(inner, `${path}/${escapePointer(key)}`);
      return value === noValue ? [] : [[key, withoutMark(value)]];
    });
    return this.#from(path, Object.fromEntries(entries));
  }

  #from<Built extends object>(path: string, built: Built): Built {
    this.#origins.set(built, path);
    return built;
  }

  #function(name: string, argument: unknown, path: string): unknown {
    const at = `${path}/${escapePointer(name)}`;
    switch (name) {
      case "Ref":
        return typeof argument === "string"
          ? this.#reference(argument, at)
          : this.#notUnderstood(at, "Ref takes a name");
      case "Fn::GetAtt":
        return this.#attribute(argument, at);
      case "Fn::If":
        return this.#choice(argument, at);
      case "Fn::Join":
        return this.#joined(argument, at);
      case "Fn::Sub":
        return this.#substituted(argument, at);
      default:
        return this.#notUnderstood(at, `${name} is not understood here`);
    }
  }

  #reference(name: string, path: string): unknown {
    if (name.startsWith("AWS::")) {
      return this.#pseudo.has(name)
        ? this.#pseudo.get(name)
        : this.#notUnderstood(path, `pseudo parameter ${name} is not understood here`);
    }
    const parameters = isFields(this.#body.Parameters) ? this.#body.Parameters : {};
    if (Object.hasOwn(parameters, name)) return this.#parameter(name, parameters[name], path);
    return this.#ofResource(name, undefined, path);
  }

  /** The other types are lists, or look the value up in the account. */
  #parameter(name: string, declared: unknown, path: string): unknown {
    const { Type: type, Default: byDefault } = isFields(declared) ? declared : {};
    if (type !== "String" && type !== "Number") {
      return this.#notUnderstood(path, `parameters of type ${JSON.stringify(type)} are not understood here`);
    }
    const value = Object.hasOwn(this.#given, name) ? this.#given[name] : byDefault;
    if (typeof value === "string" || typeof value === "number") return this.#value(String(value), path);
    return this.#notUnderstood(path, `nobody gives parameter ${name} a value`);
  }

  #attribute(argument: unknown, path: string): unknown {
    const [logicalId, attribute] = Array.isArray(argument)
      ? argument
      : typeof argument === "string"
        ? parted(argument)
        : [undefined, undefined];
    if (typeof logicalId !== "string" || typeof attribute !== "string") {
      return this.#notUnderstood(path, "Fn::GetAtt takes a resource and one of its attributes");
    }
    return this.#ofResource(logicalId, attribute, path);
  }

  #ofResource(logicalId: string, attribute: string | undefined, path: string): unknown {
    const resources = isFields(this.#body.Resources) ? this.#body.Resources : {};
    if (!Object.hasOwn(resources, logicalId)) {
      return this.#notUnderstood(path, `there is no parameter and no resource ${logicalId}`);
    }
    return this.#attributeOf(logicalId, attribute) ?? new KnownToAws(logicalId, attribute);
  }

  #choice(argument: unknown, path: string): unknown {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== "string") {
      return this.#notUnderstood(path, "Fn::If takes a condition and two values");
    }
    const truth = this.condition(argument[0], path);
    if (truth === undefined) return notUnderstood;
    const index = truth ? 1 : 2;
    return this.#value(argument[index], `${path}/${index}`);
  }

  #joined(argument: unknown, path: string): unknown {
    const [delimiter, list] = Array.isArray(argument) && argument.length === 2 ? argument : [];
    const values = Array.isArray(list) ? this.#value(list, `${path}/1`) : undefined;
    if (typeof delimiter !== "string" || !Array.isArray(values)) {
      return this.#notUnderstood(path, "Fn::Join takes a delimiter and a list");
    }
    return this.#text(values, delimiter, path);
  }

  #substituted(argument: unknown, path: string): unknown {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof text !== "string" || !isFields(own)) {
      return this.#notUnderstood(path, "Fn::Sub takes a text, and values for its names");
    }
    const parts = text.split(/(\$\{[^}]*\})/).map((part): unknown => {
      const name = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
      if (name === undefined) return part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (Object.hasOwn(own, name)) return this.#value(own[name], `${path}/1/${escapePointer(name)}`);
      const [logicalId, attribute] = parted(name);
      return attribute === undefined ? this.#reference(name, path) : this.#ofResource(logicalId, attribute, path);
    });
    return this.#text(parts, "", path);
  }

  #text(parts: readonly unknown[], delimiter: string, path: string): unknown {
    if (parts.includes(notUnderstood)) return notUnderstood;
    if (parts.some((part) => part === unknownText || part instanceof KnownToAws)) return unknownText;
    if (!parts.every((part) => typeof part === "string" || typeof part === "number")) {
      return this.#notUnderstood(path, "a text can be made of texts alone");
    }
    const text = parts.join(delimiter);
    return text.includes(dynamicReference) ? this.#notUnderstood(path, dynamic) : text;
  }

  #truth(raw: unknown, path: string): boolean | undefined {
    const [[name, argument] = ["", undefined], ...more] = isFields(raw) ? Object.entries(raw) : [];
    const at = `${path}/${escapePointer(name)}`;
    if (more.length > 0) return this.#undecided(path, "a condition has to be one function");
    if (name === "Condition" && typeof argument === "string") return this.condition(argument, at);
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
    const values = argument.map((each, index) => this.#value(each, `${path}/${index}`));
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
      this.note(path, "has to compare all of the account's id with another one");
      return false;
    }
    this.comparedAccounts.add(other);
    return true;
  }
}

function withoutMark(value: unknown): unknown {
  return value === notUnderstood ? undefined : value;
}

function isFunction(name: string): boolean {
  return name === "Ref" || name.startsWith("Fn::");
}

/** Whether all of them hold; undefined when that cannot be decided. */
function allTrue(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function negated(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** `Key.Arn`: names of attributes may have dots. */
function parted(name: string): [logicalId: string, attribute: string | undefined] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}
