import type { CheckedKey, Violation } from "../frame/check";

/**
 * A key whose policy, or a part of it that could be a whole statement, cannot be read: whatever a check asks of it, nobody
 * can tell.
 *
 * @returns one violation, or nothing for a policy of which every statement is known
 */
export function unreadPolicy({ entry }: CheckedKey, question: string): readonly Violation[] {
  const { stack, key } = entry;
  if (key.policy?.understood === true) return [];
  return [
    {
      stack,
      address: key.address,
      detail: ["policy"],
      why: `${key.policy === undefined ? "the key policy is missing or cannot be read" : "a part of the key policy cannot be read"}, so that nobody can tell ${question}`,
      place: key.policy ?? key,
      fix: "give the key a policy that can be read, as synthesis writes it",
    },
  ];
}
