/** More than the different texts that the stacks of one account have. */
const MOST = 20_000;

/**
 * Remembers what a pure function gave for a text. An organization's policies say the same few hundred things over and over.
 * Memory is bounded: a full table starts anew.
 */
export function remembered<Result>(work: (text: string) => Result): (text: string) => Result {
  return rememberedBy((text) => text, work, MOST);
}

/**
 * Remembers what a pure function gave for its arguments.
 *
 * @param nameOf differs wherever the result may
 * @param most results at a time
 */
export function rememberedBy<Arguments extends readonly unknown[], Result>(
  nameOf: (...given: Arguments) => string,
  work: (...given: Arguments) => Result,
  most: number,
): (...given: Arguments) => Result {
  const known = new Map<string, { readonly result: Result }>();
  return (...given) => {
    const name = nameOf(...given);
    const before = known.get(name);
    if (before !== undefined) return before.result;
    if (known.size >= most) known.clear();
    const result = work(...given);
    known.set(name, { result });
    return result;
  };
}
