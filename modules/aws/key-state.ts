const leaving: ReadonlySet<string> = new Set(["PendingDeletion", "PendingReplicaDeletion"]);

/**
 * Whether a key in this state waits for its deletion: until that is cancelled it can be neither enabled, disabled nor scheduled.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
export function waitsForDeletion(state: string): boolean {
  return leaving.has(state);
}
