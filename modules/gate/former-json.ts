import { fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import { parseEncodedLocal } from "../access/terraform-value";

/** A stack's JSON while a plan is undone in it: what is told here is what AWS and the state have before the plan. */
export class FormerJson {
  readonly #reviewed: Fields;
  /** Arguments by type and id. */
  readonly #resources: Map<string, Map<string, Fields>>;
  readonly #locals: Map<string, unknown>;
  /** How often the reviewed JSON uses each local as a document. */
  readonly #uses: ReadonlyMap<string, number>;
  /** Addresses whose blocks of import, moved or removed are about what the plan does. */
  readonly #settled = new Set<string>();

  constructor(reviewed: Fields) {
    this.#reviewed = reviewed;
    this.#locals = new Map(Object.entries(fieldsOf(reviewed.locals)));
    this.#uses = encodedLocals(reviewed.resource);
    this.#resources = new Map(
      Object.entries(fieldsOf(reviewed.resource)).map(([type, resources]) => [
        type,
        new Map(Object.entries(fieldsOf(resources)).map(([id, fields]) => [id, fieldsOf(fields)])),
      ]),
    );
  }

  addresses(): string[] {
    return [...this.#resources].flatMap(([type, ofType]) => [...ofType.keys()].map((id) => `${type}.${id}`));
  }

  put(address: string, fields: Fields): void {
    const [type, id] = partsOf(address);
    const ofType = this.#resources.get(type) ?? new Map<string, Fields>();
    ofType.set(id, fields);
    this.#resources.set(type, ofType);
  }

  take(address: string): void {
    const [type, id] = partsOf(address);
    this.#resources.get(type)?.delete(id);
  }

  /** What a block says of it is done by the plan, and so undone with it. */
  settle(address: string): void {
    this.#settled.add(address);
  }

  /**
   * Puts a document into a local: into that of the reviewed argument where no other argument has the same.
   *
   * @param reviewed the argument as reviewed
   * @param id of the resource
   * @returns the argument
   */
  encode(document: unknown, reviewed: unknown, id: string): string {
    const known = parseEncodedLocal(String(reviewed));
    const local = known !== undefined && this.#uses.get(known) === 1 ? known : this.#freeLocal(`${id}-former`);
    this.#locals.set(local, document);
    return `\${jsonencode(local.${local})}`;
  }

  /** The document behind an argument; undefined for what is none. */
  documentOf(argument: unknown): { readonly name: string; readonly document: unknown } | undefined {
    const name = parseEncodedLocal(String(argument));
    return name === undefined ? undefined : { name, document: this.#locals.get(name) };
  }

  /** @param record what stands under `//` */
  json(record: unknown): Fields {
    const resource = Object.fromEntries(
      [...this.#resources]
        .filter(([, ofType]) => ofType.size > 0)
        .map(([type, ofType]) => [type, Object.fromEntries(ofType)]),
    );
    const used = encodedLocals(resource);
    return {
      ...this.#reviewed,
      "//": record,
      ...this.#blocks("import", "to"),
      ...this.#blocks("moved", "to"),
      ...this.#blocks("removed", "from"),
      locals: Object.fromEntries([...this.#locals].filter(([name]) => !this.#uses.has(name) || used.has(name))),
      resource,
    };
  }

  #blocks(part: string, subject: string): Fields {
    const { [part]: blocks } = this.#reviewed;
    if (blocks === undefined) return {};
    const list: readonly unknown[] = Array.isArray(blocks) ? blocks : [blocks];
    return { [part]: list.filter((block) => !this.#settled.has(String(fieldsOf(block)[subject]))) };
  }

  #freeLocal(name: string): string {
    return this.#locals.has(name) ? this.#freeLocal(`${name}-1`) : name;
  }
}

function partsOf(address: string): [type: string, id: string] {
  const dot = address.indexOf(".");
  return [address.slice(0, dot), address.slice(dot + 1)];
}

/** Locals that arguments of resources are documents of, and in how many. */
function encodedLocals(resource: unknown): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const fields of Object.values(fieldsOf(resource)).flatMap((ofType) => Object.values(fieldsOf(ofType)))) {
    for (const value of Object.values(fieldsOf(fields))) {
      const local = typeof value === "string" ? parseEncodedLocal(value) : undefined;
      if (local !== undefined) uses.set(local, (uses.get(local) ?? 0) + 1);
    }
  }
  return uses;
}
