/** One page of a list, and where the next one begins; undefined for the last. */
export interface Page<Item> {
  /** Undefined where AWS leaves the list out. */
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

/** More than any account has of anything: 100,000 keys in a Region, by the hundred. */
const MOST_PAGES = 10_000;

/**
 * Reads a list to its end: what stands on a page that was not read would look like something that is not there.
 *
 * @param what `IAM policies`, for an answer that makes no sense
 * @throws what AWS answers, and Error for a list that is left out or has no end
 */
export async function allPages<Item>(
  what: string,
  read: (from: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  const begun = new Set<string>();
  let from: string | undefined;
  do {
    const { items, next } = await read(from);
    if (items === undefined) throw new Error(`AWS answered without its list of ${what}`);
    all.push(...items);
    if (next !== undefined && (begun.has(next) || begun.size >= MOST_PAGES)) {
      throw new Error(`AWS answered a list of ${what} without an end`);
    }
    if (next !== undefined) begun.add(next);
    from = next;
  } while (from !== undefined);
  return all;
}
