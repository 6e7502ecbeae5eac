import { nameOrder } from "../../aws/name-order";

/** What can be another in a stack, most far-reaching first, with its words for people. */
export const reasonKinds = {
  unreadable: "unreadable",
  "stack-added": "stack added",
  "stack-removed": "stack removed",
  "stack-renamed": "stack renamed",
  "state-moved": "state moved",
  "key-removed": "key removed",
  "key-added": "key added",
  "key-changed": "key changed",
  "replica-removed": "replica removed",
  "replica-added": "replica added",
  "replica-changed": "replica changed",
  "key-store-removed": "key store removed",
  "key-store-added": "key store added",
  "key-store-changed": "key store changed",
  "enabled-changed": "key enabled or disabled",
  "deletion-window-changed": "deletion window changed",
  "lifecycle-changed": "lifecycle changed",
  "rotation-changed": "rotation changed",
  "key-policy-changed": "key policy changed",
  "alias-removed": "alias removed",
  "alias-added": "alias added",
  "alias-moved": "alias moved",
  "alias-changed": "alias changed",
  "grant-removed": "grant removed",
  "grant-added": "grant added",
  "grant-changed": "grant changed",
  "consumer-policy-removed": "consumer policy removed",
  "consumer-policy-added": "consumer policy added",
  "consumer-policy-changed": "consumer policy changed",
  "consumer-policy-detached": "consumer policy detached",
  "consumer-policy-attached": "consumer policy attached",
  "guardrail-removed": "guardrail removed",
  "guardrail-added": "guardrail added",
  "guardrail-policy-changed": "guardrail policy changed",
  "guardrail-targets-changed": "guardrail targets changed",
  "guardrail-changed": "guardrail changed",
  "rollout-removed": "rollout removed",
  "rollout-added": "rollout added",
  "rollout-template-changed": "rollout template changed",
  "rollout-targets-changed": "rollout targets changed",
  "rollout-parameters-changed": "rollout parameters changed",
  "rollout-preferences-changed": "rollout preferences changed",
  "rollout-changed": "rollout changed",
  "import-changed": "imports changed",
  "let-go-changed": "removed blocks changed",
  "moved-changed": "moved blocks changed",
  "provider-changed": "provider changed",
  "requirements-changed": "Terraform or provider versions changed",
  "lookup-changed": "lookup changed",
  "order-changed": "order of resources changed",
  "variable-changed": "variable changed",
  "output-changed": "output changed",
  "file-changed": "another file changed",
  other: "other",
  "description-changed": "description changed",
  "tags-changed": "tags changed",
} as const;
export type ReasonKind = keyof typeof reasonKinds;

/** One thing that is another in a stack. */
export interface AffectedReason {
  readonly kind: ReasonKind;
  /** `aws_kms_key.payments_prod_us-east-1`, or the place in the JSON; empty for the stack as a whole. */
  readonly address: string;
  /** What exactly: the arguments, statements or values. May be empty. */
  readonly text: string;
}

const ranks: ReadonlyMap<string, number> = new Map(Object.keys(reasonKinds).map((kind, rank) => [kind, rank]));

/** Most far-reaching first, then by address. */
export function sortReasons(reasons: readonly AffectedReason[]): AffectedReason[] {
  const rank = ({ kind }: AffectedReason): number => ranks.get(kind) ?? ranks.size;
  return [...reasons].sort((a, b) => rank(a) - rank(b) || nameOrder(a.address, b.address) || nameOrder(a.text, b.text));
}

/** Nothing but these is worth a word of its own: nobody's access and no key hangs on them. */
const harmless: ReadonlyMap<ReasonKind, string> = new Map([
  ["description-changed", "descriptions"],
  ["tags-changed", "tags"],
]);

/** One line on all reasons of a stack: `only tags`, or `key added, key policy changed (3)`. */
export function summarizeReasons(reasons: readonly AffectedReason[]): string {
  const counts = new Map<ReasonKind, number>();
  for (const { kind } of sortReasons(reasons)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const only = [...counts.keys()].map((kind) => harmless.get(kind));
  if (only.every((words) => words !== undefined)) return `only ${[...only].sort(nameOrder).join(" and ")}`;
  return [...counts]
    .map(([kind, count]) => (count === 1 ? reasonKinds[kind] : `${reasonKinds[kind]} (${count})`))
    .join(", ");
}
