import { withKeyIds } from "../aws/key-behind-alias";
import { policyBytes } from "../policies/policy-document";
import { escapePointer } from "./json-pointer";
import { duplicateNames } from "./json-text";
import type { Policy, Unreadable } from "./policy-statement";
import { type PolicyKind, readPolicy } from "./read-policy";
import { literalText, parseDataReference, parseEncodedLocal, parseReference, type Reference } from "./terraform-value";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const lifecycleArguments = new Set(["create_before_destroy", "ignore_changes", "prevent_destroy"]);

/** No access and no data hangs on these. */
const harmlessToIgnore: ReadonlySet<unknown> = new Set(["administration_role_arn", "description"]);

/** A document inside of a stack's JSON, Terraform's escapes undone. */
export interface EncodedDocument {
  readonly value: unknown;
  /** Of the local, or of the text that holds it: what is inside of a text has no pointer of its own. */
  readonly path: string;
  /** Undefined for a local. */
  readonly text: string | undefined;
}

/** Reads parts of one stack's JSON and notes whatever it cannot understand exactly. */
export class StackReading {
  readonly document: string;
  readonly unreadable: Unreadable[] = [];
  /** Keys behind data sources, by the data source's name: see `readKeyLookups`. */
  lookups: ReadonlyMap<string, string> = new Map();
  readonly #locals: Fields;

  constructor(document: string, locals: unknown) {
    this.document = document;
    this.#locals = isFields(locals) ? locals : {};
    if (locals !== undefined && !isFields(locals)) this.note("/locals", "locals have to be an object");
  }

  note(path: string, why: string): void {
    this.unreadable.push({ path, why });
  }

