/**
 * Runs a task for every item, at most `limit` at once, to the end even when some fail.
 *
 * @param limit See `TERRAFORM_AT_ONCE` for Terraform runs.
 * @returns The results, in the items' order.
 * @throws AggregateError whose message holds every failure's.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const failures: Error[] = [];
  const queue = items.entries();
  const worker = async () => {
    // All workers draw from one iterator, so each item is taken once.
    for (const [index, item] of queue) {
      try {
        results[index] = await task(item, index);
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) {
    const messages = failures.map((failure) => failure.message).join("\n\n");
    throw new AggregateError(failures, `${failures.length} of ${items.length} failed\n\n${messages}`);
  }
  return results;
}
