import { type Fields, isFields, type StackReading } from "./stack-reading";

/** One resource: its id, its arguments and its JSON pointer. */
export type Resource = readonly [id: string, fields: Fields, path: string];

/** The resources of one stack, by type. */
export class StackResources {
  readonly #byType = new Map<string, ReadonlyMap<string, Resource>>();

  constructor(reading: StackReading, json: unknown) {
    for (const [type, instances, path] of reading.entries(json, "/resource")) {
      const resources = new Map<string, Resource>();
      for (const [id, fields, at] of reading.entries(instances, path)) {
        if (isFields(fields)) resources.set(id, [id, fields, at]);
        else reading.note(at, "has to be an object");
      }
      this.#byType.set(type, resources);
    }
  }

  get types(): string[] {
    return [...this.#byType.keys()];
  }

  of(type: string): Resource[] {
    return [...(this.#byType.get(type)?.values() ?? [])];
  }

  has(type: string, id: string): boolean {
    return this.#byType.get(type)?.has(id) ?? false;
  }
}
