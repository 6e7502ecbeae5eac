const zoneStacks = [
  ["guardrails", "a zone's guardrails", "zones' guardrails"],
  ["rollouts", "a zone's rollouts", "zones' rollouts"],
  ["direct-rollouts", "an account's direct rollouts", "accounts' direct rollouts"],
] as const;

/** ` (2 of them zones' guardrails, 1 a zone's rollouts)`; nothing where every stack is an account's. */
export function stackCountsText(stacks: readonly { readonly kind: string }[]): string {
  const counts = zoneStacks.flatMap(([kind, one, more]) => {
    const count = stacks.filter((stack) => stack.kind === kind).length;
    return count === 0 ? [] : [{ count, what: count === 1 ? one : more }];
  });
  if (counts.length === 0) return "";
  return ` (${counts.map(({ count, what }, index) => `${count} ${index === 0 ? "of them " : ""}${what}`).join(", ")})`;
}