  /** An object's entries with their pointers; none, and a note, for anything else that is not missing. */
  entries(value: unknown, path: string): [name: string, inner: unknown, path: string][] {
    if (value === undefined) return [];
    if (!isFields(value)) {
      this.note(path, "has to be an object");
      return [];
    }
    return Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, inner]) => [name, inner, `${path}/${escapePointer(name)}`]);
  }

  /** A block that may be written as an object, or as a list of one. */
  block(value: unknown, path: string): [Fields, string] | undefined {
    if (value === undefined) return undefined;
    const [inner, at] = Array.isArray(value) ? [value[0], `${path}/0`] : [value, path];
    if (!isFields(inner) || (Array.isArray(value) && value.length !== 1)) {
      this.note(path, "has to be one block");
      return undefined;
    }
    return [inner, at];
  }

  /** A literal text, its escapes undone. */
  text(fields: Fields, name: string, path: string): string | undefined {
    const value = fields[name];
    const at = `${path}/${escapePointer(name)}`;
    if (typeof value !== "string") {
      this.note(at, value === undefined ? `${name} is missing` : `${name} has to be a text`);
      return undefined;
    }
    const text = literalText(value);
    if (text === undefined) this.note(at, `${name} is an expression: ${value}`);
    return text;
  }

  optionalText(fields: Fields, name: string, path: string): string | undefined {
    return fields[name] === undefined ? undefined : this.text(fields, name, path);
  }

  texts(fields: Fields, name: string, path: string): string[] {
    const value = fields[name];
    const at = `${path}/${escapePointer(name)}`;
    const list = Array.isArray(value) ? value : [];
    const texts = list.map((item) => (typeof item === "string" ? literalText(item) : undefined));
    const literal = texts.filter((item) => item !== undefined);
    if (!Array.isArray(value) || literal.length !== texts.length) this.note(at, `${name} has to be a list of texts`);
    return literal;
  }

  /** The key that `${data.aws_kms_key.NAME.arn}` gives, as `keyBehindAlias` writes it; undefined when nobody can tell. */
  lookedUpKey(text: unknown): string | undefined {
    const reference = typeof text === "string" ? parseDataReference(text) : undefined;
    if (reference?.type !== "aws_kms_key" || reference.attribute !== "arn") return undefined;
    return this.lookups.get(reference.name);
  }

  /** A policy with the keys that its Resources look up; the same expression anywhere else is one that is not understood. */
  #withLookups(document: unknown): unknown {
    if (!isFields(document) || !Array.isArray(document.Statement)) return document;
    const known = (resource: unknown): unknown => {
      const key = this.lookedUpKey(resource);
      // The text is a literal from here on, which has its dollar sign escaped.
      return key === undefined ? resource : key.replace("${", () => "$${");
    };
    const statements: readonly unknown[] = document.Statement;
    return {
      ...document,
      Statement: statements.map((statement) => {
        if (!isFields(statement) || statement.Resource === undefined) return statement;
        const { Resource: resource } = statement;
        return { ...statement, Resource: Array.isArray(resource) ? resource.map(known) : known(resource) };
      }),
    };
  }

  /** Every text of a value with its escapes undone; a note for each that holds an expression. */
  literal(value: unknown, path: string): unknown {
    if (typeof value === "string") {
      const text = literalText(value);
      if (text === undefined) this.note(path, `is an expression: ${value}`);
      return text;
    }
    if (Array.isArray(value)) return value.map((inner, index) => this.literal(inner, `${path}/${index}`));
    if (!isFields(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const at = `${path}/${escapePointer(name)}`;
        const literal = literalText(name);
        if (literal === undefined) this.note(at, `the name is an expression: ${name}`);
        return [literal ?? name, this.literal(inner, at)];
      }),
    );
  }

  /** A reference to a resource of one of these types, by one of these attributes. */
  reference(
    fields: Fields,
    name: string,
    path: string,
    types: readonly string[],
    attributes: readonly string[],
  ): Reference | undefined {
    const value = fields[name];
    const reference = typeof value === "string" ? parseReference(value) : undefined;
    if (reference !== undefined && types.includes(reference.type) && attributes.includes(reference.attribute)) {
      return reference;
    }
    this.note(
      `${path}/${escapePointer(name)}`,
      `${name} has to refer to a resource of this stack (${types.join(", ")}), found ${JSON.stringify(value)}`,
    );
    return undefined;
  }

  /**
   * Notes every argument that is not among the known ones; the order of resources is nobody's access.
   *
   * @param mayIgnore what `ignore_changes` may name here, beside what is harmless everywhere
   */
  onlyKnown(
    fields: Fields,
    known: ReadonlySet<string>,
    path: string,
    mayIgnore: ReadonlySet<unknown> = new Set(),
  ): void {
    for (const name of Object.keys(fields)) {
      if (name === "//" || name === "depends_on" || known.has(name)) continue;
      this.note(`${path}/${escapePointer(name)}`, `unknown argument ${name}`);
    }
    if (known.has("lifecycle")) this.#lifecycle(fields.lifecycle, `${path}/lifecycle`, mayIgnore);
  }

  /**
   * An argument whose changes are ignored stays in AWS as somebody left it there, whatever the JSON says.
   *
   * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
   */
  #lifecycle(value: unknown, path: string, mayIgnore: ReadonlySet<unknown>): void {
    const block = this.block(value, path);
    if (block === undefined) return;
    const [lifecycle, at] = block;
    this.onlyKnown(lifecycle, lifecycleArguments, at);
    if (lifecycle.ignore_changes === undefined) return;
    const ignored = Array.isArray(lifecycle.ignore_changes) ? lifecycle.ignore_changes : [lifecycle.ignore_changes];
    if (!ignored.every((name) => harmlessToIgnore.has(name) || mayIgnore.has(name))) {
      this.note(`${at}/ignore_changes`, `Terraform leaves in AWS whatever is there: ${JSON.stringify(ignored)}`);
    }
  }

  /**
   * A policy, written as `${jsonencode(local.NAME)}` or as JSON text.
   *
   * @returns undefined, and a note, when there is none that can be read
   */
  policy(fields: Fields, name: string, path: string, kind: PolicyKind): Policy | undefined {
    const prepare = kind === "identity" ? (value: unknown) => this.#withLookups(value) : undefined;
    const found = this.encoded(fields, name, path, "policy", prepare);
    return found === undefined ? undefined : this.#policyDocument(found.value, found.path, kind, found.text);
  }

  /**
   * A document, written as `${jsonencode(local.NAME)}` or as JSON text.
   *
   * @param what it is, for notes: `policy`
   * @param prepare what is done to a local before its expressions are looked for
   * @returns undefined, and a note, when there is none that can be read
   */
  encoded(
    fields: Fields,
    name: string,
    path: string,
    what: string,
    prepare: (local: unknown) => unknown = (local) => local,
  ): EncodedDocument | undefined {
    const value = fields[name];
    const at = `${path}/${escapePointer(name)}`;
    if (value === undefined) {
      this.note(at, `${name} is missing`);
      return undefined;
    }
    const local = typeof value === "string" ? parseEncodedLocal(value) : undefined;
    if (local !== undefined) {
      const pointer = `/locals/${escapePointer(local)}`;
      if (!Object.hasOwn(this.#locals, local)) {
        this.note(at, `there is no local ${local}`);
        return undefined;
      }
      return { value: this.literal(prepare(this.#locals[local]), pointer), path: pointer, text: undefined };
    }
    const text = typeof value === "string" ? literalText(value) : undefined;
    if (text === undefined) {
      this.note(at, `${name} is neither a ${what} text nor jsonencode of a local: ${JSON.stringify(value)}`);
      return undefined;
    }
    const document = this.#parse(text, at, what);
    return document === undefined ? undefined : { value: document.value, path: at, text };
  }

  #parse(text: string, path: string, what: string): { readonly value: unknown } | undefined {
    try {
      const value: unknown = JSON.parse(text);
      for (const pointer of duplicateNames(text, value)) this.note(path, `${pointer} stands twice`);
      return { value };
    } catch {
      this.note(path, `the ${what} is not JSON`);
      return undefined;
    }
  }

  /** What is inside a policy text has no pointer of its own: everything in it stands where the text stands. */
  #policyDocument(document: unknown, path: string, kind: PolicyKind, text?: string): Policy {
    const { policy, unreadable } = readPolicy(document, { document: this.document, path }, kind);
    for (const { path: at, why } of unreadable) this.note(text === undefined ? at : path, why);
    const bytes = bytesInAws(document, kind, text);
    if (text === undefined) return { ...policy, bytes };
    return { ...policy, bytes, statements: policy.statements.map((statement) => ({ ...statement, path })) };
  }
}

/** The provider writes key and IAM policies anew, compactly, and passes the text of organization policies on as it is. */
function bytesInAws(document: unknown, kind: PolicyKind, text: string | undefined): number {
  const asItIs = kind === "resource-control" || kind === "service-control";
  if (text !== undefined && (asItIs || !isFields(document))) return Buffer.byteLength(text, "utf8");
  return isFields(document) ? policyBytes(document) + keyIdBytes(document) : 0;
}

/** What the ids of looked up keys take more, or less, than the aliases that stand for them here. */
function keyIdBytes(document: Fields): number {
  const text = JSON.stringify(document);
  return withKeyIds(text).length - text.length;
}
