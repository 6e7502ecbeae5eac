/**
 * The tags by which a key is known for the same one: what it is for, and that orgkeys made it. All others are people's own, and
 * change.
 */
export const identityTags: readonly string[] = ["DataClass", "Environment", "ManagedBy", "Workload", "Zone"];

type Tags = Readonly<Record<string, string>>;

/** Whether a key has the identity of a wanted one. Of one without any of these tags all that it has count. */
export function isSameIdentity(wanted: Tags, found: Tags): boolean {
  const ours = identityTags.filter((name) => wanted[name] !== undefined);
  const names = ours.length === 0 ? Object.keys(wanted) : ours;
  return names.every((name) => found[name] === wanted[name]);
}
