import { escapePointer } from "./json-pointer";
import type { Unreadable } from "./policy-statement";
import { type Fields, isFields } from "./stack-reading";
import { TemplateConditions } from "./template-conditions";

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
  readonly conditions: TemplateConditions;
  readonly #body: Fields;
  readonly #given: Readonly<Record<string, string>>;
  readonly #pseudo: ReadonlyMap<string, unknown>;
  readonly #attributeOf: AttributeOf;
  /** Where each object and list was written, whatever functions stand around it. */
  readonly #origins = new WeakMap<object, string>();

  /**
   * @param given parameters
   * @param attributeOf undefined for what only AWS knows; is asked for resources of the template alone
   */
  constructor(body: Fields, given: Readonly<Record<string, string>>, place: TemplatePlace, attributeOf: AttributeOf) {
    this.#body = body;
    this.#given = given;
    this.conditions = new TemplateConditions(body, place.accountId, this);
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

  note(path: string, why: string): void {
    if (this.unreadable.some((known) => known.path === path && known.why === why)) return;
    this.unreadable.push({ path, why });
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
    const truth = this.conditions.holds(argument[0], path);
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
}

function withoutMark(value: unknown): unknown {
  return value === notUnderstood ? undefined : value;
}

function isFunction(name: string): boolean {
  return name === "Ref" || name.startsWith("Fn::");
}

/** `Key.Arn`: names of attributes may have dots. */
function parted(name: string): [logicalId: string, attribute: string | undefined] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}
