import { parseOperator } from "./condition/evaluate-condition";
import { escapePointer } from "./json-pointer";
import type {
  Condition,
  PatternElement,
  Place,
  Policy,
  PrincipalElement,
  PrincipalName,
  Statement,
  Unreadable,
} from "./policy-statement";

/**
 * Identity-based and service control policies have no Principal; all others must. A trust policy has no Resource: it is that of
 * its own role.
 */
export type PolicyKind = "key" | "bus" | "trust" | "identity" | "service-control" | "resource-control";

export interface ReadPolicy {
  readonly policy: Policy;
  readonly unreadable: readonly Unreadable[];
}

const documentElements = new Set(["Version", "Id", "Statement"]);
const statementElements = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

/**
 * Reads an IAM policy document, single strings and lists alike.
 *
 * @param place where the document stands
 * @returns what could be read, and everything that could not: a policy with such a part is not `understood`, and decides
 * nothing for certain
 */
export function readPolicy(document: unknown, place: Place, kind: PolicyKind): ReadPolicy {
  const reader = new PolicyReader(place.document, kind);
  const statements = reader.readDocument(document, place.path);
  const understood = reader.documentUnderstood;
  return { policy: { ...place, statements, understood }, unreadable: reader.unreadable };
}

class PolicyReader {
  readonly unreadable: Unreadable[] = [];
  documentUnderstood = true;
  readonly #document: string;
  readonly #kind: PolicyKind;

  constructor(document: string, kind: PolicyKind) {
    this.#document = document;
    this.#kind = kind;
  }

  readDocument(document: unknown, path: string): Statement[] {
    if (!isObject(document)) {
      this.#malformed(path, "a policy document has to be an object");
      return [];
    }
    for (const name of Object.keys(document)) {
      if (!documentElements.has(name)) this.#malformed(`${path}/${escapePointer(name)}`, `unknown element ${name}`);
    }
    const version = document.Version ?? "2008-10-17";
    if (version !== "2012-10-17" && version !== "2008-10-17") {
      this.#malformed(`${path}/Version`, `unknown policy version ${JSON.stringify(version)}`);
    }
    const { Statement: found } = document;
    const listed: [unknown, string][] = Array.isArray(found)
      ? found.map((statement, index) => [statement, `${path}/Statement/${index}`])
      : [[found, `${path}/Statement`]];
    return listed.flatMap(([statement, at]) => this.#readStatement(statement, at, version === "2012-10-17"));
  }

  #readStatement(statement: unknown, path: string, hasVariables: boolean): Statement[] {
    if (!isObject(statement)) {
      this.#malformed(path, "a statement has to be an object");
      return [];
    }
    const before = this.unreadable.length;
    for (const name of Object.keys(statement)) {
      if (!statementElements.has(name)) this.#note(`${path}/${escapePointer(name)}`, `unknown element ${name}`);
    }
    const { Effect: effect, Sid: sid } = statement;
    if (effect !== "Allow" && effect !== "Deny") {
      this.#malformed(`${path}/Effect`, `Effect has to be Allow or Deny, found ${JSON.stringify(effect)}`);
      return [];
    }
    if (sid !== undefined && typeof sid !== "string") this.#note(`${path}/Sid`, "Sid has to be text");
    if (this.#kind === "resource-control") this.#checkResourceControl(statement, path);
    const principal = this.#readPrincipal(statement, path);
    const action = this.#readPatterns(statement, "Action", path);
    const resource = this.#readResource(statement, path);
    const conditions = this.#readConditions(statement.Condition, `${path}/Condition`);
    return [
      {
        document: this.#document,
        path,
        sid: typeof sid === "string" ? sid : undefined,
        effect,
        principal,
        action,
        resource,
        conditions,
        hasVariables,
        understood: this.unreadable.length === before,
      },
    ];
  }

  /**
   * Allow exists in RCPFullAWSAccess alone, Principal is always `*`, and there is no NotPrincipal and no NotAction.
   * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
   */
  #checkResourceControl(statement: Fields, path: string): void {
    const full = statement.Effect === "Allow" && statement.Action === "*" && statement.Resource === "*";
    if (statement.Effect === "Allow" && (!full || statement.Condition !== undefined)) {
      this.#note(`${path}/Effect`, "an RCP can only deny");
    }
    if (statement.Principal !== "*") this.#note(`${path}/Principal`, 'Principal has to be "*" in an RCP');
    if (statement.NotAction !== undefined) this.#note(`${path}/NotAction`, "NotAction does not exist in an RCP");
  }

  #readResource(statement: Fields, path: string): PatternElement {
    if (this.#kind !== "trust") return this.#readPatterns(statement, "Resource", path);
    for (const name of ["Resource", "NotResource"]) {
      if (statement[name] !== undefined) this.#note(`${path}/${name}`, `${name} does not exist in a trust policy`);
    }
    return sharedElement(false, ["*"]);
  }

