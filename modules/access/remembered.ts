/** More than the different texts that the stacks of one account have. */
const MOST = 20_000;

/**
 * Remembers what a pure function gave for a text. An organization's policies say the same few hundred things over and over.
 * Memory is bounded: a full table starts anew.
 */
export function remembered<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.result;
    if (known.size >= MOST) known.clear();
    const result = work(text);
    known.set(text, { result });
    return result;
  };
}
