/**
 * A key that replaces another has that one's identity with a number: `payments_prod`, `payments_prod_2`, `payments_prod_3`.
 * Names begin with a letter, so that no environment or service is mistaken for one.
 */
export function keyGeneration(id: string): number {
  return Number(/_(\d+)$/.exec(id)?.[1] ?? 1);
}

export function isSuccessor(id: string): boolean {
  return keyGeneration(id) > 1;
}

/** The identity of the key that replaces this one. */
export function successorOf(id: string): string {
  return `${isSuccessor(id) ? id.replace(/_\d+$/, "") : id}_${keyGeneration(id) + 1}`;
}
