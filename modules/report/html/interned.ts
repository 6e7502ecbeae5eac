/** A list in which each thing stands once; whoever names one again gets its place. */
export class Interned<Item> {
  readonly items: Item[] = [];
  readonly #places = new Map<string, number>();

  /** @param name tells one thing from another */
  placeOf(name: string, make: () => Item): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.items.push(make()) - 1;
    this.#places.set(name, place);
    return place;
  }
}
