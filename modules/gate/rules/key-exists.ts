import type { KeyLike } from "../gate-finding";
import type { GateRule } from "../gate-rule";
import type { GatedStack } from "../gated-stack";

/** A lost state, or an apply that was cut: Terraform knows nothing of what is there. */
export const rule: GateRule = {
  id: "key-exists",
  severity: "critical",
  requirement:
    "No plan makes a key of which AWS has one already, with the same description and the same tags of orgkeys.",
  reason: "Data is under the key that is there; a second one of the same name can read none of it.",
  fix: "after an apply that was cut, go on with --resume; else take the key over by adopt, as docs/lifecycle.md#take-over says",
  allowedBy: "command line",
  inStack: (stack) =>
    likeKeys(stack, (key) => !isLeaving(key)).map(({ address, key }) => ({
      address,
      detail: [key.keyId],
      why: `would be made a second time: ${key.arn} is there, ${key.state}, made on ${key.createdAt}`,
    })),
};

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export function isLeaving({ state }: KeyLike): boolean {
  return state === "PendingDeletion" || state === "PendingReplicaDeletion";
}

export function likeKeys(
  { lookedUp }: GatedStack,
  isMeant: (key: KeyLike) => boolean,
): { readonly address: string; readonly key: KeyLike }[] {
  return lookedUp.flatMap(({ wanted: { address }, found }) =>
    "unread" in found ? [] : found.filter(isMeant).map((key) => ({ address, key })),
  );
}
