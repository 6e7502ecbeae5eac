import { isFields } from "../access/stack-reading";
import type { Finding } from "../findings/finding";
import type { KeyRecord, StackRecord } from "./stack-record";

/** What nobody is kept from, and everybody should see: less protection from destruction, and a state elsewhere. */
export function weakenedKeys(before: StackRecord, after: StackRecord): Finding[] {
  const state: Finding[] =
    before.backend === after.backend
      ? []
      : [
          {
            id: "state-moves",
            severity: "high",
            where: before.account,
            why: "its state would be in another place: with an empty one there, Terraform makes every key anew",
            whatToDo: "move the state first: terraform init -migrate-state in the stack's folder",
          },
        ];
  return [
    ...state,
    ...[...before.keys.values()].flatMap((key): Finding[] => {
      const now = after.keys.get(key.address);
      if (now === undefined) return [];
      const common = { severity: "medium", where: `${before.account} ${key.address}` } as const;
      const [was, is] = [windowOf(key), windowOf(now)];
      return [
        ...(isProtected(key) && !isProtected(now)
          ? [
              {
                ...common,
                id: "protection-ends",
                why: "would no longer be kept from being destroyed by Terraform",
                whatToDo: "put lifecycle.prevent_destroy back",
              },
            ]
          : []),
        ...(is < was
          ? [
              {
                ...common,
                id: "deletion-window-shortened",
                why: `would have ${is} instead of ${was} days between its deletion and its end`,
                whatToDo: "put deletionWindowDays back, unless the shorter wait is meant",
              },
            ]
          : []),
      ];
    }),
  ];
}

function isProtected({ arguments: { lifecycle } }: KeyRecord): boolean {
  const block: unknown = Array.isArray(lifecycle) ? lifecycle[0] : lifecycle;
  return isFields(block) && block.prevent_destroy === true;
}

/** Days; 30 is what AWS takes when nothing is said. */
function windowOf({ arguments: { deletion_window_in_days: days } }: KeyRecord): number {
  return days === undefined || days === null ? 30 : Number(days);
}
