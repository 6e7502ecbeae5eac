import { createdNames } from "./created-names";
import { mappingOf } from "./rules/template-values";
import type { RenderedTemplate, TemplateDocument, TemplateResource } from "./template";

/**
 * The same template without what only accounts would have in which it makes nothing: what is behind a condition that holds in
 * those alone. Nobody has to review rights of the management account in a StackSet that never gets there.
 *
 * @param accountIds where none of it will ever be
 */
export function neverInAccounts(template: RenderedTemplate, accountIds: readonly string[]): RenderedTemplate {
  const { document } = template;
  const conditions = new Map(Object.entries(mappingOf(document.Conditions)));
  const known = new KnownConditions(conditions, new Set(accountIds));
  const settled = new Map([...conditions.keys()].map((name) => [name, known.named(name)]));
  if ([...settled.values()].every((value) => value === undefined)) return template;
  const kept = <Part>(parts: Readonly<Record<string, Part>>): [string, Part][] =>
    Object.entries(parts).flatMap(([name, each]): [string, Part][] => {
      const condition = mappingOf(each).Condition;
      const value = typeof condition === "string" ? settled.get(condition) : undefined;
      if (value === false) return [];
      return [[name, value === true ? without(each, "Condition") : each]];
    });
  const resources = new Map(kept(document.Resources));
  const { Conditions: _, Outputs: outputs, ...others } = document;
  const left = [...conditions].filter(([name]) => settled.get(name) === undefined);
  const changed: TemplateDocument = {
    ...others,
    ...(left.length === 0
      ? {}
      : { Conditions: Object.fromEntries(left.map(([name, condition]) => [name, known.simplified(condition)])) }),
    Resources: Object.fromEntries([...resources].map(([name, resource]) => [name, waitingFor(resource, resources)])),
    ...(outputs === undefined ? {} : { Outputs: Object.fromEntries(kept(mappingOf(outputs))) }),
  };
  const chosen = choose(changed, settled);
  return { ...template, document: chosen, creates: createdNames(chosen, template.parameters) };
}

/** A resource that depends on none that is gone. */
function waitingFor(resource: TemplateResource, all: ReadonlyMap<string, unknown>): TemplateResource {
  const { DependsOn: waits } = resource;
  if (waits === undefined) return resource;
  const left = [waits].flat().filter((name) => all.has(String(name)));
  return left.length === 0 ? without(resource, "DependsOn") : { ...resource, DependsOn: left };
}

function without<Part>(part: Part, name: string): Part {
  return Object.fromEntries(Object.entries(mappingOf(part)).filter(([key]) => key !== name)) as Part;
}

type Settled = boolean | undefined;

/** What conditions come to in all other accounts; undefined for what depends on more. */
class KnownConditions {
  readonly #conditions: ReadonlyMap<string, unknown>;
  readonly #accountIds: ReadonlySet<string>;

  constructor(conditions: ReadonlyMap<string, unknown>, accountIds: ReadonlySet<string>) {
    this.#conditions = conditions;
    this.#accountIds = accountIds;
  }

  named(name: string): Settled {
    return this.#value(this.#conditions.get(name));
  }

  /** Without the parts that are settled: Fn::And and Fn::Or of what is left. */
  simplified(condition: unknown): unknown {
    const [[name, inner] = ["", undefined]] = Object.entries(mappingOf(condition));
    if (!Array.isArray(inner) || (name !== "Fn::And" && name !== "Fn::Or" && name !== "Fn::Not")) return condition;
    const left = inner.filter((each) => this.#value(each) === undefined).map((each) => this.simplified(each));
    return left.length === 1 && name !== "Fn::Not" ? left[0] : { [name]: left };
  }

  #value(condition: unknown): Settled {
    const [[name, inner] = ["", undefined]] = Object.entries(mappingOf(condition));
    if (name === "Condition" && typeof inner === "string") return this.named(inner);
    if (!Array.isArray(inner)) return undefined;
    if (name === "Fn::Equals") return this.#isAccount(inner) ? false : undefined;
    const values = inner.map((each) => this.#value(each));
    if (name === "Fn::Not") return values[0] === undefined ? undefined : !values[0];
    const decides = name === "Fn::Or";
    if (name !== "Fn::And" && !decides) return undefined;
    if (values.includes(decides)) return decides;
    return values.every((value) => value === !decides) ? !decides : undefined;
  }

  /** Whether it asks for one of those accounts. */
  #isAccount(pair: readonly unknown[]): boolean {
    return (
      pair.some((side) => mappingOf(side).Ref === "AWS::AccountId") &&
      pair.some((side) => typeof side === "string" && this.#accountIds.has(side))
    );
  }
}

const gone = Symbol("no value");

/** Fn::If of settled conditions as what it comes to. */
function choose<Value>(value: Value, settled: ReadonlyMap<string, Settled>): Value {
  const chosen = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(chosen).filter((each) => each !== gone);
    if (typeof inner !== "object" || inner === null) return inner;
    const entries = Object.entries(inner);
    const [[name, choice] = ["", undefined]] = entries;
    if (entries.length === 1 && name === "Fn::If" && Array.isArray(choice)) {
      const [condition, yes, no] = choice;
      const known = settled.get(String(condition));
      if (known !== undefined) {
        const taken = known ? yes : no;
        return mappingOf(taken).Ref === "AWS::NoValue" ? gone : chosen(taken);
      }
    }
    return Object.fromEntries(entries.map(([key, each]) => [key, chosen(each)]).filter(([, each]) => each !== gone));
  };
  return chosen(value) as Value;
}
