/**
 * The tags by which a key is known for the same one: what it is for, and that orgkeys made it. All others are people's own, and
 * change.
 */
export const identityTags: readonly string[] = ["DataClass", "Environment", "ManagedBy", "Workload", "Zone"];