  #readPatterns(statement: Fields, name: "Action" | "Resource", path: string): PatternElement {
    const negatedName = `Not${name}`;
    const negated = statement[negatedName] !== undefined;
    const at = `${path}/${negated ? negatedName : name}`;
    if (negated && statement[name] !== undefined) this.#note(at, `${name} and ${negatedName} exclude each other`);
    const patterns = this.#texts(negated ? statement[negatedName] : statement[name], at);
    // What cannot be read may mean any.
    return patterns === undefined ? sharedElement(false, ["*"]) : sharedElement(negated, patterns);
  }

  #readPrincipal(statement: Fields, path: string): PrincipalElement | undefined {
    const negated = statement.NotPrincipal !== undefined;
    const at = `${path}/${negated ? "NotPrincipal" : "Principal"}`;
    const found = negated ? statement.NotPrincipal : statement.Principal;
    const needed = this.#kind !== "identity" && this.#kind !== "service-control";
    if (negated && statement.Principal !== undefined) this.#note(at, "Principal and NotPrincipal exclude each other");
    if (!needed) {
      if (found !== undefined) this.#note(at, `${this.#kind} policies have no Principal`);
      return undefined;
    }
    if (found === "*") return { negated, names: [{ type: "Any", value: "*" }] };
    const names = this.#readNames(found, at);
    // What cannot be read may mean everybody.
    return names === undefined ? { negated: false, names: [{ type: "Any", value: "*" }] } : { negated, names };
  }

  #readNames(found: unknown, path: string): PrincipalName[] | undefined {
    if (!isObject(found) || Object.keys(found).length === 0) {
      this.#note(path, 'has to be "*" or an object of AWS, Service, Federated or CanonicalUser');
      return undefined;
    }
    const names: PrincipalName[] = [];
    let understood = true;
    for (const [type, values] of Object.entries(found)) {
      const under = `${path}/${escapePointer(type)}`;
      if (type !== "AWS" && type !== "Service" && type !== "Federated" && type !== "CanonicalUser") {
        this.#note(under, `unknown kind of principal ${type}`);
        understood = false;
        continue;
      }
      const texts = this.#texts(values, under);
      if (texts === undefined) understood = false;
      else names.push(...texts.map((value): PrincipalName => ({ type, value })));
    }
    return understood ? names : undefined;
  }

  #readConditions(found: unknown, path: string): Condition[] {
    if (found === undefined) return [];
    if (!isObject(found)) {
      this.#note(path, "Condition has to be an object");
      return [];
    }
    return Object.entries(found).flatMap(([operator, keys]) => {
      const at = `${path}/${escapePointer(operator)}`;
      if (parseOperator(operator) === undefined) this.#note(at, `unknown condition operator ${operator}`);
      if (!isObject(keys)) {
        this.#note(at, `${operator} has to be an object of condition keys`);
        return [];
      }
      const names = Object.keys(keys).map((key) => key.toLowerCase());
      return Object.entries(keys).flatMap(([key, found], index): Condition[] => {
        const under = `${at}/${escapePointer(key)}`;
        // Names of condition keys are not case-sensitive, and nobody knows which of two AWS would take.
        if (names.indexOf(key.toLowerCase()) !== index) this.#note(under, `${key} stands twice, in other letters`);
        const values = this.#texts(found, under);
        // A condition only narrows: the statement counts without it, and as not understood.
        return values === undefined ? [] : [{ path: under, operator, key, values }];
      });
    });
  }

  /**
   * One text or a list of them; JSON's own booleans and numbers are taken as AWS does, by their text.
   *
   * @returns undefined, and a note, when any of it is something else, or when there is nothing
   */
  #texts(value: unknown, path: string): string[] | undefined {
    const list = Array.isArray(value) ? value : [value];
    const texts = list.filter((item) => ["string", "number", "boolean"].includes(typeof item)).map(String);
    if (texts.length === list.length && texts.length > 0) return texts;
    this.#note(path, value === undefined ? "is missing" : "has to be a text or a list of texts");
    return undefined;
  }

  #note(path: string, why: string): void {
    this.unreadable.push({ path, why });
  }

  /** The document itself is in doubt, not just one of its statements. */
  #malformed(path: string, why: string): void {
    this.documentUnderstood = false;
    this.#note(path, why);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Ten thousand accounts have a few dozen lists of actions: one of each is enough, also to answer for. */
function sharedElement(negated: boolean, patterns: readonly string[]): PatternElement {
  const identity = JSON.stringify([negated, patterns]);
  const element = elements.get(identity) ?? { negated, patterns };
  if (elements.size < MOST_ELEMENTS) elements.set(identity, element);
  return element;
}

const elements = new Map<string, PatternElement>();
const MOST_ELEMENTS = 10_000;
