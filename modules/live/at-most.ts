/** Does something with each item, so many at once; the answers are in the order of the items. */
export async function atMost<Item, Answer>(
  most: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = items.entries();
  const workers = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const [index, item] of left) answers[index] = await work(item);
  });
  await Promise.all(workers);
  return answers;
}
